//! `volumes` and `files`.

use super::super::{PLAIN, SIZE};
use crate::manifest::{Spanned, Text};
use schemars::JsonSchema;
use serde::Deserialize;

/// A volume: `"data:/var/lib/data"`, `"./conf:/etc/app:ro"`, `"/tmp/work"`, or a table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Volume", untagged)]
pub enum Volume {
    #[schemars(extend("pattern" = r"^([^:$]+:)?/[^:$]*(:(ro|rw))?$"))]
    String(Spanned<String>),
    Table(Spanned<VolumeTable>),
}

/// A volume.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct VolumeTable {
    /// Name under which it is kept. Without it and `source` it is gone with the replica.
    #[schemars(extend("pattern" = "^[A-Za-z0-9][A-Za-z0-9_.-]*$"))]
    pub name: Option<Spanned<String>>,
    /// A folder or file of the machine, relative to the manifest.
    #[schemars(extend("pattern" = PLAIN))]
    pub source: Option<Spanned<String>>,
    /// Where it is mounted.
    #[schemars(required, extend("pattern" = "^/"))]
    pub path: Option<Spanned<String>>,
    /// Nothing can be written to it.
    pub read_only: Option<bool>,
    /// How much it holds, for example `10Gi`.
    #[schemars(extend("pattern" = SIZE))]
    pub size: Option<Spanned<String>>,
}

/// A file that is put into the container.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct File {
    /// Where it is.
    #[schemars(required, extend("pattern" = "^/"))]
    pub path: Option<Spanned<String>>,
    /// What it holds.
    pub content: Option<Spanned<Text>>,
    /// The file whose text it holds, relative to the manifest.
    #[schemars(extend("pattern" = PLAIN))]
    pub from: Option<Spanned<String>>,
    /// Permission bits in octal digits, for example `"0644"`.
    #[schemars(extend("pattern" = "^0?[0-7]{3}$"))]
    pub mode: Option<Spanned<Text>>,
    /// Keep it as a secret. What refers to a secret always is one.
    pub secret: Option<bool>,
}
