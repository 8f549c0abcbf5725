//! A manifest as it is written: the types that its entries are read into. Doc comments here become
//! the descriptions of the JSON Schema. Which kind has which key stands in `kinds`.
//!
//! Every field is optional here: what is required is checked where the entry is read, so that one
//! mistake in an entry does not hide another.

mod app;
mod azure_registry;
mod environment;
mod number;
mod param;
mod publish;
mod registry;
mod step;

pub use app::{
    App, Domain, DomainTable, Domains, Endpoint, File, FilesFrom, Health, HttpScale, Job, JobEvent, JobTable, JobWord,
    LoadScale, Probe, ProbeScheme, Pull, PullWord, QueueScale, QueueScales, Replicas, Scale, ScaleRule, Security,
    SecurityLevel, SecurityTable, TcpScale, Volume, VolumeTable,
};
pub use azure_registry::{
    BaseImage, CacheCredentials, CacheRule, CommitEvent, CommitRules, CommitTrigger, CustomerManagedKey,
    GeoReplication, NetworkAction, NetworkBypass, NetworkRules, PrivateEndpoint, Purge, ScopeMap, Sku, Task,
    TaskSeconds, Token, TokenAction, Webhook, WebhookAction,
};
pub use environment::{
    AutomaticScaling, AutomaticScalingTable, Chart, Dashboard, DashboardTable, Environment, Existing, Gateway, Ingress,
    IngressTable, Insights, KubernetesFormat, LogAnalytics, LogAnalyticsTable, Network, NetworkTable, Subnet,
    SubnetTable, WorkloadProfile,
};
pub use number::{Int, Number, Port};
pub use param::{Generate, Param, ParamType};
pub use publish::Publish;
pub use registry::{Anonymous, Registry, RegistryPull, UsernamePassword};
pub use step::Step;

use crate::manifest::{Entries, Spanned, Text};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// No reference: what must be known before anything is resolved.
const PLAIN: &str = r"^[^$]+$";
/// The grammar of repositories, with references in it.
const REPOSITORY: &str = r"^([a-z0-9._/-]|\$<[^>]+>|\$[A-Za-z][A-Za-z0-9_-]*|\$\{[^}]+\})+$";
/// The grammar of tags, with references in it.
const TAG: &str = r"^([A-Za-z0-9_]|\$[<{A-Za-z])[^/\s]*$";
/// The grammar of an engine's networks.
const NETWORK: &str = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$";
/// Amounts of memory.
const SIZE: &str = r"^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti)$";
const GUID: &str = r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|.*\$.*)$";
const AZURE_REGISTRY: &str = r"^([a-z0-9]{5,50}|.*\$.*)$";

/// The names of environment variables.
fn variable() -> serde_json::Value {
    serde_json::json!({ "pattern": "^[A-Za-z_.:-][A-Za-z0-9_.:-]*$" })
}

/// Names and values, in the order of the file.
pub type Values = Entries<Spanned<Text>>;

/// One name or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "OneOrMany", untagged)]
pub enum OneOrMany {
    String(Spanned<String>),
    Array(Vec<Spanned<String>>),
}

impl OneOrMany {
    pub fn into_vec(self) -> Vec<Spanned<String>> {
        match self {
            Self::String(one) => vec![one],
            Self::Array(many) => many,
        }
    }
}

/// A value that this version accepts and does not use yet. Only the references in it are checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Later;

impl<'de> Deserialize<'de> for Later {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl JsonSchema for Later {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Later".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        Schema::default()
    }
}
