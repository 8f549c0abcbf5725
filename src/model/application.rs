//! The whole application.

use super::{App, Expression, Name, Parameter, Registry};
use crate::manifest::{Source, Span, Spanned};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything a manifest declares, with the chosen profile laid over it.
#[derive(Clone, Debug)]
pub struct Application {
    pub name: String,
    pub source: Arc<Source>,
    /// The chosen profile.
    pub profile: Option<Name>,
    /// All profiles that are declared.
    pub profiles: Vec<Name>,
    pub params: BTreeMap<Name, Parameter>,
    pub registries: BTreeMap<Name, Registry>,
    pub environments: BTreeMap<Name, Environment>,
    pub resources: BTreeMap<Name, Resource>,
    pub apps: BTreeMap<Name, App>,
    pub steps: BTreeMap<Name, CustomStep>,
    pub publish: Publish,
}

/// How files are published.
#[derive(Clone, Debug, Default)]
pub struct Publish {
    /// A file of edits, relative to the manifest's folder.
    pub patch: Option<Spanned<String>>,
}

/// Where apps run. What its kind needs is parsed by the kind.
#[derive(Clone, Debug)]
pub struct Environment {
    pub name: Name,
    pub span: Span,
    pub kind: Spanned<EnvironmentKind>,
    /// Default registry of the apps that run here.
    pub registry: Option<Spanned<Name>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvironmentKind {
    AzureContainerApps,
    AzureAppService,
    DockerCompose,
    Kubernetes,
}

/// A backing service.
#[derive(Clone, Debug)]
pub struct Resource {
    pub name: Name,
    pub span: Span,
    pub kind: Spanned<ResourceKind>,
}

/// The kinds of backing services that a manifest may name; see [`ResourceKind::all`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceKind(pub &'static str);

/// A pipeline step of the user's own.
#[derive(Clone, Debug)]
pub struct CustomStep {
    pub name: Name,
    pub span: Span,
    /// Program and arguments; never empty.
    pub run: Vec<Expression>,
    /// Names of steps, bound when the plan is made.
    pub after: Vec<Spanned<String>>,
    pub before: Vec<Spanned<String>>,
    pub env: BTreeMap<String, Expression>,
    /// Relative to the manifest's folder.
    pub working_directory: Option<Spanned<String>>,
    pub description: Option<String>,
}

impl EnvironmentKind {
    pub const ALL: [Self; 4] = [Self::AzureContainerApps, Self::AzureAppService, Self::DockerCompose, Self::Kubernetes];

    /// Whether Azure runs it.
    pub fn is_azure(self) -> bool {
        match self {
            Self::AzureContainerApps | Self::AzureAppService => true,
            Self::DockerCompose | Self::Kubernetes => false,
        }
    }

    /// What a manifest calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::AzureContainerApps => "azure-container-apps",
            Self::AzureAppService => "azure-app-service",
            Self::DockerCompose => "docker-compose",
            Self::Kubernetes => "kubernetes",
        }
    }
}

impl ResourceKind {
    /// The names of all kinds of backing services.
    pub fn all() -> impl Iterator<Item = Self> {
        super::kinds::RESOURCES.kinds.iter().map(|kind| Self(kind.name))
    }
}
