//! `resources.<name>` as it is written: what several kinds have. What only one kind has stands in its file.

use crate::manifest::{Entries, Spanned, Text};
use crate::model::written::{Existing, Int, OneOrMany, Values};
use schemars::JsonSchema;
use serde::Deserialize;

/// A backing service: what does not depend on its kind.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Resource {
    /// What kind of service this is.
    pub kind: Option<Spanned<String>>,
    /// Where a service in a container runs. Default: where the apps run that refer to it.
    pub environment: Option<OneOrMany>,
    /// Name in Azure. Default: made from this entry's name.
    pub name: Option<Spanned<String>>,
    /// Something that exists already and is not provisioned.
    pub existing: Option<Spanned<Existing>>,
    /// Azure location, for example `westeurope`. Default: the resource group's.
    pub location: Option<Spanned<String>>,
    /// Azure tags.
    pub tags: Option<Values>,
    /// Roles of the apps that refer to it, for example `Storage Blob Data Reader`. Default: the kind's own.
    pub roles: Option<Spanned<Vec<Spanned<String>>>>,
}

/// Named parts: a list of names, or a table of keys (which references use) and names (which Azure uses).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Names", untagged)]
pub enum Names {
    Array(Vec<Spanned<String>>),
    Table(Entries<Spanned<String>>),
}

/// A switch, or a table that switches it on and says more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Switch", untagged)]
pub enum Switch<T> {
    Boolean(bool),
    Table(Spanned<T>),
}

/// A name, or a table that says more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Parts", untagged)]
pub enum Parts<T> {
    Array(Vec<Spanned<String>>),
    Table(Entries<T>),
}

/// A range of addresses that may connect.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Firewall {
    /// First address (IPv4).
    #[schemars(required)]
    pub start: Option<Spanned<String>>,
    /// Last address (IPv4). Default: the first.
    pub end: Option<Spanned<String>>,
}

/// Where a key or a connection string is kept.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AccessKeys {
    /// The `azure-key-vault` that keeps them. Default: one of its own, `<name>-kv`.
    pub key_vault: Option<Spanned<String>>,
}

/// Where data are kept.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "DataVolume", untagged)]
pub enum DataVolume {
    Boolean(bool),
    /// Name of the volume.
    String(Spanned<String>),
}

/// Days.
pub type Days<const MIN: i64, const MAX: i64> = Spanned<Int<MIN, MAX>>;

/// A list of texts.
pub type Texts = Vec<Spanned<Text>>;
