//! What is wrong with a file, and where. Rendering is the business of `cli`.

use super::{Source, Span};
use std::sync::Arc;

/// One mistake, or one warning, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// A stable name for programs, e.g. `unknown-key`.
    pub code: &'static str,
    /// A lower-case phrase with backticks round the user's words; foreign text in it is not yet cleaned.
    pub message: String,
    /// The file, where it has one. The first label is the place of the mistake.
    pub source: Option<Arc<Source>>,
    pub labels: Vec<Label>,
    /// What to write instead, in the imperative.
    pub help: Option<String>,
}

/// A place and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
    /// Where it is in another file than the diagnostic.
    pub source: Option<Arc<Source>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Warning,
    Error,
}

/// How many mistakes of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub errors: usize,
    pub warnings: usize,
}

/// Collects what is wrong, so that one run reports every mistake.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// Places whose text must not be shown.
    concealed: Vec<Span>,
}

impl Diagnostic {
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, message: message.into(), source: None, labels: Vec::new(), help: None }
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Sets the file that the labels point into.
    pub fn within(mut self, source: &Arc<Source>) -> Self {
        self.source = Some(source.clone());
        self
    }

    /// Adds a place; the first one is where the mistake is.
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), source: None });
        self
    }

    /// Adds a place in another file.
    pub fn also_in(mut self, source: &Arc<Source>, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), source: Some(source.clone()) });
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl Count {
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
        Self { errors, warnings: diagnostics.len() - errors }
    }
}

impl Diagnostics {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Whether anything forbids going on.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Notes that the text at a place is not to be shown by any of the diagnostics.
    pub fn conceal(&mut self, span: Span) {
        self.concealed.push(span);
    }

    /// Takes what was noted.
    pub fn take_concealed(&mut self) -> Vec<Span> {
        std::mem::take(&mut self.concealed)
    }

    /// Puts another text behind everything that points into `source`.
    pub fn replace_source(&mut self, source: &Arc<Source>, other: &Arc<Source>) {
        for diagnostic in &mut self.list {
            if let Some(own) = diagnostic.source.as_mut().filter(|own| Arc::ptr_eq(own, source)) {
                *own = other.clone();
            }
        }
    }

    pub fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        self.list.extend(others);
    }

    /// How many errors and how many warnings there are.
    pub fn count(&self) -> Count {
        Count::of(&self.list)
    }

    /// All of them, file by file in the order of their first mention, in the order of their places, without
    /// repetitions.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        let mut files: Vec<Option<Arc<Source>>> = Vec::new();
        for diagnostic in &self.list {
            if !files.contains(&diagnostic.source) {
                files.push(diagnostic.source.clone());
            }
        }
        self.list.sort_by_cached_key(|diagnostic| {
            let file = files.iter().position(|file| *file == diagnostic.source);
            (file, diagnostic.labels.first().map_or(0, |label| label.span.start))
        });
        // What an alias of YAML repeats is one mistake.
        self.list.dedup();
        self.list
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
