//! An environment and which kinds there are.

use super::{
    AppServiceEnvironment, AzureSettings, ComposeEnvironment, ContainerAppsEnvironment, KubernetesEnvironment,
};
use crate::manifest::{Span, Spanned};
use crate::model::Name;

/// Where apps run.
#[derive(Clone, Debug)]
pub struct Environment {
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    /// Stands where the word of its `kind` does.
    pub kind: Spanned<EnvironmentKind>,
    /// Default registry of the apps that run here.
    pub registry: Option<Spanned<Name>>,
}

#[derive(Clone, Debug)]
pub enum EnvironmentKind {
    AzureContainerApps(Box<ContainerAppsEnvironment>),
    AzureAppService(Box<AppServiceEnvironment>),
    DockerCompose(Box<ComposeEnvironment>),
    Kubernetes(Box<KubernetesEnvironment>),
}

impl EnvironmentKind {
    /// What a manifest calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AzureContainerApps(_) => "azure-container-apps",
            Self::AzureAppService(_) => "azure-app-service",
            Self::DockerCompose(_) => "docker-compose",
            Self::Kubernetes(_) => "kubernetes",
        }
    }

    /// Whether Azure runs it.
    pub fn is_azure(&self) -> bool {
        self.azure().is_some()
    }

    /// Where in Azure it is; `None` for what is not Azure's.
    pub fn azure(&self) -> Option<&AzureSettings> {
        match self {
            Self::AzureContainerApps(settings) => Some(&settings.azure),
            Self::AzureAppService(settings) => Some(&settings.azure),
            Self::DockerCompose(_) | Self::Kubernetes(_) => None,
        }
    }
}
