//! `resources.<name>`.

use super::{Endpoint, Existing, Health, Later, OneOrMany, Port, Values};
use crate::manifest::{Entries, Spanned, Text};
use schemars::JsonSchema;
use serde::Deserialize;

/// A backing service.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Resource {
    /// What kind of service this is.
    pub kind: Option<Spanned<String>>,
    /// Where it runs.
    pub environment: Option<OneOrMany>,
    /// Image to use instead of the kind's own.
    pub image: Option<Spanned<String>>,
    /// User name. Default: the kind's own.
    pub username: Option<Spanned<String>>,
    /// Password; a reference to a secret parameter. Default: a generated one.
    pub password: Option<Spanned<String>>,
    /// Port on the host. Default: none.
    pub port: Option<Spanned<Port>>,
    /// Databases to make.
    pub databases: Option<Vec<Spanned<String>>>,
    /// Where its data are kept.
    pub volume: Option<Later>,
    /// Further volumes.
    pub volumes: Option<Later>,
    /// Processors.
    pub cpu: Option<Later>,
    /// Memory, for example `1Gi`.
    pub memory: Option<Later>,
    /// Program and arguments instead of the image's own.
    pub command: Option<Vec<Spanned<Text>>>,
    /// Arguments.
    pub args: Option<Vec<Spanned<Text>>>,
    /// Environment variables.
    pub env: Option<Values>,
    /// Ports that it listens on.
    pub endpoints: Option<Entries<Endpoint>>,
    /// Probes.
    pub health: Option<Health>,
    /// Something that exists already and is not provisioned.
    pub existing: Option<Existing>,
    /// Azure location, for example `westeurope`.
    pub location: Option<Spanned<String>>,
    /// Azure tags.
    pub tags: Option<Values>,
    /// The module's file, relative to the manifest.
    pub path: Option<Spanned<String>>,
    /// The module's parameters.
    pub params: Option<Values>,
    /// Names of the module's outputs.
    pub outputs: Option<Vec<Spanned<String>>>,
    /// The connection string.
    pub value: Option<Spanned<String>>,
}
