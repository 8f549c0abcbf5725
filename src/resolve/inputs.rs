//! What comes from outside of the manifest. `cli` gathers it; nothing here reads the environment.

use crate::model::Name;
use crate::util::Secret;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// The most bytes that one value may have.
pub(super) const VALUE_LIMIT: usize = 1024 * 1024;

/// The most values that the command line may give.
pub(super) const ARGUMENT_LIMIT: usize = 1000;

/// Everything that values are taken from, besides the manifest.
#[derive(Default)]
pub struct Inputs<'a> {
    /// The manifest's folder; facts about git are asked for there.
    pub project: PathBuf,
    /// What the paths of `--param name=@path` and `--params-file` are relative to.
    pub current_folder: PathBuf,
    /// Each `--param` as it was given: `name=value` or `name=@path`; `name=@@…` is a value that
    /// begins with one `@`.
    pub arguments: Vec<String>,
    /// Each `--params-file`; later ones win.
    pub params_files: Vec<PathBuf>,
    /// All environment variables.
    pub environment: Vec<(OsString, OsString)>,
    /// What former runs generated or were told at a prompt.
    pub state: BTreeMap<String, Secret>,
    /// Who is asked for what is missing; `None` without a terminal or with `--no-input`.
    pub prompt: Option<&'a dyn Prompt>,
    /// Where the `local` registries are served, as `host:port`.
    pub local_endpoints: BTreeMap<Name, String>,
    /// The branch as the CI system knows it: it checks out a commit, not a branch.
    pub branch: Option<String>,
    /// The tag as the CI system knows it.
    pub tag: Option<String>,
    /// Of shipit.
    pub version: String,
}

/// Asks the user.
pub trait Prompt {
    /// Returns what was typed. Asks again while `check` gives a reason (a phrase) to refuse it.
    /// An error ends the asking, e.g. at the end of the input.
    fn ask(&self, question: &Question<'_>, check: &dyn Fn(&str) -> Result<(), String>) -> std::io::Result<Secret>;
}

/// What a user is to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question<'a> {
    pub name: &'a str,
    pub description: Option<&'a str>,
    /// What is typed must not be seen.
    pub secret: bool,
    /// Not empty: choose one of these.
    pub allowed: &'a [&'a str],
}

/// Without any value.
impl std::fmt::Debug for Inputs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inputs").field("project", &self.project).finish_non_exhaustive()
    }
}
