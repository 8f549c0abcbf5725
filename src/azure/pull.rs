//! How an environment pulls from Azure's registries: an identity of its own with the role `AcrPull`.
//!
//! A role is given where the registry is. Where that is another resource group than the environment's,
//! identity and role are modules of their own: `<environment>-mi` and `<environment>-mi-roles-<registry>`.

use super::{Builder, Cx, Failure, Module, NAME_TAG, Scope, Stage, Value, registry};
use crate::model::environment::AzureSettings;
use crate::model::{
    App, Application, AzureExisting, AzurePlacement, AzureRegistry, Environment, Expression, Name, Part, Registry,
    RegistryKind, Target,
};
use crate::render::bicep;
use serde_json::{Value as Json, json};

/// `AcrPull` ("Azure built-in roles", Microsoft Learn).
const ACR_PULL: &str = "7f951dda-4ed3-4680-a7ca-43fe172d538d";

/// The registries of Azure that an environment pulls from; its own first.
pub fn registries<'a>(application: &'a Application, environment: &Environment) -> Vec<&'a Registry> {
    let mut found: Vec<&Registry> = Vec::new();
    for registry in used(application, environment) {
        if found.iter().all(|other| other.name != registry.name) {
            found.push(registry);
        }
    }
    found
}

/// The first of them, whose address is an output of the environment's module.
pub fn primary<'a>(application: &'a Application, environment: &Environment) -> Option<&'a Registry> {
    used(application, environment).next()
}

fn used<'a, 'e>(
    application: &'a Application,
    environment: &'e Environment,
) -> impl Iterator<Item = &'a Registry> + use<'a, 'e> {
    let named = environment.registry.iter().filter_map(|name| application.registries.get(name.get_ref()));
    let runs_here = |app: &&App| app.environments.iter().any(|it| *it.get_ref() == environment.name);
    let of_apps = application.apps.values().filter(runs_here).filter_map(|app| registry_of(application, app));
    named.chain(of_apps).filter(|registry| matches!(registry.kind, RegistryKind::Azure(_)))
}

/// The registry that an app's image is pulled from, as far as the manifest declares it.
pub fn registry_of<'a>(application: &'a Application, app: &App) -> Option<&'a Registry> {
    if app.is_pushed() {
        return application.registries.get(app.registries.first()?.get_ref());
    }
    let crate::model::AppKind::Image { image, .. } = &app.kind else { return None };
    registry_of_image(application, image)
}

/// The declared registry that an image's name begins with.
pub fn registry_of_image<'a>(application: &'a Application, image: &Expression) -> Option<&'a Registry> {
    match image.parts.first()? {
        Part::Reference(reference) => match &reference.target {
            Target::Registry { name, .. } => application.registries.get(name),
            Target::Parameter(name) => application.registries.values().find(|registry| {
                let RegistryKind::Oci { endpoint, .. } = &registry.kind else { return false };
                matches!(endpoint.parts.as_slice(), [Part::Reference(reference)]
                    if reference.target == Target::Parameter(name.clone()))
            }),
            Target::App { .. }
            | Target::Environment { .. }
            | Target::Resource { .. }
            | Target::Git(_)
            | Target::Shipit(_) => None,
        },
        Part::Literal(text) => application.registries.values().find(|registry| {
            let RegistryKind::Oci { endpoint, .. } = &registry.kind else { return false };
            let host = endpoint.as_literal().unwrap_or_default();
            !host.is_empty() && text.strip_prefix(host).is_some_and(|rest| rest.starts_with('/'))
        }),
    }
}

/// Where something with a placement of its own is put.
pub fn scope(placement: &AzurePlacement) -> Scope {
    scope_of(placement.resource_group.as_ref(), placement.subscription.as_ref())
}

/// Where something that exists already is.
pub fn existing_scope(existing: &AzureExisting) -> Scope {
    scope_of(existing.resource_group.as_ref(), existing.subscription.as_ref())
}

fn scope_of(group: Option<&Expression>, subscription: Option<&Expression>) -> Scope {
    match group {
        None => Scope::Group,
        Some(group) => Scope::OtherGroup { group: group.clone(), subscription: subscription.cloned() },
    }
}

