//! Addresses of a registry inside virtual networks: modules for each of them, and one for the zone
//! in which their names are found, which all registries share.

use super::super::root::Symbols;
use super::super::{Builder, Cx, Failure, Module, NAME_TAG, Stage, Value};
use crate::manifest::Span;
use crate::model::{
    AzureRegistry, Expression, Name, Part, ProvisionedRegistry, Reference, Registry, RegistryKind,
    RegistryPrivateEndpoint, Subnet, Target,
};
use crate::render::bicep;
use serde_json::json;

/// The module of the zone (Microsoft Learn, "Azure Private Endpoint private DNS zone values").
const ZONE: &str = "privatelink-azurecr-io";

/// The template of a private endpoint. Nobody takes outputs of its module: it belongs to its registry.
pub const PRIVATE_ENDPOINT: &str = "azure-container-registry/private-endpoint.bicep.hbs";

/// The modules of a registry's private endpoints; the first registry that has any brings the zone.
pub(super) fn modules(
    cx: &Cx<'_>,
    registry: &Registry,
    described: &ProvisionedRegistry,
) -> Vec<Result<Module, Failure>> {
    if described.private_endpoints.is_empty() {
        return Vec::new();
    }
    let mut modules = Vec::new();
    let users = users(cx);
    if users.first().is_some_and(|(first, _)| first.name == registry.name) {
        modules.push(zone(cx, &users));
    }
    let mut names = Vec::new();
    for endpoint in &described.private_endpoints {
        let name = module_name(registry, endpoint, &names);
        modules.push(self::endpoint(cx, registry, endpoint, &name));
        names.push(name);
    }
    modules
}

/// Every registry that has private endpoints, in the order of their names.
fn users<'c>(cx: &Cx<'c>) -> Vec<(&'c Registry, &'c ProvisionedRegistry)> {
    let provisioned = |registry: &'c Registry| match &registry.kind {
        RegistryKind::Azure(azure) => match azure.as_ref() {
            AzureRegistry::Provisioned(described) => Some((registry, described.as_ref())),
            AzureRegistry::Existing(_) => None,
        },
        RegistryKind::Oci { .. } | RegistryKind::Local { .. } => None,
    };
    let registries = cx.application.registries.values().filter_map(provisioned);
    registries.filter(|(_, described)| !described.private_endpoints.is_empty()).collect()
}

/// Which subnet it is, as far as the manifest knows.
enum Place<'e> {
    /// Of a resource of the manifest.
    Declared {
        network: &'e Name,
        subnet: &'e str,
        span: Span,
    },
    Id(&'e Expression),
}

fn place(subnet: &Subnet) -> Place<'_> {
    match subnet {
        Subnet::Declared { network, subnet } => {
            Place::Declared { network: network.get_ref(), subnet: subnet.get_ref(), span: network.span() }
        }
        Subnet::Id(id) => match id.parts.as_slice() {
            [Part::Reference(Reference { target: Target::Resource { name, property }, filter: None, span })] => {
                match property.strip_prefix("subnets.").and_then(|rest| rest.strip_suffix(".id")) {
                    Some(subnet) => Place::Declared { network: name, subnet, span: span.clone() },
                    None => Place::Id(id),
                }
            }
            _ => Place::Id(id),
        },
    }
}

/// A property of a declared network.
fn network_property(builder: &mut Builder<'_>, network: &Name, property: String, span: &Span) -> Value {
    let target = Target::Resource { name: network.clone(), property };
    let reference = Reference { target, filter: None, span: span.clone() };
    (builder.cx.lower)(builder, &reference).map_or_else(|| Value::from(""), |lowered| lowered.value)
}

