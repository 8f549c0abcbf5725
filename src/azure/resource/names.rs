//! Names of two resources that would be the same in Azure.

use super::making::NameRule;
use super::{
    azure_app_insights, azure_cosmos, azure_event_hubs, azure_log_analytics, azure_openai, azure_postgres, azure_redis,
    azure_service_bus, azure_sql, azure_storage, azure_virtual_network, vault,
};
use crate::azure::{Cx, Failure};
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::{Resource, ResourceKind};

fn rule(kind: &ResourceKind) -> Option<NameRule> {
    Some(match kind {
        ResourceKind::AzureAppInsights(_) => azure_app_insights::NAME,
        ResourceKind::AzureCosmos(_) => azure_cosmos::NAME,
        ResourceKind::AzureEventHubs(_) => azure_event_hubs::NAME,
        ResourceKind::AzureKeyVault(_) => vault::NAME,
        ResourceKind::AzureLogAnalytics(_) => azure_log_analytics::NAME,
        ResourceKind::AzureOpenAi(_) => azure_openai::NAME,
        ResourceKind::AzurePostgres(_) => azure_postgres::NAME,
        ResourceKind::AzureRedis(_) => azure_redis::NAME,
        ResourceKind::AzureServiceBus(_) => azure_service_bus::NAME,
        ResourceKind::AzureSql(_) => azure_sql::NAME,
        ResourceKind::AzureStorage(_) => azure_storage::NAME,
        ResourceKind::AzureVirtualNetwork(_) => azure_virtual_network::NAME,
        ResourceKind::Service(_) | ResourceKind::Bicep(_) | ResourceKind::ConnectionString(_) => return None,
    })
}

/// The name that is made for a resource; `None` where the manifest says what it is called.
fn made(resource: &Resource) -> Option<String> {
    let azure = resource.azure()?;
    if azure.existing.is_some() || azure.name.is_some() {
        return None;
    }
    Some(rule(&resource.kind)?.name(resource.name.as_str()).code().to_lowercase())
}

/// Refuses a resource whose name in Azure would be that of an earlier one of its kind.
pub(super) fn check(cx: &Cx<'_>, resource: &Resource) -> Result<(), Failure> {
    let Some(own) = made(resource) else { return Ok(()) };
    let is_same = |other: &&Resource| {
        other.span.start < resource.span.start
            && other.kind.name() == resource.kind.name()
            && made(other).is_some_and(|other| other == own)
    };
    let Some(other) = cx.application.resources.values().find(is_same) else { return Ok(()) };
    let mut problems = Diagnostics::default();
    let message = format!("`{}` and `{}` would have the same name in Azure", other.name, resource.name);
    problems.push(
        Diagnostic::error("name-collision", message)
            .within(&cx.application.source)
            .at(resource.span.clone(), "this one")
            .at(other.span.clone(), "and this one")
            .help("their letters and digits are the same: rename one, or give one a `name` of its own"),
    );
    Err(Failure::Invalid(problems))
}
