//! `resources`: backing services. What a kind needs beyond its name is kept for later work.

use super::{Cx, app, azure};
use crate::manifest::Spanned;
use crate::model::kinds::RESOURCES;
use crate::model::scope::{Item, Table};
use crate::model::written;
use crate::model::{Resource, ResourceKind};
use std::collections::HashMap;

pub(super) fn lower<'a>(cx: &mut Cx<'a>, item: &'a Item<'a>) -> Option<Resource> {
    let (kind, written) = cx.read_kind::<written::Resource>(item, &RESOURCES)?;
    let span = written.kind.as_ref().map_or_else(|| item.span.clone(), Spanned::span);
    for environment in written.environment.clone().map(written::OneOrMany::into_vec).unwrap_or_default() {
        cx.named(&environment, &[Table::Environments]);
    }
    databases(cx, &written);
    app::endpoints(cx, written.endpoints.as_ref());
    super::env(cx, written.env.as_ref());
    if let Some(path) = &written.path
        && let Some(path) = cx.plain("path", path)
    {
        super::build::path(cx, "path", &path);
    }
    if let Some(value) = &written.value {
        super::registry::not_empty(cx, "value", value);
    }
    azure::resource(cx, &written);
    let lowered = |key: &str| matches!(key, "kind" | "environment" | "env" | "path" | "value" | "endpoints");
    for (_, node) in item.node.entries().iter().filter(|(key, _)| !lowered(&key.name)) {
        cx.check_kept(node);
    }
    Some(Resource {
        name: item.name.clone(),
        span: item.span.clone(),
        kind: Spanned::new(span, ResourceKind(kind.name)),
    })
}

fn databases(cx: &mut Cx<'_>, written: &written::Resource) {
    let mut seen: HashMap<&str, &Spanned<String>> = HashMap::new();
    for database in written.databases.iter().flatten() {
        let name = database.get_ref().as_str();
        let valid = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        if !valid {
            cx.error("bad-name", format!("`{name}` is no name of a database"), database.span(), "")
                .help("use ASCII letters, digits, `-` and `_`, starting with a letter")
                .push();
        }
        if let Some(first) = seen.insert(name, database) {
            cx.error("duplicate-name", format!("the database `{name}` is listed twice"), database.span(), "")
                .also(&first.span(), "first here")
                .push();
        }
    }
}
