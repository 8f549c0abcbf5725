//! `azure-cosmos`: Azure Cosmos DB for NoSQL with databases and containers.

use super::kind::Azure;
use super::parts::{self, NameRule};
use super::property::{Properties, Property, is_on, keys};
use super::spec::{Entry, Spec};
use super::written::{AccessKeys, Parts, Switch};
use super::{Child, ResourceKind, Role};
use crate::manifest::{Entries, Spanned};
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::written::{Int, OneOrMany};
use crate::model::{Expression, Name};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-cosmos",
    about: "Azure Cosmos DB",
    keys: &[
        "name",
        "existing",
        "location",
        "tags",
        "roles",
        "databases",
        "serverless",
        "free-tier",
        "consistency",
        "access-keys",
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

/// Roles of the data plane, which Cosmos DB keeps itself ("Data plane security", Microsoft Learn).
const ROLES: &[Role] = &[
    Role { name: "Cosmos DB Built-in Data Contributor", id: "00000000-0000-0000-0000-000000000002" },
    Role { name: "Cosmos DB Built-in Data Reader", id: "00000000-0000-0000-0000-000000000001" },
];

const CONSISTENCY: &[&str] = &["Session", "Strong", "BoundedStaleness", "ConsistentPrefix", "Eventual"];

const DATABASE: NameRule = NameRule {
    noun: "a database",
    least: 1,
    most: 255,
    fits: |name| !name.contains(['/', '\\', '#', '?']) && !name.ends_with(' '),
    help: "use 1 to 255 characters without `/`, `\\`, `#` and `?`, not ending with a space",
};
const CONTAINER: NameRule = NameRule { noun: "a container", ..DATABASE };

/// Azure Cosmos DB for NoSQL.
#[derive(Clone, Debug)]
pub struct AzureCosmos {
    pub azure: Azure,
    pub databases: Vec<CosmosDatabase>,
    /// Paid by request; else by throughput.
    pub serverless: bool,
    pub free_tier: bool,
    /// Default: `Session`.
    pub consistency: Option<Expression>,
    /// Access by key beside Entra.
    pub access_keys: bool,
    /// The vault that keeps the key; `None`: one of its own.
    pub key_vault: Option<Spanned<Name>>,
    /// Default: on.
    pub public_network_access: Option<bool>,
}

/// A database.
#[derive(Clone, Debug)]
pub struct CosmosDatabase {
    pub database: Child,
    pub containers: Vec<CosmosContainer>,
}

/// A container.
#[derive(Clone, Debug)]
pub struct CosmosContainer {
    pub container: Child,
    /// Paths of the partition key; never empty, several are a hierarchical key.
    pub partition_key: Vec<Expression>,
    /// Seconds that items live.
    pub time_to_live: Option<i64>,
}

/// Azure Cosmos DB.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// Databases: names, or keys with their containers.
    databases: Option<Parts<WrittenDatabase>>,
    /// Paid by request instead of by throughput. Default: yes.
    serverless: Option<bool>,
    /// Azure's free offer, once for each subscription. Not with `serverless`.
    free_tier: Option<Spanned<bool>>,
    /// How fresh reads are: `session` (the default), `strong`, `bounded-staleness`, `consistent-prefix` or `eventual`.
    consistency: Option<Spanned<String>>,
    /// Access by key instead of Entra identities; the key goes into a Key Vault. Default: no.
    access_keys: Option<Switch<AccessKeys>>,
    /// Whether it answers on the public network. Default: yes.
    public_network_access: Option<bool>,
}

/// A database.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenDatabase {
    /// Name in Azure. Default: the key.
    name: Option<Spanned<String>>,
    /// Containers, by key.
    containers: Option<Entries<WrittenContainer>>,
}

