//! Where apps run: one type for each kind of environment. What a kind cannot do is told where it is
//! rendered, not here.

mod app_service;
mod azure;
mod compose;
mod container_apps;
mod kind;
mod kubernetes;

pub use app_service::{AppServiceEnvironment, ApplicationInsights, AutomaticScaling};
pub use azure::AzureSettings;
pub use compose::{ComposeDashboard, ComposeEnvironment, ComposeNetwork};
pub use container_apps::{ContainerAppsEnvironment, LogAnalytics, Subnet, WorkloadProfile};
pub use kind::{Environment, EnvironmentKind};
pub use kubernetes::{Chart, Cluster, Entrance, Gateway, Ingress, KubernetesEnvironment, KubernetesFormat};
