//! `azure-redis`: Azure Managed Redis.

use super::making::{Making, NameRule, enabled, text};
use super::vault::{self, Keeper};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Value};
use crate::model::Resource;
use crate::model::resource::AzureRedis;
use serde_json::{Value as Json, json};

pub(super) const NAME: NameRule = NameRule { most: 60, separator: "-", is_lower: true };
/// Of every cluster of Azure Managed Redis.
const PORT: &str = "10000";

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, redis: &AzureRedis) -> Result<Vec<Module>, Failure> {
    let mut modules = Vec::new();
    let mut making = Making::new(cx, &resource.name, &resource.span, &redis.azure, NAME);
    let mut keeper_name = Value::Null;
    if redis.access_keys {
        let keeper = Keeper::of(resource, &redis.azure, redis.key_vault.as_ref());
        modules.extend(keeper.modules(cx)?);
        keeper_name = keeper.name(&mut making);
    }
    let mut data = json!({
        "sku": making.or(redis.sku.as_ref(), "Balanced_B0"),
        "high_availability": redis.high_availability.map(enabled),
        "eviction_policy": making.optional(redis.eviction_policy.as_ref()),
        "clustering_policy": making.optional(redis.clustering_policy.as_ref()),
        "public_network_access": enabled(redis.public_network_access),
        "access_keys": enabled(redis.access_keys),
    });
    let symbol = making.symbol();
    let host = Value::expression(format!("{symbol}.properties.hostName"));
    data["connection_string"] = json!(text([host.clone(), format!(":{PORT},ssl=true").into()]));
    let database = making.part("default");
    data["database"] = json!(database);
    data["keeper"] = match redis.access_keys {
        false => Json::Null,
        true => {
            let vault = making.part("vault");
            let key = Value::expression(format!("{database}.listKeys().primaryKey"));
            let port = || Value::from(format!(":{PORT}"));
            let texts = [
                ("connectionString", vault::connection_string_of(resource.name.as_str()), {
                    text([host.clone(), port(), ",ssl=true,password=".into(), key.clone()])
                }),
                ("primaryAccessKey", key_of(resource), key.clone()),
                ("uri", uri_of(resource), {
                    let key = Value::expression(format!("uriComponent({})", key.code()));
                    text(["rediss://:".into(), key, "@".into(), host, port()])
                }),
            ];
            let secrets: Vec<Json> = texts
                .into_iter()
                .map(|(key, name, value)| {
                    json!({ "symbol": making.part(key), "vault": vault, "name": name, "value": value })
                })
                .collect();
            json!({ "symbol": vault, "name": keeper_name, "secrets": secrets })
        }
    };
    modules.push(making.finish("azure-redis/module.bicep.hbs", &symbol, data)?);
    Ok(modules)
}

fn key_of(resource: &Resource) -> String {
    format!("primaryaccesskey--{}", resource.name)
}

fn uri_of(resource: &Resource) -> String {
    format!("uri--{}", resource.name)
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    redis: &AzureRedis,
    property: &str,
) -> Option<Lowered> {
    let module = resource.name.as_str();
    let secret = |builder: &mut Builder<'_>, name: &str| {
        let vault = Keeper::of(resource, &redis.azure, redis.key_vault.as_ref()).secret(builder, name);
        Lowered { value: Value::Null, is_secret: true, vault }
    };
    Some(match property {
        "host" => Lowered::plain(builder.output(module, "hostName")),
        "port" => Lowered::plain(PORT),
        "name" | "id" => Lowered::plain(builder.output(module, property)),
        "connection-string" if redis.access_keys => {
            secret(builder, &vault::connection_string_of(resource.name.as_str()))
        }
        "password" if redis.access_keys => secret(builder, &key_of(resource)),
        "uri" if redis.access_keys => secret(builder, &uri_of(resource)),
        "connection-string" => Lowered::plain(builder.output(module, "connectionString")),
        "uri" => {
            let host = builder.output(module, "hostName");
            Lowered::plain(text(["rediss://".into(), host, format!(":{PORT}").into()]))
        }
        _ => return None,
    })
}
