//! What a kind of environment writes that is not put together by `azure`: files of its own.

use crate::azure::{Failure, Given};
use crate::manifest::Diagnostic;
use crate::model::{Application, Environment, GitProperty, Name};
use crate::render::{Artifact, Templates};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What files are made from.
pub struct FileCx<'a> {
    pub application: &'a Application,
    pub templates: &'a Templates,
    /// A fact about the repository, or why there is none.
    pub git: &'a (dyn Fn(GitProperty) -> Result<String, String> + Sync),
    /// Of shipit.
    pub version: &'a str,
    /// What is known of the parameters' values and may be seen.
    pub values: &'a BTreeMap<Name, Given>,
    /// The images of apps that are known: by digest once they are pushed.
    pub images: &'a BTreeMap<Name, String>,
    /// The manifest's folder, absolute.
    pub root: &'a Path,
    /// Where the environment's files go, absolute.
    pub folder: PathBuf,
}

/// What is to be written; paths are relative to [`FileCx::folder`].
#[derive(Debug, Default)]
pub struct Files {
    pub artifacts: Vec<Artifact>,
    pub warnings: Vec<Diagnostic>,
}

/// A kind of environment that is a folder of files.
pub trait FileKind: Sync {
    /// The files of an environment, in any order.
    fn files(&self, cx: &FileCx<'_>, environment: &Environment) -> Result<Files, Failure>;
}

impl std::fmt::Debug for FileCx<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileCx").field("application", &self.application.name).finish_non_exhaustive()
    }
}
