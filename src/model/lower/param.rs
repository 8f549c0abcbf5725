//! `params`: values that are supplied from outside.

use super::Cx;
use crate::manifest::{Key, Kind, Node, Severity, Span, Spanned};
use crate::model::scope::{Item, Table};
use crate::model::written::{self, ParamType};
use crate::model::{Expression, Generate, Name, Parameter, ParameterType, Target};
use crate::util::text;
use std::collections::BTreeMap;

/// Characters of a generated value when nothing else is said.
const GENERATED_LENGTH: usize = 22;

pub(super) fn lower<'a>(cx: &mut Cx<'a>, item: &'a Item<'a>) -> Option<Parameter> {
    let mut parameter = Parameter {
        name: item.name.clone(),
        span: item.span.clone(),
        default: None,
        description: None,
        secret: false,
        generate: None,
        kind: ParameterType::String,
        allowed: Vec::new(),
        pattern: None,
        profile_value: None,
    };
    match &item.node.kind {
        Kind::Table(_) => {
            let written = cx.read(item.node)?;
            table(cx, written, &mut parameter);
        }
        // `region:` in YAML declares a parameter that must be supplied.
        Kind::Null => {}
        Kind::Array(_) => {
            let message = format!("the parameter `{}` must be a value or a table, not an array", item.name);
            cx.error("wrong-type", message, item.node.span.clone(), "")
                .help("write its default, or a table such as `{ description = \"…\", secret = true }`")
                .push();
            return None;
        }
        Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_) => {
            parameter.kind = match item.node.kind {
                Kind::Bool(_) => ParameterType::Bool,
                Kind::Integer(_) => ParameterType::Int,
                _ => ParameterType::String,
            };
            parameter.default = scalar(cx, item.node);
        }
    }
    parameter.default = parameter.default.filter(|default| is_early(cx, default));
    Some(parameter)
}

/// Parameters are resolved first: what only a deployment knows cannot be their value.
fn is_early(cx: &mut Cx<'_>, value: &Expression) -> bool {
    let late = value.references().find_map(|reference| match &reference.target {
        Target::Parameter(_) | Target::Git(_) | Target::Shipit(_) => None,
        Target::Registry { name, property }
        | Target::App { name, property }
        | Target::Environment { name, property }
        | Target::Resource { name, property } => Some((reference.span.clone(), format!("{name}.{property}"))),
    });
    let Some((span, what)) = late else { return true };
    cx.error(
        "late-reference",
        format!("a parameter cannot be made of `{what}`: parameters are resolved first"),
        span,
        "",
    )
    .help("refer to other parameters, `git` or `shipit` here, and to this where the value is used")
    .push();
    false
}

/// Puts the plain values of the active profile's `params` into the parameters they are for.
pub(super) fn lay_profile(cx: &mut Cx<'_>, values: &[(&Key, &Node)], params: &mut BTreeMap<Name, Parameter>) {
    for (key, node) in values {
        let Some(item) = cx.scope.get(&key.name).filter(|item| item.table == Table::Params) else {
            let near = cx.scope.nearest(&key.name, |table| table == Table::Params);
            let label = near.map_or_else(|| "not declared".to_owned(), |near| format!("did you mean `{}`?", near.name));
            cx.error("unknown-name", format!("no parameter is called `{}`", key.name), key.span.clone(), label)
                .help("declare it under `params` first")
                .push();
            continue;
        };
        cx.current = Some(item.name.clone());
        let value = scalar(cx, node);
        cx.current = None;
        let Some(parameter) = params.get_mut(&item.name) else { continue };
        if let Some(value) = &value {
            suits(cx, parameter, value);
        }
        parameter.profile_value = value.filter(|value| is_early(cx, value));
    }
}

/// A plain value as the text that is written.
fn scalar(cx: &mut Cx<'_>, node: &Node) -> Option<Expression> {
    match &node.kind {
        Kind::String(text) => cx.bind(text, &node.span),
        Kind::Null => cx.bind("", &node.span),
        Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::Array(_) | Kind::Table(_) => {
            let source = cx.source;
            cx.bind(source.text.get(node.span.clone()).unwrap_or_default().trim(), &node.span)
        }
    }
}

fn table(cx: &mut Cx<'_>, written: written::Param, parameter: &mut Parameter) {
    let written::Param { default, description, secret, generate, kind, allowed, pattern } = written;
    parameter.description = description.map(Spanned::into_inner);
    parameter.secret = secret.unwrap_or(false);
    parameter.kind = match kind.map(Spanned::into_inner) {
        None | Some(ParamType::String) => ParameterType::String,
        Some(ParamType::Int) => ParameterType::Int,
        Some(ParamType::Bool) => ParameterType::Bool,
    };
    parameter.generate = generate.and_then(|generate| self::generate(cx, &generate));
    parameter.allowed =
        allowed.unwrap_or_default().into_iter().map(|text| text.map(|text| text.into_string())).collect();
    parameter.pattern = pattern.filter(|pattern| is_pattern(cx, pattern));
    for allowed in &parameter.allowed {
        if let Some(why) = unsuitable_type(parameter.kind, allowed.get_ref()) {
            cx.error("bad-value", format!("`{}` {why}", allowed.get_ref()), allowed.span(), "").push();
        }
    }
    parameter.default = default.as_ref().and_then(|default| cx.text(default));
    if let Some(default) = parameter.default.clone() {
        suits(cx, parameter, &default);
    }
}

