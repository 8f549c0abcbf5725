//! `apps.<name>`.

use super::super::{Existing, Later, NETWORK, Number, OneOrMany, PLAIN, REPOSITORY, SIZE, TAG, Values, variable};
use super::{Domains, Endpoint, File, Health, Job, Replicas, Scale, Security, Volume};
use crate::manifest::{Entries, Spanned, Text};
use schemars::JsonSchema;
use serde::Deserialize;

/// A workload of your own.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct App {
    /// What kind of app this is.
    pub kind: Option<Spanned<String>>,
    /// Folder that is built, relative to the manifest's.
    #[schemars(extend("pattern" = PLAIN), extend("examples" = ["."]))]
    pub context: Option<Spanned<String>>,
    /// Dockerfile, relative to the context. Default: `Dockerfile`.
    #[schemars(extend("pattern" = PLAIN))]
    pub dockerfile: Option<Spanned<String>>,
    /// Stage of the Dockerfile to build. Default: the last.
    #[schemars(extend("pattern" = PLAIN))]
    pub target: Option<Spanned<String>>,
    /// Values of `ARG` lines. They end up in the image's history: not for secrets.
    pub build_args: Option<Values>,
    /// Secrets for `RUN --mount=type=secret`: id and value. They leave no trace in the image.
    pub build_secrets: Option<Values>,
    /// Platforms to build for: `os/architecture[/variant]`. Default: the engine's own.
    #[schemars(extend("examples" = [["linux/amd64", "linux/arm64"]]), inner(regex(pattern = r"^(linux|windows|freebsd)/[a-z0-9]+(/v[0-9]+)?$")))]
    pub platforms: Option<Vec<Spanned<String>>>,
    /// Labels of the image.
    pub labels: Option<Values>,
    /// Images whose layers may be used as a cache.
    pub cache_from: Option<Vec<Spanned<String>>>,
    /// Where the build's cache is kept.
    pub cache_to: Option<Spanned<Later>>,
    /// Build every layer anew.
    pub no_cache: Option<bool>,
    /// Whether base images are asked for anew: `"missing"` (the default) or `"always"`.
    pub pull: Option<Pull>,
    /// Network of `RUN` while it is built: `"none"`, `"host"` or one that the engine has. Default: the
    /// engine's own.
    #[schemars(extend("pattern" = NETWORK), extend("examples" = ["none", "host"]))]
    pub network: Option<Spanned<String>>,
    /// Built files of other apps to copy into this one's image.
    pub files_from: Option<Spanned<Vec<FilesFrom>>>,
    /// The image, for example `ghcr.io/owner/api:1.2`.
    #[schemars(extend("pattern" = r"^(\$|[^/\s]+/)"), extend("examples" = ["ghcr.io/owner/api:1.2"]))]
    pub image: Option<Spanned<String>>,
    /// Copy the image into the app's registries.
    pub mirror: Option<Spanned<bool>>,
    /// Where it runs.
    pub environment: Option<OneOrMany>,
    /// Where its image is pushed to. Default: the environment's registry, or the only one there is.
    pub registry: Option<OneOrMany>,
    /// Last part of the image's name. Default: the app's name.
    #[schemars(extend("pattern" = REPOSITORY))]
    pub image_name: Option<Spanned<String>>,
    /// Tag of the image. Default: `latest`.
    #[schemars(extend("pattern" = TAG))]
    pub tag: Option<Spanned<Text>>,
    /// Tags of the image, when there are several.
    #[schemars(extend("minItems" = 1), inner(regex(pattern = TAG)))]
    pub tags: Option<Spanned<Vec<Spanned<Text>>>>,
    /// Program and arguments instead of the image's entry point.
    pub command: Option<Vec<Spanned<Text>>>,
    /// Arguments instead of the image's own.
    pub args: Option<Vec<Spanned<Text>>>,
    /// Environment variables.
    #[schemars(extend("propertyNames" = variable()))]
    pub env: Option<Values>,
    /// Ports that it listens on, by name.
    pub endpoints: Option<Entries<Endpoint>>,
    /// Apps and resources that it is given the addresses of.
    pub references: Option<Vec<Spanned<String>>>,
    /// Apps and resources that must be ready before it starts.
    pub wait_for: Option<Vec<Spanned<String>>>,
    /// Volumes: `"data:/var/lib/data"` or a table.
    pub volumes: Option<Vec<Volume>>,
    /// Files that are put into the container.
    pub files: Option<Vec<Spanned<File>>>,
    /// Probes.
    pub health: Option<Health>,
    /// How many of it run.
    pub replicas: Option<Replicas>,
    /// What makes their number grow and shrink.
    pub scale: Option<Spanned<Scale>>,
    /// Processors, for example `0.5`.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub cpu: Option<Spanned<Number>>,
    /// Memory, for example `1Gi`.
    #[schemars(extend("pattern" = SIZE))]
    pub memory: Option<Spanned<String>>,
    /// Runs to its end, by schedule or by hand, instead of serving.
    pub job: Option<Job>,
    /// What its identity may do: roles by the name of a resource or a registry, in place of the defaults.
    pub roles: Option<Entries<OneOrMany>>,
    /// A user-assigned identity that exists already, in place of one of its own.
    pub identity: Option<Spanned<Existing>>,
    /// Domains of your own.
    pub domain: Option<Domains>,
    /// Workload profile of its environment that it runs on.
    #[schemars(extend("pattern" = PLAIN))]
    pub workload_profile: Option<Spanned<String>>,
    /// What its processes may do in Kubernetes. Default: the environment's `security`.
    pub security: Option<Security>,
}

/// Whether base images are asked for anew.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Pull", untagged)]
pub enum Pull {
    String(PullWord),
    Boolean(bool),
}

/// When base images are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PullWord {
    /// Only when the engine does not have them.
    Missing,
    /// On every build.
    Always,
}

/// Built files of another app.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct FilesFrom {
    /// The app whose files are copied.
    #[schemars(required)]
    pub app: Option<Spanned<String>>,
    /// Where they go.
    #[schemars(required)]
    pub to: Option<Spanned<String>>,
}
