//! Backing services in Azure: one file a kind, and what references to them become.

use super::{Builder, Cx, Failure, Lowered, Module};
use crate::manifest::Span;
use crate::model::{Application, Name, Resource};

/// Lowers an address of a service that runs in a container; see `environment`.
pub type ServiceAddress = dyn Fn(&mut Builder<'_>, &Resource, &str, &Span) -> Option<Lowered>;

/// The modules of a resource; none for services in containers, which their environment makes.
pub fn modules(_cx: &Cx<'_>, _resource: &Resource) -> Result<Vec<Module>, Failure> {
    Ok(Vec::new())
}

/// Lowers a property of a resource. `address` knows where services in containers are reached.
pub fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    property: &str,
    span: &Span,
    address: &ServiceAddress,
) -> Option<Lowered> {
    address(builder, resource, property, span)
}

/// Where a service in a container runs, if its entry says so.
pub fn environment<'a>(_application: &'a Application, _resource: &'a Resource) -> Option<&'a Name> {
    None
}
