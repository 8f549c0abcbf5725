//! Whether a value is what its parameter, or the place where it is used, wants.

use super::inputs::VALUE_LIMIT;
use crate::model::{Parameter, ParameterType};
use crate::util::text;
use regex::Regex;

/// The most of a value that a message repeats, in characters.
const EXCERPT: usize = 80;

/// Checks length, type, `allowed` and `pattern`. The reason is a phrase without the value.
pub(super) fn parameter_value(parameter: &Parameter, value: &str) -> Result<(), String> {
    if value.len() > VALUE_LIMIT {
        return Err(format!("has {} bytes, the limit is 1 MiB ({VALUE_LIMIT} bytes)", value.len()));
    }
    match parameter.kind {
        ParameterType::String => {}
        ParameterType::Int if value.parse::<i64>().is_ok() => {}
        ParameterType::Int => return Err("is not a whole number".to_owned()),
        ParameterType::Bool if matches!(value, "true" | "false") => {}
        ParameterType::Bool => return Err("is neither `true` nor `false`".to_owned()),
    }
    if !parameter.allowed.is_empty() && !parameter.allowed.iter().any(|allowed| allowed.get_ref() == value) {
        let allowed = parameter.allowed.iter().map(|allowed| allowed.get_ref().as_str());
        return Err(format!("is none of {}", text::list(allowed)));
    }
    if let Some(pattern) = &parameter.pattern {
        // A pattern that is no expression was refused when the manifest was read.
        let whole = Regex::new(&format!("\\A(?:{})\\z", pattern.get_ref()));
        if whole.is_ok_and(|whole| !whole.is_match(value)) {
            return Err(format!("does not match `{}`", pattern.get_ref()));
        }
    }
    Ok(())
}

/// As much of a value as a message may hold.
pub(super) fn excerpt(value: &str) -> String {
    let mut short: String = value.chars().take(EXCERPT).collect();
    if short.len() < value.len() {
        short.push('…');
    }
    short
}
