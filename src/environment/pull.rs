//! How an environment in Azure pulls from the registries in Azure: one identity with the role
//! AcrPull on each.
//!
//! Where all registries are in the environment's own resource group, its module makes the identity
//! and the roles. Otherwise the identity is a module of its own, `<environment>-mi`, and so are the
//! roles on each registry, in the registry's group.

use crate::azure::{Builder, Cx, Failure, Feed, Module, NAME_TAG, Param, ParamType, Scope, Stage, Value, registry};
use crate::model::environment::AzureSettings;
use crate::model::{
    App, AppKind, Application, AzureExisting, AzurePlacement, AzureRegistry, Environment, Expression, Name, Registry,
    RegistryKind, Target,
};
use crate::render::bicep;
use serde::Serialize;
use std::collections::BTreeMap;

/// The role of Azure that may pull images (Microsoft Learn, "Azure built-in roles", AcrPull).
pub(super) const ACR_PULL: &str = "7f951dda-4ed3-4680-a7ca-43fe172d538d";

/// The identity, as the environment's module sees it.
#[derive(Debug, Serialize)]
pub(super) struct PullIdentity {
    /// Of the resource, where the module has one.
    pub(super) symbol: Option<String>,
    pub(super) is_existing: bool,
    pub(super) name: Value,
    /// Of an existing one that is elsewhere.
    pub(super) scope: Option<Value>,
    pub(super) tags: Value,
    pub(super) id: Value,
    pub(super) client_id: Value,
}

/// A registry, as the environment's module sees it.
#[derive(Debug, Serialize)]
pub(super) struct PulledRegistry {
    pub(super) symbol: String,
    pub(super) name: Value,
    /// Where it is, when that is not the module's own group.
    pub(super) scope: Option<Value>,
    /// Of the role assignment, where the module makes it.
    pub(super) role_symbol: Option<String>,
}

/// The registry that an app's image is pulled from; none for an image of someone else's.
pub(super) fn registry_of<'a>(application: &'a Application, app: &App) -> Option<&'a Registry> {
    let name = match &app.kind {
        AppKind::Image { image, mirror: false } => image.references().find_map(|reference| match &reference.target {
            Target::Registry { name, .. } => Some(name),
            _ => None,
        }),
        AppKind::Dockerfile(_) | AppKind::Image { .. } => app.registries.first().map(|name| name.get_ref()),
    };
    application.registries.get(name?)
}

/// The registries in Azure that the apps of an environment are pulled from, its default first.
pub(super) fn registries<'a>(application: &'a Application, environment: &Environment) -> Vec<&'a Registry> {
    let own = environment.registry.as_ref().and_then(|name| application.registries.get(name.get_ref()));
    let of_apps = super::apps(application, &environment.name).filter_map(|app| registry_of(application, app));
    let mut registries: Vec<&Registry> = Vec::new();
    for found in own.into_iter().chain(of_apps) {
        if matches!(found.kind, RegistryKind::Azure(_)) && registries.iter().all(|known| known.name != found.name) {
            registries.push(found);
        }
    }
    registries
}

/// Where the modules of an environment go.
pub(super) fn scope(placement: &AzurePlacement) -> Scope {
    group(placement.resource_group.as_ref(), placement.subscription.as_ref())
}

fn group(group: Option<&Expression>, subscription: Option<&Expression>) -> Scope {
    match group {
        None => Scope::Group,
        Some(group) => Scope::OtherGroup { group: group.clone(), subscription: subscription.cloned() },
    }
}

fn scope_of(registry: &Registry) -> Scope {
    match &registry.kind {
        RegistryKind::Azure(azure) => match &**azure {
            AzureRegistry::Existing(existing) => {
                group(existing.resource_group.as_ref(), existing.subscription.as_ref())
            }
            AzureRegistry::Provisioned(provisioned) => scope(&provisioned.placement),
        },
        RegistryKind::Oci { .. } | RegistryKind::Local { .. } => Scope::Group,
    }
}

