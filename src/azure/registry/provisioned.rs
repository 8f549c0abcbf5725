//! The module of a registry: the registry itself and everything inside it.

use super::super::root::Symbols;
use super::super::{Builder, Cx, Failure, Module, NAME_TAG, Stage, Value, pull};
use super::symbols::symbols;
use super::{access, network, tasks, vault};
use crate::manifest::Diagnostics;
use crate::model::{
    AzureExisting, AzureRegistry, Expression, ProvisionedRegistry, Registry, RegistryEncryption, RegistryKind,
    RegistryNetworkRules, RegistryReplication, RegistrySku,
};
use crate::render::bicep;
use serde_json::json;

/// The longest name of a registry.
const NAME: usize = 50;
/// How many characters `uniqueString` gives.
const UNIQUE: usize = 13;

/// The modules of a registry: it, then its private endpoints. One that exists already is only looked
/// up; none for one that is not Azure's.
pub fn modules(cx: &Cx<'_>, registry: &Registry) -> Result<Vec<Module>, Failure> {
    let RegistryKind::Azure(azure) = &registry.kind else { return Ok(Vec::new()) };
    let mut made = Vec::new();
    match azure.as_ref() {
        AzureRegistry::Existing(known) => made.push(existing(cx, registry, known)),
        AzureRegistry::Provisioned(described) => {
            made.push(provisioned(cx, registry, described));
            made.extend(network::modules(cx, registry, described));
        }
    }
    let (mut modules, mut problems) = (Vec::new(), Diagnostics::default());
    for result in made {
        match result {
            Ok(module) => modules.push(module),
            Err(Failure::Invalid(found)) => problems.extend(found),
            Err(failure @ Failure::Template(_)) => return Err(failure),
        }
    }
    if problems.is_empty() { Ok(modules) } else { Err(Failure::Invalid(problems)) }
}

fn builder<'c>(cx: &'c Cx<'c>, registry: &Registry) -> Builder<'c> {
    let scope = pull::registry_scope(registry);
    Builder::new(cx, registry.name.as_str(), Stage::Infrastructure, &registry.span).in_scope(scope)
}

fn existing(cx: &Cx<'_>, registry: &Registry, known: &AzureExisting) -> Result<Module, Failure> {
    let mut builder = builder(cx, registry);
    let name = builder.lower(&known.name).value;
    let symbol = symbols(cx).take(registry.name.as_str());
    builder.finish("azure-container-registry/existing.bicep.hbs", &json!({ "symbol": symbol, "name": name }))
}

fn provisioned(cx: &Cx<'_>, registry: &Registry, described: &ProvisionedRegistry) -> Result<Module, Failure> {
    let mut builder = builder(cx, registry);
    let mut symbols = symbols(cx);
    let location = builder.location(described.placement.location.as_ref());
    let symbol = symbols.take(registry.name.as_str());
    distinct(&mut builder, registry, described);
    let own_tags = lowered(&mut builder, described.tags.iter());
    let has_access = has_access_rules(described);
    let data = json!({
        "symbol": symbol,
        "name": name(&mut builder, registry, described),
        "tags": tags(registry, &own_tags),
        "own_tags": (!own_tags.is_empty()).then(|| Value::Object(own_tags.clone())),
        "sku": sku(described.sku),
        "admin_user": described.admin_user,
        "anonymous_pull": described.anonymous_pull,
        "dedicated_data_endpoints": described.dedicated_data_endpoints,
        "is_private": described.public_access() == Some(false),
        "quarantine": described.quarantine,
        "public_network_access": described.public_access().map(switch),
        "network_rules": described.network_rules.as_ref().map(|rules| network_rules(&mut builder, rules)),
        "tasks_pass_rules": has_access && !(described.purges.is_empty() && described.tasks.is_empty()),
        "zone_redundancy": described.zone_redundancy.map(switch),
        "policies": policies(described),
        "key": described.encryption.as_ref().map(|encryption| key(&mut builder, encryption)),
        "replications": replications(&mut builder, &mut symbols, &described.replications),
        "scope_maps": access::scope_maps(&mut symbols, described),
        "tokens": access::tokens(&mut builder, &mut symbols, described),
        "purges": tasks::purges(&mut symbols, described),
        "tasks": tasks::tasks(&mut builder, &mut symbols, described),
        "cache_rules": access::cache_rules(&mut builder, &mut symbols, described),
        "webhooks": access::webhooks(&mut builder, &mut symbols, described, &location),
    });
    builder.finish("azure-container-registry/registry.bicep.hbs", &data)
}

/// Whether not everyone on the network reaches it.
fn has_access_rules(registry: &ProvisionedRegistry) -> bool {
    registry.public_access() == Some(false) || registry.network_rules.as_ref().is_some_and(|rules| rules.deny_others)
}

/// The name in Azure: what the manifest says, or one made of the entry's and the resource group's.
fn name(builder: &mut Builder<'_>, registry: &Registry, described: &ProvisionedRegistry) -> Value {
    match &described.name {
        Some(name) => builder.lower(name).value,
        None => {
            let prefix = prefix(registry);
            Value::expression(format!("take('{prefix}${{uniqueString(resourceGroup().id)}}', {NAME})"))
        }
    }
}

/// What is left of an entry's name: letters and digits, so many that the unique part fits.
fn prefix(registry: &Registry) -> String {
    let clean = registry.name.as_str().chars().filter(char::is_ascii_alphanumeric).take(NAME - UNIQUE);
    clean.map(|c| c.to_ascii_lowercase()).collect()
}

