//! A workload of the user's own.

use super::{Expression, Name};
use crate::manifest::{Span, Spanned};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct App {
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    pub kind: AppKind,
    /// Where its images go; bound to what is declared, defaults applied. Empty for an app whose
    /// image is not pushed.
    pub registries: Vec<Spanned<Name>>,
    pub environments: Vec<Spanned<Name>>,
    /// Last part of the repository's path; default: the app's name.
    pub image_name: Option<Expression>,
    /// Never empty: default `latest`.
    pub tags: Vec<Expression>,
    pub command: Option<Vec<Expression>>,
    pub args: Option<Vec<Expression>>,
    pub env: BTreeMap<String, Expression>,
    pub endpoints: BTreeMap<String, Endpoint>,
    /// Names of apps and resources that it is given the addresses of.
    pub references: Vec<Spanned<Name>>,
    pub wait_for: Vec<Spanned<Name>>,
    pub health: Health,
    pub scale: Scale,
}

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every app is built, and there is one for each app")]
pub enum AppKind {
    Dockerfile(Build),
    /// An image that exists already; copied into the registries when `mirror` is set.
    Image {
        image: Expression,
        mirror: bool,
    },
}

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

#[derive(Clone, Debug)]
pub struct Endpoint {
    pub target_port: Option<Spanned<u16>>,
    pub port: Option<Spanned<u16>>,
    pub scheme: Option<Spanned<String>>,
    pub external: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Health {
    pub readiness: Option<Probe>,
    pub liveness: Option<Probe>,
    pub startup: Option<Probe>,
}

#[derive(Clone, Debug, Default)]
pub struct Probe {
    pub path: Option<Spanned<String>>,
}

#[derive(Clone, Debug, Default)]
pub struct Scale {
    pub min: Option<Spanned<u32>>,
    pub max: Option<Spanned<u32>>,
}

impl App {
    /// Whether its image is pushed: it is built, or copied from elsewhere.
    pub fn is_pushed(&self) -> bool {
        match &self.kind {
            AppKind::Dockerfile(_) => true,
            AppKind::Image { mirror, .. } => *mirror,
        }
    }
}
