//! `azure-postgres`: flexible servers of Azure Database for PostgreSQL.

use super::making::{Making, NameRule, enabled, text};
use super::vault::{self, Keeper};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Value};
use crate::model::resource::{AzurePostgres, HighAvailability, PasswordAuthentication};
use crate::model::{Expression, Resource};
use serde_json::{Value as Json, json};

pub(super) const NAME: NameRule = NameRule { most: 63, separator: "-", is_lower: true };
const PORT: &str = "5432";

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, postgres: &AzurePostgres) -> Result<Vec<Module>, Failure> {
    let mut modules = Vec::new();
    let mut making = Making::new(cx, &resource.name, &resource.span, &postgres.azure, NAME);
    let password = postgres.password_authentication.as_ref();
    let mut login = Json::Null;
    let mut keeper = Json::Null;
    if let Some(password) = password {
        let (found, own) = keeper_of(cx, resource, postgres, password);
        modules.extend(own?);
        keeper = json!(found.name(&mut making));
        login = json!({
            "username": making.lowered(&password.username),
            "password": making.lowered(&password.password),
        });
    }
    let databases: Vec<(&str, Value)> =
        postgres.databases.iter().map(|child| (child.key.as_str(), making.lowered(&child.name))).collect();
    let rules: Vec<(&str, Value, Value)> = postgres
        .firewall
        .iter()
        .map(|rule| (rule.name.as_str(), making.lowered(&rule.start), making.lowered(&rule.end)))
        .collect();
    let mut data = json!({
        "version": making.or(postgres.version.as_ref(), "16"),
        "sku": making.or(postgres.sku.as_ref(), "Standard_B1ms"),
        "tier": tier(&mut making, postgres),
        "storage_gb": postgres.storage_gb.unwrap_or(32),
        "availability_zone": making.or(postgres.availability_zone.as_ref(), "1"),
        "backup_days": postgres.backup_days.unwrap_or(7),
        "geo_redundant_backup": enabled(postgres.geo_redundant_backup),
        "high_availability": match postgres.high_availability {
            HighAvailability::Disabled => "Disabled",
            HighAvailability::SameZone => "SameZone",
            HighAvailability::ZoneRedundant => "ZoneRedundant",
        },
        "entra": enabled(password.is_none()),
        "passwords": enabled(password.is_some()),
        "login": login,
        "public_network_access": postgres.public_network_access.map(enabled),
        "keeper": keeper,
    });
    let symbol = making.symbol();
    let host = Value::expression(format!("{symbol}.properties.fullyQualifiedDomainName"));
    data["connection_string"] = json!(text(["Host=".into(), host.clone()]));
    let mut firewall = Vec::new();
    if postgres.allow_azure_services {
        let any = "0.0.0.0";
        firewall.push(json!({
            "symbol": making.part("AllowAllAzureIps"), "name": "AllowAllAzureIps", "start": any, "end": any,
        }));
    }
    for (name, start, end) in rules {
        firewall.push(json!({ "symbol": making.part(name), "name": name, "start": start, "end": end }));
    }
    data["firewall"] = json!(firewall);
    let databases: Vec<(Json, Value)> = databases
        .into_iter()
        .map(|(key, name)| (json!({ "symbol": making.part(key), "key": key, "name": name }), name))
        .collect();
    if let Some(password) = password {
        let whole = connection_string(&mut making.builder, host, password).value;
        let vault = making.part("vault");
        let mut secrets = vec![secret(&mut making, &vault, resource.name.as_str(), whole.clone())];
        for (child, (_, name)) in postgres.databases.iter().zip(&databases) {
            let value = text([whole.clone(), ";Database=".into(), name.clone()]);
            secrets.push(secret(&mut making, &vault, &child.key, value));
        }
        data["keeper"] = json!({ "symbol": vault, "name": data["keeper"], "secrets": secrets });
    }
    data["databases"] = databases.into_iter().map(|(database, _)| database).collect();
    modules.push(making.finish("azure-postgres/module.bicep.hbs", &symbol, data)?);
    Ok(modules)
}

