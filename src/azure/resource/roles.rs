//! What lets an identity into a resource: the modules `<app>-roles-<resource>`.

use super::making::text;
use super::vault::Keeper;
use crate::azure::{Builder, Cx, Failure, Module, Scope, Stage, Value, pull};
use crate::manifest::{Diagnostic, Span};
use crate::model::resource::{AzureSql, Role};
use crate::model::{App, Resource, ResourceKind};
use crate::render::bicep;
use serde_json::{Value as Json, json};

/// A role that an app is given.
#[derive(Clone, Copy, Debug)]
pub(in crate::azure) enum Granted<'a> {
    Known(&'static Role),
    /// Its id, or its name where Azure keeps it under one.
    Id(&'a str),
}

/// The type of a resource whose roles are Azure's own, as Bicep names it.
fn type_of(kind: &ResourceKind) -> Option<&'static str> {
    match kind {
        ResourceKind::AzureKeyVault(_) => Some("Microsoft.KeyVault/vaults@2025-05-01"),
        ResourceKind::AzureStorage(_) => Some("Microsoft.Storage/storageAccounts@2025-06-01"),
        ResourceKind::AzureServiceBus(_) => Some("Microsoft.ServiceBus/namespaces@2024-01-01"),
        ResourceKind::AzureEventHubs(_) => Some("Microsoft.EventHub/namespaces@2024-01-01"),
        ResourceKind::AzureOpenAi(_) => Some("Microsoft.CognitiveServices/accounts@2025-09-01"),
        ResourceKind::AzureAppInsights(_) => Some("Microsoft.Insights/components@2020-02-02"),
        ResourceKind::AzureLogAnalytics(_) => Some("Microsoft.OperationalInsights/workspaces@2025-02-01"),
        ResourceKind::AzureVirtualNetwork(_) => Some("Microsoft.Network/virtualNetworks@2025-05-01"),
        ResourceKind::AzurePostgres(_) => Some("Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01"),
        ResourceKind::AzureRedis(_) => Some("Microsoft.Cache/redisEnterprise@2025-07-01"),
        ResourceKind::AzureCosmos(_) => Some("Microsoft.DocumentDB/databaseAccounts@2025-04-15"),
        ResourceKind::AzureSql(_) => Some("Microsoft.Sql/servers@2023-08-01"),
        ResourceKind::Service(_) | ResourceKind::Bicep(_) | ResourceKind::ConnectionString(_) => None,
    }
}

/// Whether an app that refers to a resource needs an identity for it.
pub(in crate::azure) fn needs_identity(resource: &Resource) -> bool {
    match &resource.kind {
        ResourceKind::AzureKeyVault(_)
        | ResourceKind::AzureStorage(_)
        | ResourceKind::AzureServiceBus(_)
        | ResourceKind::AzureEventHubs(_)
        | ResourceKind::AzureOpenAi(_)
        | ResourceKind::AzureCosmos(_)
        | ResourceKind::AzureRedis(_)
        | ResourceKind::AzurePostgres(_)
        | ResourceKind::AzureSql(_) => true,
        ResourceKind::AzureAppInsights(_)
        | ResourceKind::AzureLogAnalytics(_)
        | ResourceKind::AzureVirtualNetwork(_)
        | ResourceKind::Service(_)
        | ResourceKind::Bicep(_)
        | ResourceKind::ConnectionString(_) => false,
    }
}

/// The module of the vault that keeps the keys of a resource, if it has keys.
fn keeper(resource: &Resource) -> Option<Keeper<'_>> {
    match &resource.kind {
        ResourceKind::AzurePostgres(it) => {
            let password = it.password_authentication.as_ref()?;
            Some(Keeper::of(resource, &it.azure, password.key_vault.as_ref()))
        }
        ResourceKind::AzureRedis(it) if it.access_keys => Some(Keeper::of(resource, &it.azure, it.key_vault.as_ref())),
        ResourceKind::AzureCosmos(it) if it.access_keys => Some(Keeper::of(resource, &it.azure, it.key_vault.as_ref())),
        ResourceKind::AzureAppInsights(_)
        | ResourceKind::AzureCosmos(_)
        | ResourceKind::AzureEventHubs(_)
        | ResourceKind::AzureKeyVault(_)
        | ResourceKind::AzureLogAnalytics(_)
        | ResourceKind::AzureOpenAi(_)
        | ResourceKind::AzureRedis(_)
        | ResourceKind::AzureServiceBus(_)
        | ResourceKind::AzureSql(_)
        | ResourceKind::AzureStorage(_)
        | ResourceKind::AzureVirtualNetwork(_)
        | ResourceKind::Bicep(_)
        | ResourceKind::Service(_)
        | ResourceKind::ConnectionString(_) => None,
    }
}