/// `<subnet>-<registry>-pe`, with a number where two would have one name.
fn module_name(registry: &Registry, endpoint: &RegistryPrivateEndpoint, taken: &[String]) -> String {
    let subnet = match place(&endpoint.subnet) {
        Place::Declared { subnet, .. } => subnet.to_owned(),
        Place::Id(id) => id.as_literal().and_then(|id| id.rsplit('/').next()).unwrap_or_default().to_owned(),
    };
    let clean: String = subnet.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let subnet = clean.trim_matches('-');
    let base =
        if subnet.is_empty() { format!("{}-pe", registry.name) } else { format!("{subnet}-{}-pe", registry.name) };
    let mut name = base.clone();
    let mut number = 2;
    while taken.contains(&name) {
        name = format!("{base}-{number}");
        number += 1;
    }
    name
}

fn endpoint(
    cx: &Cx<'_>,
    registry: &Registry,
    endpoint: &RegistryPrivateEndpoint,
    name: &str,
) -> Result<Module, Failure> {
    let mut builder = Builder::new(cx, name, Stage::Infrastructure, &endpoint.span);
    builder.location(None);
    let zone = builder.output(ZONE, "name");
    let subnet_id = match place(&endpoint.subnet) {
        Place::Declared { network, subnet, span } => {
            network_property(&mut builder, network, format!("subnets.{subnet}.id"), &span)
        }
        Place::Id(id) => builder.lower(id).value,
    };
    let own = endpoint.name.as_ref().map(|name| Value::from(name.get_ref().as_str()));
    let made = || {
        let prefix = bicep::identifier(name);
        Value::expression(format!("take('{prefix}-${{uniqueString(resourceGroup().id)}}', 64)"))
    };
    let data = json!({
        "zone": zone,
        "name": own.unwrap_or_else(made),
        "tags": tags(name),
        "connection": format!("{name}-connection"),
        "registry_id": builder.output(registry.name.as_str(), "id"),
        "subnet_id": subnet_id,
    });
    builder.finish(PRIVATE_ENDPOINT, &data)
}

fn tags(name: &str) -> Value {
    Value::object([(NAME_TAG, Value::from(name))])
}

/// The zone, linked to every network that a registry has an endpoint in.
fn zone(cx: &Cx<'_>, users: &[(&Registry, &ProvisionedRegistry)]) -> Result<Module, Failure> {
    let span = users.first().map(|(registry, _)| registry.span.clone()).unwrap_or_default();
    let mut builder = Builder::new(cx, ZONE, Stage::Infrastructure, &span);
    let mut symbols = Symbols::default();
    let mut links: Vec<(String, serde_json::Value)> = Vec::new();
    symbols.take("zone");
    for endpoint in users.iter().flat_map(|(_, described)| &described.private_endpoints) {
        let (name, id) = match place(&endpoint.subnet) {
            Place::Declared { network, span, .. } => {
                let id = network_property(&mut builder, network, "id".to_owned(), &span);
                (network.to_string(), id)
            }
            Place::Id(id) => {
                let id = network_of(&builder.lower(id).value);
                let name = id.as_literal().and_then(|id| id.rsplit('/').next()).unwrap_or("network").to_owned();
                (name, id)
            }
        };
        let key = id.code().to_ascii_lowercase();
        if links.iter().any(|(known, _)| *known == key) {
            continue;
        }
        let symbol = symbols.take(&format!("{}_link", name.replace(['-', '.'], "_")));
        let name = symbol.replace('_', "-");
        links.push((key, json!({ "symbol": symbol, "name": name, "network_id": id })));
    }
    let links: Vec<serde_json::Value> = links.into_iter().map(|(_, link)| link).collect();
    builder.finish("azure-container-registry/dns-zone.bicep.hbs", &json!({ "tags": tags(ZONE), "links": links }))
}

/// The id of the network that a subnet is in.
fn network_of(subnet_id: &Value) -> Value {
    match subnet_id.as_literal() {
        Some(id) => Value::from(id.split("/subnets/").next().unwrap_or(id)),
        None => Value::expression(format!("split({}, '/subnets/')[0]", subnet_id.code())),
    }
}
