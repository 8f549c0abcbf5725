//! What a visitor may answer instead of a value.

use crate::manifest::{Diagnostic, Span};
use serde::de::{self, Expected, Unexpected};
use std::fmt;

#[derive(Debug)]
pub(super) enum Error {
    /// Something below failed and is reported; another pass may find more.
    Reported,
    /// Nothing more can be learnt of this node.
    Dead,
    /// A table lacks this key.
    Missing(&'static str),
    /// A word that is none of those that are allowed.
    UnknownVariant { word: String, allowed: &'static [&'static str] },
    /// The value does not suit: what a type of the model says of it.
    Custom(String),
    /// Ready to be shown.
    Problem(Box<Diagnostic>),
}

impl Error {
    pub(super) fn problem(diagnostic: Diagnostic) -> Self {
        Self::Problem(Box::new(diagnostic))
    }

    /// Turns what a type said of a value into a mistake at that value's place.
    pub(super) fn at(self, span: &Span) -> Self {
        match self {
            Self::Custom(message) => {
                let (message, help) = match message.split_once("\nhelp: ") {
                    Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
                    None => (message, None),
                };
                let mut diagnostic = Diagnostic::error("invalid-value", message).at(span.clone(), "");
                diagnostic.help = help;
                Self::problem(diagnostic)
            }
            other => other,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reported | Self::Dead => f.write_str("reported already"),
            Self::Missing(field) => write!(f, "`{field}` is missing"),
            Self::UnknownVariant { word, .. } => write!(f, "unknown word `{word}`"),
            Self::Custom(message) => f.write_str(message),
            Self::Problem(diagnostic) => f.write_str(&diagnostic.message),
        }
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Custom(format!("expected {expected}, found {unexpected}"))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Custom(format!("expected {expected}, found {unexpected}"))
    }

    fn unknown_variant(word: &str, allowed: &'static [&'static str]) -> Self {
        Self::UnknownVariant { word: word.to_owned(), allowed }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }
}