/// The vault that an app must read to reach a resource: a module's name, and the resource that it is
/// of where the manifest declares it.
pub(in crate::azure) fn vault_of<'a>(cx: &Cx<'a>, resource: &'a Resource) -> Option<(String, Option<&'a Resource>)> {
    let keeper = keeper(resource)?;
    let declared = cx.application.resources.get(keeper.vault());
    Some((keeper.vault().to_owned(), declared))
}

/// One module of roles that is made for an app.
struct Roles<'c> {
    builder: Builder<'c>,
    /// The resource's symbol and name.
    symbol: String,
    name: Value,
    principal_id: Value,
}

fn start<'c>(cx: &'c Cx<'c>, app: &App, module: &str, scope: Scope, span: &Span) -> Roles<'c> {
    let name = format!("{}-roles-{module}", app.name);
    let mut builder = Builder::new(cx, name, Stage::Infrastructure, span).in_scope(scope);
    let name = builder.output(module, "name");
    let principal_id = builder.output_as("principalId", &identity(app), "principalId");
    let symbol = builder.symbol(module);
    Roles { builder, symbol, name, principal_id }
}

fn identity(app: &App) -> String {
    format!("{}-identity", app.name)
}

/// The module that gives an app its roles on a resource; `granted` replaces those of the kind.
pub(in crate::azure) fn module(
    cx: &Cx<'_>,
    app: &App,
    resource: &Resource,
    granted: Option<&[Granted<'_>]>,
    span: &Span,
) -> Result<Option<Module>, Failure> {
    let existing = resource.azure().and_then(|azure| azure.existing.as_ref());
    let scope = existing.map_or(Scope::Group, pull::existing_scope);
    let defaults: Vec<Granted<'_>> = resource.default_roles().into_iter().map(Granted::Known).collect();
    let roles = granted.unwrap_or(&defaults);
    // Roles of Azure itself, on what has an access of its own too.
    let has_own_access = granted.is_none();
    match &resource.kind {
        ResourceKind::AzurePostgres(it) if has_own_access => {
            if it.password_authentication.is_some() {
                return Ok(None);
            }
            postgres(start(cx, app, resource.name.as_str(), scope, span), app).map(Some)
        }
        ResourceKind::AzureRedis(it) if has_own_access => {
            if it.access_keys {
                return Ok(None);
            }
            redis(start(cx, app, resource.name.as_str(), scope, span)).map(Some)
        }
        ResourceKind::AzureSql(it) if has_own_access => sql(cx, app, resource, it, scope, span),
        ResourceKind::AzureCosmos(it) => {
            if it.access_keys && has_own_access || roles.is_empty() {
                return Ok(None);
            }
            cosmos(start(cx, app, resource.name.as_str(), scope, span), roles).map(Some)
        }
        kind => match type_of(kind) {
            Some(kind) if !roles.is_empty() => {
                plain(start(cx, app, resource.name.as_str(), scope, span), kind, roles).map(Some)
            }
            Some(_) | None => Ok(None),
        },
    }
}

/// The module that lets an app read a vault that is no resource of the manifest.
pub(in crate::azure) fn of_own_vault(cx: &Cx<'_>, app: &App, vault: &str, span: &Span) -> Result<Module, Failure> {
    const READER: Role = Role { name: "Key Vault Secrets User", id: "4633458b-17de-408a-b874-0445c86b69e6" };
    static READER_OF_SECRETS: Role = READER;
    let roles = [Granted::Known(&READER_OF_SECRETS)];
    plain(start(cx, app, vault, Scope::Group, span), "Microsoft.KeyVault/vaults@2025-05-01", &roles)
}

fn plain(mut making: Roles<'_>, kind: &str, roles: &[Granted<'_>]) -> Result<Module, Failure> {
    let list: Vec<Json> = roles
        .iter()
        .map(|role| {
            let (ending, id) = match role {
                Granted::Known(role) => (role.identifier(), role.id),
                Granted::Id(id) => (bicep::identifier(id), *id),
            };
            let symbol = making.builder.symbol(&format!("{}_{ending}", making.symbol));
            json!({ "symbol": symbol, "id": id })
        })
        .collect();
    let data = json!({
        "symbol": making.symbol,
        "name": making.name,
        "type": kind,
        "principal_id": making.principal_id,
        "roles": list,
    });
    making.builder.finish("azure/roles.bicep.hbs", &data)
}

