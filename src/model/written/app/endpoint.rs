//! `endpoints.<name>`.

use super::super::Port;
use crate::manifest::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

/// A port that an app listens on.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Endpoint {
    /// Port that the app listens on.
    pub target_port: Option<Spanned<Port>>,
    /// Port that others see. Default: the environment's choice.
    pub port: Option<Spanned<Port>>,
    /// `http` (the default), `https`, `http2`, `grpc`, `ws`, `wss`, `tcp` or `udp`.
    #[schemars(extend("enum" = ["http", "https", "http2", "grpc", "ws", "wss", "tcp", "udp"]))]
    pub scheme: Option<Spanned<String>>,
    /// Whether it can be reached from outside of the environment.
    pub external: Option<bool>,
}
