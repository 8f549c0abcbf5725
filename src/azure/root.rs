//! What a file that calls modules declares itself: parameters under names that clash with nothing.

use super::builder::{Cx, Failure};
use super::module::ParamType;
use super::value::{Text, Value};
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::{Expression, Name, Parameter, Part, ShipitProperty, Target};
use crate::render::bicep;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Words that Bicep keeps for itself in places where a name may stand.
const KEYWORDS: &[&str] = &[
    "as",
    "assert",
    "existing",
    "extension",
    "false",
    "for",
    "func",
    "if",
    "import",
    "in",
    "metadata",
    "module",
    "null",
    "output",
    "param",
    "provider",
    "resource",
    "targetScope",
    "this",
    "true",
    "type",
    "using",
    "var",
    "with",
];

/// Whether Bicep keeps a word for itself in places where a name may stand.
pub fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// The names of one file.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    taken: BTreeSet<String>,
}

/// A declaration for `templates/azure/declarations.bicep.hbs`.
#[derive(Debug, Serialize)]
pub(super) struct Declaration {
    pub(super) name: String,
    pub(super) kind: ParamType,
    pub(super) description: Option<String>,
    pub(super) secure: bool,
    /// An empty text is refused.
    pub(super) filled: bool,
    pub(super) allowed: Option<Value>,
    pub(super) has_default: bool,
    pub(super) default: Option<Value>,
}

/// The parameters of the manifest that a file takes.
#[derive(Debug)]
pub(super) struct Root<'c> {
    cx: &'c Cx<'c>,
    symbols: Symbols,
    /// In the order in which they were needed.
    pub(super) order: Vec<Name>,
    names: BTreeMap<Name, String>,
    defaults: BTreeMap<Name, Value>,
    problems: Diagnostics,
}

impl Symbols {
    /// A name that is not taken, made of `wanted`.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let mut name = bicep::identifier(wanted);
        if is_keyword(&name) {
            name.push('_');
        }
        let base = name.clone();
        let mut number = 2;
        while !self.taken.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        name
    }
}

impl<'c> Root<'c> {
    pub(super) fn new(cx: &'c Cx<'c>, symbols: Symbols) -> Self {
        Self {
            cx,
            symbols,
            order: Vec::new(),
            names: BTreeMap::new(),
            defaults: BTreeMap::new(),
            problems: Diagnostics::default(),
        }
    }

    pub(super) fn symbol(&mut self, wanted: &str) -> String {
        self.symbols.take(wanted)
    }

    /// A parameter of the manifest in its own type.
    pub(super) fn parameter(&mut self, name: &Name) -> Value {
        if let Some(known) = self.names.get(name) {
            return Value::expression(known.clone());
        }
        let symbol = self.symbols.take(name.as_str());
        self.names.insert(name.clone(), symbol.clone());
        self.order.push(name.clone());
        let default = self.cx.application.params.get(name).filter(|parameter| !parameter.secret);
        if let Some((parameter, default)) = default.and_then(|it| Some((it, it.default.as_ref()?))) {
            let value = self.text(default);
            self.defaults.insert(name.clone(), typed(&value, parameter));
        }
        Value::expression(symbol)
    }

    /// An expression that is known before anything is deployed.
    pub(super) fn text(&mut self, expression: &Expression) -> Value {
        let mut whole = Text::default();
        for part in &expression.parts {
            let reference = match part {
                Part::Literal(literal) => {
                    whole.literal(literal);
                    continue;
                }
                Part::Reference(reference) => reference,
            };
            match &reference.target {
                Target::Parameter(name) => {
                    let value = self.parameter(name);
                    match reference.filter {
                        None => whole.push(value),
                        Some(_) => whole.expression(format!("uriComponent({})", value.code())),
                    }
                }
                Target::Shipit(property) => whole.literal(self.shipit_fact(*property)),
                Target::Git(property) => match (self.cx.git)(*property) {
                    Ok(fact) => whole.literal(&fact),
                    Err(message) => self.report(Diagnostic::error("no-git-fact", message), &reference.span),
                },
                Target::Registry { .. } | Target::App { .. } | Target::Environment { .. } | Target::Resource { .. } => {
                    let diagnostic =
                        Diagnostic::error("late-reference", "this must be known before anything is deployed");
                    self.report(diagnostic.help("refer to a parameter here"), &reference.span);
                }
            }
        }
        Value::from(whole)
    }

    fn shipit_fact(&self, property: ShipitProperty) -> &'c str {
        match property {
            ShipitProperty::Name => &self.cx.application.name,
            ShipitProperty::Profile => self.cx.application.profile.as_ref().map_or("default", Name::as_str),
            ShipitProperty::Version => self.cx.version,
        }
    }

    fn report(&mut self, diagnostic: Diagnostic, span: &crate::manifest::Span) {
        self.problems.push(diagnostic.within(&self.cx.application.source).at(span.clone(), ""));
    }

    /// The declarations of the parameters that were needed. An error if one of them was wrong.
    pub(super) fn declarations(&mut self) -> Result<Vec<Declaration>, Failure> {
        let problems = std::mem::take(&mut self.problems);
        if problems.has_errors() {
            return Err(Failure::Invalid(problems));
        }
        let declared = self.order.iter().filter_map(|name| {
            let parameter = self.cx.application.params.get(name)?;
            let default = self.defaults.get(name).cloned();
            Some(Declaration {
                name: self.names.get(name)?.clone(),
                kind: ParamType::from(parameter.kind),
                description: parameter.description.clone(),
                secure: parameter.secret,
                // An empty secret would be deployed like any other.
                filled: parameter.secret && ParamType::from(parameter.kind) == ParamType::String,
                allowed: (!parameter.allowed.is_empty()).then(|| {
                    let values =
                        parameter.allowed.iter().map(|value| typed(&Value::from(value.get_ref().as_str()), parameter));
                    Value::Array(values.collect())
                }),
                has_default: default.is_some(),
                default,
            })
        });
        Ok(declared.collect())
    }

    pub(super) fn name_of(&self, name: &Name) -> &str {
        self.names.get(name).map_or("", String::as_str)
    }
}

/// A text in the type of its parameter.
pub(super) fn typed(value: &Value, parameter: &Parameter) -> Value {
    let Some(literal) = value.as_literal() else {
        return match ParamType::from(parameter.kind) {
            ParamType::Int => Value::expression(format!("int({})", value.code())),
            ParamType::Bool => Value::expression(format!("bool({})", value.code())),
            ParamType::String | ParamType::Object | ParamType::Array => value.clone(),
        };
    };
    match ParamType::from(parameter.kind) {
        ParamType::Int => literal.trim().parse().map_or_else(|_| Value::from(literal), Value::Int),
        ParamType::Bool => literal.trim().parse().map_or_else(|_| Value::from(literal), Value::Bool),
        ParamType::String | ParamType::Object | ParamType::Array => value.clone(),
    }
}
