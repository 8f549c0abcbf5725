//! Which engine it is, and how it finds images.

use super::Engine;
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

#[derive(Deserialize)]
struct Info {
    #[serde(rename = "ID", default)]
    id: String,
    #[serde(rename = "DriverStatus", default)]
    driver_status: Option<Vec<Vec<String>>>,
}

impl Engine {
    /// `None` where the engine does not say. Asked once.
    pub(crate) async fn identity(&self) -> Option<Identity> {
        let ask = || async {
            let info: Info = self.http.json("ask the engine for its id", "/info").await.ok()?;
            let status = info.driver_status.unwrap_or_default();
            // Engine API, `SystemInfo.DriverStatus`: `["driver-type", "io.containerd.snapshotter.v1"]`.
            let asks_registries = status.iter().flatten().any(|text| text.contains("containerd"));
            Some(Identity { id: info.id, asks_registries }).filter(|identity| !identity.id.is_empty())
        };
        self.identity.get_or_init(ask).await.clone()
    }
}
