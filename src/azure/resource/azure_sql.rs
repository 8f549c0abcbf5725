//! `azure-sql`: logical servers of Azure SQL Database.

use super::azure_postgres::with;
use super::making::{Making, NameRule, enabled, text};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Value};
use crate::model::Resource;
use crate::model::resource::AzureSql;
use serde_json::{Value as Json, json};

pub(super) const NAME: NameRule = NameRule { most: 63, separator: "-", is_lower: true };
const PORT: &str = "1433";
/// The SKU of Azure's free offer ("Deploy Azure SQL Database for free", Microsoft Learn).
const FREE_SKU: &str = "GP_S_Gen5_2";

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, sql: &AzureSql) -> Result<Vec<Module>, Failure> {
    let mut making = Making::new(cx, &resource.name, &resource.span, &sql.azure, NAME);
    let administrator = match &sql.administrator {
        None => Json::Null,
        Some(administrator) => json!({
            "login": making.lowered(&administrator.login),
            "object_id": making.lowered(&administrator.object_id),
            "principal_type": making.optional(administrator.principal_type.as_ref()),
        }),
    };
    let rules: Vec<(&str, Value, Value)> = sql
        .firewall
        .iter()
        .map(|rule| (rule.name.as_str(), making.lowered(&rule.start), making.lowered(&rule.end)))
        .collect();
    let databases: Vec<(&str, Value, Value, bool)> = sql
        .databases
        .iter()
        .map(|it| {
            let name = making.lowered(&it.database.name);
            let sku = match (&it.sku, it.free_offer) {
                (Some(sku), _) => making.lowered(sku),
                (None, true) => Value::from(FREE_SKU),
                (None, false) => Value::Null,
            };
            (it.database.key.as_str(), name, sku, it.free_offer)
        })
        .collect();
    let mut data = json!({
        "administrator": administrator,
        "public_network_access": enabled(sql.public_network_access),
        "child_location": making.child_location(!sql.databases.is_empty()),
        "is_public": sql.public_network_access,
        "admin_name": making.beside("admin"),
    });
    let symbol = making.symbol();
    data["admin"] = match (&sql.administrator, making.is_existing) {
        (None, false) => json!(making.part("admin")),
        (Some(_), _) | (None, true) => Json::Null,
    };
    let mut firewall = Vec::new();
    if sql.allow_azure_services {
        let any = "0.0.0.0";
        firewall.push(json!({
            "symbol": making.part("AllowAllAzureIps"), "name": "AllowAllAzureIps", "start": any, "end": any,
        }));
    }
    for (name, start, end) in rules {
        firewall.push(json!({ "symbol": making.part(name), "name": name, "start": start, "end": end }));
    }
    data["firewall"] = json!(firewall);
    data["databases"] = databases
        .into_iter()
        .map(|(key, name, sku, free)| json!({ "symbol": making.part(key), "name": name, "sku": sku, "free": free }))
        .collect();
    Ok(vec![making.finish("azure-sql/module.bicep.hbs", &symbol, data)?])
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    sql: &AzureSql,
    property: &str,
) -> Option<Lowered> {
    let module = resource.name.as_str();
    let (database, property) = match property.rsplit_once('.') {
        None => (None, property),
        Some((key, property)) => (Some(sql.databases.iter().find(|it| it.database.key == key)?), property),
    };
    let database = database.map(|it| builder.lower(&it.database.name).value);
    let host = |builder: &mut Builder<'_>| builder.output(module, "sqlServerFqdn");
    Some(Lowered::plain(match property {
        "host" => host(builder),
        "port" => Value::from(PORT),
        "name" if database.is_some() => return database.map(Lowered::plain),
        "name" | "id" => builder.output(module, property),
        "connection-string" => {
            let options = ",1433;Encrypt=True;Authentication=\"Active Directory Default\"";
            with(text(["Server=tcp:".into(), host(builder), options.into()]), ";Database=", database)
        }
        "uri" => with(text(["mssql://".into(), host(builder), ":1433".into()]), "/", database),
        "jdbc" => {
            let whole = with(text(["jdbc:sqlserver://".into(), host(builder), ":1433".into()]), ";database=", database);
            text([whole, ";encrypt=true;trustServerCertificate=false".into()])
        }
        _ => return None,
    }))
}
