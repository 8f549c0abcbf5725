//! `azure-event-hubs`: namespaces with event hubs and consumer groups.

use super::making::{Making, NameRule, enabled, text};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Value};
use crate::model::Resource;
use crate::model::resource::AzureEventHubs;
use serde_json::{Value as Json, json};

pub(super) const NAME: NameRule = NameRule { most: 50, separator: "-", is_lower: false };

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, hubs: &AzureEventHubs) -> Result<Vec<Module>, Failure> {
    let mut making = Making::new(cx, &resource.name, &resource.span, &hubs.azure, NAME);
    let names: Vec<(Value, Vec<Value>)> = hubs
        .hubs
        .iter()
        .map(|hub| {
            let name = making.lowered(&hub.hub.name);
            (name, hub.consumer_groups.iter().map(|group| making.lowered(&group.name)).collect())
        })
        .collect();
    let mut data = json!({
        "sku": making.or(hubs.sku.as_ref(), "Standard"),
        "capacity": hubs.capacity,
        "disable_local_auth": !hubs.local_auth,
        "public_network_access": enabled(hubs.public_network_access),
    });
    let symbol = making.symbol();
    let mut list: Vec<Json> = Vec::new();
    for (hub, (name, groups)) in hubs.hubs.iter().zip(names) {
        let own = making.part(&hub.hub.key);
        let groups: Vec<Json> = hub
            .consumer_groups
            .iter()
            .zip(groups)
            .map(|(group, name)| {
                let symbol = making.part(&format!("{}_{}", hub.hub.key, group.key));
                json!({ "symbol": symbol, "name": name, "parent": own })
            })
            .collect();
        list.push(json!({
            "symbol": own,
            "name": name,
            "partitions": hub.partitions.unwrap_or(1),
            "retention_hours": hub.retention_hours,
            "groups": groups,
        }));
    }
    data["hubs"] = json!(list);
    Ok(vec![making.finish("azure-event-hubs/module.bicep.hbs", &symbol, data)?])
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    hubs: &AzureEventHubs,
    property: &str,
) -> Option<Lowered> {
    let module = resource.name.as_str();
    let output = match property {
        "host" => "eventHubsHostName",
        "connection-string" | "uri" | "endpoint" => "eventHubsEndpoint",
        "name" | "id" => property,
        _ => {
            let (path, property) = property.rsplit_once('.')?;
            let (hub, group) = match path.split_once('.') {
                Some((hub, group)) => (hub, Some(group)),
                None => (path, None),
            };
            let hub = hubs.hubs.iter().find(|it| it.hub.key == hub)?;
            let group = match group {
                Some(group) => Some(super::child(&hub.consumer_groups, group)?),
                None => None,
            };
            let name = builder.lower(&hub.hub.name).value;
            let group = group.map(|group| builder.lower(&group.name).value);
            return match (property, group) {
                ("name", group) => Some(Lowered::plain(group.unwrap_or(name))),
                ("connection-string", group) => {
                    let endpoint = builder.output(module, "eventHubsEndpoint");
                    let whole = text(["Endpoint=".into(), endpoint, ";EntityPath=".into(), name]);
                    Some(Lowered::plain(super::azure_postgres::with(whole, ";ConsumerGroup=", group)))
                }
                _ => None,
            };
        }
    };
    Some(Lowered::plain(builder.output(module, output)))
}
