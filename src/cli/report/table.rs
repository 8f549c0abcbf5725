//! The end of a run as text: the closing table, each failure once, and the sum.

use super::style::{Ink, Line, Paint, columns, count, seconds};
use crate::pipeline::{Failure, Outcome, StepId, StepResult, StepState};
use crate::util::FailureClass;

/// With more rows than this, only what was not done is listed, and no more than this of it.
const ROWS: usize = 40;
/// A name longer than this does not widen its column.
const NAME_COLUMNS: usize = 40;

/// How many steps ended in which state; steps that only gather others are not counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) done: usize,
    pub(super) cached: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
    pub(super) cancelled: usize,
}

/// The closing table, the failures and the sum, each line ended.
pub fn table(outcome: &Outcome, paint: Paint) -> String {
    table_within(outcome, paint, None)
}

/// The same with the rows of the table cut to a number of columns.
pub(super) fn table_within(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let mut text = rows(outcome, paint, width);
    let failures = failures(outcome, paint);
    if !failures.is_empty() {
        text.push('\n');
        text.push_str(&failures);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text + &sum(outcome, paint)
}

/// Each failure once: what, why and what to do; empty if nothing failed.
pub fn failures(outcome: &Outcome, paint: Paint) -> String {
    let mut text = String::new();
    for (index, (step, failure)) in outcome.failures().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        for line in failure_lines(step, failure, paint) {
            text.push_str(&line.render(paint, None));
            text.push('\n');
        }
    }
    text
}

impl Counts {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let mut counts = Self::default();
        shown(outcome).for_each(|step| counts.add(&step.state));
        counts
    }

    pub(super) fn add(&mut self, state: &StepState) {
        match state {
            StepState::Done(output) if output.cached => self.cached += 1,
            StepState::Done(_) => self.done += 1,
            StepState::Failed(_) => self.failed += 1,
            StepState::Skipped { .. } => self.skipped += 1,
            StepState::Cancelled => self.cancelled += 1,
        }
    }

    pub(super) fn all(self) -> usize {
        let Self { done, cached, failed, skipped, cancelled } = self;
        done + cached + failed + skipped + cancelled
    }

    /// `2 done, 1 cached`; what is none is left out.
    pub(super) fn list(self) -> String {
        let Self { done, cached, failed, skipped, cancelled } = self;
        let named =
            [(done, "done"), (cached, "cached"), (failed, "failed"), (skipped, "skipped"), (cancelled, "cancelled")];
        let parts = named.iter().filter(|(number, _)| *number > 0).map(|(number, name)| format!("{number} {name}"));
        parts.collect::<Vec<_>>().join(", ")
    }
}

/// Steps that a reader wants to see: those that do something.
pub(super) fn shown(outcome: &Outcome) -> impl Iterator<Item = &StepResult> {
    outcome.steps.iter().filter(|step| !step.gathers)
}

/// What is said of a state, in one word or with the reason.
pub(super) fn state(state: &StepState) -> String {
    match state {
        StepState::Done(output) if output.cached => "cached".to_owned(),
        StepState::Done(_) => "done".to_owned(),
        StepState::Failed(_) => "failed".to_owned(),
        StepState::Skipped { because } => format!("skipped because of {because}"),
        StepState::Cancelled => "cancelled".to_owned(),
    }
}

/// The word for a state, for programs: `done`, `cached`, `failed`, `skipped` or `cancelled`.
pub(super) fn state_name(state: &StepState) -> &'static str {
    match state {
        StepState::Done(output) if output.cached => "cached",
        StepState::Done(_) => "done",
        StepState::Failed(_) => "failed",
        StepState::Skipped { .. } => "skipped",
        StepState::Cancelled => "cancelled",
    }
}

pub(super) fn ink(state: &StepState) -> Ink {
    match state {
        StepState::Done(_) => Ink::Good,
        StepState::Failed(_) => Ink::Bad,
        StepState::Skipped { .. } | StepState::Cancelled => Ink::Warning,
    }
}

