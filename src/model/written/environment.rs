//! `environments.<name>`.

use super::{Int, Later, OneOrMany, PLAIN, Port, SecurityLevel, Values};
use crate::manifest::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

/// A compute environment: where apps run.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Environment {
    /// What kind of environment this is.
    pub kind: Option<Spanned<String>>,
    /// Default registry of the apps that run here.
    pub registry: Option<Spanned<String>>,
    /// Azure location, for example `westeurope`.
    pub location: Option<Spanned<String>>,
    /// Azure resource group.
    pub resource_group: Option<Spanned<String>>,
    /// Azure subscription (a GUID).
    #[schemars(extend("pattern" = super::GUID))]
    pub subscription: Option<Spanned<String>>,
    /// An environment that exists already and is not provisioned.
    pub existing: Option<Spanned<Existing>>,
    /// Where logs go: a resource of kind `azure-log-analytics`, or a workspace that exists already.
    /// Default: a workspace of its own.
    pub log_analytics: Option<LogAnalytics>,
    /// Workload profiles of Container Apps, beside consumption.
    pub workload_profiles: Option<Vec<Spanned<WorkloadProfile>>>,
    /// Subnet that is delegated to it: a reference such as `$<vnet.subnets.apps.id>`, or a resource id.
    pub subnet: Option<Subnet>,
    /// The dashboard, on or off. Default: on in Azure, off elsewhere.
    pub dashboard: Option<Dashboard>,
    /// Spread over availability zones.
    pub zone_redundant: Option<Spanned<bool>>,
    /// HTTP endpoints are reached by HTTPS. Default: `true`.
    pub https_upgrade: Option<bool>,
    /// Apps speak with each other by mutual TLS. Default: `false`.
    pub mutual_tls: Option<bool>,
    /// A user-assigned identity that may pull from the registry already. Default: one of its own.
    pub pull_identity: Option<Spanned<Existing>>,
    /// Tier of the App Service plan. Default: `P0v3`.
    #[schemars(extend("pattern" = PLAIN), extend("examples" = ["B1", "P0v3", "P1v3"]))]
    pub sku: Option<Spanned<String>>,
    /// Application Insights: `true` for one of its own, or a resource of kind `azure-app-insights`.
    pub application_insights: Option<Insights>,
    /// Deployment slots that every site gets.
    pub slots: Option<OneOrMany>,
    /// Machines are added when requests come: `true`, or with a limit.
    pub automatic_scaling: Option<AutomaticScaling>,
    /// Name of the Compose project.
    pub project_name: Option<Spanned<String>>,
    /// Network that all services of the Compose project are in. Default: one of its own.
    pub network: Option<Network>,
    /// Kubernetes namespace.
    pub namespace: Option<Spanned<String>>,
    /// Whether a deployment makes the namespace where it is not there. Default: `true`.
    pub create_namespace: Option<Spanned<bool>>,
    /// Context of the kubeconfig. Default: the current one.
    pub context: Option<Spanned<String>>,
    /// A kubeconfig, relative to the manifest's folder. Default: as `kubectl` finds it.
    pub kubeconfig: Option<Spanned<String>>,
    /// What is written: a Helm chart (the default) or plain manifests.
    pub format: Option<Spanned<KubernetesFormat>>,
    /// What Helm calls what is installed. Default: the application's name.
    pub release: Option<Spanned<String>>,
    /// What the Helm chart says of itself.
    pub chart: Option<Spanned<Chart>>,
    /// How external HTTP endpoints are reached: objects of kind `Ingress` (the default), or `false` for none.
    pub ingress: Option<Ingress>,
    /// A gateway of the Gateway API that external HTTP endpoints are reached at, instead of an ingress.
    pub gateway: Option<Spanned<Gateway>>,
    /// Class of the volumes. Default: the cluster's.
    pub storage_class: Option<Spanned<String>>,
    /// Pods take connections only from those that refer to them. Default: `false`.
    pub network_policies: Option<bool>,
    /// What processes may do: a level of the Pod Security Standards. Default: `restricted`.
    pub security: Option<Spanned<SecurityLevel>>,
    /// Changes of your own to what is written.
    pub patch: Option<Later>,
    /// Azure tags.
    pub tags: Option<Values>,
}

/// Where logs go.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "LogAnalytics", untagged)]
pub enum LogAnalytics {
    String(Spanned<String>),
    Table(Box<Spanned<LogAnalyticsTable>>),
}

/// A workspace that exists already.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LogAnalyticsTable {
    /// The workspace; the same keys may stand without `existing`.
    pub existing: Option<Spanned<Existing>>,
    /// Its name in Azure.
    pub name: Option<Spanned<String>>,
    /// Its resource group. Default: the application's.
    pub resource_group: Option<Spanned<String>>,
    /// Its subscription (a GUID). Default: the application's.
    #[schemars(extend("pattern" = super::GUID))]
    pub subscription: Option<Spanned<String>>,
}

