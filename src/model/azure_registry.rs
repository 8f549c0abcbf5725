//! Azure Container Registry: everything that a manifest can say of one, checked against its tier.
//!
//! Names, schedules and ages are well-formed here and no two of a kind are alike. What a reference
//! stands for is known when it is deployed and checked by Azure.

use super::resource::Role;
use super::{AzureExisting, AzurePlacement, Expression, Subnet};
use crate::manifest::{Span, Spanned};
use std::collections::BTreeMap;

/// What may be done with a registry ("Azure built-in roles for Containers", Microsoft Learn).
pub const REGISTRY_ROLES: &[Role] = &[
    Role { name: "AcrPull", id: "7f951dda-4ed3-4680-a7ca-43fe172d538d" },
    Role { name: "AcrPush", id: "8311e382-0749-4cb8-b61a-304f252e45ec" },
    Role { name: "AcrDelete", id: "c2f4ef07-c644-48eb-af81-4b1b4947fb11" },
    Role { name: "AcrImageSigner", id: "6cef56e8-d556-48e5-a04f-b8e64114680f" },
    Role { name: "AcrQuarantineReader", id: "cdda3590-29a3-44f6-95f2-9f980659eb04" },
    Role { name: "AcrQuarantineWriter", id: "c8d4ff99-41c3-41a8-9f60-21dfdad59608" },
];

/// A registry of kind `azure`.
#[derive(Clone, Debug)]
pub enum AzureRegistry {
    /// It is looked up, pulled from and pushed to; nothing else is said of it.
    Existing(AzureExisting),
    Provisioned(Box<ProvisionedRegistry>),
}

/// A registry that shipit describes.
#[derive(Clone, Debug, Default)]
pub struct ProvisionedRegistry {
    /// In Azure; `None`: made of the entry's name and the resource group's.
    pub name: Option<Expression>,
    pub placement: AzurePlacement,
    pub sku: RegistrySku,
    /// No two in one location, none where the registry itself is.
    pub replications: Vec<RegistryReplication>,
    /// `None`: Azure's own default.
    pub zone_redundancy: Option<bool>,
    pub anonymous_pull: bool,
    pub admin_user: bool,
    /// `None`: nothing was said; with a private endpoint that means no.
    pub public_network_access: Option<bool>,
    pub network_rules: Option<RegistryNetworkRules>,
    pub private_endpoints: Vec<RegistryPrivateEndpoint>,
    /// Days that manifests without a tag are kept, 0 to 365; `None`: for ever.
    pub retention_days: Option<u16>,
    pub quarantine: bool,
    /// `None`: nothing was said, images may be exported.
    pub export_policy: Option<bool>,
    pub dedicated_data_endpoints: bool,
    pub encryption: Option<RegistryEncryption>,
    pub scope_maps: Vec<RegistryScopeMap>,
    pub tokens: Vec<RegistryToken>,
    pub purges: Vec<RegistryPurge>,
    pub tasks: Vec<RegistryTask>,
    pub cache_rules: Vec<RegistryCacheRule>,
    pub webhooks: Vec<RegistryWebhook>,
    pub tags: BTreeMap<String, Expression>,
}

/// Tier, from the smallest to the largest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegistrySku {
    #[default]
    Basic,
    Standard,
    Premium,
}

/// A further location that holds a copy.
#[derive(Clone, Debug)]
pub struct RegistryReplication {
    pub location: Expression,
    pub zone_redundant: Option<bool>,
    /// Whether requests may be sent there; `None`: yes.
    pub region_endpoint: Option<bool>,
}

/// Which addresses may reach a registry.
#[derive(Clone, Debug)]
pub struct RegistryNetworkRules {
    /// Whether everyone else is refused.
    pub deny_others: bool,
    /// IPv4 addresses and ranges.
    pub allow: Vec<Expression>,
    /// Whether trusted services of Azure may pass all the same.
    pub bypass_azure_services: bool,
}

/// An address of the registry inside a virtual network.
#[derive(Clone, Debug)]
pub struct RegistryPrivateEndpoint {
    /// Letters, digits, `-`, `_` and `.`.
    pub name: Option<Spanned<String>>,
    pub subnet: Subnet,
    pub span: Span,
}

/// Encryption with a key of the user's own.
#[derive(Clone, Debug)]
pub struct RegistryEncryption {
    /// `https://<vault>.vault.azure.net/keys/<key>[/<version>]`.
    pub key: Expression,
    /// A user-assigned identity that may use the key.
    pub identity: AzureExisting,
}

/// What a token may do.
#[derive(Clone, Debug)]
pub struct RegistryScopeMap {
    /// 5 to 50 letters, digits, `-` and `_`.
    pub name: Spanned<String>,
    pub description: Option<String>,
    /// As Azure writes them: `repositories/<repository>/content/read`; never empty.
    pub actions: Vec<String>,
}

/// A password for some repositories.
#[derive(Clone, Debug)]
pub struct RegistryToken {
    /// 5 to 50 letters, digits and `-`.
    pub name: Spanned<String>,
    /// One of the registry's scope maps, or one that Azure has (`_repositories_pull`).
    pub scope_map: String,
    pub enabled: bool,
    /// When its password ends, in RFC 3339; `None`: no password is made.
    pub expiry: Option<Expression>,
}

