//! `domain` and `security`.

use super::super::Int;
use crate::manifest::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

/// One domain of your own or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Domains", untagged)]
pub enum Domains {
    String(Spanned<String>),
    Table(Spanned<DomainTable>),
    Array(Vec<Domain>),
}

/// A domain of your own: its name, or a table with its certificate.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Domain", untagged)]
pub enum Domain {
    String(Spanned<String>),
    Table(Spanned<DomainTable>),
}

/// A domain of your own.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct DomainTable {
    /// For example `www.example.org`.
    #[schemars(required)]
    pub name: Option<Spanned<String>>,
    /// Name of a certificate that the environment has; an empty one means none yet.
    pub certificate: Option<Spanned<String>>,
}

/// What processes may do: a level, or a table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Security", untagged)]
pub enum Security {
    String(Spanned<SecurityLevel>),
    Table(Spanned<SecurityTable>),
}

/// What the processes of a container may do.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct SecurityTable {
    /// Level of the Pod Security Standards. Default: the environment's.
    pub level: Option<Spanned<SecurityLevel>>,
    /// User id that it runs as. Default: the image's own.
    pub user: Option<Spanned<Int<0, 2_147_483_647>>>,
    /// Group id of the process and of its volumes. Default: as `user`.
    pub group: Option<Spanned<Int<0, 2_147_483_647>>>,
    /// Nothing of the image can be written. Default: `false`.
    pub read_only: Option<bool>,
}

/// Levels of Kubernetes' Pod Security Standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecurityLevel {
    /// No root, no capabilities, no gaining of privileges. The default.
    Restricted,
    /// As the image has it, root too.
    Baseline,
}
