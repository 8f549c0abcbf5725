//! `azure-event-hubs`: a namespace with event hubs and their consumer groups.

use super::azure_service_bus::is_single;
use super::kind::Azure;
use super::parts::{self, NameRule};
use super::property::{Properties, Property, keys};
use super::spec::{Entry, Spec};
use super::written::{Names, Parts};
use super::{Child, ResourceKind, Role};
use crate::manifest::Spanned;
use crate::model::Expression;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::written::Int;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-event-hubs",
    about: "Azure Event Hubs",
    keys: &[
        "name",
        "existing",
        "location",
        "tags",
        "roles",
        "sku",
        "capacity",
        "hubs",
        "local-auth",
        "public-network-access",
    ],
    required: &[],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: ROLES,
    default_roles: 1,
    recipe: None,
};

const ROLES: &[Role] = &[
    Role { name: "Azure Event Hubs Data Owner", id: "f526a384-b230-433a-b45c-95f59c4a2dec" },
    Role { name: "Azure Event Hubs Data Receiver", id: "a638d3c7-ab3a-418d-83e6-5f17a39d4fde" },
    Role { name: "Azure Event Hubs Data Sender", id: "2b629674-e913-4c01-ae53-ef4638d8f975" },
];

const SKUS: &[&str] = &["Basic", "Standard", "Premium"];

/// "Naming rules and restrictions for Azure resources", Microsoft Learn.
const HUB: NameRule = NameRule {
    noun: "an event hub",
    least: 1,
    most: 256,
    fits: is_single,
    help: "use 1 to 256 ASCII letters, digits, `.`, `-` and `_`, starting and ending with a letter or digit",
};
const GROUP: NameRule = NameRule {
    noun: "a consumer group",
    least: 1,
    most: 50,
    fits: |name| name == "$Default" || is_single(name),
    help: "use 1 to 50 ASCII letters, digits, `.`, `-` and `_`, starting and ending with a letter or digit",
};

/// A namespace of Event Hubs.
#[derive(Clone, Debug)]
pub struct AzureEventHubs {
    pub azure: Azure,
    /// Default: `Standard`.
    pub sku: Option<Expression>,
    /// Throughput or processing units.
    pub capacity: Option<i64>,
    pub hubs: Vec<EventHub>,
    /// Access by key beside Entra.
    pub local_auth: bool,
    pub public_network_access: bool,
}

/// An event hub.
#[derive(Clone, Debug)]
pub struct EventHub {
    pub hub: Child,
    pub partitions: Option<i64>,
    pub retention_hours: Option<i64>,
    pub consumer_groups: Vec<Child>,
}

/// Azure Event Hubs.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// `basic`, `standard` (the default) or `premium`.
    sku: Option<Spanned<String>>,
    /// Throughput units, in the tier premium processing units.
    capacity: Option<Spanned<Int<1, 40>>>,
    /// Event hubs: names, or keys with options.
    hubs: Option<Parts<WrittenHub>>,
    /// Access by key beside Entra identities. Default: no.
    local_auth: Option<bool>,
    /// Whether it answers on the public network. Default: yes.
    public_network_access: Option<bool>,
}

/// An event hub.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenHub {
    /// Name in Azure. Default: the key.
    name: Option<Spanned<String>>,
    /// Number of partitions.
    partitions: Option<Spanned<Int<1, 1024>>>,
    /// Hours that events are kept.
    retention_hours: Option<Spanned<Int<1, 2160>>>,
    /// Groups of readers: names, or keys with names.
    consumer_groups: Option<Names>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let mut properties = Properties::of(item.name.as_str());
    properties.own(
        false,
        &[("connection-string", "*"), ("host", "HOST"), ("uri", "URI"), ("endpoint", ""), ("name", ""), ("id", "")],
    );
    for key in keys(item.node, "hubs") {
        properties.part(key, false, &[("connection-string", "*"), ("name", "EVENTHUBNAME")]);
        let hub = item.node.get("hubs").and_then(|hubs| hubs.get(key));
        for group in hub.map(|hub| keys(hub, "consumer-groups")).unwrap_or_default() {
            let given = &[("connection-string", "*"), ("name", "CONSUMERGROUPNAME")];
            properties.prefixed_part(&format!("{key}.{group}"), group, false, given);
        }
    }
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let sku = parts::choice(cx, "sku", written.sku.as_ref(), SKUS);
    let is_basic = sku.as_ref().and_then(Expression::as_literal) == Some("Basic");
    let mut hubs = Vec::new();
    for (hub, written) in parts::tables(cx, written.hubs.as_ref(), &HUB, |written| written.name.as_ref()) {
        let consumer_groups = parts::names(cx, written.and_then(|written| written.consumer_groups.as_ref()), &GROUP);
        if let Some(group) = consumer_groups.first().filter(|_| is_basic) {
            cx.error("tier-lacks", "the tier `basic` has no consumer groups of your own", group.span.clone(), "")
                .help("set `sku = \"standard\"` or `\"premium\"`")
                .push();
        }
        let hours = written.and_then(|written| written.retention_hours.as_ref());
        // "Azure Event Hubs quotas and limits", Microsoft Learn.
        let most = match sku.as_ref().map(|sku| sku.as_literal()) {
            Some(Some("Basic")) => 24,
            None | Some(Some("Standard")) => 168,
            Some(_) => 2160,
        };
        if let Some(hours) = hours.filter(|hours| hours.get_ref().get() > most) {
            let message = format!("this tier keeps events at most {most} hours, not {}", hours.get_ref().get());
            cx.error("tier-lacks", message, hours.span(), "")
                .help("basic: 24 hours, standard: 168 (7 days), premium: 2160 (90 days)")
                .push();
        }
        hubs.push(EventHub {
            hub,
            partitions: written.and_then(|written| parts::count(written.partitions.as_ref())),
            retention_hours: parts::count(hours),
            consumer_groups,
        });
    }
    Some(ResourceKind::AzureEventHubs(Box::new(AzureEventHubs {
        sku,
        capacity: parts::count(written.capacity.as_ref()),
        hubs,
        local_auth: written.local_auth.unwrap_or(false),
        public_network_access: written.public_network_access.unwrap_or(true),
        azure: entry.azure,
    })))
}
