//! Declarations of one file: twice, unused, in a circle, of the wrong form.

use super::super::syntax::{Declaration, ExpressionKind, File, Resource};
use super::file::{Report, hint};
use super::symbols::{SymbolKind, Symbols};
use super::{is_parameters, tables};

pub(super) fn check<'a>(file: &'a File<'a>, symbols: &Symbols<'a>, report: &mut Report<'a>) {
    for name in &symbols.again {
        report.error(name.span, "duplicate-declaration", format!("`{}` is declared twice", name.text));
    }
    let mut outputs = std::collections::HashSet::new();
    for statement in &file.statements {
        match &statement.declaration {
            Declaration::Output(name, kind, value) => {
                if !outputs.insert(name.text) {
                    report.error(
                        name.span,
                        "duplicate-declaration",
                        format!("the output `{}` is declared twice", name.text),
                    );
                }
                wrong_type(super::interface::Simple::of(&kind.kind), value, symbols, report);
            }
            Declaration::TargetScope(scope) => {
                if let ExpressionKind::String(string) = &scope.kind
                    && let Some(literal) = string.literal()
                    && !tables::SCOPES.contains(&&*literal)
                {
                    let hint = hint(&literal, tables::SCOPES.iter().copied());
                    report.error(scope.span, "unknown-scope", format!("`{literal}` is no scope{hint}"));
                }
            }
            Declaration::Param(param) if !is_parameters(report.path) => {
                if param.kind.is_none() {
                    report.error(
                        param.name.span,
                        "no-type",
                        format!("the parameter `{}` has no type", param.name.text),
                    );
                }
                if let (Some(kind), Some(value)) = (&param.kind, &param.value) {
                    wrong_type(super::interface::Simple::of(&kind.kind), value, symbols, report);
                }
            }
            _ => {}
        }
    }
}

/// A value that certainly has another type than the one that is asked for.
pub(super) fn wrong_type<'a>(
    expected: Option<super::interface::Simple>,
    value: &super::super::syntax::Expression<'a>,
    symbols: &Symbols<'a>,
    report: &mut Report<'a>,
) {
    if let ExpressionKind::Name(name) = value.kind
        && let Some((_, symbol)) = symbols.find(name)
        && matches!(symbol.kind, SymbolKind::Module(_))
        && let Some(expected) = expected
    {
        let message = format!("expected {}, found the module `{name}`: name one of its outputs", article(expected));
        return report.error(value.span, "wrong-type", message);
    }
    if let (Some(expected), Some(found)) = (expected, symbols.simple(value))
        && expected != found
    {
        report.error(value.span, "wrong-type", format!("expected {}, found {}", article(expected), article(found)));
    }
}

fn article(simple: super::interface::Simple) -> String {
    match simple.name() {
        name if name.starts_with(['a', 'i', 'o']) => format!("an `{name}`"),
        name => format!("a `{name}`"),
    }
}

/// What nothing in the file uses; the linter warns of it.
pub(super) fn unused<'a>(symbols: &Symbols<'a>, report: &mut Report<'a>) {
    if is_parameters(report.path) {
        return;
    }
    for symbol in symbols.list.iter().filter(|symbol| !symbol.is_used.get() && !symbol.statement.has("export")) {
        let (code, what) = match symbol.kind {
            SymbolKind::Param(_) => ("no-unused-params", "parameter"),
            SymbolKind::Var(_) => ("no-unused-vars", "variable"),
            SymbolKind::Resource(resource) if resource.is_existing && !has_nested(resource) => {
                ("no-unused-existing-resources", "existing resource")
            }
            SymbolKind::Resource(_)
            | SymbolKind::NestedResource
            | SymbolKind::Module(_)
            | SymbolKind::Type
            | SymbolKind::Function
            | SymbolKind::Import => continue,
        };
        report.error(symbol.name.span, code, format!("the {what} `{}` is not used", symbol.name.text));
    }
}

fn has_nested(resource: &Resource<'_>) -> bool {
    resource.body.object.items.iter().any(|item| matches!(item, super::super::syntax::Item::Resource(_)))
}

/// A declaration that needs itself. Only the first circle is reported: it hides others.
pub(super) fn cycles<'a>(symbols: &Symbols<'a>, edges: &[Vec<usize>], report: &mut Report<'a>) {
    /// Not seen, being looked at, done.
    const NEW: u8 = 0;
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut states = vec![NEW; edges.len()];
    for start in 0..edges.len() {
        // The way from `start`, with the next edge to follow of each.
        let mut way: Vec<(usize, usize)> = if states[start] == NEW { vec![(start, 0)] } else { Vec::new() };
        while let Some((node, next)) = way.last_mut() {
            let node = *node;
            states[node] = OPEN;
            let Some(target) = edges[node].get(*next).copied() else {
                states[node] = DONE;
                way.pop();
                continue;
            };
            *next += 1;
            if states[target] == OPEN {
                let first = way.iter().position(|(node, _)| *node == target).unwrap_or_default();
                let names = way[first..].iter().map(|(node, _)| *node).chain([target]);
                let names: Vec<String> = names.map(|node| format!("`{}`", symbols.list[node].name.text)).collect();
                let name = symbols.list[target].name;
                return report.error(
                    name.span,
                    "cycle",
                    format!("`{}` needs itself: {}", name.text, names.join(" → ")),
                );
            }
            if states[target] == NEW {
                way.push((target, 0));
            }
        }
    }
}
