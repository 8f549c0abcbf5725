//! Resources: the form of their types, their names, their parents, where they may be deployed to.

use super::super::syntax::{Declaration, Expression, ExpressionKind, File, Resource, Span, Statement};
use super::file::Report;
use super::interface::target_scope;
use super::names;
use super::symbols::Symbols;
use std::collections::HashMap;

pub(super) fn check<'a>(file: &'a File<'a>, symbols: &Symbols<'a>, report: &mut Report<'a>) {
    let scope = target_scope(file);
    let mut seen: HashMap<[&str; 4], &str> = HashMap::new();
    for statement in &file.statements {
        let Declaration::Resource(found) = &statement.declaration else { continue };
        resource(found, symbols, report);
        let Some(kind) = found.kind.literal() else { continue };
        let path = kind.split('@').next().unwrap_or_default().to_owned();
        parent(found, &path, report);
        place(found, &path, scope.as_deref(), report);
        same_name(file, statement, found, &mut seen, report);
    }
}

fn resource<'a>(resource: &'a Resource<'a>, symbols: &Symbols<'a>, report: &mut Report<'a>) {
    let name = resource.name.text;
    let Some(kind) = resource.kind.literal() else {
        report.error(resource.kind.span, "resource-type", "the type of a resource cannot be computed");
        return;
    };
    let Some((path, _)) = kind.split_once('@').filter(|(path, version)| is_type(path) && is_version(version)) else {
        let message = format!("`{kind}` is no type: expected `Provider/type@yyyy-mm-dd`");
        report.error(resource.kind.span, "resource-type", message);
        return;
    };
    let object = &resource.body.object;
    match object.get("name") {
        // Extensions have their own rules.
        None if object.is_closed() && path.starts_with("Microsoft.") => {
            report.error(resource.name.span, "missing-property", format!("the resource `{name}` has no `name`"));
        }
        Some(value) if !resource.is_existing => names::check(path, value, symbols, report),
        _ => {}
    }
}

fn is_type(path: &str) -> bool {
    path.contains('/') && path.split('/').all(|part| !part.is_empty() && !part.contains([' ', '@']))
}

fn is_version(version: &str) -> bool {
    let bytes = version.as_bytes();
    let is_date = bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    // Extensions have versions of their own, such as `v1`.
    (is_date && (bytes.len() == 10 || bytes[10] == b'-')) || version.starts_with('v')
}

/// A child has a parent, or one `/` in its name for each.
fn parent<'a>(resource: &'a Resource<'a>, path: &str, report: &mut Report<'a>) {
    let object = &resource.body.object;
    let levels = path.split('/').count().saturating_sub(2);
    let Some(Expression { span, kind: ExpressionKind::String(name) }) = object.get("name") else { return };
    let Some(literal) = name.literal().filter(|_| object.is_closed()) else { return };
    let found = literal.split('/').count() - 1;
    // What is at a scope of its own is named without the type it is for.
    let is_extension = object.get("scope").is_some();
    let has_parent = object.get("parent").is_some();
    // A name that somebody else gave is taken as it is.
    let is_wrong = if resource.is_existing { found < levels } else { found != levels };
    if has_parent && found > 0 {
        report.error(*span, "resource-name", format!("`{literal}` names the parent again: `parent` does"));
    } else if !has_parent && !is_extension && found < levels {
        let name = resource.name.text;
        report.error(*span, "no-parent", format!("`{name}` is part of another resource: it needs `parent`"));
    } else if !has_parent && !is_extension && is_wrong {
        report.error(*span, "resource-name", format!("`{literal}` has a `/` that its type has no part for"));
    }
}

/// What can only be in a resource group is not in a template for a subscription.
fn place<'a>(resource: &'a Resource<'a>, path: &str, scope: Option<&str>, report: &mut Report<'a>) {
    let has_scope = resource.body.object.get("scope").is_some() || !resource.body.object.is_closed();
    let is_group = path.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups");
    let is_wrong = match scope {
        Some("subscription") => !has_scope && !is_group && names::is_in_a_group(path),
        Some("resourceGroup") => !has_scope && is_group,
        _ => false,
    };
    if is_wrong {
        let message = format!("a template for a `{}` cannot have `{path}`", scope.unwrap_or_default());
        report.error(resource.kind.span, "wrong-scope", message);
    }
}

/// Two resources that are certainly the same one.
fn same_name<'a>(
    file: &'a File<'a>,
    statement: &'a Statement<'a>,
    resource: &'a Resource<'a>,
    seen: &mut HashMap<[&'a str; 4], &'a str>,
    report: &mut Report<'a>,
) {
    let Resource { name, kind, is_existing, body } = resource;
    if *is_existing || body.repeat.is_some() || body.condition.is_some() || statement.has("onlyIfNotExists") {
        return;
    }
    let text = |span: Span| &file.text[span.range()];
    let property = |name: &str| body.object.get(name).map_or("", |value| text(value.span));
    let [own, parent, scope] = ["name", "parent", "scope"].map(property);
    let kind = text(kind.span).split('@').next().unwrap_or_default();
    if own.is_empty() {
        return;
    }
    if let Some(other) = seen.insert([kind, own, parent, scope], name.text) {
        let message = format!("`{}` and `{other}` are resources of the same type and name", name.text);
        report.error(name.span, "same-resource", message);
    }
}
