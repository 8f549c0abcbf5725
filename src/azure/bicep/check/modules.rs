//! References to other files: modules, and the template of a parameter file.

use super::super::syntax::{
    Declaration, Expression, ExpressionKind, File, Module, Part, Property, Span, StringLiteral,
};
use super::declarations::wrong_type;
use super::file::{Report, hint};
use super::interface::{Interface, World, resolve, target_scope};
use super::symbols::{SymbolKind, Symbols};
use super::{is_parameters, tables};
use std::collections::BTreeSet;

pub(super) fn check<'a>(file: &'a File<'a>, symbols: &Symbols<'a>, world: &'a World<'a>, report: &mut Report<'a>) {
    if is_parameters(report.path) {
        return parameter_file(file, symbols, world, report);
    }
    let scope = target_scope(file);
    for statement in &file.statements {
        match &statement.declaration {
            Declaration::Module(found) => module(found, scope.as_deref(), symbols, world, report),
            Declaration::Using(..) | Declaration::Extends(_) => {
                report.error(statement.span, "wrong-file", "only a `.bicepparam` file names its template");
            }
            _ => {}
        }
    }
}

/// What a module's file declares, where that is known.
pub(super) fn interface_of<'a>(module: &Module<'_>, from: &str, world: &'a World<'a>) -> Option<&'a Interface<'a>> {
    world.interface(&resolve(from, &module.path.literal()?)?)
}

fn module<'a>(
    module: &'a Module<'a>,
    scope: Option<&str>,
    symbols: &Symbols<'a>,
    world: &'a World<'a>,
    report: &mut Report<'a>,
) {
    let object = &module.body.object;
    for property in object.properties() {
        let Some(key) = property.key.literal() else { continue };
        if !tables::MODULE_PROPERTIES.contains(&&*key) {
            let hint = hint(&key, tables::MODULE_PROPERTIES.iter().copied());
            report.error(property.key.span(), "unknown-property", format!("a module has no `{key}`{hint}"));
        }
    }
    if !path_exists(&module.path, world, report) {
        return;
    }
    let Some(interface) = interface_of(module, report.path, world) else { return };
    let name = module.name.text;
    if object.get("scope").is_none() && object.is_closed() && scope.is_some_and(|scope| scope != interface.scope) {
        let message = format!("the module `{name}` is for another scope, `{}`: it needs `scope`", interface.scope);
        report.error(module.name.span, "missing-scope", message);
    }
    let mut given = BTreeSet::new();
    let mut is_closed = object.is_closed();
    if let Some(params) = object.get("params") {
        let ExpressionKind::Object(params) = &params.kind else { return };
        is_closed &= params.is_closed();
        for property in params.properties() {
            given.extend(property.key.literal());
            argument(property, name, interface, symbols, report);
        }
    }
    for (param, parameter) in &interface.params {
        if is_closed && parameter.is_required && !given.contains(*param) {
            let message = format!("the module `{name}` is not given its parameter `{param}`");
            report.error(module.name.span, "missing-parameter", message);
        }
    }
}

fn argument<'a>(
    property: &'a Property<'a>,
    module: &str,
    interface: &'a Interface<'a>,
    symbols: &Symbols<'a>,
    report: &mut Report<'a>,
) {
    let Some(key) = property.key.literal() else { return };
    let Some(parameter) = interface.params.get(&*key) else {
        let hint = hint(&key, interface.params.keys().copied());
        let message = format!("the module `{module}` has no parameter `{key}`{hint}");
        return report.error(property.key.span(), "unknown-parameter", message);
    };
    wrong_type(parameter.simple, &property.value, symbols, report);
    if parameter.is_secure {
        return;
    }
    for (name, span) in plain_names(&property.value) {
        if let Some(SymbolKind::Param(source)) = symbols.find(name).map(|(_, symbol)| symbol.kind)
            && source.is_secure
        {
            let message = format!(
                "the secure parameter `{name}` is shown: `{key}` of the module `{module}` is not declared with `@secure()`"
            );
            report.error(span, "secret-exposed", message);
        }
    }
}

/// Names whose whole text becomes part of the value: the value itself, and what a string contains.
pub(super) fn plain_names<'a>(value: &'a Expression<'a>) -> Vec<(&'a str, Span)> {
    match &value.kind {
        ExpressionKind::Name(name) => vec![(*name, value.span)],
        ExpressionKind::Paren(inner) => plain_names(inner),
        ExpressionKind::String(string) => string
            .parts
            .iter()
            .flat_map(|part| match part {
                Part::Value(value) => plain_names(value),
                Part::Text(_) | Part::Verbatim(_) => Vec::new(),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Reports a path without a file. What is not a path (`br:…`, `ts:…`) is taken on trust.
fn path_exists<'a>(path: &'a StringLiteral<'a>, world: &World<'_>, report: &mut Report<'a>) -> bool {
    let Some(literal) = path.literal() else {
        report.error(path.span, "module-path", "a path cannot be computed");
        return false;
    };
    if ["br:", "br/", "ts:", "ts/"].iter().any(|prefix| literal.starts_with(prefix)) {
        return true;
    }
    let exists = resolve(report.path, &literal).is_some_and(|found| world.exists(&found));
    if !exists {
        report.error(path.span, "missing-file", format!("there is no file `{literal}`"));
    }
    exists
}

fn parameter_file<'a>(file: &'a File<'a>, symbols: &Symbols<'a>, world: &'a World<'a>, report: &mut Report<'a>) {
    let mut template = None;
    let mut has_using = false;
    let mut has_base = false;
    let mut given = BTreeSet::new();
    for statement in &file.statements {
        match &statement.declaration {
            Declaration::Using(path, _) => {
                has_using = true;
                template = path.as_ref().filter(|path| path_exists(path, world, report));
            }
            Declaration::Extends(path) => has_base = path_exists(path, world, report),
            Declaration::Param(param) => {
                given.insert(param.name.text);
            }
            Declaration::Var(..) | Declaration::Import(_) | Declaration::Type(..) | Declaration::Function(_) => {}
            Declaration::Extension(..) => {}
            Declaration::TargetScope(_)
            | Declaration::Metadata(..)
            | Declaration::Resource(_)
            | Declaration::Module(_)
            | Declaration::Output(..)
            | Declaration::Assert(..) => {
                report.error(statement.span, "wrong-file", "a `.bicepparam` file has values of parameters only");
            }
        }
    }
    let start = Span { start: 0, end: 0 };
    if !has_using && !has_base {
        report.error(start, "no-template", "the parameter file names no template: expected `using`");
    }
    let path = template.and_then(|path| resolve(report.path, &path.literal()?));
    let Some(interface) = path.and_then(|path| world.interface(&path)) else { return };
    for statement in &file.statements {
        let Declaration::Param(param) = &statement.declaration else { continue };
        let name = param.name.text;
        let Some(parameter) = interface.params.get(name) else {
            let hint = hint(name, interface.params.keys().copied());
            let message = format!("the template has no parameter `{name}`{hint}");
            report.error(param.name.span, "unknown-parameter", message);
            continue;
        };
        if let Some(value) = &param.value {
            wrong_type(parameter.simple, value, symbols, report);
        }
    }
    for (name, parameter) in &interface.params {
        if parameter.is_required && !has_base && !given.contains(name) {
            report.error(start, "missing-parameter", format!("the template's parameter `{name}` has no value"));
        }
    }
}
