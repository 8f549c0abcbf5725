//! `domain`.

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
