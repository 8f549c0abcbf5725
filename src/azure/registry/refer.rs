//! What others say of a registry.

use super::super::{Builder, Lowered};
use crate::model::Registry;

/// `endpoint`, `login-server`, `name` or `id` of a registry.
pub fn property(builder: &mut Builder<'_>, registry: &Registry, property: &str) -> Option<Lowered> {
    let output = match property {
        "id" => "id",
        "name" => "name",
        _ => "loginServer",
    };
    Some(Lowered::plain(builder.output(registry.name.as_str(), output)))
}
