//! `azure-cosmos`: accounts of Azure Cosmos DB for NoSQL.

use super::azure_postgres::with;
use super::making::{Making, NameRule, enabled, text};
use super::vault::{self, Keeper};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Value};
use crate::model::Resource;
use crate::model::resource::AzureCosmos;
use serde_json::{Value as Json, json};

pub(super) const NAME: NameRule = NameRule { most: 44, separator: "-", is_lower: true };

/// A container: key, name, paths of its partition key, seconds that items live.
type Container<'m> = (&'m str, Value, Vec<Value>, Option<i64>);

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, cosmos: &AzureCosmos) -> Result<Vec<Module>, Failure> {
    let mut modules = Vec::new();
    let mut making = Making::new(cx, &resource.name, &resource.span, &cosmos.azure, NAME);
    let mut keeper_name = Value::Null;
    if cosmos.access_keys {
        let keeper = Keeper::of(resource, &cosmos.azure, cosmos.key_vault.as_ref());
        modules.extend(keeper.modules(cx)?);
        keeper_name = keeper.name(&mut making);
    }
    let lowered: Vec<(&str, Value, Vec<Container<'_>>)> = cosmos
        .databases
        .iter()
        .map(|database| {
            let name = making.lowered(&database.database.name);
            let containers = database.containers.iter().map(|container| {
                let name = making.lowered(&container.container.name);
                let paths = container.partition_key.iter().map(|path| making.lowered(path)).collect();
                (container.container.key.as_str(), name, paths, container.time_to_live)
            });
            (database.database.key.as_str(), name, containers.collect())
        })
        .collect();
    let capabilities: Vec<Value> = match cosmos.serverless {
        true => vec![Value::object([("name", Value::from("EnableServerless"))])],
        false => Vec::new(),
    };
    let location = making.child_location(!cosmos.databases.is_empty());
    let mut data = json!({
        "capabilities": Value::Array(capabilities),
        "free_tier": cosmos.free_tier,
        "consistency": making.or(cosmos.consistency.as_ref(), "Session"),
        "is_strict": cosmos.consistency.as_ref().and_then(|it| it.as_literal()) == Some("BoundedStaleness"),
        "disable_local_auth": !cosmos.access_keys,
        "access_keys": cosmos.access_keys,
        "is_public": cosmos.public_network_access.unwrap_or(true),
        "public_network_access": enabled(cosmos.public_network_access.unwrap_or(true)),
        "child_location": location,
    });
    let symbol = making.symbol();
    let mut secrets = cosmos.access_keys.then(|| Secrets::new(&symbol, resource));
    let mut databases: Vec<Json> = Vec::new();
    for (key, name, containers) in lowered {
        let own = making.part(key);
        if let Some(secrets) = &mut secrets {
            secrets.database(key, &name);
        }
        let mut list: Vec<Json> = Vec::new();
        for (container, container_name, paths, time_to_live) in containers {
            if let Some(secrets) = &mut secrets {
                secrets.container(container, &name, &container_name);
            }
            let is_several = paths.len() > 1;
            list.push(json!({
                "symbol": making.part(&format!("{key}_{container}")),
                "name": container_name,
                "parent": own,
                "location": location,
                "paths": Value::Array(paths),
                "kind": if is_several { "MultiHash" } else { "Hash" },
                "is_several": is_several,
                "time_to_live": time_to_live,
            }));
        }
        databases.push(json!({ "symbol": own, "name": name, "containers": list }));
    }
    data["databases"] = json!(databases);
    data["keeper"] = match secrets {
        None => Json::Null,
        Some(secrets) => {
            let vault = making.part("vault");
            let list: Vec<Json> = secrets
                .list
                .into_iter()
                .map(|(key, name, value)| {
                    json!({ "symbol": making.part(&key), "vault": vault, "name": name, "value": value })
                })
                .collect();
            json!({ "symbol": vault, "name": keeper_name, "secrets": list })
        }
    };
    modules.push(making.finish("azure-cosmos/module.bicep.hbs", &symbol, data)?);
    Ok(modules)
}

/// The texts that go into a vault: symbol, name, value.
struct Secrets {
    whole: Value,
    list: Vec<(String, String, Value)>,
}

impl Secrets {
    fn new(symbol: &str, resource: &Resource) -> Self {
        let key = Value::expression(format!("{symbol}.listKeys().primaryMasterKey"));
        let endpoint = Value::expression(format!("{symbol}.properties.documentEndpoint"));
        let whole = text(["AccountEndpoint=".into(), endpoint, ";AccountKey=".into(), key.clone()]);
        let name = resource.name.as_str();
        let list = vec![
            ("connectionString".to_owned(), vault::connection_string_of(name), whole.clone()),
            ("primaryAccessKey".to_owned(), key_of(resource), key),
        ];
        Self { whole, list }
    }

    fn database(&mut self, key: &str, name: &Value) {
        let value = with(self.whole.clone(), ";Database=", Some(name.clone()));
        self.list.push((format!("{key}_connectionString"), vault::connection_string_of(key), value));
    }

    fn container(&mut self, key: &str, database: &Value, name: &Value) {
        let value = with(self.whole.clone(), ";Database=", Some(database.clone()));
        let value = with(value, ";Container=", Some(name.clone()));
        self.list.push((format!("{key}_connectionString"), vault::connection_string_of(key), value));
    }
}

fn key_of(resource: &Resource) -> String {
    format!("primaryaccesskey--{}", resource.name)
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    cosmos: &AzureCosmos,
    property: &str,
) -> Option<Lowered> {
    let module = resource.name.as_str();
    let endpoint = if cosmos.access_keys { "endpoint" } else { "connectionString" };
    let (path, property) = property.rsplit_once('.').unwrap_or(("", property));
    let (database, container) = path.split_once('.').unwrap_or((path, ""));
    let found = cosmos.databases.iter().find(|it| it.database.key == database);
    let inner = found.and_then(|it| it.containers.iter().find(|it| it.container.key == container));
    if !database.is_empty() && found.is_none() || !container.is_empty() && inner.is_none() {
        return None;
    }
    match property {
        "uri" => return Some(Lowered::plain(builder.output(module, endpoint))),
        "id" => return Some(Lowered::plain(builder.output(module, "id"))),
        "name" => {
            let child = inner.map(|it| &it.container).or(found.map(|it| &it.database));
            return Some(match child {
                Some(child) => builder.lower(&child.name),
                None => Lowered::plain(builder.output(module, "name")),
            });
        }
        "account-key" | "connection-string" if cosmos.access_keys => {
            let own = [container, database, module].into_iter().find(|key| !key.is_empty()).unwrap_or(module);
            let secret = match property {
                "account-key" => key_of(resource),
                _ => vault::connection_string_of(own),
            };
            let vault = Keeper::of(resource, &cosmos.azure, cosmos.key_vault.as_ref()).secret(builder, &secret);
            return Some(Lowered { value: Value::Null, is_secret: true, vault });
        }
        "connection-string" => {}
        _ => return None,
    }
    let whole = builder.output(module, endpoint);
    let Some(found) = found else { return Some(Lowered::plain(whole)) };
    let name = builder.lower(&found.database.name).value;
    let whole = text(["AccountEndpoint=".into(), whole, ";Database=".into(), name]);
    let inner = inner.map(|it| builder.lower(&it.container.name).value);
    Some(Lowered::plain(with(whole, ";Container=", inner)))
}
