//! What `shipit params` shows.

use super::evaluate::Resolver;
use super::inputs::Inputs;
use super::parameters::Found;
use super::sources::{Mode, ParameterSource};
use super::value::Value;
use crate::manifest::Diagnostics;
use crate::model::{Application, Name};
use crate::util::redact::MASK;
use serde_json::json;

/// All parameters, in the order of their names.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterTable {
    pub rows: Vec<ParameterRow>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ParameterRow {
    pub name: Name,
    /// `None`: no source has one, it cannot be used, or it will be generated.
    pub value: Option<Value>,
    pub source: Option<ParameterSource>,
    pub description: Option<String>,
    /// The manifest itself supplies no value.
    pub required: bool,
    pub secret: bool,
    /// The environment variable that sets it.
    pub variable: String,
}

/// Looks every parameter up without needing any: nothing is generated, nobody is asked, and what
/// is missing is no problem.
pub fn parameters(application: &Application, inputs: &Inputs<'_>, problems: &mut Diagnostics) -> ParameterTable {
    let mut resolver = Resolver::new(application, inputs, Mode::Show, problems);
    let mut rows = Vec::new();
    for (name, parameter) in &application.params {
        // A default that refers to a parameter without a value has none either.
        let mut found = Diagnostics::default();
        let (value, source) = match resolver.find(name, &mut found) {
            Found::Value { value, source } => (Some(value), Some(source)),
            Found::Later(source) => (None, Some(source)),
            Found::Missing | Found::Unusable => (None, None),
        };
        for problem in found.into_sorted() {
            if problem.code != "missing-parameter" {
                problems.push(problem);
            }
        }
        rows.push(ParameterRow {
            name: name.clone(),
            secret: parameter.secret || value.as_ref().is_some_and(Value::is_secret),
            value,
            source,
            description: parameter.description.clone(),
            required: parameter.default.is_none() && parameter.generate.is_none() && parameter.profile_value.is_none(),
            variable: variable_of(name),
        });
    }
    ParameterTable { rows }
}

/// The environment variable that sets a parameter.
pub fn variable_of(name: &Name) -> String {
    format!("Parameters__{}", name.as_str().replace('-', "_"))
}

impl ParameterRow {
    /// The value as it may be seen.
    pub fn shown(&self) -> Option<&str> {
        match self.value.as_ref()? {
            Value::Known(_) if self.secret => Some(MASK),
            Value::Known(text) => Some(text),
            Value::Secret(_) => Some(MASK),
            Value::Deferred(_) => None,
        }
    }
}

impl ParameterTable {
    /// An array of objects with the fields of [`ParameterRow`]; secrets are `"***"`.
    pub fn to_json(&self) -> serde_json::Value {
        let row = |row: &ParameterRow| {
            json!({
                "name": row.name.as_str(),
                "value": row.shown(),
                "source": row.source.as_ref().map(ToString::to_string),
                "description": row.description,
                "required": row.required,
                "secret": row.secret,
                "variable": row.variable,
            })
        };
        self.rows.iter().map(row).collect()
    }
}