fn postgres(mut making: Roles<'_>, app: &App) -> Result<Module, Failure> {
    let principal_name = making.builder.output_as("principalName", &identity(app), "principalName");
    let admin = making.builder.symbol(&format!("{}_admin", making.symbol));
    let data = json!({
        "symbol": making.symbol,
        "name": making.name,
        "admin": admin,
        "principal_id": making.principal_id,
        "principal_name": principal_name,
    });
    making.builder.finish("azure-postgres/roles.bicep.hbs", &data)
}

fn redis(mut making: Roles<'_>) -> Result<Module, Failure> {
    let database = making.builder.symbol(&format!("{}_default", making.symbol));
    let assignment = making.builder.symbol(&format!("{database}_contributor"));
    let data = json!({
        "symbol": making.symbol,
        "name": making.name,
        "database": database,
        "assignment": assignment,
        "principal_id": making.principal_id,
    });
    making.builder.finish("azure-redis/roles.bicep.hbs", &data)
}

fn cosmos(mut making: Roles<'_>, roles: &[Granted<'_>]) -> Result<Module, Failure> {
    let list: Vec<Json> = roles
        .iter()
        .map(|role| {
            let (ending, id) = match role {
                Granted::Known(role) => (role.identifier(), role.id),
                Granted::Id(id) => (bicep::identifier(id), *id),
            };
            let definition = making.builder.symbol(&format!("{}_{ending}", making.symbol));
            let assignment = making.builder.symbol(&format!("{definition}_assignment"));
            json!({ "definition": definition, "assignment": assignment, "id": id })
        })
        .collect();
    let data = json!({
        "symbol": making.symbol,
        "name": making.name,
        "principal_id": making.principal_id,
        "roles": list,
    });
    making.builder.finish("azure-cosmos/roles.bicep.hbs", &data)
}

/// A database knows users and no roles of Azure: a script makes the app's identity a user.
fn sql(
    cx: &Cx<'_>,
    app: &App,
    resource: &Resource,
    sql: &AzureSql,
    scope: Scope,
    span: &Span,
) -> Result<Option<Module>, Failure> {
    if sql.databases.is_empty() || sql.administrator.is_some() {
        return Ok(None);
    }
    let module = resource.name.as_str();
    let name = format!("{}-roles-{module}", app.name);
    let mut builder = Builder::new(cx, name, Stage::Infrastructure, span).in_scope(scope);
    let server = builder.output(module, "name");
    let names: Vec<Value> = sql.databases.iter().map(|it| builder.lower(&it.database.name).value).collect();
    let location = builder.location(resource.azure().and_then(|azure| azure.location.as_ref()));
    let principal_name = builder.output_as("principalName", &identity(app), "principalName");
    let client_id = builder.output_as("clientId", &identity(app), "clientId");
    let admin_name = builder.output(module, "sqlServerAdminName");
    let symbol = builder.symbol(module);
    let admin = builder.symbol(&format!("{symbol}_admin"));
    let script = builder.symbol("script");
    let scripts: Vec<Json> = sql
        .databases
        .iter()
        .zip(names)
        .map(|(it, name)| {
            let own = builder.symbol(&format!("{script}_{symbol}_{}", it.database.key));
            let seed = [Value::from(module).code(), principal_name.code(), name.code()].join(", ");
            let unique = Value::expression(format!("uniqueString({seed}, resourceGroup().id)"));
            json!({ "symbol": own, "name": text(["script-".into(), unique]), "database": name })
        })
        .collect();
    let data = json!({
        "symbol": symbol,
        "name": server,
        "location": location,
        "admin_key": Value::expression(format!("'${{{admin}.id}}'")),
        "admin": admin,
        "admin_name": admin_name,
        "principal_name": principal_name,
        "client_id": client_id,
        "script": script,
        "scripts": scripts,
    });
    builder.finish("azure-sql/roles.bicep.hbs", &data).map(Some)
}

/// What has to be said of the access that [`module`] gives, if something has.
pub(in crate::azure) fn warning(cx: &Cx<'_>, app: &App, resource: &Resource, span: &Span) -> Option<Diagnostic> {
    let ResourceKind::AzureSql(sql) = &resource.kind else { return None };
    let warning = |message: String, help: &str| {
        let warning = Diagnostic::warning("no-access", message).within(&cx.application.source);
        Some(warning.at(span.clone(), "").help(help))
    };
    if sql.databases.is_empty() {
        return None;
    }
    if sql.administrator.is_some() {
        return warning(
            format!("only the administrator of `{}` can let `{}` into its databases", resource.name, app.name),
            "have it run `CREATE USER … FROM EXTERNAL PROVIDER` in each database, or leave `administrator` out",
        );
    }
    if !sql.public_network_access {
        return warning(
            format!("the script that lets `{}` into `{}` runs in Azure's public network", app.name, resource.name),
            "leave `public-network-access` out, or make the users in the databases yourself",
        );
    }
    None
}
