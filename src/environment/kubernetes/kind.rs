//! The kind `kubernetes`: its files, and what it cannot do.

use super::release::release;
use crate::azure::Failure;
use crate::environment::{AzureKind, FileCx, FileKind, Files, Kind, apps, place};
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::environment::KubernetesFormat;
use crate::model::{App, Application, Environment};

/// Kubernetes.
#[derive(Debug)]
pub struct Kubernetes;

impl Kind for Kubernetes {
    fn name(&self) -> &'static str {
        "kubernetes"
    }

    fn check(&self, application: &Application, environment: &Environment, problems: &mut Diagnostics) {
        for app in apps(application, &environment.name) {
            check(application, app, problems);
        }
    }

    fn azure(&self) -> Option<&dyn AzureKind> {
        None
    }

    fn files(&self) -> Option<&dyn FileKind> {
        Some(self)
    }
}

impl FileKind for Kubernetes {
    fn files(&self, cx: &FileCx<'_>, environment: &Environment) -> Result<Files, Failure> {
        let release = release(cx, environment)?;
        let artifacts = match release.format {
            KubernetesFormat::Helm => release.chart(),
            KubernetesFormat::Manifests => release.manifests().map_err(|found| {
                let mut problems = Diagnostics::default();
                problems.extend(release.warnings.iter().cloned());
                problems.extend(found);
                Failure::Invalid(problems)
            })?,
        };
        Ok(Files { artifacts, warnings: release.warnings })
    }
}

/// What is declared of an app and does nothing in Kubernetes.
fn check(application: &Application, app: &App, problems: &mut Diagnostics) {
    place::only_azure(application, app, problems);
    for domain in app.domains.iter().filter(|_| app.endpoints.values().all(|endpoint| !endpoint.external)) {
        let message = format!("`{}` has a domain and no external endpoint that it could lead to", app.name);
        let diagnostic = Diagnostic::warning("no-effect", message).within(&application.source);
        problems.push(diagnostic.at(domain.span.clone(), "").help("write `external = true` at an endpoint"));
    }
}
