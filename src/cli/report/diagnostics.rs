//! Diagnostics as text for people and as values for programs. Prints nothing itself.

use super::excerpt::{Excerpt, position};
use super::github::{self, Place};
use crate::manifest::{Count, Diagnostic, Diagnostics, Label, Severity, Source};
use crate::util::text;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, ThemeCharacters, ThemeStyles};
use serde_json::{Value, json};
use std::fmt::{self, Write as _};
use std::sync::Arc;

/// How many diagnostics are shown; the others are counted.
pub const SHOWN: usize = 50;

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub color: bool,
    /// Lines of box-drawing characters rather than of ASCII.
    pub unicode: bool,
    /// Characters in a line.
    pub width: usize,
}

/// All diagnostics as they are shown to people, with their number at the end. Ends with a line
/// break; empty when there are none.
pub fn render(diagnostics: Diagnostics, style: Style) -> String {
    let sorted = diagnostics.into_sorted();
    let handler = handler(style);
    let mut out = String::new();
    for diagnostic in sorted.iter().take(SHOWN) {
        show(&mut out, &handler, &Report::new(diagnostic));
    }
    if sorted.len() > SHOWN {
        let _ = writeln!(out, "and {} more\n", sorted.len() - SHOWN);
    }
    // Of one mistake in no file there is nothing to count.
    if sorted.len() > 1 || sorted.iter().any(|diagnostic| diagnostic.source.is_some()) {
        let _ = writeln!(out, "{}", summary(Count::of(&sorted), &sorted));
    }
    out
}

/// One diagnostic for programs: lines and columns from 1, columns in characters; the end is the
/// first place after it. Fields of a place are absent where there is none.
pub fn to_json(diagnostic: &Diagnostic) -> Value {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut value = json!({
        "severity": severity,
        "code": diagnostic.code,
        "message": one_line(&diagnostic.message),
    });
    if let Some(source) = &diagnostic.source {
        value["file"] = json!(text::sanitize(&source.name));
    }
    if let Some(first) = diagnostic.labels.first() {
        place(&mut value, first, diagnostic.source.as_ref());
    }
    if let Some(help) = &diagnostic.help {
        value["help"] = json!(text::sanitize(help));
    }
    let related: Vec<Value> = diagnostic
        .labels
        .iter()
        .skip(1)
        .map(|label| {
            let mut value = json!({ "message": one_line(&label.text) });
            place(&mut value, label, diagnostic.source.as_ref());
            value
        })
        .collect();
    value["related"] = json!(related);
    value
}

fn place(value: &mut Value, label: &Label, source: Option<&Arc<Source>>) {
    let Some(source) = label.source.as_ref().or(source) else { return };
    let (line, column) = position(&source.text, label.span.start);
    let (end_line, end_column) = position(&source.text, label.span.end);
    value["file"] = json!(text::sanitize(&source.name));
    value["line"] = json!(line);
    value["column"] = json!(column);
    value["end_line"] = json!(end_line);
    value["end_column"] = json!(end_column);
}

/// A diagnostic as GitHub Actions shows it at the line of a file.
pub fn annotation(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.labels.first().zip(diagnostic.source.as_ref()).map(|(label, source)| {
        let (line, column) = position(&source.text, label.span.start);
        Place { file: text::sanitize(&source.name).into_owned(), line, column }
    });
    let mut message = text::sanitize(&diagnostic.message).into_owned();
    if let Some(help) = &diagnostic.help {
        let _ = write!(message, "\nhelp: {}", text::sanitize(help));
    }
    match diagnostic.severity {
        Severity::Error => github::error_annotation(place.as_ref(), diagnostic.code, &message),
        Severity::Warning => github::warning_annotation(place.as_ref(), diagnostic.code, &message),
    }
}

/// `2 errors, 1 warning in apphost.toml`
fn summary(count: Count, diagnostics: &[Diagnostic]) -> String {
    let of = |number: usize, word: &str| match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{number} {word}s")),
    };
    let counts: Vec<String> =
        [of(count.errors, "error"), of(count.warnings, "warning")].into_iter().flatten().collect();
    let mut files: Vec<&str> = Vec::new();
    for source in diagnostics.iter().filter_map(|diagnostic| diagnostic.source.as_ref()) {
        if !files.contains(&source.name.as_str()) {
            files.push(&source.name);
        }
    }
    let counts = counts.join(", ");
    if files.is_empty() { counts } else { format!("{counts} in {}", text::sanitize(&files.join(", "))) }
}

fn show(out: &mut String, handler: &GraphicalReportHandler, report: &Report) {
    if handler.render_report(out, report).is_err() {
        // The formatter gave up half-way: say at least what is wrong.
        let _ = writeln!(out, "{}", report.message);
    }
    out.push('\n');
    for related in &report.related {
        show(out, handler, related);
    }
}

fn handler(style: Style) -> GraphicalReportHandler {
    let mut characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    if !style.unicode {
        characters.error = "error:".to_owned();
        characters.warning = "warning:".to_owned();
        characters.advice = "note:".to_owned();
    }
    let styles = if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_width(style.width.max(40))
        .with_links(false)
        // What is to be copied, `--param registry-repository=…`, stays in one piece.
        .with_word_splitter(textwrap::WordSplitter::NoHyphenation)
        .with_context_lines(1)
}

/// A phrase with the user's words in it, made safe to show on one line.
fn one_line(phrase: &str) -> String {
    text::sanitize(phrase).replace('\n', "\\n").replace('\t', "\\t")
}

/// A diagnostic in miette's words.
#[derive(Debug)]
struct Report {
    message: String,
    severity: miette::Severity,
    help: Option<String>,
    excerpt: Option<Excerpt>,
    labels: Vec<LabeledSpan>,
    /// Places in other files, each a report of its own.
    related: Vec<Report>,
}

impl Report {
    fn new(diagnostic: &Diagnostic) -> Self {
        let (own, others): (Vec<&Label>, Vec<&Label>) =
            diagnostic.labels.iter().partition(|label| label.source.is_none() || label.source == diagnostic.source);
        let severity = match diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        };
        let message = one_line(&diagnostic.message);
        let mut report = Self::at(message, severity, diagnostic.source.as_ref(), &own);
        report.help = diagnostic.help.as_deref().map(|help| text::sanitize(help).into_owned());
        report.related = others
            .into_iter()
            .map(|label| {
                let message = one_line(&label.text);
                let unnamed = Label { text: String::new(), ..label.clone() };
                Self::at(message, miette::Severity::Advice, label.source.as_ref(), &[&unnamed])
            })
            .collect();
        report
    }

    fn at(message: String, severity: miette::Severity, source: Option<&Arc<Source>>, labels: &[&Label]) -> Self {
        let mut report = Self { message, severity, help: None, excerpt: None, labels: Vec::new(), related: Vec::new() };
        let Some(source) = source.filter(|_| !labels.is_empty()) else { return report };
        let (excerpt, spans) = Excerpt::new(source, labels);
        report.excerpt = Some(excerpt);
        for (index, (label, span)) in labels.iter().zip(spans).enumerate() {
            let text = Some(one_line(&label.text)).filter(|text| !text.is_empty());
            report.labels.push(match index {
                0 => LabeledSpan::new_primary_with_span(text, span),
                _ => LabeledSpan::new_with_span(text, span),
            });
        }
        report
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
