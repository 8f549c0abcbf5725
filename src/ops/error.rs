//! Why an operation did not come to an end. `cli` turns it into text and an exit status.

use crate::manifest::{Diagnostic, Diagnostics};
use crate::util::FailureClass;

/// What stopped an operation before, or instead of, its pipeline.
#[derive(Debug)]
pub enum Error {
    /// The command line, the manifest or a parameter is wrong; nothing was touched.
    Invalid(Vec<Diagnostic>),
    /// Another run holds the lock; the text names its holder.
    Locked(String),
    /// Something outside of the manifest failed.
    Failed { class: FailureClass, message: String, help: Option<String> },
}

impl Error {
    /// One mistake that has no place in a file.
    pub fn invalid(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Invalid(vec![Diagnostic::error(code, message).help(help)])
    }

    pub fn failed(class: FailureClass, message: impl Into<String>) -> Self {
        Self::Failed { class, message: message.into(), help: None }
    }
}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Invalid(vec![diagnostic])
    }
}

impl From<Diagnostics> for Error {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Invalid(diagnostics.into_sorted())
    }
}
