//! What is built and what came of it.

use crate::util::{Redactor, Secret};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One image to build; every value is known, every path is absolute.
#[derive(Clone, Debug)]
pub struct BuildSpec {
    /// The app, for messages.
    pub name: String,
    pub context: PathBuf,
    /// The manifest's folder: no link and no `..` may lead out of it; paths in messages are relative
    /// to this. A context or a Dockerfile with another beginning was written as an absolute path.
    pub project: PathBuf,
    /// Default: `Dockerfile` in the context. May lie outside of the context.
    pub dockerfile: PathBuf,
    pub target: Option<String>,
    pub build_args: BTreeMap<String, String>,
    pub build_secrets: BTreeMap<String, Secret>,
    /// `os/architecture[/variant]`; empty: the engine's own.
    pub platforms: Vec<String>,
    pub labels: BTreeMap<String, String>,
    pub cache_from: Vec<String>,
    pub no_cache: bool,
    /// Ask for base images anew.
    pub pull: bool,
    /// What the image is called in the engine, e.g. `shop/api:latest`.
    pub tag: String,
    /// The network of `RUN`, as the engine knows it: `none`, `host`, …; `None`: the engine's default.
    pub network: Option<String>,
    /// The context was looked through already: before it is sent only its paths are looked at again.
    pub is_checked: bool,
    /// Masks secrets in what the build prints, also where a line is shown in pieces.
    pub redactor: Redactor,
}

impl BuildSpec {
    /// A build of the `Dockerfile` in `context` with nothing else asked for.
    pub fn new(
        name: impl Into<String>,
        project: impl Into<PathBuf>,
        context: impl Into<PathBuf>,
        tag: impl Into<String>,
    ) -> Self {
        let context = context.into();
        Self {
            name: name.into(),
            dockerfile: context.join("Dockerfile"),
            context,
            project: project.into(),
            target: None,
            build_args: BTreeMap::new(),
            build_secrets: BTreeMap::new(),
            platforms: Vec::new(),
            labels: BTreeMap::new(),
            cache_from: Vec::new(),
            no_cache: false,
            pull: false,
            tag: tag.into(),
            network: None,
            is_checked: false,
            redactor: Redactor::default(),
        }
    }
}

/// What the engine holds after a build: one image for each platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltImage {
    pub name: String,
    pub platforms: Vec<PlatformImage>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformImage {
    /// `os/architecture[/variant]`, as the engine reports it.
    pub platform: String,
    /// The engine's id of the image, `sha256:…`: the digest of its configuration.
    pub id: String,
}
