//! `azure-virtual-network`: virtual networks and their subnets.

use super::making::{Making, NameRule};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Value};
use crate::model::Resource;
use crate::model::resource::{AzureVirtualNetwork, NetworkSubnet};
use crate::render::bicep;
use serde_json::{Value as Json, json};

pub(super) const NAME: NameRule = NameRule { most: 64, separator: "-", is_lower: false };
/// What a network has where nothing is said.
const ADDRESSES: &str = "10.0.0.0/16";

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, network: &AzureVirtualNetwork) -> Result<Vec<Module>, Failure> {
    let mut making = Making::new(cx, &resource.name, &resource.span, &network.azure, NAME);
    let mut addresses: Vec<Value> = network.address_space.iter().map(|space| making.lowered(space)).collect();
    if addresses.is_empty() {
        addresses.push(Value::from(ADDRESSES));
    }
    let subnets: Vec<(Value, Value, bool)> = network
        .subnets
        .iter()
        .map(|subnet| {
            let name = making.lowered(&subnet.subnet.name);
            let is_there = making.is_existing && subnet.prefix.is_none();
            let properties = if is_there { Value::Null } else { properties(&mut making, subnet) };
            (name, properties, is_there)
        })
        .collect();
    let mut data = json!({ "addresses": Value::Array(addresses) });
    let symbol = making.symbol();
    let mut list: Vec<Json> = Vec::new();
    // Azure changes one subnet of a network at a time.
    let mut before = Json::Null;
    for (subnet, (name, properties, is_there)) in network.subnets.iter().zip(subnets) {
        let own = making.part(&subnet.subnet.key);
        list.push(json!({
            "symbol": own,
            "name": name,
            "properties": properties,
            "existing": is_there,
            "before": before,
            "output": output_of(&subnet.subnet.key),
        }));
        if !is_there {
            before = json!(own);
        }
    }
    data["subnets"] = json!(list);
    Ok(vec![making.finish("azure-virtual-network/module.bicep.hbs", &symbol, data)?])
}

fn properties(making: &mut Making<'_>, subnet: &NetworkSubnet) -> Value {
    let NetworkSubnet {
        subnet: _,
        prefix,
        delegation,
        service_endpoints,
        network_security_group,
        nat_gateway,
        route_table,
        default_outbound_access,
    } = subnet;
    let id = |value: Value| Value::object([("id", value)]);
    let delegation = delegation.as_ref().map(|service| {
        let service = making.lowered(service);
        let inner = Value::object([("serviceName", service)]);
        Value::Array(vec![Value::object([("name", "delegation".into()), ("properties", inner)])])
    });
    let endpoints: Vec<Value> =
        service_endpoints.iter().map(|service| Value::object([("service", making.lowered(service))])).collect();
    let entries = [
        ("addressPrefix", prefix.as_ref().map(|prefix| making.lowered(prefix))),
        ("defaultOutboundAccess", default_outbound_access.map(Value::from)),
        ("delegations", delegation),
        ("natGateway", nat_gateway.as_ref().map(|it| id(making.lowered(it)))),
        ("networkSecurityGroup", network_security_group.as_ref().map(|it| id(making.lowered(it)))),
        ("routeTable", route_table.as_ref().map(|it| id(making.lowered(it)))),
        ("serviceEndpoints", (!endpoints.is_empty()).then_some(Value::Array(endpoints))),
    ];
    Value::object(entries.into_iter().filter_map(|(name, value)| Some((name, value?))))
}

/// The output with the id of a subnet.
fn output_of(key: &str) -> String {
    format!("{}_Id", bicep::identifier(key))
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    network: &AzureVirtualNetwork,
    property: &str,
) -> Option<Lowered> {
    let module = resource.name.as_str();
    if matches!(property, "name" | "id") {
        return Some(Lowered::plain(builder.output(module, property)));
    }
    let (key, property) = property.strip_prefix("subnets.")?.rsplit_once('.')?;
    let subnet = network.subnets.iter().find(|it| it.subnet.key == key)?;
    match property {
        "id" => Some(Lowered::plain(builder.output(module, &output_of(key)))),
        "name" => Some(builder.lower(&subnet.subnet.name)),
        _ => None,
    }
}
