//! Names of other things that an app gives: where it runs, where its images go, what it needs.

use super::super::Cx;
use crate::manifest::{Kind, Node, Spanned};
use crate::model::Name;
use crate::model::scope::{Item, Table};
use crate::model::written::OneOrMany;

pub(super) fn names(cx: &mut Cx<'_>, written: Option<OneOrMany>, table: Table) -> Vec<Spanned<Name>> {
    let mut found: Vec<Spanned<Name>> = Vec::new();
    for text in written.map(OneOrMany::into_vec).unwrap_or_default() {
        let Some(item) = cx.named(&text, &[table]) else { continue };
        if let Some(first) = found.iter().find(|name| name.get_ref() == &item.name) {
            let first = first.span();
            cx.error("duplicate-name", format!("`{}` is listed twice", item.name), text.span(), "")
                .also(&first, "first here")
                .push();
            continue;
        }
        found.push(Spanned::new(text.span(), item.name.clone()));
    }
    found
}

/// Where something runs: what it names, or the only environment that is declared.
pub(super) fn environments(cx: &mut Cx<'_>, item: &Item<'_>, written: Option<OneOrMany>) -> Vec<Spanned<Name>> {
    // A key whose value is wrong is reported already.
    if item.node.get("environment").is_some() {
        return names(cx, written, Table::Environments);
    }
    let scope = cx.scope;
    if scope.has_refused() {
        return Vec::new();
    }
    match scope.names(Table::Environments).as_slice() {
        [] => Vec::new(),
        [only] => vec![Spanned::new(item.span.clone(), only.name.clone())],
        several => {
            let list = crate::util::text::list(several.iter().map(|item| item.name.as_str())).replace(" and ", " or ");
            let message = format!("`{}` does not say which environment it runs in", item.name);
            let mut report = cx
                .error("ambiguous-environment", message, item.span.clone(), "needs `environment`")
                .help(format!("set `environment` to {list}"));
            for environment in several.iter().take(4) {
                report = report.also(&environment.span, "one environment");
            }
            report.push();
            Vec::new()
        }
    }
}

/// The registries of an app that names none: those of its environments, or the only one there is.
pub(super) fn default_registries(
    cx: &mut Cx<'_>,
    item: &Item<'_>,
    environments: &[Spanned<Name>],
) -> Vec<Spanned<Name>> {
    let scope = cx.scope;
    let mut found: Vec<Spanned<Name>> = Vec::new();
    let mut is_named = false;
    for environment in environments {
        let node = scope.get(environment.get_ref().as_str()).and_then(|item| item.node.get("registry"));
        let Some(Node { kind: Kind::String(registry), span }) = node else {
            continue;
        };
        is_named = true;
        let Some(registry) = scope.get(registry).filter(|item| item.table == Table::Registries) else { continue };
        if found.iter().all(|name| name.get_ref() != &registry.name) {
            found.push(Spanned::new(span.clone(), registry.name.clone()));
        }
    }
    // An environment whose registry is wrong is reported there.
    if is_named || scope.has_refused() {
        return found;
    }
    let declared = scope.names(Table::Registries);
    match declared.as_slice() {
        [] => Vec::new(),
        [only] => vec![Spanned::new(only.span.clone(), only.name.clone())],
        several => {
            let list = crate::util::text::list(several.iter().map(|item| item.name.as_str()));
            let mut report = cx
                .error(
                    "ambiguous-registry",
                    format!("`{}` does not say which registry it is pushed to", item.name),
                    item.span.clone(),
                    "needs `registry`",
                )
                .help(format!("set `registry` to one or several of {list}, here or in its environment"));
            for registry in several.iter().take(4) {
                report = report.also(&registry.span, "one registry");
            }
            report.push();
            Vec::new()
        }
    }
}

/// Names of apps and resources that this one depends on.
pub(super) fn links(
    cx: &mut Cx<'_>,
    item: &Item<'_>,
    key: &str,
    written: Option<&[Spanned<String>]>,
) -> Vec<Spanned<Name>> {
    let mut found: Vec<Spanned<Name>> = Vec::new();
    for text in written.into_iter().flatten() {
        let Some(other) = cx.named(text, &[Table::Apps, Table::Resources]) else { continue };
        if other.name == item.name {
            cx.error("cycle", format!("`{}` depends on itself", item.name), text.span(), "")
                .help(format!("take `{}` out of `{key}`", item.name))
                .push();
            continue;
        }
        if let Some(first) = found.iter().find(|name| name.get_ref() == &other.name) {
            let first = first.span();
            cx.error("duplicate-name", format!("`{}` is listed twice in `{key}`", other.name), text.span(), "")
                .also(&first, "first here")
                .push();
            continue;
        }
        cx.edge(&other.name, &text.span());
        found.push(Spanned::new(text.span(), other.name.clone()));
    }
    found
}
