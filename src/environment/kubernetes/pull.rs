//! What images are pulled with: one Secret for each registry that says so.

use super::names::{self, dns};
use super::node::{Map, Node};
use super::release::{Document, Rank};
use super::text::{Login, Text};
use super::workload::{Workload, metadata};
use super::writer::Writer;
use crate::environment::lowering::Lowering as _;
use crate::manifest::Diagnostic;
use crate::model::{PullCredentials, Registry, RegistryKind};
use std::collections::BTreeMap;

fn secret_name(registry: &Registry) -> String {
    dns(&format!("{}-pull", registry.name), names::LABEL)
}

fn login(registry: &Registry) -> Option<&crate::model::Credentials> {
    match &registry.pull {
        Some(PullCredentials::Login(login)) => Some(login),
        Some(PullCredentials::Anonymous) | None => None,
    }
}

/// The secrets that the pods of a workload are pulled with.
pub(super) fn names(workload: &Workload<'_>) -> Vec<Node> {
    let registry = workload.registry.filter(|registry| login(registry).is_some());
    registry.into_iter().map(|registry| Map::new().with("name", secret_name(registry)).into()).collect()
}

/// The secrets of all registries that are pulled from.
pub(super) fn documents(lowering: &mut Writer<'_>, workloads: &[Workload<'_>], labels: &Map) -> Vec<Document> {
    let mut registries: BTreeMap<&str, &Registry> = BTreeMap::new();
    for workload in workloads {
        let Some(registry) = workload.registry else { continue };
        if let (RegistryKind::Local { .. }, true) = (&registry.kind, !registries.contains_key(registry.name.as_str())) {
            let message =
                format!("`{}` is served on this machine: a cluster elsewhere pulls nothing from it", registry.name);
            let source = &lowering.cx.application.source;
            let diagnostic = Diagnostic::warning("local-registry", message).within(source);
            let help = "use a registry of kind `oci` or `azure`";
            lowering.problems.push(diagnostic.at(registry.span.clone(), "declared here").help(help));
        }
        registries.insert(registry.name.as_str(), registry);
    }
    let mut documents = Vec::new();
    for registry in registries.into_values() {
        let Some(credentials) = login(registry) else { continue };
        let server = lowering.server(&registry.name).unwrap_or_default();
        let (username, password) = (lowering.lower(&credentials.username), lowering.lower(&credentials.password));
        let login = Text::login(Login { server, username, password });
        let name = secret_name(registry);
        let body = Map::new()
            .with("type", "kubernetes.io/dockerconfigjson")
            .with("stringData", Map::new().with(".dockerconfigjson", login));
        let document = Document::new("v1", "Secret", metadata(name.as_str(), labels.clone()), body);
        documents.push(document.at("registries", &name, Rank::Secret));
    }
    documents
}