/// Where a registry is.
pub fn registry_scope(registry: &Registry) -> Scope {
    match &registry.kind {
        RegistryKind::Azure(azure) => match &**azure {
            AzureRegistry::Existing(existing) => existing_scope(existing),
            AzureRegistry::Provisioned(provisioned) => scope(&provisioned.placement),
        },
        RegistryKind::Oci { .. } | RegistryKind::Local { .. } => Scope::Group,
    }
}

/// Whether two scopes are the same whatever their parameters are.
pub fn is_same(one: &Scope, other: &Scope) -> bool {
    let key = |expression: &Expression| -> Vec<Result<String, Target>> {
        let part = |part: &Part| match part {
            Part::Literal(text) => Ok(text.to_lowercase()),
            Part::Reference(reference) => Err(reference.target.clone()),
        };
        expression.parts.iter().map(part).collect()
    };
    match (one, other) {
        (Scope::Group, Scope::Group) => true,
        (
            Scope::OtherGroup { group, subscription },
            Scope::OtherGroup { group: other_group, subscription: other_subscription },
        ) => key(group) == key(other_group) && subscription.as_ref().map(key) == other_subscription.as_ref().map(key),
        (Scope::Group, Scope::OtherGroup { .. }) | (Scope::OtherGroup { .. }, Scope::Group) => false,
    }
}

/// `scope: …` of something that exists, `null` where it is the module's own.
pub fn existing_scope_value(builder: &mut Builder<'_>, own: &Scope, scope: &Scope) -> Value {
    if is_same(own, scope) {
        return Value::Null;
    }
    match scope {
        // Only main.bicep knows what the application's group is called.
        Scope::Group => Value::Null,
        Scope::OtherGroup { group, subscription } => {
            let group = builder.lower(group).value.code();
            let arguments = match subscription {
                Some(subscription) => format!("{}, {group}", builder.lower(subscription).value.code()),
                None => group,
            };
            Value::expression(format!("resourceGroup({arguments})"))
        }
    }
}

/// The resource group in which something is, by its id: what is called from elsewhere does not know what
/// the application's own group is called.
pub fn group_of(id: &Value) -> Value {
    let id = id.code();
    Value::expression(format!("resourceGroup(split({id}, '/')[2], split({id}, '/')[4])"))
}

/// How an environment's module speaks of what it pulls with.
#[derive(Debug)]
pub struct Access {
    /// Data of the template: `identity`, `other_identity` and `registries`.
    pub data: serde_json::Map<String, Json>,
    /// The identity's resource id.
    pub id: Value,
    /// The symbol of the first registry.
    pub registry: Option<String>,
    /// The symbol of the identity; `None` where it is a module of its own.
    symbol: Option<String>,
}

impl Access {
    /// Where nothing is pulled from Azure.
    pub fn none() -> Self {
        let data = [("identity", Json::Null), ("other_identity", Json::Null), ("registries", json!([]))];
        let data = data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        Self { data, id: Value::Null, registry: None, symbol: None }
    }

    /// The identity's client id.
    pub fn client_id(&self, builder: &mut Builder<'_>, environment: &Environment) -> Value {
        match &self.symbol {
            Some(symbol) => Value::expression(format!("{symbol}.properties.clientId")),
            None => builder.output(&identity_module(&environment.name), "clientId"),
        }
    }
}

/// Whether the identity must be a module of its own.
fn is_apart(cx: &Cx<'_>, environment: &Environment, settings: &AzureSettings) -> bool {
    let own = scope(&settings.placement);
    registries(cx.application, environment).iter().any(|registry| !is_same(&registry_scope(registry), &own))
}

