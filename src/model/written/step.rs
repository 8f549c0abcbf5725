//! `steps.<name>`.

use super::Values;
use crate::manifest::{Spanned, Text};
use schemars::JsonSchema;
use serde::Deserialize;

/// A pipeline step of your own: a command that is run.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Step {
    /// Program and arguments; no shell is involved.
    #[schemars(required)]
    #[schemars(extend("minItems" = 1))]
    pub run: Option<Spanned<Vec<Spanned<Text>>>>,
    /// Steps that must be done before.
    pub after: Option<Vec<Spanned<String>>>,
    /// Steps that wait for this one.
    pub before: Option<Vec<Spanned<String>>>,
    /// Environment variables of the command.
    pub env: Option<Values>,
    /// Folder that the command runs in, relative to the manifest's. Default: the manifest's.
    pub working_directory: Option<Spanned<String>>,
    /// What it does; shown by `shipit do --list`.
    pub description: Option<String>,
}
