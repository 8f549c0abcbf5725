//! The parts of `registries.<name>` of kind `azure`.

use super::{Existing, Int, OneOrMany, Values};
use crate::manifest::{Spanned, Text};
use schemars::JsonSchema;
use serde::Deserialize;

const SCHEDULE: &str = r"^\S+( +\S+){4}$";
const TASK_NAME: &str = "^[A-Za-z0-9_-]{5,50}$";
const TOKEN_NAME: &str = "^[A-Za-z0-9-]{5,50}$";
const WEBHOOK_NAME: &str = "^[A-Za-z0-9]{5,50}$";
const AGE: &str = r"^([0-9]+d)?([0-9]+(\.[0-9]+)?(h|m|s|ms|us|µs|ns))*$";

/// A number of seconds that a task may run.
pub type TaskSeconds = Int<300, 28_800>;

/// Tier of an Azure registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sku {
    Basic,
    Standard,
    Premium,
}

/// A further location of a registry.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct GeoReplication {
    /// Azure location, for example `westus`.
    #[schemars(required)]
    pub location: Option<Spanned<String>>,
    /// Spread over that location's availability zones.
    pub zone_redundant: Option<bool>,
    /// Whether requests may be sent to that location. Default: yes.
    pub region_endpoint: Option<bool>,
}

/// Which addresses may reach a registry.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NetworkRules {
    /// What happens to addresses that no rule speaks of. Default: `deny`.
    pub default_action: Option<NetworkAction>,
    /// IPv4 addresses and ranges that may pass, for example `203.0.113.0/24`.
    pub allow: Option<Vec<Spanned<String>>>,
    /// Who may pass without a rule. Default: `azure-services`.
    pub bypass: Option<NetworkBypass>,
}

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkAction {
    Allow,
    Deny,
}

/// Who passes the rules of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkBypass {
    AzureServices,
    None,
}

/// An address inside a virtual network.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct PrivateEndpoint {
    /// Its name in Azure. Default: made of the registry's and the subnet's.
    #[schemars(extend("pattern" = "^[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?$"))]
    pub name: Option<Spanned<String>>,
    /// Where it is: `network.subnet` of a resource of kind `azure-virtual-network`, or a subnet's resource id.
    #[schemars(required, extend("examples" = ["network.registries"]))]
    pub subnet: Option<Spanned<String>>,
}

/// Encryption with a key of your own.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CustomerManagedKey {
    /// Address of the key: `https://vault.vault.azure.net/keys/name`; with a version it is not rotated.
    #[schemars(required)]
    pub key: Option<Spanned<String>>,
    /// A user-assigned identity that exists and may use the key.
    #[schemars(required)]
    pub identity: Option<Spanned<Existing>>,
}

/// What tokens may do.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ScopeMap {
    /// 5 to 50 letters, digits, `-` and `_`.
    #[schemars(required, extend("pattern" = TASK_NAME))]
    pub name: Option<Spanned<String>>,
    /// What it is for.
    pub description: Option<Spanned<String>>,
    /// Repositories, perhaps with `*` at the end.
    #[schemars(required)]
    pub repositories: Option<Vec<Spanned<String>>>,
    /// What is allowed there.
    #[schemars(required)]
    pub actions: Option<Vec<Spanned<TokenAction>>>,
}

/// A password for some repositories. Give a scope map, or repositories and actions.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Token {
    /// 5 to 50 letters, digits and `-`.
    #[schemars(required, extend("pattern" = TOKEN_NAME))]
    pub name: Option<Spanned<String>>,
    /// One of `scope-maps`, or one that Azure has, such as `_repositories_pull`.
    pub scope_map: Option<Spanned<String>>,
    /// Repositories, perhaps with `*` at the end.
    pub repositories: Option<Spanned<Vec<Spanned<String>>>>,
    /// What is allowed there.
    pub actions: Option<Spanned<Vec<Spanned<TokenAction>>>>,
    /// Whether it may be used. Default: yes.
    pub enabled: Option<bool>,
    /// When its password ends: `2027-01-31T00:00:00Z`. Without it the password is made by hand.
    pub expiry: Option<Spanned<String>>,
}

/// What a token may do with a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum TokenAction {
    #[serde(rename = "content/read")]
    ContentRead,
    #[serde(rename = "content/write")]
    ContentWrite,
    #[serde(rename = "content/delete")]
    ContentDelete,
    #[serde(rename = "metadata/read")]
    MetadataRead,
    #[serde(rename = "metadata/write")]
    MetadataWrite,
}

/// What is deleted by schedule (`acr purge`).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Purge {
    /// When: five fields of cron in UTC, for example `0 1 * * *`.
    #[schemars(required, extend("pattern" = SCHEDULE))]
    pub schedule: Option<Spanned<String>>,
    /// Which repositories and tags, `repository:tag`, both regular expressions. Default: all, `.*:.*`.
    pub filter: Option<OneOrMany>,
    /// How old an image must be, for example `7d` or `2d3h15m`. Default: `0d`, every age.
    #[schemars(extend("pattern" = AGE))]
    pub ago: Option<Spanned<String>>,
    /// How many are kept whatever their age. Default: 3.
    pub keep: Option<Spanned<Int<1, 1_000_000>>>,
    /// Whether manifests without a tag are deleted too.
    pub untagged: Option<bool>,
    /// The task's name, 5 to 50 letters, digits, `-` and `_`. Default: `purgeOldImages`.
    #[schemars(extend("pattern" = TASK_NAME))]
    pub name: Option<Spanned<String>>,
    /// Whether it runs. Default: yes.
    pub enabled: Option<bool>,
    /// Processors of the machine that it runs on.
    pub cpu: Option<Spanned<Int<1, 32>>>,
    /// Seconds after which it is stopped.
    pub timeout: Option<Spanned<TaskSeconds>>,
}