/// Two registries that would have one name in Azure are a mistake, found here and not by Azure.
fn distinct(builder: &mut Builder<'_>, registry: &Registry, described: &ProvisionedRegistry) {
    let effective = |registry: &Registry, described: &ProvisionedRegistry| match &described.name {
        Some(name) => name.as_literal().map(str::to_ascii_lowercase),
        None => Some(format!("{}…", prefix(registry))),
    };
    let Some(own) = effective(registry, described) else { return };
    // The one that comes later is told, so that it is told once.
    for other in builder.cx.application.registries.values().take_while(|other| other.name != registry.name) {
        let RegistryKind::Azure(azure) = &other.kind else { continue };
        let AzureRegistry::Provisioned(theirs) = azure.as_ref() else { continue };
        if effective(other, theirs).as_ref() == Some(&own) {
            let message = format!("`{}` and `{}` would have the same name in Azure", other.name, registry.name);
            builder.error("name-collision", message, &registry.span, "give one of them another `name`");
        }
    }
}

/// Values of a table, in the order of their keys.
pub(super) fn lowered<'e>(
    builder: &mut Builder<'_>,
    entries: impl Iterator<Item = (&'e String, &'e Expression)>,
) -> Vec<(String, Value)> {
    entries.map(|(key, value)| (key.clone(), builder.lower(value).value)).collect()
}

/// The tag that says what the registry was made for, then the user's own.
fn tags(registry: &Registry, own: &[(String, Value)]) -> Value {
    let is_own = own.iter().any(|(key, _)| key.eq_ignore_ascii_case(NAME_TAG));
    let first = (!is_own).then(|| (NAME_TAG.to_owned(), Value::from(registry.name.as_str())));
    Value::Object(first.into_iter().chain(own.iter().cloned()).collect())
}

fn sku(sku: RegistrySku) -> &'static str {
    match sku {
        RegistrySku::Basic => "Basic",
        RegistrySku::Standard => "Standard",
        RegistrySku::Premium => "Premium",
    }
}

fn switch(on: bool) -> &'static str {
    if on { "Enabled" } else { "Disabled" }
}

fn network_rules(builder: &mut Builder<'_>, rules: &RegistryNetworkRules) -> serde_json::Value {
    let allow = rules
        .allow
        .iter()
        .map(|range| Value::object([("action", Value::from("Allow")), ("value", builder.lower(range).value)]));
    let allow = Value::Array(allow.collect());
    json!({
        "bypass": if rules.bypass_azure_services { "AzureServices" } else { "None" },
        "default_action": if rules.deny_others { "Deny" } else { "Allow" },
        "allow": allow,
    })
}

fn policies(registry: &ProvisionedRegistry) -> Option<Value> {
    let status = |on: bool| ("status", Value::from(if on { "enabled" } else { "disabled" }));
    let mut policies = Vec::new();
    if registry.quarantine {
        policies.push(("quarantinePolicy", Value::object([status(true)])));
    }
    if let Some(days) = registry.retention_days {
        policies.push(("retentionPolicy", Value::object([("days", Value::from(days)), status(true)])));
    }
    // The other tiers have no policy that could be set.
    if let Some(on) = registry.export_policy.filter(|_| registry.sku == RegistrySku::Premium) {
        policies.push(("exportPolicy", Value::object([status(on)])));
    }
    (!policies.is_empty()).then(|| Value::object(policies))
}

fn key(builder: &mut Builder<'_>, encryption: &RegistryEncryption) -> serde_json::Value {
    let RegistryEncryption { key, identity } = encryption;
    let group = identity.resource_group.as_ref().map(|group| builder.lower(group).value.code());
    let subscription = identity.subscription.as_ref().map(|subscription| builder.lower(subscription).value.code());
    let scope = group.map(|group| match subscription {
        Some(subscription) => Value::expression(format!("resourceGroup({subscription}, {group})")),
        None => Value::expression(format!("resourceGroup({group})")),
    });
    json!({
        "identity_name": builder.lower(&identity.name).value,
        "identity_scope": scope,
        "address": vault::address(builder, key),
    })
}

fn replications(
    builder: &mut Builder<'_>,
    symbols: &mut Symbols,
    replications: &[RegistryReplication],
) -> Vec<serde_json::Value> {
    let one = |(index, replication): (usize, &RegistryReplication)| {
        let location = builder.lower(&replication.location).value;
        let (symbol, name) = match location.as_literal() {
            Some(literal) => {
                let name: String = literal.chars().filter(char::is_ascii_alphanumeric).collect();
                let name = name.to_ascii_lowercase();
                (format!("{}Replication", bicep::identifier(&name)), Value::from(name))
            }
            None => {
                let name = format!("toLower(replace({}, ' ', ''))", location.code());
                (format!("replication{}", index + 1), Value::expression(name))
            }
        };
        json!({
            "symbol": symbols.take(&symbol),
            "name": name,
            "location": location,
            "has_properties": replication.region_endpoint.is_some() || replication.zone_redundant.is_some(),
            "region_endpoint": replication.region_endpoint.map(|on| json!({ "on": on })),
            "zone_redundancy": replication.zone_redundant.map(switch),
        })
    };
    replications.iter().enumerate().map(one).collect()
}
