//! Azure App Service.

use super::AzureSettings;
use crate::manifest::{Span, Spanned};
use crate::model::{Expression, Name};

/// A plan of Azure App Service and what its sites share.
#[derive(Clone, Debug)]
pub struct AppServiceEnvironment {
    pub azure: AzureSettings,
    /// Azure's word, e.g. `P0v3`; `None`: the default.
    pub sku: Option<Spanned<String>>,
    pub application_insights: Option<ApplicationInsights>,
    /// Names of deployment slots that every site gets.
    pub slots: Vec<Expression>,
    /// Default: off.
    pub dashboard: bool,
    pub automatic_scaling: Option<AutomaticScaling>,
    /// Resource id of a subnet that is delegated to it.
    pub subnet: Option<Expression>,
    /// Spread over availability zones.
    pub zone_redundant: Option<Spanned<bool>>,
}

/// Where its telemetry goes.
#[derive(Clone, Debug)]
pub enum ApplicationInsights {
    /// A component of its own; where that is said.
    Own(Span),
    /// A resource of kind `azure-app-insights`.
    Resource(Spanned<Name>),
}

/// Machines are added when requests come.
#[derive(Clone, Debug)]
pub struct AutomaticScaling {
    pub span: Span,
    /// The most machines; `None`: the default.
    pub max: Option<Spanned<u32>>,
}