/// A build in Azure: on demand, on a commit, when a base image changes, by schedule.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Task {
    /// 5 to 50 letters, digits, `-` and `_`.
    #[schemars(required, extend("pattern" = TASK_NAME))]
    pub name: Option<Spanned<String>>,
    /// What is built: `https://github.com/owner/repo.git#branch:folder`, or an artefact, `oci://…`.
    #[schemars(required, extend("examples" = ["https://github.com/owner/repo.git#main:api"]))]
    pub context: Option<Spanned<String>>,
    /// In the context. Default: `Dockerfile`.
    pub dockerfile: Option<Spanned<String>>,
    /// What the image is called in this registry, `api:{{.Run.ID}}`; one name or several.
    #[schemars(required, extend("examples" = ["api:{{.Run.ID}}"]))]
    pub image: Option<OneOrMany>,
    /// Stage of the Dockerfile. Default: the last one.
    pub target: Option<Spanned<String>>,
    /// Arguments of the build.
    pub args: Option<Values>,
    /// Arguments of the build that are not shown; references to secret parameters.
    pub secret_args: Option<Values>,
    /// What the image is for: `linux/amd64`, `linux/arm64`, `windows/amd64`. Default: `linux/amd64`.
    pub platform: Option<Spanned<String>>,
    /// Whether layers of earlier builds are used. Default: they are.
    pub no_cache: Option<bool>,
    /// Whether the image is pushed into this registry. Default: yes.
    pub push: Option<bool>,
    /// Personal access token for the context's repository; a reference to a secret parameter.
    pub token: Option<Spanned<String>>,
    /// Whether a commit starts it: `true`, or which branch and events.
    pub commit: Option<CommitTrigger>,
    /// Whether a new base image starts it, and which.
    pub base_image: Option<BaseImage>,
    /// When it runs: five fields of cron in UTC; one schedule or several.
    pub schedule: Option<OneOrMany>,
    /// Whether it runs. Default: yes.
    pub enabled: Option<bool>,
    /// Processors of the machine that it runs on.
    pub cpu: Option<Spanned<Int<1, 32>>>,
    /// Seconds after which it is stopped.
    pub timeout: Option<Spanned<TaskSeconds>>,
}

/// Whether and when a commit starts a task.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "CommitTrigger", untagged)]
pub enum CommitTrigger {
    Boolean(Spanned<bool>),
    Table(Spanned<CommitRules>),
}

/// Which commits start a task.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CommitRules {
    /// Branch. Default: that of the context.
    pub branch: Option<Spanned<String>>,
    /// Default: `commit`.
    pub events: Option<Vec<Spanned<CommitEvent>>>,
}

/// What happens in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CommitEvent {
    Commit,
    PullRequest,
}

/// Which base images start a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BaseImage {
    /// Those of the stage that is run.
    Runtime,
    /// Those of all stages.
    All,
}

/// A repository that mirrors one of another registry.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CacheRule {
    /// 5 to 50 letters, digits and `-`. Default: made of the target.
    #[schemars(extend("pattern" = TOKEN_NAME))]
    pub name: Option<Spanned<String>>,
    /// What is mirrored, with its host: `docker.io/library/nginx`, `mcr.microsoft.com/*`.
    #[schemars(required)]
    pub source: Option<Spanned<String>>,
    /// Repository in this registry.
    #[schemars(required)]
    pub target: Option<Spanned<String>>,
    /// What the other registry is signed in to with.
    pub credentials: Option<Spanned<CacheCredentials>>,
}

/// Secrets in a Key Vault: the registry reads them itself.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CacheCredentials {
    /// Address of the secret with the user name: `https://vault.vault.azure.net/secrets/name`.
    #[schemars(required)]
    pub username: Option<Spanned<String>>,
    /// Address of the secret with the password or token.
    #[schemars(required)]
    pub password: Option<Spanned<String>>,
}

/// An address that is called when something happens.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Webhook {
    /// 5 to 50 letters and digits.
    #[schemars(required, extend("pattern" = WEBHOOK_NAME))]
    pub name: Option<Spanned<String>>,
    /// What is called; may be a secret.
    #[schemars(required, extend("examples" = ["https://example.com/pushed"]))]
    pub url: Option<Spanned<String>>,
    /// What it is called for. Default: `push`.
    pub actions: Option<Vec<Spanned<WebhookAction>>>,
    /// Which repository and tag, `api:*`. Default: all.
    pub scope: Option<Spanned<String>>,
    /// Headers of the call; their values may be secrets.
    pub headers: Option<crate::manifest::Entries<Spanned<Text>>>,
    /// Whether it is called. Default: yes.
    pub enabled: Option<bool>,
    /// One of the registry's locations. Default: where it is.
    pub location: Option<Spanned<String>>,
}

/// What a webhook is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WebhookAction {
    Push,
    Delete,
    Quarantine,
    ChartPush,
    ChartDelete,
}
