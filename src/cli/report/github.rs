//! GitHub Actions: groups of log lines, annotations, masks and the step summary.
//!
//! Workflow commands are lines that begin with `::` (or hold `##[`); foreign text must not be able to
//! give any. Escapes: "Workflow commands for GitHub Actions" in GitHub's documentation.

use super::html::escape as escape_html;
use super::lines::{Lines, prefixed};
use super::style::{Paint, bytes, seconds};
use super::table::{Counts, shown, state, table};
use super::{Clock, ReportError, Reporter, Stream};
use crate::pipeline::{Event, Failure, Outcome, StepId};
use crate::util::Update;
use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

/// The most log lines that are kept of one step until it ends; the last ones.
const GROUP_LINES: usize = 5000;
/// The most rows of a step summary: GitHub takes 1 MiB.
const SUMMARY_ROWS: usize = 500;

/// Plain lines, but the log of each step as one group when the step has ended; an annotation for each
/// failure; and the step summary.
pub struct GithubReporter {
    out: Stream,
    lines: Lines,
    groups: HashMap<StepId, Group>,
    /// What `GITHUB_STEP_SUMMARY` names.
    summary: Option<PathBuf>,
}

#[derive(Default)]
struct Group {
    lines: VecDeque<String>,
    left_out: usize,
}

/// Where an annotation points; lines and columns count from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Relative to the repository.
    pub file: String,
    pub line: usize,
    pub column: usize,
}

impl GithubReporter {
    pub fn new(out: Stream, clock: Clock, verbosity: u8, summary: Option<PathBuf>) -> Self {
        Self { out, lines: Lines::new(clock, verbosity), groups: HashMap::new(), summary }
    }

    fn write(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes());
    }
}

impl Reporter for GithubReporter {
    fn event(&mut self, event: &Event) {
        if let Event::Progress { step, update: Update::Log(text) } = event {
            self.groups.entry(step.clone()).or_default().push(text);
            return;
        }
        if let Event::Ended { step, .. } = event
            && let Some(group) = self.groups.remove(step)
        {
            self.write(&group.render(step));
        }
        let text = self.lines.event(event);
        self.write(&guard(&text));
    }

    fn tick(&mut self) {
        let text = self.lines.tick();
        self.write(&guard(&text));
    }

    fn settle(&mut self) {
        let _ = self.out.flush();
    }

    fn finish(&mut self, outcome: &Outcome) -> Result<(), ReportError> {
        let mut text = format!("\n{}", guard(&table(outcome, Paint::default())));
        for (step, failure) in outcome.failures() {
            text.push_str(&failure_annotation(step, failure));
        }
        self.write(&text);
        let _ = self.out.flush();
        let Some(path) = &self.summary else { return Ok(()) };
        let failed = |source| ReportError { what: "step summary", path: path.clone(), source };
        let mut file = OpenOptions::new().append(true).create(true).open(path).map_err(failed)?;
        file.write_all(summary(outcome).as_bytes()).map_err(failed)
    }
}

impl std::fmt::Debug for GithubReporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GithubReporter")
    }
}

impl Group {
    fn push(&mut self, text: &str) {
        for line in text.lines() {
            if self.lines.len() == GROUP_LINES {
                self.lines.pop_front();
                self.left_out += 1;
            }
            self.lines.push_back(line.to_owned());
        }
    }

    fn render(&self, step: &StepId) -> String {
        let mut text = format!("::group::{}\n", data(&format!("log of {step}")));
        if self.left_out > 0 {
            writeln!(text, "({} lines before)", self.left_out).expect("writing to a String cannot fail");
        }
        for line in &self.lines {
            text.push_str(&guard(&prefixed(step, line)));
        }
        text + "::endgroup::\n"
    }
}

/// A line that marks an error in a file, e.g. in the manifest.
pub fn error_annotation(place: Option<&Place>, title: &str, message: &str) -> String {
    annotation("error", place, title, message)
}

/// A line that marks a warning in a file.
pub fn warning_annotation(place: Option<&Place>, title: &str, message: &str) -> String {
    annotation("warning", place, title, message)
}

/// Lines that tell the runner to mask a secret in everything that it shows: one for each line of it.
pub fn add_mask(secret: &str) -> String {
    let lines = secret.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| format!("::add-mask::{}\n", data(line))).collect()
}

/// What is appended to the file that `GITHUB_OUTPUT` names. `name` is one of our own.
pub fn output(name: &str, value: &str) -> String {
    let mut delimiter = String::from("end-of-value");
    while value.contains(&delimiter) {
        delimiter.push('-');
    }
    format!("{name}<<{delimiter}\n{value}\n{delimiter}\n")
}

/// The step summary: a table, and each failure.
pub fn summary(outcome: &Outcome) -> String {
    let counts = Counts::of(outcome);
    let mut text = format!("### shipit: {} in {}\n\n", counts.list(), seconds(outcome.elapsed));
    text.push_str("| step | state | time | sent |\n|---|---|---:|---:|\n");
    for step in shown(outcome).take(SUMMARY_ROWS) {
        let time = if step.ran() { seconds(step.elapsed) } else { String::new() };
        let sent = match step.bytes_sent() {
            0 => String::new(),
            sent => bytes(sent),
        };
        let (name, state) = (cell(step.id.as_str()), cell(&state(&step.state)));
        writeln!(text, "| {name} | {state} | {time} | {sent} |").expect("writing to a String cannot fail");
    }
    if counts.all() > SUMMARY_ROWS {
        writeln!(text, "\n{} more steps are not listed.", counts.all() - SUMMARY_ROWS)
            .expect("writing to a String cannot fail");
    }
    for (step, failure) in outcome.failures() {
        let details = escape_html(&details(failure)).replace('\n', "<br>");
        write!(text, "\n**{}**: {}\n", cell(step.as_str()), details.replace('|', "&#124;").replace('`', "&#96;"))
            .expect("writing to a String cannot fail");
    }
    text
}

fn failure_annotation(step: &StepId, failure: &Failure) -> String {
    error_annotation(None, &format!("{step} failed"), &details(failure))
}

fn details(failure: &Failure) -> String {
    let Failure { class: _, message, causes, help } = failure;
    let mut text = message.clone();
    for cause in causes {
        text.extend(["\nbecause ", cause]);
    }
    if let Some(help) = help {
        text.extend(["\nhelp: ", help]);
    }
    text
}

fn annotation(command: &str, place: Option<&Place>, title: &str, message: &str) -> String {
    let mut properties = Vec::new();
    if let Some(Place { file, line, column }) = place {
        properties.push(format!("file={}", property(file)));
        properties.push(format!("line={line}"));
        properties.push(format!("col={column}"));
    }
    if !title.is_empty() {
        properties.push(format!("title={}", property(title)));
    }
    let space = if properties.is_empty() { "" } else { " " };
    format!("::{command}{space}{}::{}\n", properties.join(","), data(message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn cell(text: &str) -> String {
    escape_html(text).replace('|', "&#124;").replace('`', "&#96;").replace('\n', " ")
}

/// Lines that the runner does not take for commands.
fn guard(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##[") {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let line = line.replace("##[", "# #[");
        if line.trim_start().starts_with("::") { line.replacen("::", ": :", 1) } else { line }
    });
    Cow::Owned(lines.collect())
}
