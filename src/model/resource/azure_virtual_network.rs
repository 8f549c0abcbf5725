//! `azure-virtual-network`: a virtual network with its subnets.

use super::kind::Azure;
use super::network::Cidr;
use super::parts::{self, NameRule};
use super::property::{Properties, Property, keys};
use super::spec::{Entry, Spec};
use super::{Child, ResourceKind};
use crate::manifest::{Entries, Span, Spanned};
use crate::model::Expression;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::written::OneOrMany;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-virtual-network",
    about: "Azure virtual network",
    keys: &["name", "existing", "location", "tags", "address-space", "subnets"],
    required: &[],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: &[],
    default_roles: 0,
    recipe: None,
};

/// The smallest and the largest subnet that Azure makes ("Azure Virtual Network FAQ", Microsoft Learn).
const SUBNET_BITS: std::ops::RangeInclusive<u32> = 2..=29;

/// "Naming rules and restrictions for Azure resources", Microsoft Learn.
const SUBNET: NameRule = NameRule {
    noun: "a subnet",
    least: 1,
    most: 80,
    fits: |name| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
            && name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
    },
    help: "use 1 to 80 ASCII letters, digits, `.`, `-` and `_`, starting with a letter or digit",
};

/// A virtual network.
#[derive(Clone, Debug)]
pub struct AzureVirtualNetwork {
    pub azure: Azure,
    /// Empty: `10.0.0.0/16`.
    pub address_space: Vec<Expression>,
    pub subnets: Vec<NetworkSubnet>,
}

/// A subnet.
#[derive(Clone, Debug)]
pub struct NetworkSubnet {
    pub subnet: Child,
    /// `None` in an existing network that keeps its own.
    pub prefix: Option<Expression>,
    /// The service that it belongs to, for example `Microsoft.App/environments`.
    pub delegation: Option<Expression>,
    /// For example `Microsoft.Storage`.
    pub service_endpoints: Vec<Expression>,
    /// Ids of what exists already.
    pub network_security_group: Option<Expression>,
    pub nat_gateway: Option<Expression>,
    pub route_table: Option<Expression>,
    /// Whether its machines reach the internet though nothing says how. Default: Azure's own.
    pub default_outbound_access: Option<bool>,
}

/// Azure virtual network.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// Ranges of addresses. Default: `10.0.0.0/16`.
    #[schemars(extend("examples" = ["10.0.0.0/16"]))]
    address_space: Option<OneOrMany>,
    /// Subnets: keys with ranges of addresses, or with more.
    subnets: Option<Entries<WrittenSubnet>>,
}

/// A range of addresses, or a table that says more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Subnet", untagged)]
enum WrittenSubnet {
    String(Spanned<String>),
    Table(Box<WrittenOptions>),
}

/// A subnet.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenOptions {
    /// Name in Azure. Default: the key.
    name: Option<Spanned<String>>,
    /// Its range of addresses, for example `10.0.1.0/24`.
    prefix: Option<Spanned<String>>,
    /// The service that it belongs to, for example `Microsoft.App/environments`.
    delegation: Option<Spanned<String>>,
    /// Services that are reached without leaving Azure's network, for example `Microsoft.Storage`.
    service_endpoints: Option<Vec<Spanned<String>>>,
    /// Id of a network security group.
    network_security_group: Option<Spanned<String>>,
    /// Id of a NAT gateway.
    nat_gateway: Option<Spanned<String>>,
    /// Id of a route table.
    route_table: Option<Spanned<String>>,
    /// Whether machines reach the internet though nothing says how.
    default_outbound_access: Option<bool>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let mut properties = Properties::of(item.name.as_str());
    properties.own(false, &[("id", ""), ("name", "")]);
    for key in keys(item.node, "subnets") {
        let path = format!("subnets.{key}");
        properties.prefixed_part(&path, key, false, &[("id", ""), ("name", "")]);
    }
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let spaces = written.address_space.map(OneOrMany::into_vec).unwrap_or_default();
    let mut address_space = Vec::new();
    let mut known: Vec<(Cidr, Span)> = Vec::new();
    for space in &spaces {
        known.extend(range(cx, space).map(|cidr| (cidr, space.span())));
        address_space.extend(parts::text(cx, "address-space", Some(space)));
    }
    if spaces.is_empty() && entry.azure.existing.is_none() {
        known.extend("10.0.0.0/16".parse::<Cidr>().ok().map(|cidr| (cidr, entry.item.span.clone())));
    }
    let is_known = known.len() == spaces.len().max(1);
    let mut ranges: Vec<(Cidr, Span)> = Vec::new();
    let mut subnets = Vec::new();
    let found = written.subnets.as_ref().map(|table| parts::entries(cx, table, &SUBNET, name)).unwrap_or_default();
    for (subnet, written) in found {
        let prefix = match written {
            WrittenSubnet::String(prefix) => Some(prefix),
            WrittenSubnet::Table(options) => options.prefix.as_ref(),
        };
        if prefix.is_none() && entry.azure.existing.is_none() {
            let message = format!("the subnet `{}` has no `prefix`", subnet.key);
            cx.error("missing-key", message, subnet.span.clone(), "needs `prefix`")
                .help("write its range of addresses, for example `prefix = \"10.0.1.0/24\"`")
                .push();
        }
        if let Some(text) = prefix
            && let Some(cidr) = range(cx, text)
        {
            place(cx, cidr, text, is_known.then_some(known.as_slice()), &ranges);
            ranges.push((cidr, text.span()));
        }
        let prefix = parts::text(cx, "prefix", prefix);
        subnets.push(self::subnet(cx, subnet, prefix, written));
    }
    Some(ResourceKind::AzureVirtualNetwork(Box::new(AzureVirtualNetwork {
        address_space,
        subnets,
        azure: entry.azure,
    })))
}