/// A container.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenContainer {
    /// Name in Azure. Default: the key.
    name: Option<Spanned<String>>,
    /// Path that decides where an item is kept, for example `/id`; up to three for a hierarchical key.
    #[schemars(required)]
    partition_key: Option<OneOrMany>,
    /// Seconds that items live.
    time_to_live: Option<Spanned<Int<1, 2_147_483_647>>>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let has_keys = is_on(item.node, "access-keys");
    let mut properties = Properties::of(item.name.as_str());
    properties.own(has_keys, &[("connection-string", "*")]).own(false, &[("uri", "URI")]);
    if has_keys {
        properties.own(true, &[("account-key", "ACCOUNTKEY")]);
    }
    for key in keys(item.node, "databases") {
        properties.part(key, has_keys, &[("connection-string", "*")]).part(key, false, &[("uri", "URI")]);
        properties.part(key, false, &[("name", "DATABASENAME")]);
        let database = item.node.get("databases").and_then(|databases| databases.get(key));
        for container in database.map(|database| keys(database, "containers")).unwrap_or_default() {
            let path = format!("{key}.{container}");
            properties.prefixed_part(&path, container, has_keys, &[("connection-string", "*")]);
            properties.prefixed_part(&path, container, false, &[("uri", "URI"), ("name", "CONTAINERNAME")]);
        }
    }
    properties.own(false, &[("name", ""), ("id", "")]);
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let serverless = written.serverless.unwrap_or(true);
    if let Some(free) = written.free_tier.as_ref().filter(|on| *on.get_ref() && serverless) {
        cx.error("exclusive-keys", "the free tier is paid by throughput, not by request", free.span(), "")
            .help("set `serverless = false` with it")
            .push();
    }
    let mut databases = Vec::new();
    for (database, written) in parts::tables(cx, written.databases.as_ref(), &DATABASE, |written| written.name.as_ref())
    {
        let containers = written.and_then(|written| written.containers.as_ref());
        let containers = containers.map(|containers| self::containers(cx, containers)).unwrap_or_default();
        databases.push(CosmosDatabase { database, containers });
    }
    let (access_keys, key_vault) = match written.access_keys {
        None => (false, None),
        Some(Switch::Boolean(is_on)) => (is_on, None),
        Some(Switch::Table(table)) => {
            (true, parts::resource(cx, table.get_ref().key_vault.as_ref(), "azure-key-vault"))
        }
    };
    Some(ResourceKind::AzureCosmos(Box::new(AzureCosmos {
        databases,
        serverless,
        free_tier: written.free_tier.is_some_and(Spanned::into_inner),
        consistency: parts::choice(cx, "consistency", written.consistency.as_ref(), CONSISTENCY),
        access_keys,
        key_vault,
        public_network_access: written.public_network_access,
        azure: entry.azure,
    })))
}

fn containers(cx: &mut Cx<'_>, written: &Entries<WrittenContainer>) -> Vec<CosmosContainer> {
    let mut containers = Vec::new();
    for (container, written) in parts::entries(cx, written, &CONTAINER, |written| written.name.as_ref()) {
        let paths = written.partition_key.clone().map(OneOrMany::into_vec).unwrap_or_default();
        if written.partition_key.is_none() {
            let message = format!("the container `{}` has no `partition-key`", container.key);
            cx.error("missing-key", message, container.span.clone(), "needs `partition-key`")
                .help("write the path that decides where an item is kept, for example `partition-key = \"/id\"`")
                .push();
            continue;
        }
        if paths.is_empty() || paths.len() > 3 {
            let message = format!("a partition key has 1 to 3 paths, not {}", paths.len());
            cx.error("bad-value", message, container.span.clone(), "").push();
            continue;
        }
        let mut partition_key = Vec::new();
        for path in &paths {
            let text = path.get_ref();
            if !cx.has_reference(text) && !text.starts_with('/') {
                let message = format!("the path of a partition key begins with `/`, `{text}` does not");
                cx.error("bad-path", message, path.span(), "").help(format!("write `/{text}`")).push();
                continue;
            }
            partition_key.extend(parts::text(cx, "partition-key", Some(path)));
        }
        let time_to_live = parts::count(written.time_to_live.as_ref());
        containers.push(CosmosContainer { container, partition_key, time_to_live });
    }
    containers
}
