//! Roles on a registry, for identities wherever those are: modules `<identity>-roles-<registry>` in
//! the registry's own resource group.

use super::super::{Builder, Cx, Failure, Module, Scope, Stage};
use super::{refer, symbols};
use crate::manifest::Span;
use crate::model::Registry;
use crate::model::resource::Role;
use serde_json::json;

/// What an environment needs ("Azure built-in roles for Containers", Microsoft Learn).
pub const ACR_PULL: Role = Role { name: "AcrPull", id: "7f951dda-4ed3-4680-a7ca-43fe172d538d" };

/// Which identity gets which roles on a registry.
#[derive(Debug)]
pub struct RolesModule<'a> {
    pub registry: &'a Registry,
    /// The module of the identity, which has the output `principalId`.
    pub identity: &'a str,
    /// The name of the module, e.g. `env-mi-roles-acr`.
    pub name: &'a str,
    pub roles: &'a [&'static Role],
    /// What in the manifest it is made for.
    pub span: &'a Span,
}

/// The module that gives an identity roles on a registry, wherever each of them is.
pub fn roles_module(cx: &Cx<'_>, wanted: &RolesModule<'_>) -> Result<Module, Failure> {
    let scope = refer::scope(wanted.registry).unwrap_or(Scope::Group);
    let mut builder = Builder::new(cx, wanted.name, Stage::Infrastructure, wanted.span).in_scope(scope);
    let name = refer::name(&mut builder, wanted.registry);
    let principal = builder.output_as("principalId", wanted.identity, "principalId");
    let mut symbols = symbols::symbols(cx);
    let symbol = symbols.take(wanted.registry.name.as_str());
    let roles: Vec<_> = wanted
        .roles
        .iter()
        .map(|role| json!({ "symbol": symbols.take(&format!("{symbol}_{}", role.identifier())), "id": role.id }))
        .collect();
    let data = json!({ "symbol": symbol, "name": name, "principal": principal, "roles": roles });
    builder.finish("azure-container-registry/roles.bicep.hbs", &data)
}