fn rows(outcome: &Outcome, paint: Paint, width: Option<usize>) -> String {
    let all: Vec<&StepResult> = shown(outcome).collect();
    let mut listed = all.clone();
    if all.len() > ROWS {
        listed.retain(|step| !matches!(step.state, StepState::Done(_)));
        // A failure is never left out for the sake of what was skipped because of it.
        listed.sort_by_key(|step| !matches!(step.state, StepState::Failed(_)));
        listed.truncate(ROWS);
    }
    if listed.is_empty() {
        return String::new();
    }
    let widest = |cells: &mut dyn Iterator<Item = usize>| cells.max().unwrap_or(0);
    let name_width = widest(&mut listed.iter().map(|step| columns(step.id.as_str()))).clamp(4, NAME_COLUMNS);
    let state_width = widest(&mut listed.iter().map(|step| state_name(&step.state).len())).max(5);
    let header = format!("{}  {}  {:>7}", pad("step", name_width), pad("state", state_width), "time");
    let mut text = Line::new(Ink::Bold, header).render(paint, width) + "\n";
    for step in &listed {
        text.push_str(row(step, name_width, state_width).render(paint, width).trim_end());
        text.push('\n');
    }
    if listed.len() < all.len() {
        let rest = all.len() - listed.len();
        let line = Line::new(Ink::Dim, format!("and {rest} more that are not listed"));
        text.push_str(&line.render(paint, None));
        text.push('\n');
    }
    text
}

fn row(step: &StepResult, name_width: usize, state_width: usize) -> Line {
    let time = if step.ran() { seconds(step.elapsed) } else { String::new() };
    let summary = match &step.state {
        StepState::Done(output) => output.summary.clone().unwrap_or_default(),
        StepState::Skipped { because } => format!("because of {because}"),
        StepState::Failed(_) | StepState::Cancelled => String::new(),
    };
    Line::new(Ink::Plain, pad(step.id.as_str(), name_width) + "  ")
        .add(ink(&step.state), pad(state_name(&step.state), state_width))
        .add(Ink::Plain, format!("  {time:>7}"))
        .add(Ink::Dim, if summary.is_empty() { summary } else { format!("  {summary}") })
}

fn failure_lines(step: &StepId, failure: &Failure, paint: Paint) -> Vec<Line> {
    let Failure { class: _, message, causes, help } = failure;
    let mut message = message.lines();
    let first = message.next().unwrap_or("failed");
    let mut lines = vec![Line::new(Ink::Bad, format!("{} {step}: ", paint.failed())).add(Ink::Bold, first)];
    lines.extend(message.map(|line| Line::new(Ink::Plain, format!("    {line}"))));
    for cause in causes {
        lines.extend(hanging("  because ", cause, Ink::Plain));
    }
    if let Some(help) = help {
        lines.extend(hanging("  help: ", help, Ink::Active));
    }
    lines
}

/// A text behind a word, its further lines below its first.
fn hanging(word: &str, text: &str, ink: Ink) -> Vec<Line> {
    let indent = " ".repeat(word.len());
    let starts = std::iter::once(word).chain(std::iter::repeat(indent.as_str()));
    starts.zip(text.lines()).map(|(start, line)| Line::new(ink, start).add(Ink::Plain, line)).collect()
}

fn sum(outcome: &Outcome, paint: Paint) -> String {
    let counts = Counts::of(outcome);
    let list = if counts.all() == 0 { String::new() } else { format!(": {}", counts.list()) };
    let ink = match outcome.exit_status() {
        0 => Ink::Good,
        130 => Ink::Warning,
        _ => Ink::Bad,
    };
    let what = count(counts.all(), "step");
    let mut text = Line::new(ink, format!("{what}{list} in {}", seconds(outcome.elapsed))).render(paint, None) + "\n";
    let passing = outcome.failures().all(|(_, failure)| failure.class == FailureClass::Passing);
    if counts.failed > 0 && passing {
        text.push_str("what failed may pass: running the same command again is safe\n");
    }
    text
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}
