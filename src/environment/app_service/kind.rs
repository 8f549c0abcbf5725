//! The kind, and what its parts have in common.

use super::{address, check, plan, site};
use crate::azure::{Builder, Cx, Failure, Lowered, Module};
use crate::environment::{AzureKind, Kind, Workload};
use crate::manifest::{Diagnostics, Span};
use crate::model::environment::AppServiceEnvironment;
use crate::model::{App, Application, Endpoint, Environment, EnvironmentKind, Resource, Scheme};

/// Azure App Service.
#[derive(Debug)]
pub(in super::super) struct AppService;

/// Port of a container that names none.
const DEFAULT_PORT: u16 = 8000;

impl Kind for AppService {
    fn name(&self) -> &'static str {
        "azure-app-service"
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

impl AzureKind for AppService {
    fn environment(&self, cx: &Cx<'_>, environment: &Environment) -> Result<Vec<Module>, Failure> {
        settings(environment).map_or(Ok(Vec::new()), |settings| plan::modules(cx, environment, settings))
    }

    fn app(&self, cx: &Cx<'_>, environment: &Environment, app: &App) -> Result<Vec<Module>, Failure> {
        settings(environment).map_or(Ok(Vec::new()), |settings| site::modules(cx, environment, settings, app))
    }

    /// The check has refused it.
    fn service(&self, _cx: &Cx<'_>, _environment: &Environment, _service: &Resource) -> Result<Vec<Module>, Failure> {
        Ok(Vec::new())
    }

    fn property(&self, builder: &mut Builder<'_>, environment: &Environment, property: &str) -> Option<Lowered> {
        Some(Lowered::plain(match property {
            "domain" => address::DOMAIN.into(),
            "id" => builder.output(environment.name.as_str(), plan::output::PLAN_ID),
            _ => builder.output(environment.name.as_str(), "name"),
        }))
    }

    fn address(
        &self,
        builder: &mut Builder<'_>,
        environment: &Environment,
        of: Workload<'_>,
        property: &str,
        span: &Span,
    ) -> Option<Lowered> {
        address::of(builder, environment, of, property, span)
    }
}

fn settings(environment: &Environment) -> Option<&AppServiceEnvironment> {
    match environment.kind.get_ref() {
        EnvironmentKind::AzureAppService(settings) => Some(settings),
        EnvironmentKind::AzureContainerApps(_) | EnvironmentKind::DockerCompose(_) | EnvironmentKind::Kubernetes(_) => {
            None
        }
    }
}

/// The port that a site serves: that of its first endpoint.
pub(super) fn port(app: &App) -> u16 {
    app.endpoints_in_order().first().map_or(DEFAULT_PORT, |(_, endpoint)| port_of(endpoint))
}

pub(super) fn port_of(endpoint: &Endpoint) -> u16 {
    endpoint.target_port.as_ref().map_or(DEFAULT_PORT, |port| *port.get_ref())
}

/// Whether HTTP/2 goes through to the container.
pub(super) fn is_http2(app: &App) -> bool {
    app.endpoints.values().any(|endpoint| endpoint.scheme.get_ref().is_http2())
}

pub(super) fn is_web_socket(app: &App) -> bool {
    app.endpoints.values().any(|endpoint| matches!(endpoint.scheme.get_ref(), Scheme::Ws | Scheme::Wss))
}
