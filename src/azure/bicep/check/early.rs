//! What Azure must know before it deploys anything: names, scopes, conditions, lists of loops.

use super::super::syntax::{Body, Declaration, Expression, ExpressionKind, File, Item, Object, Part, Statement, Step};
use super::file::Report;
use super::interface::Simple;
use super::symbols::{SymbolKind, Symbols};

/// Properties of a resource that are known before it is there.
const KNOWN: &[&str] = &["apiVersion", "id", "name", "type"];

/// How many variables a value may go through.
const MOST_LEVELS: usize = 16;

pub(super) fn check<'a>(file: &'a File<'a>, symbols: &Symbols<'a>, report: &mut Report<'a>) {
    for statement in &file.statements {
        declaration(statement, symbols, report);
    }
}

fn declaration<'a>(statement: &'a Statement<'a>, symbols: &Symbols<'a>, report: &mut Report<'a>) {
    let (found, early): (&Body<'a>, &[&str]) = match &statement.declaration {
        Declaration::Resource(resource) => (&resource.body, &["name"]),
        Declaration::Module(module) => (&module.body, &["name", "scope"]),
        _ => return,
    };
    let mut known = |what: &str, value: &'a Expression<'a>, locals: &[&str]| {
        if let Some(late) = late(value, symbols, locals, MOST_LEVELS) {
            let message = format!("{what} must be known before the deployment, and {late} is not");
            report.error(value.span, "known-too-late", message);
        }
    };
    let mut locals = Vec::new();
    if let Some(repeat) = &found.repeat {
        known("the list of a loop", &repeat.list, &locals);
        locals.extend([repeat.item].into_iter().chain(repeat.index).map(|name| name.text));
    }
    if let Some(condition) = &found.condition {
        known("a condition", condition, &locals);
    }
    for name in early {
        if let Some(value) = found.object.get(name) {
            known(&format!("`{name}`"), value, &locals);
        }
    }
    if let Some(condition) = &found.condition
        && let Some(simple) = symbols.simple(condition).filter(|simple| *simple != Simple::Bool)
    {
        let message = format!("a condition is a `bool`, and this is a `{}`", simple.name());
        report.error(condition.span, "wrong-type", message);
    }
    references(&found.object, symbols, report);
    for item in &found.object.items {
        if let Item::Resource(nested) = item {
            declaration(nested, symbols, report);
        }
    }
}

/// What in a value is known during the deployment only.
fn late(value: &Expression<'_>, symbols: &Symbols<'_>, locals: &[&str], levels: usize) -> Option<String> {
    let levels = levels.checked_sub(1)?;
    let any = |values: &[Expression<'_>]| values.iter().find_map(|value| late(value, symbols, locals, levels));
    match &value.kind {
        ExpressionKind::Access(base, steps) => {
            let ExpressionKind::Name(name) = base.kind else { return late(base, symbols, locals, levels) };
            if locals.contains(&name) {
                return None;
            }
            let first = steps.iter().find(|step| !matches!(step, Step::Index(_) | Step::NotNull))?;
            match (symbols.find(name)?.1.kind, first) {
                (SymbolKind::Module(_), Step::Member(member)) if member.text == "outputs" => {
                    Some(format!("`{name}.outputs`"))
                }
                (SymbolKind::Resource(_), Step::Member(member)) if !KNOWN.contains(&member.text) => {
                    Some(format!("`{name}.{}`", member.text))
                }
                (SymbolKind::Resource(_), Step::Method(method, _)) => Some(format!("`{name}.{}()`", method.text)),
                (SymbolKind::Var(value), _) => late(value, symbols, locals, levels),
                _ => None,
            }
        }
        ExpressionKind::Name(name) if locals.contains(name) => None,
        // A variable is read where no loop's names are.
        ExpressionKind::Name(name) => match symbols.find(name)?.1.kind {
            SymbolKind::Var(value) => late(value, symbols, locals, levels),
            _ => None,
        },
        ExpressionKind::String(string) => string.parts.iter().find_map(|part| match part {
            Part::Value(value) => late(value, symbols, locals, levels),
            Part::Text(_) | Part::Verbatim(_) => None,
        }),
        ExpressionKind::Call(name, _) if name.text == "nameof" => None,
        ExpressionKind::Call(_, arguments) => any(arguments),
        ExpressionKind::Array(values) | ExpressionKind::Operation(values) => any(values),
        ExpressionKind::Choice(values) => any(&**values),
        ExpressionKind::Paren(inner) | ExpressionKind::Unary(inner) => late(inner, symbols, locals, levels),
        ExpressionKind::Null
        | ExpressionKind::Bool(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Object(_)
        | ExpressionKind::For(_)
        | ExpressionKind::Spread(_)
        | ExpressionKind::Lambda(..) => None,
    }
}

/// `parent` and `scope` are given a resource, not its id or name.
fn references<'a>(object: &'a Object<'a>, symbols: &Symbols<'a>, report: &mut Report<'a>) {
    for name in ["parent", "scope"] {
        let Some(value) = object.get(name) else { continue };
        let is_text = symbols.simple(value) == Some(Simple::String);
        let is_property = match &value.kind {
            ExpressionKind::Access(base, steps) => {
                let is_resource = matches!(base.kind, ExpressionKind::Name(name)
                    if symbols.find(name).is_some_and(|(_, symbol)| matches!(symbol.kind, SymbolKind::Resource(_))));
                is_resource && matches!(steps.last(), Some(Step::Member(_)))
            }
            _ => false,
        };
        if is_text || is_property {
            report.error(
                value.span,
                "wrong-type",
                format!("`{name}` is the name of a resource's declaration, not a text"),
            );
        }
    }
}
