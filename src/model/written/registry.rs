//! `registries.<name>`.

use super::azure_registry::{
    CacheRule, CustomerManagedKey, GeoReplication, NetworkRules, PrivateEndpoint, Purge, ScopeMap, Sku, Task, Token,
    Webhook,
};
use super::{Existing, Int, Port};
use crate::manifest::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

/// A registry: where images are pushed to and pulled from.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Registry {
    /// What kind of registry this is.
    pub kind: Option<Spanned<String>>,
    /// Host and port, without a scheme: `ghcr.io`, `localhost:5000`.
    #[schemars(extend("pattern" = r"^[^/@\s]+$"), extend("examples" = ["ghcr.io", "localhost:5000"]))]
    pub endpoint: Option<Spanned<String>>,
    /// Path below the endpoint: images are called `endpoint/repository/app:tag`.
    #[schemars(extend("pattern" = super::REPOSITORY), extend("examples" = ["owner/shop"]))]
    pub repository: Option<Spanned<String>>,
    /// User name for pushing. Without it Docker's own configuration is asked.
    pub username: Option<Spanned<String>>,
    /// Password or token for pushing; a reference to a secret parameter.
    pub password: Option<Spanned<String>>,
    /// What environments need to pull: `"anonymous"` or a user name and password.
    pub pull: Option<RegistryPull>,
    /// Plain HTTP, or a certificate that nobody vouches for, is accepted.
    pub insecure: Option<bool>,
    /// Hosts that may be asked for tokens though they do not belong to the registry's domain.
    #[schemars(inner(regex(pattern = r"^[^/@\s]+$")))]
    pub trust_realms: Option<Vec<Spanned<String>>>,
    /// Port on the loopback interface. Default: a free one.
    pub port: Option<Spanned<Port>>,
    /// Name in Azure: 5 to 50 letters and digits, unique in all of Azure. Default: made from this entry's name.
    #[schemars(extend("pattern" = super::AZURE_REGISTRY))]
    pub name: Option<Spanned<String>>,
    /// Tier of the registry. Default: `basic`.
    pub sku: Option<Spanned<Sku>>,
    /// A registry that exists already and is not provisioned.
    pub existing: Option<Existing>,
    /// Azure location, for example `westeurope`.
    pub location: Option<Spanned<String>>,
    /// Azure resource group. Default: the application's.
    pub resource_group: Option<Spanned<String>>,
    /// Azure subscription (a GUID). Default: the one that you are signed in to.
    #[schemars(extend("pattern" = super::GUID))]
    pub subscription: Option<Spanned<String>>,
    /// Further locations that hold copies (tier premium).
    pub geo_replications: Option<Vec<Spanned<GeoReplication>>>,
    /// Spread over availability zones (tier premium).
    pub zone_redundancy: Option<bool>,
    /// Everyone may pull (tier standard or premium).
    pub anonymous_pull: Option<bool>,
    /// The admin user, off by default.
    pub admin_user: Option<bool>,
    /// Whether the registry answers on the public network. Default: yes, with private endpoints no.
    pub public_network_access: Option<bool>,
    /// Which addresses may reach it (tier premium).
    pub network_rules: Option<Spanned<NetworkRules>>,
    /// Addresses inside virtual networks (tier premium).
    pub private_endpoints: Option<Vec<Spanned<PrivateEndpoint>>>,
    /// Days that manifests without a tag are kept (tier premium).
    pub retention_days: Option<Spanned<Int<0, 365>>>,
    /// Images wait for a scanner's approval (tier premium).
    pub quarantine: Option<bool>,
    /// Whether images may be exported (tier premium). Default: yes.
    pub export_policy: Option<bool>,
    /// Data come from a host of the registry's own, for strict firewalls (tier premium).
    pub dedicated_data_endpoints: Option<bool>,
    /// Encryption with a key of your own (tier premium).
    pub customer_managed_key: Option<Spanned<CustomerManagedKey>>,
    /// What tokens may do, where several share it.
    pub scope_maps: Option<Vec<Spanned<ScopeMap>>>,
    /// Passwords for some repositories.
    pub tokens: Option<Vec<Spanned<Token>>>,
    /// What is deleted by schedule.
    pub purge: Option<Vec<Spanned<Purge>>>,
    /// Builds in Azure.
    pub tasks: Option<Vec<Spanned<Task>>>,
    /// Repositories that mirror other registries.
    pub cache_rules: Option<Vec<Spanned<CacheRule>>>,
    /// Addresses that are called when something is pushed or deleted.
    pub webhooks: Option<Vec<Spanned<Webhook>>>,
    /// Azure tags.
    pub tags: Option<super::Values>,
}

/// What environments need to pull images.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "RegistryPull", untagged)]
pub enum RegistryPull {
    String(Spanned<Anonymous>),
    Table(Spanned<UsernamePassword>),
}

/// No credentials are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Anonymous {
    Anonymous,
}

/// What one signs in with.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct UsernamePassword {
    /// User name.
    #[schemars(required)]
    pub username: Option<Spanned<String>>,
    /// Password or token; a reference to a secret parameter.
    #[schemars(required)]
    pub password: Option<Spanned<String>>,
}
