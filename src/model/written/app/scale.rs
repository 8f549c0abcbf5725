//! `replicas` and `scale`.

use super::super::{Int, PLAIN, Values};
use crate::manifest::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

/// How many of an app run.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Replicas {
    /// The fewest.
    pub min: Option<Spanned<Int<0, 1000>>>,
    /// The most.
    pub max: Option<Spanned<Int<1, 1000>>>,
}

/// What makes the number of replicas grow and shrink.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Scale {
    /// Requests at the same time.
    pub http: Option<Spanned<HttpScale>>,
    /// Connections at the same time.
    pub tcp: Option<Spanned<TcpScale>>,
    /// Load of the processors.
    pub cpu: Option<Spanned<LoadScale>>,
    /// Load of the memory.
    pub memory: Option<Spanned<LoadScale>>,
    /// Messages that wait.
    pub queue: Option<QueueScales>,
    /// Scalers of KEDA.
    pub rules: Option<Vec<Spanned<ScaleRule>>>,
    /// Seconds after the last event before it goes down to none.
    pub cooldown: Option<Spanned<Int<1, 86400>>>,
    /// Seconds between looks at what is counted.
    pub polling_interval: Option<Spanned<Int<1, 86400>>>,
}

/// Requests at the same time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct HttpScale {
    /// For each replica. Default: 10.
    pub concurrent_requests: Option<Spanned<Int<1, 100_000>>>,
}

/// Connections at the same time.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TcpScale {
    /// For each replica. Default: 10.
    pub concurrent_connections: Option<Spanned<Int<1, 100_000>>>,
}

/// Load of processors or memory.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LoadScale {
    /// Percent of what a replica has.
    #[schemars(required)]
    pub utilization: Option<Spanned<Int<1, 100>>>,
}

/// One queue or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "QueueScales", untagged)]
pub enum QueueScales {
    Table(Spanned<QueueScale>),
    Array(Vec<Spanned<QueueScale>>),
}

/// Messages that wait in a queue.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct QueueScale {
    /// The resource that has the queue.
    #[schemars(required)]
    pub resource: Option<Spanned<String>>,
    /// The queue's name in it.
    #[schemars(required)]
    pub name: Option<Spanned<String>>,
    /// Messages for each replica. Default: 5.
    pub length: Option<Spanned<Int<1, 1_000_000>>>,
}

/// A scaler of KEDA.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ScaleRule {
    /// Name of the rule.
    #[schemars(required, extend("pattern" = PLAIN))]
    pub name: Option<Spanned<String>>,
    /// Kind of scaler as KEDA calls it, for example `cron`.
    #[schemars(required, extend("pattern" = PLAIN))]
    pub r#type: Option<Spanned<String>>,
    /// Settings of the scaler.
    pub metadata: Option<Values>,
    /// Secret settings: the scaler's parameter and its value.
    pub auth: Option<Values>,
    /// Whether it signs in as the app's own identity.
    pub identity: Option<bool>,
}
