//! `publish`.

use crate::manifest::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

/// How `shipit publish` writes files.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Publish {
    /// File with edits of what is written (TOML, YAML or JSON), relative to the manifest. They are made again
    /// each time.
    pub patch: Option<Spanned<String>>,
}
