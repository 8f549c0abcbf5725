//! How an image is built.

use crate::manifest::Spanned;
use crate::model::Expression;
use std::collections::BTreeMap;

/// How an image is built.
#[derive(Clone, Debug)]
pub struct Build {
    /// Folder, relative to the manifest's.
    pub context: Spanned<String>,
    /// Relative to the context; default `Dockerfile`.
    pub dockerfile: Option<Spanned<String>>,
    pub target: Option<Spanned<String>>,
    pub build_args: BTreeMap<String, Expression>,
    /// Id to value. Never build arguments, never in the image's history.
    pub build_secrets: BTreeMap<String, Expression>,
    /// Empty: the engine's own.
    pub platforms: Vec<Spanned<Platform>>,
    pub labels: BTreeMap<String, Expression>,
    pub cache_from: Vec<Expression>,
    pub no_cache: bool,
    pub pull: Pull,
    /// Of `RUN`, as the engine knows it; default: the engine's own.
    pub network: Option<Spanned<String>>,
}

/// Whether base images are asked for anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pull {
    /// Only when the engine does not have them.
    #[default]
    Missing,
    Always,
}

/// `os/architecture[/variant]`, e.g. `linux/arm64/v8`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Platform {
    pub os: String,
    pub architecture: String,
    pub variant: Option<String>,
}
