//! Azure Container Apps.

use super::AzureSettings;
use crate::manifest::Spanned;
use crate::model::{AzureExisting, Expression, Name};

/// A managed environment of Azure Container Apps.
#[derive(Clone, Debug)]
pub struct ContainerAppsEnvironment {
    pub azure: AzureSettings,
    pub log_analytics: LogAnalytics,
    /// Beside the consumption profile, which is always there.
    pub workload_profiles: Vec<WorkloadProfile>,
    pub subnet: Option<Subnet>,
    /// Default: on.
    pub dashboard: bool,
    /// Spread over availability zones; needs a subnet.
    pub zone_redundant: Option<Spanned<bool>>,
    /// HTTP endpoints are reached by HTTPS. Default: on.
    pub https_upgrade: bool,
    /// Apps speak with each other by mutual TLS. Default: off.
    pub mutual_tls: bool,
}

/// Where its logs go.
#[derive(Clone, Debug, Default)]
pub enum LogAnalytics {
    /// A workspace of its own.
    #[default]
    Own,
    /// A resource of kind `azure-log-analytics`.
    Resource(Spanned<Name>),
    Existing(AzureExisting),
}

/// Machines that containers run on.
#[derive(Clone, Debug)]
pub struct WorkloadProfile {
    pub name: Spanned<String>,
    /// Azure's word, e.g. `D4`.
    pub kind: Spanned<String>,
    /// Fewest and most machines; `None` for consumption profiles.
    pub count: Option<(u32, u32)>,
}

/// A subnet that is delegated to it.
#[derive(Clone, Debug)]
pub struct Subnet {
    /// Resource id.
    pub id: Expression,
    /// Nothing of it can be reached from outside of the network.
    pub internal: bool,
}