/// Machines that containers run on.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WorkloadProfile {
    /// What apps call it.
    #[schemars(required, extend("pattern" = "^[A-Za-z0-9][A-Za-z0-9-]{0,14}$"))]
    pub name: Option<Spanned<String>>,
    /// Kind of machine, for example `D4`.
    #[schemars(required, extend("pattern" = PLAIN), extend("examples" = ["D4", "E8", "Consumption-GPU-NC24-A100"]))]
    pub r#type: Option<Spanned<String>>,
    /// Fewest machines. Default: 1.
    pub min: Option<Spanned<Int<0, 1000>>>,
    /// Most machines. Default: 3, or `min` where that is more.
    pub max: Option<Spanned<Int<1, 1000>>>,
}

/// A subnet: its id, or a table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Subnet", untagged)]
pub enum Subnet {
    String(Spanned<String>),
    Table(Spanned<SubnetTable>),
}

/// A subnet.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct SubnetTable {
    /// Its resource id, usually a reference.
    #[schemars(required)]
    pub id: Option<Spanned<String>>,
    /// Nothing can be reached from outside of the network. Default: `false`.
    pub internal: Option<Spanned<bool>>,
}

/// A dashboard: on or off, or settings.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Dashboard", untagged)]
pub enum Dashboard {
    Boolean(bool),
    Table(Spanned<DashboardTable>),
}

/// Aspire's dashboard in Compose.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct DashboardTable {
    /// Tag of its image. Default: the version that this shipit knows.
    #[schemars(extend("pattern" = PLAIN))]
    pub version: Option<Spanned<String>>,
    /// Port on this machine. Default: 18888.
    pub port: Option<Spanned<Port>>,
}

/// A network: its name, or a table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Network", untagged)]
pub enum Network {
    String(Spanned<String>),
    Table(Spanned<NetworkTable>),
}

/// A network of a Compose project.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct NetworkTable {
    /// Its name.
    #[schemars(required, extend("pattern" = PLAIN))]
    pub name: Option<Spanned<String>>,
    /// It is there already, made by somebody else. Default: `false`.
    pub external: Option<bool>,
}

/// Where telemetry goes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Insights", untagged)]
pub enum Insights {
    Boolean(Spanned<bool>),
    String(Spanned<String>),
}

/// Whether machines are added when requests come.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "AutomaticScaling", untagged)]
pub enum AutomaticScaling {
    Boolean(Spanned<bool>),
    Table(Spanned<AutomaticScalingTable>),
}

/// How far it grows.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AutomaticScalingTable {
    /// The most machines. Default: 10.
    pub max: Option<Spanned<Int<1, 100>>>,
}

/// What a Helm chart says of itself.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Chart {
    /// Its name. Default: as the release.
    pub name: Option<Spanned<String>>,
    /// Its version, and that of the application: semantic versioning. Default: `0.1.0`.
    pub version: Option<Spanned<String>>,
}

/// Whether objects of kind `Ingress` are written, and how.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[schemars(rename = "Ingress", untagged)]
pub enum Ingress {
    Boolean(Spanned<bool>),
    Table(Spanned<IngressTable>),
}

/// How external HTTP endpoints are reached through an ingress.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct IngressTable {
    /// Its class. Default: the cluster's.
    pub class: Option<Spanned<String>>,
    /// What the hosts of apps without a `domain` of their own end with: `<app>.<domain>`.
    pub domain: Option<Spanned<String>>,
    /// Secret with the certificate of these hosts.
    pub tls_secret: Option<Spanned<String>>,
    /// Annotations, as the class wants them.
    pub annotations: Option<Values>,
}

/// A gateway that is there already.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Gateway {
    /// Its name.
    #[schemars(required)]
    pub name: Option<Spanned<String>>,
    /// Its namespace. Default: that of the apps.
    pub namespace: Option<Spanned<String>>,
    /// One of its listeners. Default: all of them.
    pub listener: Option<Spanned<String>>,
    /// What the hosts of apps without a `domain` of their own end with: `<app>.<domain>`.
    pub domain: Option<Spanned<String>>,
}

/// What is written for Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KubernetesFormat {
    Helm,
    Manifests,
}

/// Something that exists already in Azure.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Existing {
    /// Its name in Azure.
    #[schemars(required)]
    pub name: Option<Spanned<String>>,
    /// Its resource group. Default: the application's.
    pub resource_group: Option<Spanned<String>>,
    /// Its subscription (a GUID). Default: the application's.
    #[schemars(extend("pattern" = super::GUID))]
    pub subscription: Option<Spanned<String>>,
}
