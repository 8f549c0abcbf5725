//! `job`.

use super::super::{Int, PLAIN};
use super::{QueueScales, ScaleRule};
use crate::manifest::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

/// Runs to its end instead of serving.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Job", untagged)]
pub enum Job {
    String(Spanned<JobWord>),
    Table(Box<Spanned<JobTable>>),
}

/// A job without settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum JobWord {
    /// Started by hand.
    Manual,
}

/// When a job runs and how.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct JobTable {
    /// Started by hand.
    pub manual: Option<Spanned<bool>>,
    /// When it starts: five fields of cron in UTC, for example `0 1 * * *`.
    #[schemars(extend("pattern" = PLAIN))]
    pub schedule: Option<Spanned<String>>,
    /// What it starts for.
    pub event: Option<Spanned<JobEvent>>,
    /// Seconds that a run may take. Default: 1800.
    pub timeout: Option<Spanned<Int<1, 604_800>>>,
    /// How often a failed replica is tried again. Default: 0.
    pub retries: Option<Spanned<Int<0, 1000>>>,
    /// Replicas at the same time. Default: 1.
    pub parallelism: Option<Spanned<Int<1, 1000>>>,
    /// Replicas that must end well. Default: 1.
    pub completions: Option<Spanned<Int<1, 1000>>>,
}

/// What a job starts for.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct JobEvent {
    /// Messages that wait.
    pub queue: Option<QueueScales>,
    /// Scalers of KEDA.
    pub rules: Option<Vec<Spanned<ScaleRule>>>,
    /// Fewest runs at each look. Default: 0.
    pub min: Option<Spanned<Int<0, 1000>>>,
    /// Most runs at each look. Default: 100.
    pub max: Option<Spanned<Int<1, 1000>>>,
    /// Seconds between looks at what is counted.
    pub polling_interval: Option<Spanned<Int<1, 86400>>>,
}