/// Whether two scopes are certainly the same; places in the manifest do not count.
fn is_same(one: &Scope, other: &Scope) -> bool {
    let same = |one: &Expression, other: &Expression| {
        one.as_literal().zip(other.as_literal()).is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
    };
    match (one, other) {
        (Scope::Group, Scope::Group) => true,
        (
            Scope::OtherGroup { group, subscription },
            Scope::OtherGroup { group: other_group, subscription: other_subscription },
        ) => {
            same(group, other_group)
                && match (subscription, other_subscription) {
                    (None, None) => true,
                    (Some(one), Some(other)) => same(one, other),
                    (Some(_), None) | (None, Some(_)) => false,
                }
        }
        (Scope::Group, Scope::OtherGroup { .. }) | (Scope::OtherGroup { .. }, Scope::Group) => false,
    }
}

/// Whether the identity is a module of its own.
fn stands_alone(application: &Application, environment: &Environment, azure: &AzureSettings) -> bool {
    let own = scope(&azure.placement);
    azure.pull_identity.is_none()
        && registries(application, environment).iter().any(|registry| !is_same(&scope_of(registry), &own))
}

fn identity_module(environment: &Name) -> String {
    format!("{environment}-mi")
}

/// The modules beside the environment's own: none where that makes identity and roles itself.
pub(super) fn modules(cx: &Cx<'_>, environment: &Environment, azure: &AzureSettings) -> Result<Vec<Module>, Failure> {
    if !stands_alone(cx.application, environment, azure) {
        return Ok(Vec::new());
    }
    let name = identity_module(&environment.name);
    let new =
        |name: String, scope: Scope| Builder::new(cx, name, Stage::Infrastructure, &environment.span).in_scope(scope);
    let mut builder = new(name.clone(), scope(&azure.placement));
    builder.location(azure.placement.location.as_ref());
    let symbol = identity_symbol(&environment.name);
    let tags = tags(&mut builder, &environment.name, &azure.tags);
    let data = serde_json::json!({ "symbol": symbol, "name": unique_name(&name, "", 128), "tags": tags });
    let mut modules = vec![builder.finish("azure/pull-identity.bicep.hbs", &data)?];
    for registry in registries(cx.application, environment) {
        let mut builder = new(format!("{name}-roles-{}", registry.name), scope_of(registry));
        let principal = builder.input(Param {
            name: "principalId".to_owned(),
            kind: ParamType::String,
            secure: false,
            description: None,
            default: None,
            feed: Feed::Output { module: name.clone(), output: "principalId".to_owned() },
        });
        let symbol = symbol_of(registry);
        let data = serde_json::json!({
            "registry": symbol,
            "registry_name": registry_name(&mut builder, registry),
            "symbol": format!("{symbol}_AcrPull"),
            "principal_id": principal,
            "role": ACR_PULL,
        });
        modules.push(builder.finish("azure/pull-role.bicep.hbs", &data)?);
    }
    Ok(modules)
}

/// The identity for the environment's module; none where nothing is pulled from Azure.
pub(super) fn identity(
    builder: &mut Builder<'_>,
    environment: &Environment,
    azure: &AzureSettings,
) -> Option<PullIdentity> {
    let application = builder.cx.application;
    if let Some(existing) = &azure.pull_identity {
        let symbol = identity_symbol(&environment.name);
        let (name, scope) = existing_place(builder, existing.get_ref());
        return Some(PullIdentity {
            is_existing: true,
            name,
            scope,
            tags: Value::Null,
            id: Value::expression(format!("{symbol}.id")),
            client_id: Value::expression(format!("{symbol}.properties.clientId")),
            symbol: Some(symbol),
        });
    }
    if registries(application, environment).is_empty() {
        return None;
    }
    if stands_alone(application, environment, azure) {
        let module = identity_module(&environment.name);
        return Some(PullIdentity {
            symbol: None,
            is_existing: false,
            name: Value::Null,
            scope: None,
            tags: Value::Null,
            id: builder.output(&module, "id"),
            client_id: builder.output(&module, "clientId"),
        });
    }
    let symbol = identity_symbol(&environment.name);
    Some(PullIdentity {
        is_existing: false,
        name: unique_name(environment.name.as_str(), "mi", 128),
        scope: None,
        tags: tags(builder, &environment.name, &azure.tags),
        id: Value::expression(format!("{symbol}.id")),
        client_id: Value::expression(format!("{symbol}.properties.clientId")),
        symbol: Some(symbol),
    })
}

