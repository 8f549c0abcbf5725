//! How mistakes about one value are told.

use super::error::Error;
use super::value::Value;
use crate::manifest::{Diagnostic, Kind};

impl Value<'_> {
    /// What people call this value.
    pub(super) fn subject(&self) -> String {
        match self.key {
            Some(key) if self.is_item => format!("an item of `{}`", key.name),
            Some(key) => format!("`{}`", key.name),
            None => "the document".to_owned(),
        }
    }

    pub(super) fn wrong_type(&self, expected: &str) -> Error {
        let span = self.node.span.clone();
        let subject = self.subject();
        if self.node.kind == Kind::Null {
            // Where nothing is written there is nothing to underline but the key.
            let span = self.key.filter(|_| span.is_empty()).map_or(span, |key| key.span.clone());
            let diagnostic = Diagnostic::error("empty-value", format!("{subject} has an empty value"))
                .at(span, format!("expected {expected}"));
            return Error::problem(match expected {
                "a table" => diagnostic.help("write `{}` for an empty table, or remove the key"),
                _ => diagnostic.help("write a value, or remove the key"),
            });
        }
        let found = self.found();
        let message = format!("{subject} must be {expected}, not {found}");
        let diagnostic = Diagnostic::error("wrong-type", message).at(span, format!("expected {expected}"));
        Error::problem(match self.repair(expected) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        })
    }

    fn found(&self) -> String {
        let name = self.node.kind.name();
        let raw = self.run.raw(&self.node.span);
        let is_short = raw.chars().count() <= 40 && !raw.contains(['\n', '`']) && !raw.is_empty();
        match &self.node.kind {
            Kind::Array(_) | Kind::Integer(_) if !is_short => format!("an {name}"),
            Kind::Array(_) => "an array".to_owned(),
            Kind::Table(_) => "a table".to_owned(),
            _ if is_short => format!("the {name} `{raw}`"),
            _ => format!("a {name}"),
        }
    }

    /// What to write instead, where that is plain.
    fn repair(&self, expected: &str) -> Option<String> {
        let raw = self.run.raw(&self.node.span);
        match &self.node.kind {
            Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) if expected.starts_with("a string") => {
                Some(format!("quote it: `\"{raw}\"`"))
            }
            Kind::String(content) if expected.contains("an integer") => match integer_in(content) {
                Some(number) if raw.starts_with(['"', '\'']) => Some(format!("write it without quotes: `{number}`")),
                Some(number) => Some(format!("write `{number}`")),
                None => None,
            },
            Kind::Float(number) if expected.contains("an integer") && number.fract() == 0.0 && number.abs() < 1e15 => {
                Some(format!("write `{number}`"))
            }
            Kind::String(content) if expected == "a boolean" => match content.as_str() {
                "true" | "yes" | "on" => Some("write `true`".to_owned()),
                "false" | "no" | "off" => Some("write `false`".to_owned()),
                _ => Some("write `true` or `false`".to_owned()),
            },
            Kind::String(_) | Kind::Integer(_) | Kind::Bool(_) if expected == "an array" => {
                Some(format!("put it in brackets: `[{raw}]`"))
            }
            _ => None,
        }
    }

    pub(super) fn missing_key(&self, field: &str) -> Diagnostic {
        let (place, span) = match self.key {
            Some(key) if !self.is_item => (format!(" in `{}`", key.name), key.span.clone()),
            Some(key) => (format!(" in an item of `{}`", key.name), self.node.span.clone()),
            None => (String::new(), 0..0),
        };
        Diagnostic::error("missing-key", format!("`{field}` is missing{place}"))
            .at(span, format!("`{field}` must be set here"))
    }
}

/// The words to choose from: `a`, `b` or `c`.
pub(super) fn choice(words: &[&str]) -> String {
    match words {
        [only] => format!("`{only}`"),
        [head @ .., last] => {
            let head: Vec<String> = head.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", head.join(", "))
        }
        [] => "nothing".to_owned(),
    }
}

/// The number that is meant by text such as `0x1F90`, `010` or `80`.
fn integer_in(text: &str) -> Option<i64> {
    let (digits, radix) = match text.get(..2) {
        Some("0x") => (&text[2..], 16),
        Some("0o") => (&text[2..], 8),
        _ => (text, 10),
    };
    i64::from_str_radix(digits, radix).ok()
}
