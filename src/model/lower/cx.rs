//! What everything that lowers an entry shares: what is declared, and where mistakes go.

use crate::manifest::{Diagnostic, Diagnostics, Severity, Source, Span, Spanned};
use crate::model::Name;
use crate::model::bind::Edge;
use crate::model::scope::{Item, Scope, Table};
use crate::util::text;
use std::sync::Arc;

/// After so many mistakes no nearest name is looked for: nobody reads that far.
const SEARCHES: usize = 50;

pub(in crate::model) struct Cx<'a> {
    pub(in crate::model) scope: &'a Scope<'a>,
    pub(in crate::model) source: &'a Arc<Source>,
    pub(in crate::model) problems: &'a mut Diagnostics,
    /// Who refers to whom, as far as lowered.
    pub(in crate::model) edges: Vec<Edge>,
    /// The entry that is being lowered.
    pub(in crate::model) current: Option<Name>,
}

/// A mistake that is being described; nothing happens before `push`.
#[must_use]
pub(in crate::model) struct Report<'c> {
    problems: &'c mut Diagnostics,
    diagnostic: Diagnostic,
}

impl Report<'_> {
    pub(in crate::model) fn help(mut self, help: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.help(help);
        self
    }

    /// Adds a second place.
    pub(in crate::model) fn also(mut self, span: &Span, label: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.at(span.clone(), label);
        self
    }

    pub(in crate::model) fn push(self) {
        self.problems.push(self.diagnostic);
    }
}

impl<'a> Cx<'a> {
    pub(in crate::model) fn new(scope: &'a Scope<'a>, source: &'a Arc<Source>, problems: &'a mut Diagnostics) -> Self {
        Self { scope, source, problems, edges: Vec::new(), current: None }
    }

    pub(in crate::model) fn error(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Report<'_> {
        let diagnostic = Diagnostic::error(code, message).within(self.source).at(span, label);
        Report { problems: self.problems, diagnostic }
    }

    pub(in crate::model) fn warning(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Report<'_> {
        let diagnostic = Diagnostic::warning(code, message).within(self.source).at(span, label);
        Report { problems: self.problems, diagnostic }
    }

    /// A mistake in a value that must not be shown: its place is told, its text is not.
    pub(in crate::model) fn hidden(
        &mut self,
        severity: Severity,
        code: &'static str,
        message: &str,
        span: &Span,
    ) -> Report<'_> {
        self.problems.conceal(span.clone());
        let diagnostic = Diagnostic::error(code, message).within(self.source).at(span.clone(), "not shown");
        Report { problems: self.problems, diagnostic: Diagnostic { severity, ..diagnostic } }
    }

    pub(in crate::model) fn may_search(&self) -> bool {
        self.problems.len() < SEARCHES
    }

    /// Whether something in a place is reported, so that what it lacks may be what was wrong there.
    pub(super) fn is_reported(&self, place: &Span) -> bool {
        let within = |span: &Span| place.start <= span.start && span.end <= place.end;
        self.problems.iter().any(|problem| problem.labels.first().is_some_and(|label| within(&label.span)))
    }

    pub(in crate::model) fn nearest<'w>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = &'w str>,
    ) -> Option<&'w str> {
        if self.may_search() { text::nearest(word, candidates) } else { None }
    }

    pub(in crate::model) fn edge(&mut self, to: &Name, span: &Span) {
        if let Some(from) = &self.current {
            self.edges.push(Edge { from: from.clone(), to: to.clone(), span: span.clone() });
        }
    }

    /// A string that may hold no reference, because it must be known before anything is resolved.
    pub(in crate::model) fn plain(&mut self, key: &str, text: &Spanned<String>) -> Option<Spanned<String>> {
        if text.get_ref().contains("$<") {
            self.error("no-reference-here", format!("`{key}` cannot hold a reference"), text.span(), "")
                .help("write the text itself")
                .push();
            return None;
        }
        if text.get_ref().trim().is_empty() {
            self.empty(key, text.span());
            return None;
        }
        if let Some(c) = text.get_ref().chars().find(|c| c.is_control()) {
            let message = format!("`{key}` holds the control character U+{:04X}", u32::from(c));
            self.error("control-character", message, text.span(), "").push();
            return None;
        }
        Some(text.clone())
    }

    pub(in crate::model) fn empty(&mut self, key: &str, span: Span) {
        self.error("empty-value", format!("`{key}` is empty"), span, "write a value, or leave the key out").push();
    }

    /// The name of something that is declared in one of `tables`.
    pub(in crate::model) fn named(&mut self, text: &Spanned<String>, tables: &[Table]) -> Option<&'a Item<'a>> {
        let scope = self.scope;
        let written = text.get_ref().as_str();
        match scope.get(written) {
            Some(item) if tables.contains(&item.table) => return Some(item),
            Some(item) => {
                let wanted = nouns(tables);
                let message = format!("`{written}` is {}, not {wanted}", item.table.noun());
                self.error("wrong-name", message, text.span(), "")
                    .also(&item.span, "declared here")
                    .help(self_help(scope, tables))
                    .push();
            }
            None if scope.is_refused(written) => {}
            None => {
                let near =
                    if self.may_search() { scope.nearest(written, |table| tables.contains(&table)) } else { None };
                let label =
                    near.map_or_else(|| "not declared".to_owned(), |near| format!("did you mean `{}`?", near.name));
                let bare = |table: &Table| table.noun().rsplit(' ').next().unwrap_or("thing");
                let what = tables.iter().map(bare).collect::<Vec<_>>().join(" or ");
                let mut report =
                    self.error("unknown-name", format!("no {what} is called `{written}`"), text.span(), label);
                report = report.help(self_help(scope, tables));
                if let Some(near) = near {
                    report = report.also(&near.span, "declared here");
                }
                report.push();
            }
        }
        None
    }
}

fn nouns(tables: &[Table]) -> String {
    tables.iter().map(|table| table.noun()).collect::<Vec<_>>().join(" or ")
}

/// Names what is declared, as far as it can be read at a glance.
fn self_help(scope: &Scope<'_>, tables: &[Table]) -> String {
    const SHOWN: usize = 8;
    let mut names: Vec<&str> = Vec::new();
    for &table in tables {
        names.extend(scope.names(table).iter().map(|item| item.name.as_str()));
    }
    let keys = text::list(tables.iter().map(|table| table.key()));
    match names.len() {
        0 => format!("declare it under {}", keys.replace(" and ", " or ")),
        1..=SHOWN => format!("declared under {keys}: {}", text::list(names)),
        count => format!("{count} names are declared under {keys}"),
    }
}