/// The registries for the environment's module.
pub(super) fn pulled(
    builder: &mut Builder<'_>,
    environment: &Environment,
    azure: &AzureSettings,
    identity: Option<&PullIdentity>,
) -> Vec<PulledRegistry> {
    let own = scope(&azure.placement);
    let role = identity.filter(|identity| !identity.is_existing).and_then(|identity| identity.symbol.as_ref());
    let found = registries(builder.cx.application, environment);
    let mut pulled = Vec::with_capacity(found.len());
    for registry in found {
        let symbol = symbol_of(registry);
        let scope = scope_of(registry);
        pulled.push(PulledRegistry {
            name: registry_name(builder, registry),
            role_symbol: role.map(|identity| format!("{symbol}_{identity}_AcrPull")),
            scope: (!is_same(&scope, &own)).then(|| group_value(builder, &scope)),
            symbol,
        });
    }
    pulled
}

fn identity_symbol(environment: &Name) -> String {
    format!("{}_mi", bicep::identifier(environment.as_str()))
}

/// No name that a module's parameter has.
fn symbol_of(registry: &Registry) -> String {
    match bicep::identifier(registry.name.as_str()) {
        symbol if symbol == "location" || symbol == "principalId" => format!("{symbol}_registry"),
        symbol => symbol,
    }
}

fn registry_name(builder: &mut Builder<'_>, registry: &Registry) -> Value {
    registry::property(builder, registry, "name").map_or(Value::Null, |lowered| lowered.value)
}

/// The name of something that exists, and where it is when that is not the module's own group.
pub(super) fn existing_place(builder: &mut Builder<'_>, existing: &AzureExisting) -> (Value, Option<Value>) {
    let name = builder.lower(&existing.name).value;
    let scope = match (&existing.resource_group, &existing.subscription) {
        (None, None) => None,
        (group, subscription) => {
            let group = match group {
                Some(group) => builder.lower(group).value,
                None => Value::expression("resourceGroup().name"),
            };
            let subscription = subscription.as_ref().map(|subscription| builder.lower(subscription).value);
            Some(in_group(&group, subscription.as_ref()))
        }
    };
    (name, scope)
}

fn group_value(builder: &mut Builder<'_>, scope: &Scope) -> Value {
    match scope {
        Scope::Group => Value::expression("resourceGroup()"),
        Scope::OtherGroup { group, subscription } => {
            let group = builder.lower(group).value;
            let subscription = subscription.as_ref().map(|subscription| builder.lower(subscription).value);
            in_group(&group, subscription.as_ref())
        }
    }
}

fn in_group(group: &Value, subscription: Option<&Value>) -> Value {
    Value::expression(match subscription {
        Some(subscription) => format!("resourceGroup({}, {})", subscription.code(), group.code()),
        None => format!("resourceGroup({})", group.code()),
    })
}

/// The tags of the manifest and the one that says what the resource was made for.
pub(super) fn tags(builder: &mut Builder<'_>, name: &Name, tags: &BTreeMap<String, Expression>) -> Value {
    let mut entries = vec![(NAME_TAG.to_owned(), Value::from(name.as_str()))];
    for (key, value) in tags {
        entries.push((key.clone(), builder.lower(value).value));
    }
    Value::object(entries)
}

/// `<name>-<what>-<13 characters of the resource group>`, at most so long. Azure takes letters in any
/// case, digits and hyphens of it.
pub(super) fn unique_name(name: &str, what: &str, most: usize) -> Value {
    let separator = if what.is_empty() { "" } else { "-" };
    let stem = stem(name, most - 14 - what.len() - separator.len());
    Value::expression(format!("'{stem}{separator}{what}-${{uniqueString(resourceGroup().id)}}'"))
}

/// A name in lower case that is no longer than that; what is cut off is replaced by a digest of all.
pub(super) fn stem(name: &str, most: usize) -> String {
    use sha2::{Digest, Sha256};
    let name = name.to_ascii_lowercase();
    if name.len() <= most {
        return name;
    }
    let digest: String = Sha256::digest(name.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{digest}", name[..most - 9].trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_stay_different() {
        assert_eq!(stem("Api", 46), "api");
        let one = stem(&format!("{}-a", "x".repeat(60)), 46);
        let other = stem(&format!("{}-b", "x".repeat(60)), 46);
        assert_eq!((one.len(), other.len()), (46, 46));
        assert_ne!(one, other);
        assert_eq!(unique_name("env", "mi", 128).code(), "'env-mi-${uniqueString(resourceGroup().id)}'");
        assert_eq!(unique_name("env-mi", "", 128).code(), "'env-mi-${uniqueString(resourceGroup().id)}'");
    }
}
