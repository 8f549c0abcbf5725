//! `azure-container-apps`: what is written for Azure Container Apps, and what it cannot do.

use super::{AzureKind, Kind, Workload};
use crate::azure::{Builder, Cx, Failure, Lowered, Module};
use crate::manifest::{Diagnostics, Span};
use crate::model::{App, Application, Environment, Resource};

/// Azure Container Apps.
#[derive(Debug)]
pub(super) struct ContainerApps;

impl Kind for ContainerApps {
    fn name(&self) -> &'static str {
        "azure-container-apps"
    }

    fn check(&self, _application: &Application, _environment: &Environment, _problems: &mut Diagnostics) {}

    fn azure(&self) -> Option<&dyn AzureKind> {
        Some(self)
    }
}

impl AzureKind for ContainerApps {
    fn environment(&self, _cx: &Cx<'_>, _environment: &Environment) -> Result<Vec<Module>, Failure> {
        Ok(Vec::new())
    }

    fn app(&self, _cx: &Cx<'_>, _environment: &Environment, _app: &App) -> Result<Vec<Module>, Failure> {
        Ok(Vec::new())
    }

    fn service(&self, _cx: &Cx<'_>, _environment: &Environment, _service: &Resource) -> Result<Vec<Module>, Failure> {
        Ok(Vec::new())
    }

    fn property(&self, builder: &mut Builder<'_>, environment: &Environment, property: &str) -> Option<Lowered> {
        let output = match property {
            "domain" => "AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN",
            "id" => "AZURE_CONTAINER_APPS_ENVIRONMENT_ID",
            _ => "AZURE_CONTAINER_APPS_ENVIRONMENT_NAME",
        };
        Some(Lowered::plain(builder.output(environment.name.as_str(), output)))
    }

    fn address(
        &self,
        _builder: &mut Builder<'_>,
        _environment: &Environment,
        _of: Workload<'_>,
        _property: &str,
        _span: &Span,
    ) -> Option<Lowered> {
        None
    }
}
