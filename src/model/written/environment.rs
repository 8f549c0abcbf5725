//! `environments.<name>`.

use super::{Later, Values};
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
    pub existing: Option<Existing>,
    /// Log Analytics workspace.
    pub log_analytics: Option<Later>,
    /// Workload profiles of Container Apps.
    pub workload_profiles: Option<Later>,
    /// Delegated subnet.
    pub subnet: Option<Later>,
    /// The dashboard, on or off or with settings.
    pub dashboard: Option<Later>,
    /// Tier of the App Service plan.
    pub sku: Option<Later>,
    /// Application Insights.
    pub application_insights: Option<Later>,
    /// Deployment slots.
    pub slots: Option<Later>,
    /// Name of the Compose project.
    pub project_name: Option<Spanned<String>>,
    /// Networks of the Compose project.
    pub network: Option<Later>,
    /// Kubernetes namespace.
    pub namespace: Option<Spanned<String>>,
    /// Context of the kubeconfig.
    pub context: Option<Spanned<String>>,
    /// What is written: a Helm chart or plain manifests.
    pub format: Option<Spanned<KubernetesFormat>>,
    /// How external endpoints are reached.
    pub ingress: Option<Later>,
    /// Whether network policies are written.
    pub network_policies: Option<Later>,
    /// Changes of your own to what is written.
    pub patch: Option<Later>,
    /// Azure tags.
    pub tags: Option<Values>,
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
    pub name: Option<Spanned<String>>,
    /// Its resource group. Default: the application's.
    pub resource_group: Option<Spanned<String>>,
    /// Its subscription (a GUID). Default: the application's.
    #[schemars(extend("pattern" = super::GUID))]
    pub subscription: Option<Spanned<String>>,
}