/// The modules `<environment>-mi` and `<environment>-mi-roles-<registry>`; none where the
/// environment's own module has identity and role.
pub fn modules(cx: &Cx<'_>, environment: &Environment, settings: &AzureSettings) -> Result<Vec<Module>, Failure> {
    if settings.pull_identity.is_some() || !is_apart(cx, environment, settings) {
        return Ok(Vec::new());
    }
    let name = identity_module(&environment.name);
    let mut builder = Builder::new(cx, &name, Stage::Infrastructure, &environment.span);
    builder.location(settings.placement.location.as_ref());
    let tags = tags(&mut builder, environment, settings);
    let symbol = bicep::identifier(&name);
    let name_there = identity_name(&environment.name);
    let data = json!({ "symbol": symbol, "exists": false, "name": name_there, "tags": tags });
    let mut modules = vec![builder.finish("azure/identity.bicep.hbs", &data)?];
    for registry in registries(cx.application, environment) {
        let builder =
            Builder::new(cx, format!("{name}-roles-{}", registry.name), Stage::Infrastructure, &environment.span);
        let mut builder = builder.in_scope(registry_scope(registry));
        let registry_name = registry::property(&mut builder, registry, "name").map(|lowered| lowered.value);
        let principal_id = builder.output_as("principalId", &name, "principalId");
        let symbol = bicep::identifier(registry.name.as_str());
        let role = json!({ "symbol": format!("{symbol}_AcrPull"), "definition": definition() });
        let data = json!({
            "symbol": symbol,
            "name": registry_name.unwrap_or(Value::Null),
            "principal_id": principal_id,
            "roles": [role],
        });
        modules.push(builder.finish("azure/registry-roles.bicep.hbs", &data)?);
    }
    Ok(modules)
}

/// What the module of an environment says of identity and registries.
pub fn access(builder: &mut Builder<'_>, environment: &Environment, settings: &AzureSettings) -> Access {
    let own = scope(&settings.placement);
    let symbol = bicep::identifier(environment.name.as_str());
    let (mut identity, mut other) = (Json::Null, Json::Null);
    let mut role_identity = None;
    let mut symbol_of_identity = Some(format!("{symbol}_mi"));
    let id = if let Some(existing) = &settings.pull_identity {
        let name = builder.lower(&existing.name).value;
        let scope = existing_scope_value(builder, &own, &existing_scope(existing));
        let symbol = format!("{symbol}_mi");
        other = json!({ "symbol": symbol, "name": name, "scope": scope });
        id_of(&symbol)
    } else if is_apart(builder.cx, environment, settings) {
        symbol_of_identity = None;
        builder.output(&identity_module(&environment.name), "id")
    } else {
        let symbol = format!("{symbol}_mi");
        identity = json!({ "symbol": symbol, "name": identity_name(&environment.name) });
        let id = id_of(&symbol);
        role_identity = Some(symbol);
        id
    };
    let mut symbol_of_first = None;
    let mut list = Vec::new();
    for registry in registries(builder.cx.application, environment) {
        // The others are spoken of where roles are given.
        if role_identity.is_none() && symbol_of_first.is_some() {
            break;
        }
        let symbol = bicep::identifier(registry.name.as_str());
        let name = registry::property(builder, registry, "name").map_or(Value::Null, |lowered| lowered.value);
        let scope = match registry_scope(registry) {
            Scope::Group if !is_same(&own, &Scope::Group) => {
                registry::property(builder, registry, "id").map_or(Value::Null, |id| group_of(&id.value))
            }
            other => existing_scope_value(builder, &own, &other),
        };
        let role = role_identity.as_ref().map_or(Json::Null, |identity| {
            json!({ "symbol": format!("{symbol}_{identity}_AcrPull"), "identity": identity, "definition": definition() })
        });
        list.push(json!({ "symbol": symbol, "name": name, "scope": scope, "role": role }));
        symbol_of_first.get_or_insert(symbol);
    }
    let mut data = serde_json::Map::new();
    data.insert("identity".to_owned(), identity);
    data.insert("other_identity".to_owned(), other);
    data.insert("registries".to_owned(), Json::Array(list));
    Access { data, id, registry: symbol_of_first, symbol: symbol_of_identity }
}

fn id_of(symbol: &str) -> Value {
    Value::expression(format!("{symbol}.id"))
}

fn identity_module(environment: &Name) -> String {
    format!("{environment}-mi")
}

fn identity_name(environment: &Name) -> Value {
    let symbol = bicep::identifier(environment.as_str());
    Value::expression(format!("take('{symbol}_mi-${{uniqueString(resourceGroup().id)}}', 128)"))
}

fn definition() -> Value {
    Value::expression(format!("subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{ACR_PULL}')"))
}

/// The tags of an environment's resources.
pub fn tags(builder: &mut Builder<'_>, environment: &Environment, settings: &AzureSettings) -> Value {
    let own = (NAME_TAG.to_owned(), Value::from(environment.name.as_str()));
    let written: Vec<(String, Value)> =
        settings.tags.iter().map(|(name, value)| (name.clone(), builder.lower(value).value)).collect();
    Value::object([own].into_iter().chain(written))
}
