//! `health`.

use super::super::{Int, Port};
use crate::manifest::{Spanned, Text};
use schemars::JsonSchema;
use serde::Deserialize;

/// Probes.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Health {
    /// Whether it can take requests.
    pub readiness: Option<Spanned<Probe>>,
    /// Whether it must be restarted.
    pub liveness: Option<Spanned<Probe>>,
    /// Whether it has started.
    pub startup: Option<Spanned<Probe>>,
}

/// One probe.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Probe {
    /// Path of the HTTP request, for example `/healthz`. Default: `/`.
    #[schemars(extend("pattern" = "^/"))]
    pub path: Option<Spanned<String>>,
    /// `http` (the default) or `https`.
    pub scheme: Option<Spanned<ProbeScheme>>,
    /// Take a connection and ask nothing, instead of an HTTP request.
    pub tcp: Option<Spanned<bool>>,
    /// Program and arguments that end well while all is well; run inside of the container. For targets
    /// that ask nothing from outside (Docker Compose): where it is absent they look for a program in the
    /// image that does what the probe says.
    pub command: Option<Vec<Spanned<Text>>>,
    /// Port. Default: the first endpoint's.
    pub port: Option<Spanned<Port>>,
    /// Seconds before the first probe.
    pub initial_delay: Option<Spanned<Int<0, 3600>>>,
    /// Seconds between probes.
    pub period: Option<Spanned<Int<1, 3600>>>,
    /// Seconds that an answer may take.
    pub timeout: Option<Spanned<Int<1, 3600>>>,
    /// Failures in a row that count.
    pub failure_threshold: Option<Spanned<Int<1, 1000>>>,
    /// Successes in a row that count.
    pub success_threshold: Option<Spanned<Int<1, 1000>>>,
}

/// What a probe speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProbeScheme {
    Http,
    Https,
}
