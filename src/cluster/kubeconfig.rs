//! Which cluster: kubeconfig files, and the context among theirs.

use super::Error;
use kube::config::Kubeconfig;
use std::path::PathBuf;

/// Where a cluster is looked for.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// In the order in which they win: those of `KUBECONFIG`, else `~/.kube/config`.
    pub files: Vec<PathBuf>,
    /// `None`: the current one.
    pub context: Option<String>,
}

/// A cluster that was chosen; nothing was asked of it yet.
#[derive(Clone)]
pub struct Context {
    pub name: String,
    /// The namespace of the context; `default` where it has none.
    pub namespace: String,
    pub(super) config: Kubeconfig,
}

/// Reads the files and finds the context.
pub fn select(selection: &Selection) -> Result<Context, Error> {
    let mut config: Option<Kubeconfig> = None;
    // As everybody does it, files of the list that are not there count as empty.
    for file in selection.files.iter().filter(|file| file.exists()) {
        let wrong = |error| Error::Kubeconfig { path: file.clone(), cause: cause(error) };
        let next = Kubeconfig::read_from(file).map_err(wrong)?;
        config = Some(match config {
            Some(config) => config.merge(next).map_err(wrong)?,
            None => next,
        });
    }
    let Some(config) = config else { return Err(Error::NoKubeconfig { files: selection.files.clone() }) };
    let known = || config.contexts.iter().map(|context| context.name.clone()).collect::<Vec<_>>();
    let current = config.current_context.clone().filter(|name| !name.is_empty());
    let Some(name) = selection.context.clone().or(current) else {
        return Err(Error::NoContext { known: known() });
    };
    let found = config.contexts.iter().find(|context| context.name == name).and_then(|it| it.context.as_ref());
    let Some(found) = found else { return Err(Error::UnknownContext { name, known: known() }) };
    if !config.clusters.iter().any(|cluster| cluster.name == found.cluster) {
        return Err(Error::UnknownCluster { context: name, cluster: found.cluster.clone() });
    }
    let namespace = found.namespace.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| "default".to_owned());
    Ok(Context { name, namespace, config })
}

/// What a library says of a file, without the content that it may quote.
fn cause(error: kube::config::KubeconfigError) -> String {
    use kube::config::KubeconfigError as E;
    match error {
        E::ReadConfig(source, _) => source.to_string(),
        E::Parse(error) => match error.location() {
            Some(at) => format!("it is not a kubeconfig: line {}, column {}", at.line(), at.column()),
            None => "it is not a kubeconfig".to_owned(),
        },
        other => other.to_string(),
    }
}

/// Without the credentials of the file.
impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("name", &self.name).finish_non_exhaustive()
    }
}