fn name(written: &WrittenSubnet) -> Option<&Spanned<String>> {
    match written {
        WrittenSubnet::String(_) => None,
        WrittenSubnet::Table(options) => options.name.as_ref(),
    }
}

fn subnet(cx: &mut Cx<'_>, subnet: Child, prefix: Option<Expression>, written: &WrittenSubnet) -> NetworkSubnet {
    let none = WrittenOptions::default();
    let options = match written {
        WrittenSubnet::String(_) => &none,
        WrittenSubnet::Table(options) => options,
    };
    NetworkSubnet {
        subnet,
        prefix,
        delegation: parts::text(cx, "delegation", options.delegation.as_ref()),
        service_endpoints: options
            .service_endpoints
            .iter()
            .flatten()
            .filter_map(|text| parts::text(cx, "service-endpoints", Some(text)))
            .collect(),
        network_security_group: parts::text(cx, "network-security-group", options.network_security_group.as_ref()),
        nat_gateway: parts::text(cx, "nat-gateway", options.nat_gateway.as_ref()),
        route_table: parts::text(cx, "route-table", options.route_table.as_ref()),
        default_outbound_access: options.default_outbound_access,
    }
}

/// A range of addresses that is known now.
fn range(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<Cidr> {
    if cx.has_reference(text.get_ref()) {
        return None;
    }
    match text.get_ref().parse::<Cidr>() {
        Ok(cidr) => Some(cidr),
        Err(why) => {
            cx.error("bad-value", format!("the range of addresses `{}` {why}", text.get_ref()), text.span(), "")
                .help("write an address and the number of bits that are fixed, for example `10.0.1.0/24`")
                .push();
            None
        }
    }
}

/// Whether a subnet lies in its network and beside the others.
fn place(
    cx: &mut Cx<'_>,
    cidr: Cidr,
    text: &Spanned<String>,
    spaces: Option<&[(Cidr, Span)]>,
    others: &[(Cidr, Span)],
) {
    if !SUBNET_BITS.contains(&cidr.bits()) {
        cx.error("bad-value", format!("Azure makes no subnet of the size `{}`", text.get_ref()), text.span(), "")
            .help("the smallest is `/29`, the largest `/2`")
            .push();
    }
    if let Some([(_, space), ..]) = spaces
        && !spaces.into_iter().flatten().any(|(space, _)| space.holds(cidr))
    {
        cx.error("bad-value", format!("`{}` is not in the network's addresses", text.get_ref()), text.span(), "")
            .also(space, "the network's addresses (default: `10.0.0.0/16`)")
            .push();
    }
    if let Some((_, other)) = others.iter().find(|(other, _)| other.overlaps(cidr)) {
        cx.error("bad-value", format!("`{}` overlaps another subnet", text.get_ref()), text.span(), "")
            .also(other, "the other one")
            .push();
    }
}
