//! References to what is declared elsewhere, lowered to Bicep by whoever knows the thing.

use super::{AzureKind, Workload, kind};
use crate::azure::{Builder, Lowered, registry, resource};
use crate::manifest::{Span, Spanned};
use crate::model::{Application, Environment, Name, Reference, RegistryKind, Target};

/// Lowers a property of a registry, an app, an environment or a resource. `None` if it cannot be
/// known there, which was reported. See [`Cx::lower`](crate::azure::Cx::lower).
pub fn lower(builder: &mut Builder<'_>, reference: &Reference) -> Option<Lowered> {
    let application = builder.cx.application;
    let span = &reference.span;
    match &reference.target {
        Target::Registry { name, property } => of_registry(builder, name, property, span),
        Target::Environment { name, property } => {
            if property == "name" {
                return Some(Lowered::plain(name.as_str()));
            }
            let environment = application.environments.get(name)?;
            azure(builder, environment, span)?.property(builder, environment, property)
        }
        Target::App { name, property } if property == "image" => {
            let _ = application.apps.get(name)?;
            Some(Lowered::plain(builder.image(name)))
        }
        Target::App { name, property } => {
            let app = application.apps.get(name)?;
            let candidates: Vec<&Name> = app.environments.iter().map(Spanned::get_ref).collect();
            let environment = environment_of(application, resource::nearest(application, &candidates, builder.home()));
            let Some(environment) = environment else {
                builder.error(
                    "no-address",
                    format!("`{name}` runs in no environment"),
                    span,
                    "give it an `environment`",
                );
                return None;
            };
            azure(builder, environment, span)?.address(builder, environment, Workload::App(app), property, span)
        }
        Target::Resource { name, property } => {
            let declared = application.resources.get(name)?;
            resource::property(builder, declared, property, span, &service_address)
        }
        Target::Parameter(_) | Target::Git(_) | Target::Shipit(_) => None,
    }
}

fn of_registry(builder: &mut Builder<'_>, name: &Name, property: &str, span: &Span) -> Option<Lowered> {
    let declared = builder.cx.application.registries.get(name)?;
    match (&declared.kind, property) {
        (_, "name") if !matches!(declared.kind, RegistryKind::Azure(_)) => Some(Lowered::plain(name.as_str())),
        (_, "repository") => match &declared.repository {
            Some(repository) => Some(builder.lower(repository)),
            None => Some(Lowered::plain("")),
        },
        (RegistryKind::Oci { endpoint, .. }, _) => Some(builder.lower(endpoint)),
        (RegistryKind::Local { .. }, _) => {
            let message = format!("`{name}` is served on this machine: nothing in Azure can reach it");
            builder.error("local-registry", message, span, "use a registry of kind `azure` or `oci`");
            None
        }
        (RegistryKind::Azure(_), _) => registry::property(builder, declared, property),
    }
}

/// The address of a service in a container, where the reader can reach it.
fn service_address(
    builder: &mut Builder<'_>,
    service: &crate::model::Resource,
    property: &str,
    span: &Span,
) -> Option<Lowered> {
    let application = builder.cx.application;
    let environment = resource::environment(application, service, builder.home());
    let Some(environment) = environment_of(application, environment) else {
        let message = format!("`{}` runs in no environment", service.name);
        builder.error("no-address", message, span, "give it an `environment`");
        return None;
    };
    azure(builder, environment, span)?.address(builder, environment, Workload::Service(service), property, span)
}

fn environment_of<'a>(application: &'a Application, name: Option<&Name>) -> Option<&'a Environment> {
    match name {
        Some(name) => application.environments.get(name),
        None if application.environments.len() == 1 => application.environments.values().next(),
        None => None,
    }
}

fn azure(builder: &mut Builder<'_>, environment: &Environment, span: &Span) -> Option<&'static dyn AzureKind> {
    let found = kind(environment.kind.get_ref()).and_then(|kind| kind.azure());
    if found.is_none() {
        let message = format!("`{}` is not in Azure: its addresses are not known there", environment.name);
        builder.error("foreign-address", message, span, "pass the address as a parameter");
    }
    found
}
