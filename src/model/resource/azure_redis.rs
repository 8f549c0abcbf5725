//! `azure-redis`: Azure Managed Redis. The older `Microsoft.Cache/redis` is retired and not offered.

use super::ResourceKind;
use super::kind::Azure;
use super::parts;
use super::property::{Properties, Property, is_on};
use super::spec::{Entry, Spec};
use super::written::{AccessKeys, Switch};
use crate::manifest::Spanned;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::{Expression, Name};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-redis",
    about: "Azure Managed Redis",
    keys: &[
        "name",
        "existing",
        "location",
        "tags",
        "sku",
        "access-keys",
        "high-availability",
        "eviction-policy",
        "clustering-policy",
        "public-network-access",
    ],
    required: &[],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: &[],
    default_roles: 0,
    recipe: None,
};

const RULE: parts::NameRule = parts::NameRule {
    noun: "a SKU",
    least: 1,
    most: 40,
    // The families of Azure Managed Redis and their sizes (`Microsoft.Cache/redisEnterprise`).
    fits: |name| {
        ["Balanced_B", "MemoryOptimized_M", "ComputeOptimized_X", "FlashOptimized_A"].iter().any(|family| {
            name.strip_prefix(family).is_some_and(|size| !size.is_empty() && size.bytes().all(|b| b.is_ascii_digit()))
        })
    },
    help: "write for example `Balanced_B0`, `MemoryOptimized_M10`, `ComputeOptimized_X5` or `FlashOptimized_A250`",
};

const EVICTION: &[&str] = &[
    "AllKeysLFU",
    "AllKeysLRU",
    "AllKeysRandom",
    "NoEviction",
    "VolatileLFU",
    "VolatileLRU",
    "VolatileRandom",
    "VolatileTTL",
];
const CLUSTERING: &[&str] = &["EnterpriseCluster", "NoCluster", "OSSCluster"];

/// Azure Managed Redis.
#[derive(Clone, Debug)]
pub struct AzureRedis {
    pub azure: Azure,
    /// Default: `Balanced_B0`.
    pub sku: Option<Expression>,
    /// Access by key beside Entra.
    pub access_keys: bool,
    /// The vault that keeps the key; `None`: one of its own.
    pub key_vault: Option<Spanned<Name>>,
    /// Default: Azure's own, which is on.
    pub high_availability: Option<bool>,
    pub eviction_policy: Option<Expression>,
    pub clustering_policy: Option<Expression>,
    pub public_network_access: bool,
}

/// Azure Managed Redis.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// Family and size. Default: `Balanced_B0`.
    #[schemars(extend("examples" = ["Balanced_B0", "MemoryOptimized_M10"]))]
    sku: Option<Spanned<String>>,
    /// Access by key instead of Entra identities; the key goes into a Key Vault. Default: no.
    access_keys: Option<Switch<AccessKeys>>,
    /// A second node that takes over. Default: yes.
    high_availability: Option<bool>,
    /// What is dropped when memory is full, for example `allkeys-lru`.
    eviction_policy: Option<Spanned<String>>,
    /// How data are spread: `oss-cluster`, `enterprise-cluster` or `no-cluster`.
    clustering_policy: Option<Spanned<String>>,
    /// Whether it answers on the public network. Default: yes.
    public_network_access: Option<bool>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let has_keys = is_on(item.node, "access-keys");
    let mut properties = Properties::of(item.name.as_str());
    properties.own(has_keys, &[("connection-string", "*")]);
    properties.own(false, &[("host", "HOST"), ("port", "PORT")]);
    properties.own(has_keys, &[("uri", "URI")]);
    if has_keys {
        properties.own(true, &[("password", "PASSWORD")]);
    }
    properties.own(false, &[("name", ""), ("id", "")]);
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let (access_keys, key_vault) = match written.access_keys {
        None => (false, None),
        Some(Switch::Boolean(is_on)) => (is_on, None),
        Some(Switch::Table(table)) => {
            (true, parts::resource(cx, table.get_ref().key_vault.as_ref(), "azure-key-vault"))
        }
    };
    Some(ResourceKind::AzureRedis(Box::new(AzureRedis {
        sku: parts::ruled(cx, written.sku.as_ref(), &RULE),
        access_keys,
        key_vault,
        high_availability: written.high_availability,
        eviction_policy: parts::choice(cx, "eviction-policy", written.eviction_policy.as_ref(), EVICTION),
        clustering_policy: parts::choice(cx, "clustering-policy", written.clustering_policy.as_ref(), CLUSTERING),
        public_network_access: written.public_network_access.unwrap_or(true),
        azure: entry.azure,
    })))
}
