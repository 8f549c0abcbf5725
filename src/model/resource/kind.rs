//! What a backing service is, whatever its kind.

use super::spec::{self, Spec};
use super::{
    AzureAppInsights, AzureCosmos, AzureEventHubs, AzureKeyVault, AzureLogAnalytics, AzureOpenAi, AzurePostgres,
    AzureRedis, AzureServiceBus, AzureSql, AzureStorage, AzureVirtualNetwork, Bicep, ConnectionString, Property, Role,
    Service,
};
use crate::manifest::{Span, Spanned};
use crate::model::{AzureExisting, Expression, Name};
use std::collections::BTreeMap;

/// A backing service.
#[derive(Clone, Debug)]
pub struct Resource {
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    pub kind: ResourceKind,
    /// Where its `kind` stands.
    pub kind_span: Span,
    /// Where a service in a container runs. Empty: everywhere its users do.
    pub environments: Vec<Spanned<Name>>,
    /// What references may name, in a fixed order, and what apps that list it in `references` are given.
    pub properties: Vec<Property>,
}

/// The kinds of backing services, with what each of them needs.
#[derive(Clone, Debug)]
pub enum ResourceKind {
    /// In a container: `postgres`, `redis`, …, `container`.
    Service(Box<Service>),
    AzureAppInsights(Box<AzureAppInsights>),
    AzureCosmos(Box<AzureCosmos>),
    AzureEventHubs(Box<AzureEventHubs>),
    AzureKeyVault(Box<AzureKeyVault>),
    AzureLogAnalytics(Box<AzureLogAnalytics>),
    AzureOpenAi(Box<AzureOpenAi>),
    AzurePostgres(Box<AzurePostgres>),
    AzureRedis(Box<AzureRedis>),
    AzureServiceBus(Box<AzureServiceBus>),
    AzureSql(Box<AzureSql>),
    AzureStorage(Box<AzureStorage>),
    AzureVirtualNetwork(Box<AzureVirtualNetwork>),
    /// A module of the user's own.
    Bicep(Box<Bicep>),
    /// Something that exists already and is reached by one text.
    ConnectionString(Box<ConnectionString>),
}

/// What all resources of Azure have.
#[derive(Clone, Debug, Default)]
pub struct Azure {
    /// Its name in Azure; default: made from the entry's name.
    pub name: Option<Expression>,
    /// Default: the resource group's.
    pub location: Option<Expression>,
    pub tags: BTreeMap<String, Expression>,
    /// It is there already: it is referred to and not made.
    pub existing: Option<AzureExisting>,
    /// Instead of the kind's own roles, for apps that say nothing else.
    pub roles: Option<Vec<&'static Role>>,
}

impl Resource {
    fn spec(&self) -> Option<&'static Spec> {
        spec::find(self.kind.name())
    }

    /// What a reference may name.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }

    /// What all resources of Azure have; `None` for what is not made in Azure.
    pub fn azure(&self) -> Option<&Azure> {
        self.kind.azure()
    }

    /// The roles that an app gets by referring to it, where the app says nothing else.
    pub fn default_roles(&self) -> Vec<&'static Role> {
        match self.azure().and_then(|azure| azure.roles.as_ref()) {
            Some(roles) => roles.clone(),
            None => self.spec().map(|spec| spec.default_roles().collect()).unwrap_or_default(),
        }
    }

    /// All roles that may be given for it.
    pub fn roles(&self) -> &'static [Role] {
        self.spec().map_or(&[], |spec| spec.roles)
    }
}

impl ResourceKind {
    /// What a manifest calls it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Service(service) => service.kind,
            Self::AzureAppInsights(_) => "azure-app-insights",
            Self::AzureCosmos(_) => "azure-cosmos",
            Self::AzureEventHubs(_) => "azure-event-hubs",
            Self::AzureKeyVault(_) => "azure-key-vault",
            Self::AzureLogAnalytics(_) => "azure-log-analytics",
            Self::AzureOpenAi(_) => "azure-openai",
            Self::AzurePostgres(_) => "azure-postgres",
            Self::AzureRedis(_) => "azure-redis",
            Self::AzureServiceBus(_) => "azure-service-bus",
            Self::AzureSql(_) => "azure-sql",
            Self::AzureStorage(_) => "azure-storage",
            Self::AzureVirtualNetwork(_) => "azure-virtual-network",
            Self::Bicep(_) => "bicep",
            Self::ConnectionString(_) => "connection-string",
        }
    }

    /// What all resources of Azure have; `None` for what is not made in Azure.
    pub fn azure(&self) -> Option<&Azure> {
        match self {
            Self::AzureAppInsights(it) => Some(&it.azure),
            Self::AzureCosmos(it) => Some(&it.azure),
            Self::AzureEventHubs(it) => Some(&it.azure),
            Self::AzureKeyVault(it) => Some(&it.azure),
            Self::AzureLogAnalytics(it) => Some(&it.azure),
            Self::AzureOpenAi(it) => Some(&it.azure),
            Self::AzurePostgres(it) => Some(&it.azure),
            Self::AzureRedis(it) => Some(&it.azure),
            Self::AzureServiceBus(it) => Some(&it.azure),
            Self::AzureSql(it) => Some(&it.azure),
            Self::AzureStorage(it) => Some(&it.azure),
            Self::AzureVirtualNetwork(it) => Some(&it.azure),
            Self::Service(_) | Self::Bicep(_) | Self::ConnectionString(_) => None,
        }
    }
}
