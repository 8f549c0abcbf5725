//! One file: its declarations, its names, its references to other files.

use super::super::syntax::{Declaration, File, Span, place};
use super::interface::World;
use super::symbols::Symbols;
use super::walk::Walker;
use super::{Finding, Severity, declarations, early, limits, modules, resources};

/// Collects what is wrong with one file, but what it mutes.
pub(super) struct Report<'a> {
    pub(super) path: &'a str,
    text: &'a str,
    /// Line and codes.
    muted: Vec<(usize, &'a str)>,
    pub(super) findings: &'a mut Vec<Finding>,
}

pub(super) fn check<'a>(path: &'a str, file: &'a File<'a>, world: &'a World<'a>, findings: &'a mut Vec<Finding>) {
    let text = file.text;
    let muted = file.directives.iter().filter_map(|span| {
        let codes = text[span.range()].strip_prefix("#disable-next-line")?;
        Some((place(text, span.start).0 + 1, codes))
    });
    let mut report = Report { path, text, muted: muted.collect(), findings };
    let symbols = Symbols::of(file);
    declarations::check(file, &symbols, &mut report);
    let mut walker = Walker::new(&symbols, world, &mut report);
    for statement in &file.statements {
        walker.statement(statement);
    }
    let edges = walker.finish();
    declarations::cycles(&symbols, &edges, &mut report);
    declarations::unused(&symbols, &mut report);
    modules::check(file, &symbols, world, &mut report);
    // Resources of extensions have rules of their own.
    if !file.statements.iter().any(|statement| matches!(statement.declaration, Declaration::Extension(..))) {
        resources::check(file, &symbols, &mut report);
        early::check(file, &symbols, &mut report);
    }
    limits::check(file, &mut report);
}

impl Report<'_> {
    pub(super) fn error(&mut self, span: Span, code: &'static str, message: impl Into<String>) {
        self.push(Severity::Error, span, code, message.into());
    }

    pub(super) fn warning(&mut self, span: Span, code: &'static str, message: impl Into<String>) {
        self.push(Severity::Warning, span, code, message.into());
    }

    fn push(&mut self, severity: Severity, span: Span, code: &'static str, message: String) {
        let (line, column) = place(self.text, span.start);
        let is_muted =
            |(muted, codes): &(usize, &str)| *muted == line && codes.split_whitespace().any(|muted| muted == code);
        if !self.muted.iter().any(is_muted) {
            self.findings.push(Finding { path: self.path.to_owned(), line, column, severity, code, message });
        }
    }
}

/// `; did you mean …?`, where something is near.
pub(super) fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    let near = crate::util::text::nearest(word, candidates);
    near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}
