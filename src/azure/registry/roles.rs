//! Roles of apps on registries: modules `<app>-roles-<registry>`, in the registry's resource group.

use super::super::{Builder, Cx, Failure, Module, Stage, Value, pull};
use super::{property, symbols};
use crate::model::{App, REGISTRY_ROLES, Registry, RegistryKind, RoleGrant};
use crate::render::bicep;
use serde_json::json;

/// What an app may do with registries, as far as its entry says so.
fn grants<'a>(cx: &Cx<'a>, app: &'a App) -> impl Iterator<Item = (&'a Registry, &'a RoleGrant)> {
    let registries = &cx.application.registries;
    let granted = app.roles.iter().filter(|grant| !grant.roles.is_empty());
    granted
        .filter_map(|grant| Some((registries.get(grant.on.get_ref())?, grant)))
        .filter(|(registry, _)| matches!(registry.kind, RegistryKind::Azure(_)))
}

/// Whether an app needs an identity for what it may do with registries.
pub fn has_roles(cx: &Cx<'_>, app: &App) -> bool {
    grants(cx, app).next().is_some()
}

/// The modules that give an app its roles on registries. `identity` is the module of its identity,
/// which has the output `principalId`.
pub fn roles(cx: &Cx<'_>, app: &App, identity: &str) -> Result<Vec<Module>, Failure> {
    grants(cx, app).map(|(registry, grant)| module(cx, app, registry, grant, identity)).collect()
}

fn module(cx: &Cx<'_>, app: &App, registry: &Registry, grant: &RoleGrant, identity: &str) -> Result<Module, Failure> {
    let name = format!("{}-roles-{}", app.name, registry.name);
    let builder = Builder::new(cx, name, Stage::Infrastructure, &grant.on.span());
    let mut builder = builder.in_scope(pull::registry_scope(registry));
    let registry_name = property(&mut builder, registry, "name").map(|lowered| lowered.value);
    let principal_id = builder.output_as("principalId", identity, "principalId");
    let mut symbols = symbols::symbols(cx);
    let symbol = symbols.take(registry.name.as_str());
    let mut roles = Vec::new();
    for written in &grant.roles {
        let known = REGISTRY_ROLES.iter().find(|role| role.is_called(written.get_ref()));
        // What has no name is a role of the user's own, by its id.
        let (called, id) = match known {
            Some(role) => (role.identifier(), role.id),
            None => ("role".to_owned(), written.get_ref().as_str()),
        };
        let definition =
            format!("subscriptionResourceId('Microsoft.Authorization/roleDefinitions', {})", bicep::quote(id));
        roles.push(json!({
            "symbol": symbols.take(&format!("{symbol}_{called}")),
            "definition": Value::expression(definition),
        }));
    }
    let data = json!({ "symbol": symbol, "name": registry_name, "principal_id": principal_id, "roles": roles });
    builder.finish("azure/registry-roles.bicep.hbs", &data)
}
