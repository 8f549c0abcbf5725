//! Where a Kubernetes environment is deployed to: the command line first, then the manifest, then the
//! context's own.

use crate::cluster::{self, Context, Selection};
use crate::environment::kubernetes;
use crate::manifest::Diagnostic;
use crate::model::environment::Cluster;
use crate::model::{Application, Environment};
use std::path::{Path, PathBuf};

/// What the command line and the environment say about clusters.
#[derive(Clone, Debug, Default)]
pub struct ClusterRequest {
    /// Files of `KUBECONFIG`, else `~/.kube/config`.
    pub kubeconfig: Vec<PathBuf>,
    /// `--context`
    pub context: Option<String>,
    /// `--namespace`
    pub namespace: Option<String>,
    /// Take over what somebody else changed.
    pub force: bool,
}

/// A namespace of a cluster.
#[derive(Clone, Debug)]
pub(in crate::ops) struct Place {
    pub(super) context: Context,
    pub(super) files: Vec<PathBuf>,
    pub(super) namespace: String,
    pub(super) create_namespace: bool,
    pub(super) force: bool,
}

impl Place {
    /// Finds the context; asks no cluster.
    pub(in crate::ops) fn find(
        application: &Application,
        environment: &Environment,
        root: &Path,
        request: &ClusterRequest,
    ) -> Result<Self, Diagnostic> {
        let settings = kubernetes::settings(environment).expect("only Kubernetes has these steps");
        let Cluster::Kubeconfig { context, file } = &settings.cluster;
        let files = match file {
            Some(file) => vec![root.join(file.get_ref())],
            None => request.kubeconfig.clone(),
        };
        let said = context.as_ref().map(|context| context.get_ref().clone());
        let selection = Selection { files: files.clone(), context: request.context.clone().or(said) };
        let found = cluster::select(&selection).map_err(|error| {
            let diagnostic = Diagnostic::error("kubeconfig", error.to_string()).within(&application.source);
            let span = match (context, file) {
                (Some(context), _) if request.context.is_none() => context.span(),
                (_, Some(file)) => file.span(),
                _ => environment.kind.span(),
            };
            let diagnostic = diagnostic.at(span, "for this environment");
            error.help().into_iter().fold(diagnostic, Diagnostic::help)
        })?;
        let own = settings.namespace.as_ref().map(|namespace| namespace.get_ref().clone());
        let create_namespace = request.namespace.is_some() || (own.is_some() && settings.create_namespace);
        let namespace = request.namespace.clone().or(own).unwrap_or_else(|| found.namespace.clone());
        Ok(Self { context: found, files, namespace, create_namespace, force: request.force })
    }

    /// What a user types to look at it.
    pub(super) fn kubectl(&self, rest: &str) -> String {
        format!("kubectl --context {} --namespace {} {rest}", self.context.name, self.namespace)
    }
}
