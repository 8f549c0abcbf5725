//! `azure-storage`: a storage account with its blobs, queues, tables and files.

use super::kind::Azure;
use super::parts::{self, NameRule};
use super::property::{Properties, Property, keys};
use super::spec::{Entry, Spec};
use super::written::Names;
use super::{Child, ResourceKind, Role};
use crate::manifest::Spanned;
use crate::model::Expression;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::written::Int;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-storage",
    about: "Azure Storage",
    keys: &[
        "name",
        "existing",
        "location",
        "tags",
        "roles",
        "sku",
        "account-kind",
        "access-tier",
        "hierarchical-namespace",
        "containers",
        "queues",
        "tables",
        "shares",
        "versioning",
        "soft-delete-days",
        "shared-key-access",
        "public-blob-access",
        "public-network-access",
    ],
    required: &[],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: ROLES,
    default_roles: 3,
    recipe: None,
};

const ROLES: &[Role] = &[
    Role { name: "Storage Blob Data Contributor", id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe" },
    Role { name: "Storage Table Data Contributor", id: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3" },
    Role { name: "Storage Queue Data Contributor", id: "974c5e8b-45b9-4653-ba55-5f855dd0fb88" },
    Role { name: "Storage Blob Data Owner", id: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b" },
    Role { name: "Storage Blob Data Reader", id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1" },
    Role { name: "Storage Blob Delegator", id: "db58b8e5-c6ad-4a2a-8342-4190687cbf4a" },
    Role { name: "Storage Table Data Reader", id: "76199698-9eea-4c19-bc75-cec21354c6b6" },
    Role { name: "Storage Queue Data Reader", id: "19e7f393-937e-4f77-808e-94535e297925" },
    Role { name: "Storage Queue Data Message Processor", id: "8a0f0c08-91a1-4084-bc3d-661d67233fed" },
    Role { name: "Storage Queue Data Message Sender", id: "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a" },
    Role { name: "Storage File Data SMB Share Contributor", id: "0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb" },
    Role { name: "Storage File Data SMB Share Reader", id: "aba4ae5f-2193-4029-9191-0cb91df5e314" },
    Role { name: "Storage File Data Privileged Contributor", id: "69566ab7-960f-475b-8e7c-b3118f30c6bd" },
    Role { name: "Storage File Data Privileged Reader", id: "b8eda974-7b85-4f76-af95-65846b26df6d" },
    Role { name: "Storage Account Contributor", id: "17d1049b-9a84-46fb-8f53-869881c3d3ab" },
];

const SKUS: &[&str] = &[
    "Standard_LRS",
    "Standard_GRS",
    "Standard_RAGRS",
    "Standard_ZRS",
    "Standard_GZRS",
    "Standard_RAGZRS",
    "Premium_LRS",
    "Premium_ZRS",
];
const KINDS: &[&str] = &["StorageV2", "BlockBlobStorage", "FileStorage", "BlobStorage"];
const ACCESS_TIERS: &[&str] = &["Hot", "Cool", "Cold"];

/// `$web`, `$root` and `$logs` are Azure's own and not made here.
const CONTAINER: NameRule = NameRule {
    noun: "a blob container",
    least: 3,
    most: 63,
    fits: is_dns,
    help: "use 3 to 63 lower-case letters, digits and single hyphens, starting and ending with a letter or digit",
};
const QUEUE: NameRule = NameRule { noun: "a queue", ..CONTAINER };
const SHARE: NameRule = NameRule { noun: "a file share", ..CONTAINER };
const TABLE: NameRule = NameRule {
    noun: "a table",
    least: 3,
    most: 63,
    fits: |name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric())
            && !name.eq_ignore_ascii_case("tables")
    },
    help: "use 3 to 63 ASCII letters and digits, starting with a letter",
};

/// "Naming and referencing containers, blobs, and metadata", Microsoft Learn.
fn is_dns(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
}

/// A storage account.
#[derive(Clone, Debug)]
pub struct AzureStorage {
    pub azure: Azure,
    /// Default: `Standard_GRS`.
    pub sku: Option<Expression>,
    /// Default: `StorageV2`.
    pub account_kind: Option<Expression>,
    /// Default: `Hot`.
    pub access_tier: Option<Expression>,
    /// Data Lake Storage.
    pub hierarchical_namespace: bool,
    pub containers: Vec<Child>,
    pub queues: Vec<Child>,
    pub tables: Vec<Child>,
    pub shares: Vec<Child>,
    /// Earlier versions of blobs are kept.
    pub versioning: bool,
    /// Days that deleted blobs and containers can be got back.
    pub soft_delete_days: Option<i64>,
    /// Access by key beside Entra.
    pub shared_key_access: bool,
    /// Whether containers may be opened to everybody.
    pub public_blob_access: bool,
    /// Default: on.
    pub public_network_access: Option<bool>,
}

/// Azure Storage.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// Performance and redundancy. Default: `Standard_GRS`.
    #[schemars(extend("examples" = ["Standard_LRS", "Standard_ZRS", "Standard_GRS"]))]
    sku: Option<Spanned<String>>,
    /// Kind of the account. Default: `StorageV2`.
    account_kind: Option<Spanned<String>>,
    /// `hot` (the default), `cool` or `cold`.
    access_tier: Option<Spanned<String>>,
    /// Data Lake Storage: folders with rights of their own. Default: no.
    hierarchical_namespace: Option<bool>,
    /// Blob containers: names, or keys with names.
    containers: Option<Names>,
    /// Queues: names, or keys with names.
    queues: Option<Names>,
    /// Tables: names, or keys with names.
    tables: Option<Names>,
    /// File shares: names, or keys with names.
    shares: Option<Names>,
    /// Keep earlier versions of blobs. Default: no.
    versioning: Option<Spanned<bool>>,
    /// Days that deleted blobs and containers can be got back.
    soft_delete_days: Option<Spanned<Int<1, 365>>>,
    /// Access by key beside Entra identities. Default: no.
    shared_key_access: Option<bool>,
    /// Whether containers may be opened to everybody. Default: no.
    public_blob_access: Option<bool>,
    /// Whether the account answers on the public network. Default: yes.
    public_network_access: Option<bool>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let mut properties = Properties::of(item.name.as_str());
    properties.own(
        false,
        &[
            ("connection-string", "*"),
            ("blob-endpoint", "BLOBENDPOINT"),
            ("queue-endpoint", "QUEUEENDPOINT"),
            ("table-endpoint", "TABLEENDPOINT"),
            ("file-endpoint", ""),
            ("data-lake-endpoint", ""),
            ("name", ""),
            ("id", ""),
        ],
    );
    for key in keys(item.node, "containers") {
        properties.part(key, false, &[("connection-string", "*"), ("uri", "URI"), ("name", "BLOBCONTAINERNAME")]);
    }
    for key in keys(item.node, "queues") {
        properties.part(key, false, &[("connection-string", "*"), ("uri", "URI"), ("name", "QUEUENAME")]);
    }
    for key in keys(item.node, "tables") {
        properties.part(key, false, &[("connection-string", "*"), ("uri", "URI"), ("name", "TABLENAME")]);
    }
    for key in keys(item.node, "shares") {
        properties.part(key, false, &[("uri", "URI"), ("name", "SHARENAME")]);
    }
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let hierarchical_namespace = written.hierarchical_namespace.unwrap_or(false);
    if let Some(versioning) = written.versioning.as_ref().filter(|on| *on.get_ref() && hierarchical_namespace) {
        cx.error(
            "exclusive-keys",
            "an account with `hierarchical-namespace` has no versions of blobs",
            versioning.span(),
            "",
        )
        .help("leave one of the two out")
        .push();
    }
    let containers = parts::names(cx, written.containers.as_ref(), &CONTAINER);
    let queues = parts::names(cx, written.queues.as_ref(), &QUEUE);
    let tables = parts::names(cx, written.tables.as_ref(), &TABLE);
    let shares = parts::names(cx, written.shares.as_ref(), &SHARE);
    parts::unique_keys(cx, &[&containers, &queues, &tables, &shares]);
    Some(ResourceKind::AzureStorage(Box::new(AzureStorage {
        sku: parts::choice(cx, "sku", written.sku.as_ref(), SKUS),
        account_kind: parts::choice(cx, "account-kind", written.account_kind.as_ref(), KINDS),
        access_tier: parts::choice(cx, "access-tier", written.access_tier.as_ref(), ACCESS_TIERS),
        hierarchical_namespace,
        containers,
        queues,
        tables,
        shares,
        versioning: written.versioning.is_some_and(Spanned::into_inner),
        soft_delete_days: parts::count(written.soft_delete_days.as_ref()),
        shared_key_access: written.shared_key_access.unwrap_or(false),
        public_blob_access: written.public_blob_access.unwrap_or(false),
        public_network_access: written.public_network_access,
        azure: entry.azure,
    })))
}
