//! `azure-postgres`: Azure Database for PostgreSQL, flexible server.

use super::kind::Azure;
use super::parts::{self, NameRule};
use super::property::{Properties, Property, is_on, keys};
use super::service::parameter;
use super::spec::{Entry, Spec};
use super::written::{Firewall, Names, Switch};
use super::{Child, FirewallRule, ResourceKind};
use crate::manifest::{Entries, Spanned};
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::written::Int;
use crate::model::{Expression, Name};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-postgres",
    about: "Azure Database for PostgreSQL",
    keys: &[
        "name",
        "existing",
        "location",
        "tags",
        "version",
        "sku",
        "tier",
        "storage-gb",
        "databases",
        "password-authentication",
        "high-availability",
        "availability-zone",
        "backup-days",
        "geo-redundant-backup",
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

/// Sizes of storage in GiB that Azure has ("Storage options", Microsoft Learn).
const STORAGE: &[i64] = &[32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16384, 32767];
const VERSIONS: &[&str] = &["11", "12", "13", "14", "15", "16", "17", "18"];
const TIERS: &[&str] = &["Burstable", "GeneralPurpose", "MemoryOptimized"];

/// Names of databases that need no quoting.
pub(super) const DATABASE: NameRule = NameRule {
    noun: "a database",
    least: 1,
    most: 63,
    fits: |name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    },
    help: "use 1 to 63 ASCII letters, digits, `-` and `_`, starting with a letter",
};

/// Azure Database for PostgreSQL.
#[derive(Clone, Debug)]
pub struct AzurePostgres {
    pub azure: Azure,
    /// Default: 16.
    pub version: Option<Expression>,
    /// Default: `Standard_B1ms`.
    pub sku: Option<Expression>,
    /// `Burstable`, `GeneralPurpose` or `MemoryOptimized`. Default: what the SKU's name says, else `Burstable`.
    pub tier: Option<Expression>,
    /// GiB. Default: 32.
    pub storage_gb: Option<i64>,
    pub databases: Vec<Child>,
    /// `None`: Entra only.
    pub password_authentication: Option<PasswordAuthentication>,
    pub high_availability: HighAvailability,
    /// Default: 1.
    pub availability_zone: Option<Expression>,
    /// Default: 7.
    pub backup_days: Option<i64>,
    pub geo_redundant_backup: bool,
    /// Default: Azure's own, which is on.
    pub public_network_access: Option<bool>,
    /// Whether everything that runs in Azure may connect. Default: unless public access is off.
    pub allow_azure_services: bool,
    pub firewall: Vec<FirewallRule>,
}

/// Users with passwords beside Entra identities.
#[derive(Clone, Debug)]
pub struct PasswordAuthentication {
    pub username: Expression,
    pub password: Expression,
    /// The vault that keeps the connection strings; `None`: one of its own.
    pub key_vault: Option<Spanned<Name>>,
}

/// A second server that takes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HighAvailability {
    Disabled,
    SameZone,
    ZoneRedundant,
}

/// Azure Database for PostgreSQL.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// Major version of PostgreSQL. Default: `16`.
    version: Option<Spanned<crate::manifest::Text>>,
    /// Size of the server, for example `Standard_D2ds_v5`. Default: `Standard_B1ms`.
    sku: Option<Spanned<String>>,
    /// `burstable`, `general-purpose` or `memory-optimized`. Default: that of the SKU.
    tier: Option<Spanned<String>>,
    /// Storage in GiB: 32, 64, 128, … Default: 32.
    storage_gb: Option<Spanned<Int<1, 65536>>>,
    /// Databases to make: names, or keys with names.
    databases: Option<Names>,
    /// A user with a password instead of Entra identities. Default: no.
    password_authentication: Option<Switch<WrittenPassword>>,
    /// A second server that takes over: `disabled` (the default), `same-zone` or `zone-redundant`.
    high_availability: Option<Spanned<WrittenAvailability>>,
    /// Availability zone of the server. Default: `1`.
    availability_zone: Option<Spanned<crate::manifest::Text>>,
    /// Days that backups are kept. Default: 7.
    backup_days: Option<Spanned<Int<7, 35>>>,
    /// Backups in a second region too.
    geo_redundant_backup: Option<bool>,
    /// Whether the server answers on the public network.
    public_network_access: Option<bool>,
    /// Whether everything that runs in Azure may connect. Default: yes, unless `public-network-access = false`.
    allow_azure_services: Option<bool>,
    /// Ranges of addresses that may connect, by name.
    firewall: Option<Entries<Firewall>>,
}

