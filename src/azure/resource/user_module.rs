//! `bicep`: a module of the user's own, called by one that is written.

use crate::azure::{Builder, Cx, Failure, Lowered, Module, Stage, Value};
use crate::model::Resource;
use crate::model::resource::Bicep;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, bicep: &Bicep) -> Result<Vec<Module>, Failure> {
    let mut builder = Builder::new(cx, resource.name.as_str(), Stage::Infrastructure, &resource.span);
    let params: Vec<Json> =
        bicep.params.iter().map(|(name, value)| json!({ "name": name, "value": builder.lower(value).value })).collect();
    let _ = params;
    let _ = BTreeSet::<Value>::new;
    builder.error("not-supported", "this version does not publish modules of your own yet", &resource.kind_span, "");
    builder.finish_with("", "").map(|module| vec![module])
}

pub(super) fn property(builder: &mut Builder<'_>, resource: &Resource, property: &str) -> Option<Lowered> {
    let output = property.strip_prefix("outputs.")?;
    Some(Lowered::plain(builder.output(resource.name.as_str(), output)))
}