fn is_pattern(cx: &mut Cx<'_>, pattern: &Spanned<String>) -> bool {
    // The whole value must match; so is the pattern compiled later.
    let Err(error) = regex::Regex::new(&format!("^(?:{})$", pattern.get_ref())) else { return true };
    let text = error.to_string();
    let why = text.lines().rev().find_map(|line| line.strip_prefix("error: ")).unwrap_or("it is too large");
    cx.error("bad-pattern", format!("`pattern` is no regular expression: {why}"), pattern.span(), "").push();
    false
}

/// Checks a value that is known against the rules of its parameter. Never shows a secret.
fn suits(cx: &mut Cx<'_>, parameter: &Parameter, value: &Expression) {
    let Some(text) = value.as_literal() else { return };
    if parameter.secret {
        if let Some(why) = unsuitable(parameter, text) {
            let message = format!("the value of the secret `{}` {why}", parameter.name);
            cx.hidden(Severity::Error, "bad-value", &message, &value.span).push();
        }
        return;
    }
    let shown = format!("`{text}`");
    if let Some(why) = unsuitable_type(parameter.kind, text) {
        cx.error("bad-value", format!("{shown} {why}"), value.span.clone(), "").push();
        return;
    }
    let allowed: Vec<&str> = parameter.allowed.iter().map(|allowed| allowed.get_ref().as_str()).collect();
    if !allowed.is_empty() && !allowed.contains(&text) {
        let near = cx.nearest(text, allowed.iter().copied());
        let label = near.map_or_else(|| "not allowed".to_owned(), |near| format!("did you mean `{near}`?"));
        cx.error("bad-value", format!("{shown} is not among the allowed values"), value.span.clone(), label)
            .help(format!("`{}` allows {}", parameter.name, text::list(allowed)))
            .push();
    }
    let Some(pattern) = &parameter.pattern else { return };
    if !matches(pattern, text) {
        cx.error("bad-value", format!("{shown} does not match the pattern"), value.span.clone(), "")
            .also(&pattern.span(), "the pattern")
            .push();
    }
}

fn matches(pattern: &Spanned<String>, text: &str) -> bool {
    regex::Regex::new(&format!("^(?:{})$", pattern.get_ref())).is_ok_and(|regex| regex.is_match(text))
}

/// Why a value breaks a rule of its parameter, without the value.
fn unsuitable(parameter: &Parameter, text: &str) -> Option<&'static str> {
    let is_allowed = || parameter.allowed.iter().any(|allowed| allowed.get_ref() == text);
    unsuitable_type(parameter.kind, text)
        .or_else(|| (!parameter.allowed.is_empty() && !is_allowed()).then_some("is not among the allowed values"))
        .or_else(|| {
            let pattern = parameter.pattern.as_ref()?;
            (!matches(pattern, text)).then_some("does not match the pattern")
        })
}

fn unsuitable_type(kind: ParameterType, text: &str) -> Option<&'static str> {
    match kind {
        ParameterType::String => None,
        ParameterType::Int => text.parse::<i64>().is_err().then_some("is not a whole number"),
        ParameterType::Bool => (!matches!(text, "true" | "false")).then_some("is neither `true` nor `false`"),
    }
}

fn generate(cx: &mut Cx<'_>, written: &Spanned<written::Generate>) -> Option<Generate> {
    let number = |value: &Option<Spanned<written::Int<0, 1024>>>| {
        value.as_ref().map_or(0, |value| usize::try_from(value.get_ref().get()).unwrap_or(0))
    };
    let span = written.span();
    let written = written.get_ref();
    let length = written.length.as_ref().map(|length| usize::try_from(length.get_ref().get()).unwrap_or(0));
    let generate = Generate {
        length: length.unwrap_or(GENERATED_LENGTH),
        lower: written.lower.unwrap_or(true),
        upper: written.upper.unwrap_or(true),
        digits: written.digits.unwrap_or(true),
        special: written.special.unwrap_or(true),
        min_lower: number(&written.min_lower),
        min_upper: number(&written.min_upper),
        min_digits: number(&written.min_digits),
        min_special: number(&written.min_special),
    };
    let classes = [
        ("lower", generate.lower, &written.min_lower),
        ("upper", generate.upper, &written.min_upper),
        ("digits", generate.digits, &written.min_digits),
        ("special", generate.special, &written.min_special),
    ];
    if classes.iter().all(|(_, on, _)| !on) {
        cx.error("bad-generate", "`generate` has no characters to choose from", span, "all of them are `false`")
            .help("leave one of `lower`, `upper`, `digits` and `special` on")
            .push();
        return None;
    }
    for (class, _, least) in classes.iter().filter(|(_, on, _)| !on) {
        if let Some(least) = least.as_ref().filter(|least| least.get_ref().get() > 0) {
            let message = format!("`min-{class}` wants characters that `{class} = false` forbids");
            cx.error("bad-generate", message, least.span(), "").push();
            return None;
        }
    }
    let least = generate.min_lower + generate.min_upper + generate.min_digits + generate.min_special;
    if least > generate.length {
        let message = format!("the least numbers add up to {least}, more than the length {}", generate.length);
        let place: Span = written.length.as_ref().map_or(span, Spanned::span);
        cx.error("bad-generate", message, place, "").help(format!("set `length` to {least} or more")).push();
        return None;
    }
    Some(generate)
}
