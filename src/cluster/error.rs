//! What a cluster refuses and why it cannot be reached.

use super::ObjectRef;
use crate::util::{FailureClass, text};
use kube::core::Status;
use std::path::PathBuf;

#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no kubeconfig")]
    NoKubeconfig { files: Vec<PathBuf> },
    #[error("cannot read the kubeconfig `{}`: {cause}", path.display())]
    Kubeconfig { path: PathBuf, cause: String },
    #[error("the kubeconfig has no current context")]
    NoContext { known: Vec<String> },
    #[error("there is no context `{name}` in the kubeconfig")]
    UnknownContext { name: String, known: Vec<String> },
    #[error("the context `{context}` is for the cluster `{cluster}`, which the kubeconfig does not have")]
    UnknownCluster { context: String, cluster: String },
    #[error("the context `{context}` cannot be used: {cause}")]
    Setup { context: String, cause: String },
    #[error("signing in to the cluster of the context `{context}` failed: {cause}")]
    SignIn { context: String, cause: String },
    #[error("the certificate of {server} is not trusted: {cause}")]
    Certificate { server: String, cause: String },
    #[error("the cluster does not answer ({server}): {cause}")]
    Away { server: String, cause: String },
    #[error("the cluster of the context `{context}` does not accept the credentials")]
    Unauthorized { context: String },
    #[error("the context `{context}` may not {act}: {message}")]
    Forbidden { context: String, act: String, message: String },
    #[error("{object} was changed by somebody else: {}", fields(changes))]
    Conflict { object: Box<ObjectRef>, changes: Vec<Change> },
    #[error("{object} exists already and is not of this release{}", by(owner.as_deref()))]
    Foreign { object: Box<ObjectRef>, owner: Option<String> },
    #[error("the cluster does not know objects of the kind {kind} ({api_version})")]
    UnknownKind { api_version: String, kind: String },
    #[error("the namespace `{namespace}` does not exist")]
    NoNamespace { namespace: String },
    #[error("{object} is refused: {message}")]
    Invalid { object: Box<ObjectRef>, message: String },
    #[error("the cluster could not {act}: {message} ({code})")]
    Api { act: String, code: u16, message: String },
}

/// A field that somebody else set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    pub manager: String,
}

impl Error {
    /// How it is to be taken: by the exit status, and by whoever could try again.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::SignIn { .. } | Self::Unauthorized { .. } | Self::Forbidden { .. } => FailureClass::Refused,
            Self::Away { .. } => FailureClass::Passing,
            Self::Api { code, .. } if is_passing(*code) => FailureClass::Passing,
            Self::NoKubeconfig { .. }
            | Self::Kubeconfig { .. }
            | Self::NoContext { .. }
            | Self::UnknownContext { .. }
            | Self::UnknownCluster { .. }
            | Self::Setup { .. }
            | Self::Certificate { .. }
            | Self::Conflict { .. }
            | Self::Foreign { .. }
            | Self::UnknownKind { .. }
            | Self::NoNamespace { .. }
            | Self::Invalid { .. }
            | Self::Api { .. } => FailureClass::Permanent,
        }
    }

    pub fn help(&self) -> Option<String> {
        let candidates = |known: &[String]| match known {
            [] => "the kubeconfig has none; get one from whoever runs the cluster".to_owned(),
            known => format!("give one of them with `--context`: {}", known.join(", ")),
        };
        Some(match self {
            Self::NoKubeconfig { files } => {
                let files: Vec<String> = files.iter().map(|file| format!("`{}`", file.display())).collect();
                let looked =
                    if files.is_empty() { String::new() } else { format!(" (looked at {})", files.join(", ")) };
                format!("set KUBECONFIG to the file that says how the cluster is reached{looked}")
            }
            Self::Kubeconfig { .. } => "look at it with `kubectl config view`".to_owned(),
            Self::NoContext { known } => candidates(known),
            Self::UnknownContext { name, known } => {
                let near = text::nearest(name, known.iter().map(String::as_str));
                near.map_or_else(|| candidates(known), |near| format!("did you mean `{near}`?"))
            }
            Self::UnknownCluster { .. } | Self::Setup { .. } => {
                "compare with `kubectl config view`, or choose another context with `--context`".to_owned()
            }
            Self::SignIn { .. } => "sign in again, as you do for `kubectl get pods`".to_owned(),
            Self::Certificate { .. } => {
                "put the cluster's own authority into the kubeconfig (`certificate-authority`)".to_owned()
            }
            Self::Away { .. } => {
                "see whether `kubectl version` answers (VPN, firewall, is the cluster started?), then run this again"
                    .to_owned()
            }
            Self::Unauthorized { .. } => "sign in again; tokens and certificates end some day".to_owned(),
            Self::Forbidden { .. } => {
                "ask whoever runs the cluster for that right, or choose another context or namespace".to_owned()
            }
            Self::Conflict { .. } => "make the change in the manifest instead, or take over what was changed with \
                                      `--force-conflicts`"
                .to_owned(),
            Self::Foreign { owner: Some(owner), .. } if owner.starts_with("helm") => {
                "it was deployed with Helm: put `helm` on PATH, or `helm uninstall` it first".to_owned()
            }
            Self::Foreign { .. } => "choose another `--namespace`, remove it, or take it over with \
                                     `--force-conflicts`"
                .to_owned(),
            Self::UnknownKind { .. } => "install what brings it (its CustomResourceDefinitions) first".to_owned(),
            Self::NoNamespace { namespace } => format!("create it: `kubectl create namespace {namespace}`"),
            Self::Invalid { message, .. } if message.contains("immutable") => {
                "delete the object, then deploy again".to_owned()
            }
            Self::Invalid { .. } | Self::Api { .. } => return None,
        })
    }
}

/// Whether a status means that the same request may succeed in a moment.
pub(super) fn is_passing(code: u16) -> bool {
    matches!(code, 408 | 429 | 500 | 502 | 503 | 504)
}

/// Whether an object has fields that it cannot have. Server-side apply calls that an error of its own
/// (500, seen with 1.36).
pub(super) fn is_mistyped(status: &Status) -> bool {
    status.code == 500 && status.message.starts_with("failed to create typed patch object")
}

fn fields(changes: &[Change]) -> String {
    let named = changes.iter().map(|change| format!("`{}` by `{}`", change.field, change.manager));
    named.collect::<Vec<_>>().join(", ")
}

fn by(owner: Option<&str>) -> String {
    owner.map_or_else(String::new, |owner| format!(" (it was made by `{owner}`)"))
}