/// A user with a password.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenPassword {
    /// User name. Default: a generated one, the parameter `<name>-username`.
    username: Option<Spanned<String>>,
    /// Password; a reference to a secret parameter. Default: a generated one, the parameter `<name>-password`.
    password: Option<Spanned<String>>,
    /// The `azure-key-vault` that keeps the connection strings. Default: one of its own, `<name>-kv`.
    key_vault: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum WrittenAvailability {
    Disabled,
    SameZone,
    ZoneRedundant,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let has_password = is_on(item.node, "password-authentication");
    let mut properties = Properties::of(item.name.as_str());
    properties.own(has_password, &[("connection-string", "*")]);
    properties.own(false, &[("host", "HOST"), ("port", "PORT")]);
    properties.own(has_password, &[("uri", "URI")]).own(false, &[("jdbc", "JDBCCONNECTIONSTRING")]);
    if has_password {
        properties.own(false, &[("username", "USERNAME")]).own(true, &[("password", "PASSWORD")]);
    }
    for key in keys(item.node, "databases") {
        properties.part(key, has_password, &[("connection-string", "*")]);
        properties.part(key, false, &[("host", "HOST"), ("port", "PORT")]);
        properties.part(key, has_password, &[("uri", "URI")]).part(key, false, &[("jdbc", "JDBCCONNECTIONSTRING")]);
        if has_password {
            properties.part(key, false, &[("username", "USERNAME")]).part(key, true, &[("password", "PASSWORD")]);
        }
        properties.part(key, false, &[("name", "DATABASENAME")]);
    }
    properties.own(false, &[("name", ""), ("id", "")]);
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let version = written.version.map(|version| version.map(|version| version.into_string()));
    let zone = written.availability_zone.map(|zone| zone.map(|zone| zone.into_string()));
    let tier = parts::choice(cx, "tier", written.tier.as_ref(), TIERS);
    let sku = parts::text(cx, "sku", written.sku.as_ref());
    let high_availability = match written.high_availability.as_ref().map(Spanned::get_ref) {
        None | Some(WrittenAvailability::Disabled) => HighAvailability::Disabled,
        Some(WrittenAvailability::SameZone) => HighAvailability::SameZone,
        Some(WrittenAvailability::ZoneRedundant) => HighAvailability::ZoneRedundant,
    };
    let is_burstable = match (&tier, &sku) {
        (Some(tier), _) => tier.as_literal() == Some("Burstable"),
        (None, Some(sku)) => sku.as_literal().is_some_and(|sku| sku.starts_with("Standard_B")),
        (None, None) => true,
    };
    if let Some(written) = written.high_availability.as_ref()
        && high_availability != HighAvailability::Disabled
        && is_burstable
    {
        cx.error("bad-value", "the tier `burstable` has no high availability", written.span(), "")
            .help("set `sku` to a server of the tier `general-purpose` or `memory-optimized`, for example `Standard_D2ds_v5`")
            .push();
    }
    let password_authentication = match written.password_authentication {
        None | Some(Switch::Boolean(false)) => None,
        Some(Switch::Boolean(true)) => Some(password(cx, &entry, &WrittenPassword::default())?),
        Some(Switch::Table(table)) => Some(password(cx, &entry, table.get_ref())?),
    };
    Some(ResourceKind::AzurePostgres(Box::new(AzurePostgres {
        version: parts::choice(cx, "version", version.as_ref(), VERSIONS),
        sku,
        tier,
        storage_gb: parts::number(cx, "storage-gb", written.storage_gb.as_ref(), STORAGE),
        databases: parts::names(cx, written.databases.as_ref(), &DATABASE),
        password_authentication,
        high_availability,
        availability_zone: parts::choice(cx, "availability-zone", zone.as_ref(), &["1", "2", "3"]),
        backup_days: parts::count(written.backup_days.as_ref()),
        geo_redundant_backup: written.geo_redundant_backup.unwrap_or(false),
        public_network_access: written.public_network_access,
        allow_azure_services: written
            .allow_azure_services
            .unwrap_or_else(|| written.public_network_access.unwrap_or(true)),
        firewall: parts::firewall(cx, written.firewall.as_ref()),
        azure: entry.azure,
    })))
}

fn password(cx: &mut Cx<'_>, entry: &Entry<'_>, written: &WrittenPassword) -> Option<PasswordAuthentication> {
    let username = match &written.username {
        Some(username) => parts::text(cx, "username", Some(username)),
        None => parameter(cx, entry.item, "username"),
    };
    let password = super::service::password(cx, entry.item, written.password.as_ref());
    let key_vault = parts::resource(cx, written.key_vault.as_ref(), "azure-key-vault");
    Some(PasswordAuthentication { username: username?, password: password?, key_vault })
}
