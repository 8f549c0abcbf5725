//! Azure Container Registry: the module of a registry, and what others say of it.

use super::{Builder, Cx, Failure, Lowered, Module};
use crate::model::Registry;

/// The modules of a registry; those of an existing one only name it.
pub fn modules(_cx: &Cx<'_>, _registry: &Registry) -> Result<Vec<Module>, Failure> {
    Ok(Vec::new())
}

/// `endpoint`, `login-server`, `name` or `id` of a registry.
pub fn property(builder: &mut Builder<'_>, registry: &Registry, property: &str) -> Option<Lowered> {
    let output = match property {
        "id" => "id",
        "name" => "name",
        _ => "loginServer",
    };
    Some(Lowered::plain(builder.output(registry.name.as_str(), output)))
}
