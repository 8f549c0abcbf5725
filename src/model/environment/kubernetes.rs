//! Kubernetes.

use crate::manifest::{Span, Spanned};
use crate::model::{Expression, SecurityLevel};
use std::collections::BTreeMap;

/// A namespace of a cluster.
#[derive(Clone, Debug, Default)]
pub struct KubernetesEnvironment {
    pub cluster: Cluster,
    /// What is written.
    pub format: KubernetesFormat,
    /// `None`: that of the context.
    pub namespace: Option<Spanned<String>>,
    /// Whether a deployment makes the namespace where it is not there.
    pub create_namespace: bool,
    /// What Helm calls what is installed; `None`: made of the application's name.
    pub release: Option<Spanned<String>>,
    pub chart: Chart,
    /// How external HTTP endpoints are reached.
    pub entrance: Entrance,
    /// Class of the volumes; `None`: the cluster's default.
    pub storage_class: Option<Spanned<String>>,
    /// Pods take connections only from those that refer to them.
    pub network_policies: bool,
    /// Of apps that say nothing else, and of backing services.
    pub security: Option<Spanned<SecurityLevel>>,
    /// Changes of the user's own, in Kubernetes' words: by kind and name of an object.
    pub patch: Option<Spanned<serde_json::Value>>,
}

/// Which cluster it is. A cluster that is provisioned is another variant.
#[derive(Clone, Debug)]
pub enum Cluster {
    /// One that a kubeconfig knows.
    Kubeconfig {
        /// `None`: the current one.
        context: Option<Spanned<String>>,
        /// Relative to the manifest's folder; `None`: where `kubectl` looks.
        file: Option<Spanned<String>>,
    },
}

impl Default for Cluster {
    fn default() -> Self {
        Self::Kubeconfig { context: None, file: None }
    }
}

/// What is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KubernetesFormat {
    /// A Helm chart.
    #[default]
    Helm,
    /// Plain manifests, a base of Kustomize.
    Manifests,
}

/// What a chart says of itself.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// `None`: as the release.
    pub name: Option<Spanned<String>>,
    pub version: Option<Spanned<String>>,
}

/// How external HTTP endpoints are reached from outside of the cluster.
#[derive(Clone, Debug)]
pub enum Entrance {
    Ingress(Ingress),
    Gateway(Gateway),
    /// By nothing that is written here.
    Closed,
}

impl Default for Entrance {
    fn default() -> Self {
        Self::Ingress(Ingress::default())
    }
}

/// Objects of kind `Ingress`.
#[derive(Clone, Debug, Default)]
pub struct Ingress {
    /// `None`: the cluster's default.
    pub class: Option<Spanned<String>>,
    /// What hosts of apps that have no domain end with: `<app>.<domain>`.
    pub domain: Option<Expression>,
    /// Secret with the certificate of these hosts.
    pub tls_secret: Option<Spanned<String>>,
    pub annotations: BTreeMap<String, Expression>,
}

/// Objects of kind `HTTPRoute` at a gateway that is there already.
#[derive(Clone, Debug)]
pub struct Gateway {
    pub span: Span,
    pub name: Spanned<String>,
    pub namespace: Option<Spanned<String>>,
    /// One of its listeners; `None`: all of them.
    pub listener: Option<Spanned<String>>,
    /// What hosts of apps that have no domain end with.
    pub domain: Option<Expression>,
}
