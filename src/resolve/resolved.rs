//! What the selected apps and steps need, with its values.

use super::value::Value;
use crate::model::Name;
use crate::util::Secret;
use std::collections::BTreeMap;

/// Everything that a run needs and nothing else.
#[derive(Clone, Debug)]
pub struct ResolvedApplication {
    pub name: String,
    pub profile: Option<Name>,
    pub apps: BTreeMap<Name, ResolvedApp>,
    /// Those that an app of this run is pushed to.
    pub registries: BTreeMap<Name, ResolvedRegistry>,
    pub steps: BTreeMap<Name, ResolvedStep>,
    /// Those that a deployment hands over.
    pub parameters: BTreeMap<Name, Value>,
    /// What was generated or typed in this run; to be put into the state before anything is done.
    pub kept: BTreeMap<String, Secret>,
    /// Every secret that is known, for the redactor.
    pub secrets: Vec<Secret>,
}

#[derive(Clone, Debug)]
pub struct ResolvedApp {
    pub name: Name,
    pub kind: ResolvedAppKind,
    /// Where its image goes; empty if it is not pushed.
    pub destinations: Vec<ResolvedDestination>,
}

#[derive(Clone, Debug)]
pub enum ResolvedAppKind {
    Build(ResolvedBuild),
    /// An image that is copied, as the manifest calls it.
    Mirror {
        image: String,
    },
    /// An image that is neither built nor pushed.
    Existing,
}

/// One repository that an image goes to. `endpoint/repository:tag` was checked to be a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedDestination {
    pub registry: Name,
    /// `host[:port]`
    pub endpoint: String,
    /// With the image's own name at its end.
    pub repository: String,
    /// Never empty, no two alike.
    pub tags: Vec<String>,
}

/// How an image is built; paths are as the manifest has them, relative to its folder (`context`)
/// or to the context (`dockerfile`).
#[derive(Clone, Debug)]
pub struct ResolvedBuild {
    pub context: String,
    pub dockerfile: Option<String>,
    pub target: Option<String>,
    pub build_args: BTreeMap<String, String>,
    pub build_secrets: BTreeMap<String, Secret>,
    /// `os/architecture[/variant]`
    pub platforms: Vec<String>,
    pub labels: BTreeMap<String, String>,
    pub cache_from: Vec<String>,
    pub no_cache: bool,
    pub pull: bool,
    /// Of `RUN`; `None`: the engine's own.
    pub network: Option<String>,
}

#[derive(Clone, Debug)]
pub struct ResolvedRegistry {
    pub name: Name,
    pub kind: ResolvedRegistryKind,
    /// `host[:port]`
    pub endpoint: String,
    /// What the manifest says; `None`: Docker's own configuration is asked.
    pub login: Option<ResolvedLogin>,
    pub insecure: bool,
    pub trust_realms: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolvedRegistryKind {
    Oci,
    Local,
}

#[derive(Clone, Debug)]
pub struct ResolvedLogin {
    pub username: String,
    pub password: Secret,
    /// Where they came from, for messages.
    pub origin: String,
}

/// A step of the user's own. Values may be deferred until the steps before it are done.
#[derive(Clone, Debug)]
pub struct ResolvedStep {
    pub name: Name,
    /// Program and arguments; no secret is in them.
    pub run: Vec<Value>,
    pub env: BTreeMap<String, Value>,
    /// Relative to the manifest's folder.
    pub working_directory: Option<String>,
}

impl ResolvedDestination {
    /// `endpoint/repository:tag` of each tag.
    pub fn references(&self) -> impl Iterator<Item = String> {
        self.tags.iter().map(|tag| format!("{}/{}:{tag}", self.endpoint, self.repository))
    }
}
