//! Environment variables `Parameters__<name>`, hyphens as underscores, in any case.

use super::{Opening, ParameterSource, Source, Supply, Unusable, unknown_help};
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::Parameter;
use std::collections::BTreeMap;
use std::ffi::OsString;

const PREFIX: &str = "parameters__";

struct Environment {
    /// By the name in lower case with hyphens: the variables as they are spelled, with their values.
    variables: BTreeMap<String, Vec<(String, OsString)>>,
}

pub(super) fn open<'a>(opening: &Opening<'a>, problems: &mut Diagnostics) -> Box<dyn Source + 'a> {
    let mut variables: BTreeMap<String, Vec<(String, OsString)>> = BTreeMap::new();
    for (variable, value) in &opening.inputs.environment {
        let Some(variable) = variable.to_str() else { continue };
        if variable.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX)) {
            let key = normal(&variable[PREFIX.len()..]);
            variables.entry(key).or_default().push((variable.to_owned(), value.clone()));
        }
    }
    for (key, spellings) in &mut variables {
        spellings.sort();
        if !opening.application.params.keys().any(|name| normal(name.as_str()) == *key) {
            // Only a warning: the variable may be meant for another manifest.
            for (variable, _) in spellings {
                let message = format!("the environment variable `{variable}` belongs to no parameter");
                let help = unknown_help(opening.application, key);
                problems.push(Diagnostic::warning("unknown-parameter", message).help(help));
            }
        }
    }
    Box::new(Environment { variables })
}

impl Source for Environment {
    fn supply(&self, parameter: &Parameter) -> Result<Option<Supply>, Unusable> {
        let Some(spellings) = self.variables.get(&normal(parameter.name.as_str())) else { return Ok(None) };
        let Some((variable, value)) = spellings.first() else { return Ok(None) };
        let refuse = |code, message: String, help: &str| {
            Err(Unusable::Because(Box::new(Diagnostic::error(code, message).help(help))))
        };
        if let Some((other, _)) = spellings.iter().find(|(_, text)| text != value) {
            let message = format!("`{variable}` and `{other}` set `{}` to different values", parameter.name);
            return refuse("parameter-environment", message, "unset one of them");
        }
        let Some(text) = value.to_str() else {
            let message = format!("the environment variable `{variable}` is not UTF-8");
            return refuse("parameter-environment", message, "set it to UTF-8 text");
        };
        if text.is_empty() {
            let message = format!("the environment variable `{variable}` is set, but empty");
            let help = format!("unset it, or use `--param {}=` for an empty value", parameter.name);
            return refuse("parameter-environment", message, &help);
        }
        Ok(Some(Supply::text(text, ParameterSource::Environment(variable.clone()))))
    }
}

fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}
