//! What others say of a registry: where it is, what it is called.

use super::super::{Builder, Lowered, Scope, Value};
use crate::model::{AzureRegistry, Registry, RegistryKind};

/// Where a registry is deployed or found; `None` for one that is not Azure's.
pub fn scope(registry: &Registry) -> Option<Scope> {
    let RegistryKind::Azure(azure) = &registry.kind else { return None };
    let (group, subscription) = match azure.as_ref() {
        AzureRegistry::Existing(existing) => (&existing.resource_group, &existing.subscription),
        AzureRegistry::Provisioned(registry) => (&registry.placement.resource_group, &registry.placement.subscription),
    };
    Some(match group {
        Some(group) => Scope::OtherGroup { group: group.clone(), subscription: subscription.clone() },
        None => Scope::Group,
    })
}

/// `endpoint`, `login-server`, `name` or `id` of a registry.
pub fn property(builder: &mut Builder<'_>, registry: &Registry, property: &str) -> Option<Lowered> {
    let output = match property {
        "id" => "id",
        "name" => "name",
        _ => "loginServer",
    };
    Some(Lowered::plain(builder.output(registry.name.as_str(), output)))
}

/// The name of a registry where another module looks it up.
pub(super) fn name(builder: &mut Builder<'_>, registry: &Registry) -> Value {
    if let RegistryKind::Azure(azure) = &registry.kind
        && let AzureRegistry::Existing(existing) = azure.as_ref()
    {
        return builder.lower(&existing.name).value;
    }
    builder.output(registry.name.as_str(), "name")
}
