//! Which engine it is, and how it finds images.

use super::Engine;
use super::http::Http;
use serde::Deserialize;

/// What tells one engine from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Made up by the engine when it is installed.
    pub(crate) id: String,
    /// It stores images as containerd does: a build then asks the registry what a tag is, although
    /// there is an image with that name.
    pub(crate) asks_registries: bool,
}

/// What an engine says of itself: `SystemInfo` of the Engine API.
#[derive(Deserialize)]
pub(super) struct Info {
    #[serde(rename = "ID")]
    id: String,
    #[serde(rename = "DriverStatus", default)]
    driver_status: Option<Vec<Vec<String>>>,
    #[serde(rename = "ServerVersion")]
    pub(super) version: String,
    #[serde(rename = "OSType")]
    pub(super) os: String,
    /// As the machine calls it: `x86_64`.
    #[serde(rename = "Architecture")]
    machine: String,
}

impl Info {
    /// `None` where the engine does not say, or says less: there are proxies that allow only what a
    /// build needs.
    pub(super) async fn of(http: &Http) -> Option<Self> {
        http.json("ask the engine what it is", "/info").await.ok()
    }

    pub(super) fn identity(&self) -> Option<Identity> {
        // `["driver-type", "io.containerd.snapshotter.v1"]`
        let asks_registries = self.driver_status.iter().flatten().flatten().any(|text| text.contains("containerd"));
        Some(Identity { id: self.id.clone(), asks_registries }).filter(|identity| !identity.id.is_empty())
    }

    /// As in a platform: `amd64`.
    pub(super) fn architecture(&self) -> &str {
        match self.machine.as_str() {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            "i386" | "i686" => "386",
            machine if machine.starts_with("armv") => "arm",
            machine => machine,
        }
    }
}

impl Engine {
    /// `None` where the engine does not say.
    pub(crate) fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }
}
