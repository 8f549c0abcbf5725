//! `azure-app-service`: what is written for Azure App Service, and what it cannot do.

use super::{AzureKind, Kind, Workload};
use crate::azure::{Builder, Cx, Failure, Lowered, Module};
use crate::manifest::{Diagnostics, Span};
use crate::model::{App, Application, Environment, Resource};

/// Azure App Service.
#[derive(Debug)]
pub(super) struct AppService;

impl Kind for AppService {
    fn name(&self) -> &'static str {
        "azure-app-service"
    }

    fn check(&self, _application: &Application, _environment: &Environment, _problems: &mut Diagnostics) {}

    fn azure(&self) -> Option<&dyn AzureKind> {
        Some(self)
    }
}

impl AzureKind for AppService {
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
        let _ = (builder, environment, property);
        None
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
