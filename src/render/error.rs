//! What is wrong with a template, and where.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// A template that cannot be read, compiled or filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Its path below `templates/`.
    pub template: String,
    /// The user's file; `None` where the embedded text is meant.
    pub file: Option<PathBuf>,
    /// Where in its text; `None` where the file itself is wrong.
    pub place: Option<Box<Place>>,
    /// A lower-case phrase.
    pub reason: String,
    /// What to write instead, in the imperative.
    pub help: Option<String>,
}

/// A place in the text of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub text: Arc<str>,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// In bytes: the tag that stands there, or the rest of the line.
    pub span: Range<usize>,
}

impl Place {
    /// The tag at a line and a column, both from 1.
    pub(super) fn new(text: &Arc<str>, line: usize, column: usize) -> Self {
        let start_of_line: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = text[start_of_line..].lines().next().unwrap_or_default();
        let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
        let tag = &rest[within..];
        let length = match tag.find("}}") {
            Some(end) if tag.starts_with("{{") => end + if tag[end..].starts_with("}}}") { 3 } else { 2 },
            _ => tag.trim_end().len(),
        };
        let start = start_of_line + within;
        Self { text: text.clone(), line, column, span: start..start + length }
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { template, file, place, reason, help: _ } = self;
        match file {
            Some(file) => write!(f, "the template `{}`", file.display())?,
            None => write!(f, "the template `{template}`")?,
        }
        if let Some(Place { line, column, .. }) = place.as_deref() {
            write!(f, ", line {line}, column {column}")?;
        }
        write!(f, ": {reason}")
    }
}

impl std::error::Error for TemplateError {}
