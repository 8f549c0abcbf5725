//! Backing services in Azure: one file a kind, and what references to them become.
//!
//! [`modules`] makes what is deployed, [`property`] lowers `$<db.orders.uri>`. Services in containers
//! are made by their environment, which knows their addresses; their texts are put together here.

mod azure_app_insights;
mod azure_cosmos;
mod azure_event_hubs;
mod azure_key_vault;
mod azure_log_analytics;
mod azure_openai;
mod azure_postgres;
mod azure_redis;
mod azure_service_bus;
mod azure_sql;
mod azure_storage;
mod azure_virtual_network;
mod making;
mod names;
pub(super) mod roles;
mod service;
mod user_module;
mod vault;

pub use service::{ServiceAddress, environment, environments, nearest, pieces};

use super::{Builder, Cx, Failure, Lowered, Module};
use crate::manifest::Span;
use crate::model::resource::Child;
use crate::model::{Resource, ResourceKind};

/// The modules of a resource; none for services in containers, which their environment makes.
pub fn modules(cx: &Cx<'_>, resource: &Resource) -> Result<Vec<Module>, Failure> {
    names::check(cx, resource)?;
    match &resource.kind {
        ResourceKind::AzureAppInsights(it) => azure_app_insights::modules(cx, resource, it),
        ResourceKind::AzureCosmos(it) => azure_cosmos::modules(cx, resource, it),
        ResourceKind::AzureEventHubs(it) => azure_event_hubs::modules(cx, resource, it),
        ResourceKind::AzureKeyVault(it) => azure_key_vault::modules(cx, resource, it),
        ResourceKind::AzureLogAnalytics(it) => azure_log_analytics::modules(cx, resource, it),
        ResourceKind::AzureOpenAi(it) => azure_openai::modules(cx, resource, it),
        ResourceKind::AzurePostgres(it) => azure_postgres::modules(cx, resource, it),
        ResourceKind::AzureRedis(it) => azure_redis::modules(cx, resource, it),
        ResourceKind::AzureServiceBus(it) => azure_service_bus::modules(cx, resource, it),
        ResourceKind::AzureSql(it) => azure_sql::modules(cx, resource, it),
        ResourceKind::AzureStorage(it) => azure_storage::modules(cx, resource, it),
        ResourceKind::AzureVirtualNetwork(it) => azure_virtual_network::modules(cx, resource, it),
        ResourceKind::Bicep(it) => user_module::modules(cx, resource, it),
        ResourceKind::Service(_) | ResourceKind::ConnectionString(_) => Ok(Vec::new()),
    }
}

/// Lowers a property of a resource. `address` knows where services in containers are reached.
pub fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    property: &str,
    span: &Span,
    address: &ServiceAddress<'_>,
) -> Option<Lowered> {
    match &resource.kind {
        ResourceKind::AzureAppInsights(_) => azure_app_insights::property(builder, resource, property),
        ResourceKind::AzureCosmos(it) => azure_cosmos::property(builder, resource, it, property),
        ResourceKind::AzureEventHubs(it) => azure_event_hubs::property(builder, resource, it, property),
        ResourceKind::AzureKeyVault(it) => azure_key_vault::property(builder, resource, it, property),
        ResourceKind::AzureLogAnalytics(_) => azure_log_analytics::property(builder, resource, property),
        ResourceKind::AzureOpenAi(it) => azure_openai::property(builder, resource, it, property),
        ResourceKind::AzurePostgres(it) => azure_postgres::property(builder, resource, it, property),
        ResourceKind::AzureRedis(it) => azure_redis::property(builder, resource, it, property),
        ResourceKind::AzureServiceBus(it) => azure_service_bus::property(builder, resource, it, property),
        ResourceKind::AzureSql(it) => azure_sql::property(builder, resource, it, property),
        ResourceKind::AzureStorage(it) => azure_storage::property(builder, resource, it, property),
        ResourceKind::AzureVirtualNetwork(it) => azure_virtual_network::property(builder, resource, it, property),
        ResourceKind::Bicep(it) => user_module::property(builder, resource, it, property, span),
        ResourceKind::Service(it) => service::property(builder, resource, it, property, span, address),
        ResourceKind::ConnectionString(it) => {
            let lowered = builder.lower(&it.value);
            // Nobody knows whether there is a password in it.
            Some(Lowered { is_secret: true, ..lowered })
        }
    }
}

/// The part of a resource that references call by this key.
fn child<'c>(children: &'c [Child], key: &str) -> Option<&'c Child> {
    children.iter().find(|child| child.key == key)
}