/// Images that are deleted by schedule.
#[derive(Clone, Debug)]
pub struct RegistryPurge {
    /// Of the task, 5 to 50 letters, digits, `-` and `_`; unique among purges and tasks.
    pub name: String,
    /// Five fields of cron, UTC.
    pub schedule: String,
    /// `repository:tag`, both regular expressions; never empty, without quotes.
    pub filters: Vec<String>,
    /// E.g. `7d`, `2d3h15m`; `0d`: every age.
    pub ago: String,
    /// At least 1.
    pub keep: u32,
    /// Whether manifests without a tag go too.
    pub untagged: bool,
    pub run: RegistryTaskRun,
}

/// How a task runs.
#[derive(Clone, Copy, Debug)]
pub struct RegistryTaskRun {
    pub enabled: bool,
    /// Processors; `None`: Azure's own number.
    pub cpu: Option<u32>,
    /// Seconds, 300 to 28,800; `None`: Azure's own limit.
    pub timeout: Option<u32>,
}

/// A build in Azure.
#[derive(Clone, Debug)]
pub struct RegistryTask {
    /// 5 to 50 letters, digits, `-` and `_`; unique among purges and tasks.
    pub name: String,
    /// `https://….git#branch:folder`, or an artefact, `oci://…`.
    pub context: Expression,
    /// In the context.
    pub dockerfile: Expression,
    /// `repository:tag` in this registry; never empty.
    pub images: Vec<Expression>,
    pub target: Option<Expression>,
    pub args: BTreeMap<String, Expression>,
    pub secret_args: BTreeMap<String, Expression>,
    pub platform: RegistryTaskPlatform,
    pub no_cache: bool,
    /// Whether the images are pushed when they are built.
    pub push: bool,
    /// Of the repository that the context is in; a secret.
    pub token: Option<Expression>,
    pub commit: Option<RegistryCommitTrigger>,
    pub base_image: Option<BaseImageTrigger>,
    /// Five fields of cron each, UTC.
    pub schedules: Vec<String>,
    pub run: RegistryTaskRun,
}

/// What an image is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegistryTaskPlatform {
    /// As Azure writes it, e.g. `Linux`.
    pub os: &'static str,
    /// As Azure writes it, e.g. `amd64`; `None`: the usual one.
    pub architecture: Option<&'static str>,
    pub variant: Option<&'static str>,
}

/// A build whenever something is committed.
#[derive(Clone, Debug)]
pub struct RegistryCommitTrigger {
    /// The context's repository, without branch and folder.
    pub repository: Expression,
    /// `None`: the repository's default branch.
    pub branch: Option<Expression>,
    pub host: SourceHost,
    pub events: Vec<CommitEvent>,
}

/// Who hosts a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceHost {
    GitHub,
    AzureDevOps,
}

/// What starts a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitEvent {
    Commit,
    PullRequest,
}

/// Which base images start a build when they change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseImageTrigger {
    /// Those of the stage that is run.
    Runtime,
    /// Those of all stages.
    All,
}

/// A repository that mirrors one of another registry.
#[derive(Clone, Debug)]
pub struct RegistryCacheRule {
    /// 5 to 50 letters, digits and `-`.
    pub name: String,
    /// `host/repository`, perhaps with `*` at its end.
    pub source: Spanned<String>,
    /// Repository in this registry.
    pub target: String,
    pub credentials: Option<RegistryCacheCredentials>,
}

/// Addresses of secrets in a Key Vault, `https://<vault>/secrets/<name>`.
#[derive(Clone, Debug)]
pub struct RegistryCacheCredentials {
    pub username: Expression,
    pub password: Expression,
}

/// An address that is called.
#[derive(Clone, Debug)]
pub struct RegistryWebhook {
    /// 5 to 50 letters and digits.
    pub name: Spanned<String>,
    /// Perhaps with a secret in it.
    pub url: Expression,
    /// As Azure writes them; never empty.
    pub actions: Vec<&'static str>,
    /// `repository:tag`; `None`: everything.
    pub scope: Option<Expression>,
    /// Perhaps with secrets in them.
    pub headers: BTreeMap<String, Expression>,
    pub enabled: bool,
    /// Of one of the copies; `None`: where the registry is.
    pub location: Option<Expression>,
}

impl AzureRegistry {
    /// Its name in Azure, of which the login server is made; `None`: Azure makes one.
    pub fn name(&self) -> Option<&Expression> {
        match self {
            Self::Existing(existing) => Some(&existing.name),
            Self::Provisioned(registry) => registry.name.as_ref(),
        }
    }
}

impl ProvisionedRegistry {
    /// Whether it answers on the public network; `None`: nothing says so, which is yes.
    ///
    /// Who gives it an address inside a network and no rules for the outside wants it inside only.
    pub fn public_access(&self) -> Option<bool> {
        let is_inside = !self.private_endpoints.is_empty() && self.network_rules.is_none();
        self.public_network_access.or(is_inside.then_some(false))
    }
}

impl RegistrySku {
    pub const ALL: [Self; 3] = [Self::Basic, Self::Standard, Self::Premium];

    /// What a manifest calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Standard => "standard",
            Self::Premium => "premium",
        }
    }
}