/// That of the SKU, where the manifest says none.
fn tier(making: &mut Making<'_>, postgres: &AzurePostgres) -> Value {
    if let Some(tier) = &postgres.tier {
        return making.lowered(tier);
    }
    let sku = postgres.sku.as_ref().and_then(Expression::as_literal).unwrap_or("Standard_B1ms");
    Value::from(match sku.strip_prefix("Standard_").and_then(|size| size.chars().next()) {
        Some('D') => "GeneralPurpose",
        Some('E') => "MemoryOptimized",
        _ => "Burstable",
    })
}

fn keeper_of<'r>(
    cx: &Cx<'_>,
    resource: &'r Resource,
    postgres: &'r AzurePostgres,
    password: &'r PasswordAuthentication,
) -> (Keeper<'r>, Result<Vec<Module>, Failure>) {
    let keeper = Keeper::of(resource, &postgres.azure, password.key_vault.as_ref());
    let own = keeper.modules(cx);
    (keeper, own)
}

fn secret(making: &mut Making<'_>, vault: &str, key: &str, value: Value) -> Json {
    let symbol = making.part(&format!("{key}_connectionString"));
    json!({ "symbol": symbol, "vault": vault, "name": vault::connection_string_of(key), "value": value })
}

fn connection_string(builder: &mut Builder<'_>, host: Value, password: &PasswordAuthentication) -> Lowered {
    let username = builder.lower(&password.username).value;
    let secret = builder.lower(&password.password).value;
    Lowered::secret(text(["Host=".into(), host, ";Username=".into(), username, ";Password=".into(), secret]))
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    postgres: &AzurePostgres,
    property: &str,
) -> Option<Lowered> {
    let module = resource.name.as_str();
    let (database, key, property) = match property.rsplit_once('.') {
        None => (None, module, property),
        Some((key, property)) => (Some(super::child(&postgres.databases, key)?), key, property),
    };
    let database = database.map(|child| builder.lower(&child.name).value);
    let password = postgres.password_authentication.as_ref();
    match (property, password) {
        ("host", _) => Some(Lowered::plain(builder.output(module, "hostName"))),
        ("port", _) => Some(Lowered::plain(PORT)),
        ("name", _) if database.is_some() => database.map(Lowered::plain),
        ("name" | "id", _) => Some(Lowered::plain(builder.output(module, property))),
        ("username", Some(password)) => Some(builder.lower(&password.username)),
        ("password", Some(password)) => Some(builder.lower(&password.password)),
        ("connection-string", Some(password)) => {
            let keeper = Keeper::of(resource, &postgres.azure, password.key_vault.as_ref());
            let vault = keeper.secret(builder, &vault::connection_string_of(key));
            Some(Lowered { value: Value::Null, is_secret: true, vault })
        }
        ("connection-string", None) => {
            Some(Lowered::plain(with(builder.output(module, "connectionString"), ";Database=", database)))
        }
        ("uri", _) => {
            let host = builder.output(module, "hostName");
            let mut pieces = vec![Value::from("postgresql://")];
            if let Some(password) = password {
                for (end, expression) in [(":", &password.username), ("@", &password.password)] {
                    let value = builder.lower(expression).value;
                    pieces.extend([Value::expression(format!("uriComponent({})", value.code())), end.into()]);
                }
            }
            pieces.push(host);
            let whole = with(text(pieces), "/", database);
            Some(if password.is_some() { Lowered::secret(whole) } else { Lowered::plain(whole) })
        }
        ("jdbc", _) => {
            let host = builder.output(module, "hostName");
            let whole = with(text(["jdbc:postgresql://".into(), host]), "/", Some(database.unwrap_or("".into())));
            let plugin = "com.azure.identity.extensions.jdbc.postgresql.AzurePostgresqlAuthenticationPlugin";
            let options = match password {
                Some(_) => "?sslmode=require".to_owned(),
                None => format!("?sslmode=require&authenticationPluginClassName={plugin}"),
            };
            Some(Lowered::plain(text([whole, options.into()])))
        }
        _ => None,
    }
}

/// A text with the name of a database behind it, if there is one.
pub(super) fn with(whole: Value, keyword: &str, name: Option<Value>) -> Value {
    match name {
        Some(name) => text([whole, keyword.into(), name]),
        None => whole,
    }
}
