//! `azure-sql`: a logical server of Azure SQL Database with its databases.

use super::kind::Azure;
use super::parts::{self, NameRule};
use super::property::{Properties, Property, keys};
use super::spec::{Entry, Spec};
use super::written::{Firewall, Parts};
use super::{Child, FirewallRule, ResourceKind};
use crate::manifest::{Entries, Spanned};
use crate::model::Expression;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-sql",
    about: "Azure SQL Database",
    keys: &[
        "name",
        "existing",
        "location",
        "tags",
        "databases",
        "sku",
        "free-offer",
        "administrator",
        "public-network-access",
        "allow-azure-services",
        "firewall",
    ],
    required: &[],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: &[],
    default_roles: 0,
    recipe: None,
};

/// "Naming rules and restrictions for Azure resources", Microsoft Learn.
const DATABASE: NameRule = NameRule {
    noun: "a database",
    least: 1,
    most: 128,
    fits: |name| {
        !name.contains(['<', '>', '*', '%', '&', ':', '\\', '/', '?', '\'', '"', ';'])
            && !name.contains(char::is_control)
            && !name.ends_with(['.', ' '])
            && !name.eq_ignore_ascii_case("master")
    },
    help: "use 1 to 128 letters, digits, `-` and `_`; `master` is the server's own",
};

/// A logical server.
#[derive(Clone, Debug)]
pub struct AzureSql {
    pub azure: Azure,
    pub databases: Vec<SqlDatabase>,
    /// Of Entra. `None`: an identity of its own.
    pub administrator: Option<SqlAdministrator>,
    pub public_network_access: bool,
    /// Whether everything that runs in Azure may connect.
    pub allow_azure_services: bool,
    pub firewall: Vec<FirewallRule>,
}

/// A database.
#[derive(Clone, Debug)]
pub struct SqlDatabase {
    pub database: Child,
    /// Default: the free offer's `GP_S_Gen5_2`; Azure's own where the free offer is off.
    pub sku: Option<Expression>,
    /// Azure's free offer, which pauses when its month is used up.
    pub free_offer: bool,
}

/// Who may do everything.
#[derive(Clone, Debug)]
pub struct SqlAdministrator {
    pub login: Expression,
    /// Its object id in Entra.
    pub object_id: Expression,
    /// `User`, `Group` or `Application`.
    pub principal_type: Option<Expression>,
}

/// Azure SQL Database.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// Databases: names, or keys with options.
    databases: Option<Parts<WrittenDatabase>>,
    /// SKU of the databases, for example `S0` or `GP_S_Gen5_2`. Default: that of the free offer.
    sku: Option<Spanned<String>>,
    /// Whether the databases are of Azure's free offer. Default: yes, unless a `sku` is written.
    free_offer: Option<bool>,
    /// Entra administrator. Default: an identity that is made for it.
    administrator: Option<Spanned<WrittenAdministrator>>,
    /// Whether it answers on the public network. Default: yes.
    public_network_access: Option<bool>,
    /// Whether everything that runs in Azure may connect. Default: yes, unless `public-network-access = false`.
    allow_azure_services: Option<bool>,
    /// Ranges of addresses that may connect, by name.
    firewall: Option<Entries<Firewall>>,
}

/// A database.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenDatabase {
    /// Name in Azure. Default: the key.
    name: Option<Spanned<String>>,
    /// Its SKU, for example `S0`.
    sku: Option<Spanned<String>>,
    /// Whether it is of Azure's free offer.
    free_offer: Option<bool>,
}

/// An administrator of Entra.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenAdministrator {
    /// Its name.
    #[schemars(required)]
    login: Option<Spanned<String>>,
    /// Its object id (a GUID).
    #[schemars(required)]
    object_id: Option<Spanned<String>>,
    /// `user`, `group` or `application`.
    #[serde(rename = "type")]
    principal_type: Option<Spanned<String>>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let mut properties = Properties::of(item.name.as_str());
    let texts = &[
        ("connection-string", "*"),
        ("host", "HOST"),
        ("port", "PORT"),
        ("uri", "URI"),
        ("jdbc", "JDBCCONNECTIONSTRING"),
    ];
    properties.own(false, texts);
    for key in keys(item.node, "databases") {
        properties.part(key, false, texts).part(key, false, &[("name", "DATABASENAME")]);
    }
    properties.own(false, &[("name", ""), ("id", "")]);
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let sku = parts::text(cx, "sku", written.sku.as_ref());
    let free_offer = written.free_offer;
    let mut databases = Vec::new();
    for (database, written) in parts::tables(cx, written.databases.as_ref(), &DATABASE, |written| written.name.as_ref())
    {
        let own = written.and_then(|written| parts::text(cx, "sku", written.sku.as_ref()));
        let has_own = own.is_some();
        let sku = own.or_else(|| sku.clone());
        let free = written.and_then(|written| written.free_offer);
        let free = free.or(if has_own { None } else { free_offer }).unwrap_or(sku.is_none());
        databases.push(SqlDatabase { database, sku, free_offer: free });
    }
    let administrator = written.administrator.as_ref().and_then(|written| administrator(cx, written));
    let public_network_access = written.public_network_access.unwrap_or(true);
    Some(ResourceKind::AzureSql(Box::new(AzureSql {
        databases,
        administrator,
        public_network_access,
        allow_azure_services: written.allow_azure_services.unwrap_or(public_network_access),
        firewall: parts::firewall(cx, written.firewall.as_ref()),
        azure: entry.azure,
    })))
}

fn administrator(cx: &mut Cx<'_>, written: &Spanned<WrittenAdministrator>) -> Option<SqlAdministrator> {
    let span = written.span();
    let written = written.get_ref();
    for (key, value) in [("login", &written.login), ("object-id", &written.object_id)] {
        if value.is_none() {
            cx.error("missing-key", format!("`administrator` has no `{key}`"), span.clone(), format!("needs `{key}`"))
                .help("write its name as `login` and its id in Entra as `object-id`")
                .push();
        }
    }
    let types = &["User", "Group", "Application"];
    Some(SqlAdministrator {
        principal_type: parts::choice(cx, "type", written.principal_type.as_ref(), types),
        login: parts::text(cx, "login", written.login.as_ref())?,
        object_id: parts::text(cx, "object-id", written.object_id.as_ref())?,
    })
}
