//! Docker Compose.

use crate::manifest::{Span, Spanned};
use crate::model::Name;

/// A project of Docker Compose.
#[derive(Clone, Debug, Default)]
pub struct ComposeEnvironment {
    /// Default: made of the application's name.
    pub project_name: Option<Spanned<String>>,
    /// The network that all its services are in; `None`: the project's own.
    pub network: Option<ComposeNetwork>,
    /// `None`: off.
    pub dashboard: Option<ComposeDashboard>,
    /// Changes of the user's own, in Compose's words: laid over what is written, key by key.
    pub patch: Option<serde_json::Value>,
}

/// A network of a project.
#[derive(Clone, Debug)]
pub struct ComposeNetwork {
    pub name: Spanned<String>,
    /// It is there already.
    pub external: bool,
}

/// Aspire's dashboard, which shows logs, traces and metrics.
#[derive(Clone, Debug)]
pub struct ComposeDashboard {
    pub span: Span,
    /// Tag of its image; `None`: the version that this shipit pins.
    pub version: Option<Spanned<String>>,
    /// Port on this machine; `None`: its own.
    pub port: Option<u16>,
}

impl ComposeDashboard {
    /// What its service is called.
    pub fn service(environment: &Name) -> String {
        format!("{environment}-dashboard")
    }
}
