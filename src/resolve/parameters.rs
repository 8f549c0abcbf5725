//! The value of each parameter, looked up when it is needed: once, in the order of the sources.

use super::check;
use super::evaluate::Resolver;
use super::sources::{Content, ParameterSource, Supply, Unusable};
use super::table::variable_of;
use super::value::Value;
use crate::manifest::{Diagnostic, Diagnostics, Span};
use crate::model::{Name, Parameter};
use crate::util::Secret;

/// What became of a parameter.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Value {
        value: Value,
        source: ParameterSource,
    },
    /// There will be a value when it is needed.
    Later(ParameterSource),
    /// No source has one.
    Missing,
    /// There is one that cannot be used; that was reported.
    Unusable,
}

impl Resolver<'_> {
    /// The value of a parameter that is needed at `used`; what is wrong is reported once.
    pub(super) fn parameter(&mut self, name: &Name, used: &Span, problems: &mut Diagnostics) -> Option<Value> {
        let known = self.found.contains_key(name);
        match self.find(name, problems) {
            Found::Value { value, .. } => Some(value),
            Found::Missing if !known => {
                problems.push(self.missing(name, used));
                None
            }
            Found::Missing | Found::Later(_) | Found::Unusable => None,
        }
    }

    /// Looks a parameter up without minding that it is missing.
    pub(super) fn find(&mut self, name: &Name, problems: &mut Diagnostics) -> Found {
        if let Some(found) = self.found.get(name) {
            return found.clone();
        }
        let Some(parameter) = self.application.params.get(name) else { return Found::Missing };
        let found = match self.supply(parameter, problems) {
            Ok(Some(supply)) => self.accept(parameter, supply, problems),
            Ok(None) => Found::Missing,
            Err(Unusable::Reported) => Found::Unusable,
            Err(Unusable::Because(mut problem)) => {
                if problem.source.is_none() {
                    *problem = problem.within(&self.application.source).at(parameter.span.clone(), "declared here");
                }
                problems.push(*problem);
                Found::Unusable
            }
        };
        self.found.insert(name.clone(), found.clone());
        found
    }

    fn supply(&self, parameter: &Parameter, problems: &Diagnostics) -> Result<Option<Supply>, Unusable> {
        for source in &self.sources {
            // Nobody is asked for anything by a run that will not go on.
            if source.asks() && problems.has_errors() {
                continue;
            }
            if let Some(supply) = source.supply(parameter)? {
                return Ok(Some(supply));
            }
        }
        Ok(None)
    }

    fn accept(&mut self, parameter: &Parameter, supply: Supply, problems: &mut Diagnostics) -> Found {
        let Supply { content, source, place } = supply;
        let value = match content {
            Content::Later => return Found::Later(source),
            Content::Text(text) => Value::Known(text.expose().to_owned()),
            Content::Expression(expression) => {
                let key = format!("parameter {}", parameter.name);
                match self.guarded(key, &expression, problems) {
                    Some(value) => value,
                    None => return Found::Unusable,
                }
            }
        };
        let value = match value {
            Value::Known(text) if parameter.secret => Value::Secret(Secret::new(text)),
            Value::Deferred(deferred) if parameter.secret => Value::Deferred(deferred.into_secret()),
            other => other,
        };
        if let Some(text) = value.as_secret()
            && let Err(reason) = check::parameter_value(parameter, text.expose())
        {
            let message = format!("the value of `{}` from {source} {reason}", parameter.name);
            let mut problem = Diagnostic::error("parameter-value", message);
            let shown = match &value {
                Value::Known(text) => format!("it is `{}`", check::excerpt(text)),
                Value::Secret(_) | Value::Deferred(_) => "this one".to_owned(),
            };
            problem = match place {
                Some((file, span)) => problem.within(&file).at(span, shown),
                None => problem.within(&self.application.source).at(parameter.span.clone(), shown),
            };
            problems.push(problem);
            return Found::Unusable;
        }
        if matches!(source, ParameterSource::Generated | ParameterSource::Prompt)
            && let Some(text) = value.as_secret()
        {
            self.kept.insert(parameter.name.as_str().to_owned(), text);
        }
        Found::Value { value, source }
    }

    fn missing(&self, name: &Name, used: &Span) -> Diagnostic {
        let description = self.application.params.get(name).and_then(|parameter| parameter.description.as_deref());
        let message = match description {
            Some(description) => format!("the parameter `{name}` has no value: {description}"),
            None => format!("the parameter `{name}` has no value"),
        };
        let mut problem = Diagnostic::error("missing-parameter", message)
            .within(&self.application.source)
            .at(used.clone(), "needed here")
            .help(format!("set `{}`, or use `--param {name}=…`", variable_of(name)));
        if let Some(parameter) = self.application.params.get(name) {
            problem = problem.at(parameter.span.clone(), "declared here");
        }
        problem
    }

    /// Every secret that is known, whether it is needed or not: other programs may print it.
    pub(super) fn secrets(&mut self) -> Vec<Secret> {
        let mut secrets = Vec::new();
        for (name, parameter) in &self.application.params {
            let value = match self.found.get(name) {
                Some(Found::Value { value: Value::Secret(secret), .. }) => Some(secret.clone()),
                None if parameter.secret => self.idle_secret(parameter),
                _ => None,
            };
            secrets.extend(value);
        }
        secrets
    }

    /// What a source would supply for a secret that nothing has needed; nothing is made up for it.
    fn idle_secret(&self, parameter: &Parameter) -> Option<Secret> {
        let supplies = self.sources.iter().filter(|source| !source.asks() && !source.invents());
        for source in supplies {
            if let Ok(Some(Supply { content: Content::Text(text), .. })) = source.supply(parameter) {
                return Some(text);
            }
        }
        None
    }
}
