//! The kind `azure-container-apps`.

use super::workload::Workload as Running;
use super::{app, check, container, environment, ingress};
use crate::azure::{Builder, Cx, Failure, Lowered, Module};
use crate::environment::{AzureKind, Kind, Workload};
use crate::manifest::{Diagnostics, Span};
use crate::model::environment::ContainerAppsEnvironment;
use crate::model::{App, Application, Environment, EnvironmentKind, Resource};

/// Azure Container Apps.
#[derive(Debug)]
pub(in crate::environment) struct ContainerApps;

impl Kind for ContainerApps {
    fn name(&self) -> &'static str {
        "azure-container-apps"
    }

    fn check(&self, application: &Application, environment: &Environment, problems: &mut Diagnostics) {
        if let Some(settings) = settings(environment) {
            check::check(application, environment, settings, problems);
        }
    }

    fn azure(&self) -> Option<&dyn AzureKind> {
        Some(self)
    }
}

impl AzureKind for ContainerApps {
    fn environment(&self, cx: &Cx<'_>, environment: &Environment) -> Result<Vec<Module>, Failure> {
        match settings(environment) {
            Some(settings) => environment::modules(cx, environment, settings),
            None => Ok(Vec::new()),
        }
    }

    fn app(&self, cx: &Cx<'_>, environment: &Environment, app: &App) -> Result<Vec<Module>, Failure> {
        match settings(environment) {
            Some(settings) => app::modules(cx, environment, settings, &Running::of_app(cx.application, app)),
            None => Ok(Vec::new()),
        }
    }

    fn service(&self, cx: &Cx<'_>, environment: &Environment, service: &Resource) -> Result<Vec<Module>, Failure> {
        match (settings(environment), Running::of_service(service)) {
            (Some(settings), Some(workload)) => app::modules(cx, environment, settings, &workload),
            (_, None) | (None, _) => Ok(Vec::new()),
        }
    }

    fn property(&self, builder: &mut Builder<'_>, environment: &Environment, property: &str) -> Option<Lowered> {
        let output = match property {
            "domain" => ingress::DOMAIN,
            "id" => container::ENVIRONMENT_ID,
            _ => "AZURE_CONTAINER_APPS_ENVIRONMENT_NAME",
        };
        Some(Lowered::plain(builder.output(environment.name.as_str(), output)))
    }

    fn address(
        &self,
        builder: &mut Builder<'_>,
        environment: &Environment,
        of: Workload<'_>,
        property: &str,
        span: &Span,
    ) -> Option<Lowered> {
        let settings = settings(environment)?;
        let application = builder.cx.application;
        let (name, workload) = match of {
            Workload::App(app) => (&app.name, Some(Running::of_app(application, app))),
            Workload::Service(service) => (&service.name, Running::of_service(service)),
        };
        let found = workload.and_then(|workload| ingress::address(builder, environment, settings, &workload, property));
        if found.is_none() {
            let message = format!("`{name}` has no address `{property}`");
            builder.error("no-address", message, span, format!("give `{name}` an endpoint with a `target-port`"));
        }
        found
    }
}

fn settings(environment: &Environment) -> Option<&ContainerAppsEnvironment> {
    match environment.kind.get_ref() {
        EnvironmentKind::AzureContainerApps(settings) => Some(settings),
        EnvironmentKind::AzureAppService(_) | EnvironmentKind::DockerCompose(_) | EnvironmentKind::Kubernetes(_) => {
            None
        }
    }
}
