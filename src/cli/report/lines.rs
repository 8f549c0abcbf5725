//! `--progress plain`: one line an event, the step first, no movement of the cursor.
//!
//! What took no time and says nothing is left out without `-v`; a step that is silent for long is
//! said to be running, so that nobody takes the run for dead.

use super::style::{Paint, bytes, count, seconds};
use super::table::table;
use super::{Clock, ReportError, Reporter, Stream};
use crate::pipeline::{Event, Outcome, StepId, StepState};
use crate::util::{Unit, Update};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::time::Duration;

/// How long nothing is said about the bytes of a step.
const QUIET: Duration = Duration::from_secs(5);
/// How long a step may say nothing at all: at first, and when it was said that it runs.
const SILENT: Duration = Duration::from_secs(10);
const SILENT_AGAIN: Duration = Duration::from_secs(60);
/// What took less is not worth a line of its own.
const SHORT: Duration = Duration::from_secs(1);

/// Writes events as lines, and the closing table.
pub struct LinesReporter {
    out: Stream,
    lines: Lines,
    paint: Paint,
}

/// The text of events: what the terminal, a log file and GitHub Actions have in common.
pub(super) struct Lines {
    clock: Clock,
    verbosity: u8,
    planned: BTreeSet<StepId>,
    steps: BTreeMap<StepId, StepLines>,
}

/// What is known of a running step.
#[derive(Default)]
struct StepLines {
    tasks: HashMap<String, Task>,
    started: Duration,
    /// When the bytes of its tasks were told.
    told: Duration,
    /// When anything was said of it, if anything was.
    spoken: Option<Duration>,
    /// The last word was that it is running.
    is_silent: bool,
}

struct Task {
    label: String,
    unit: Unit,
    total: Option<u64>,
    done: u64,
    started: Duration,
}

impl LinesReporter {
    /// `verbosity`: 0, or 1 for details too.
    pub fn new(out: Stream, clock: Clock, verbosity: u8, paint: Paint) -> Self {
        Self { out, lines: Lines::new(clock, verbosity), paint }
    }
}

impl Reporter for LinesReporter {
    fn event(&mut self, event: &Event) {
        let text = self.lines.event(event);
        if !text.is_empty() {
            let _ = self.out.write_all(text.as_bytes());
        }
    }

    fn tick(&mut self) {
        let text = self.lines.tick();
        if !text.is_empty() {
            let _ = self.out.write_all(text.as_bytes());
        }
    }

    fn settle(&mut self) {
        let _ = self.out.flush();
    }

    fn finish(&mut self, outcome: &Outcome) -> Result<(), ReportError> {
        let _ = write!(self.out, "\n{}", table(outcome, self.paint));
        let _ = self.out.flush();
        Ok(())
    }
}

impl std::fmt::Debug for LinesReporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinesReporter")
    }
}

impl Lines {
    pub(super) fn new(clock: Clock, verbosity: u8) -> Self {
        Self { clock, verbosity, planned: BTreeSet::new(), steps: BTreeMap::new() }
    }

    /// What is to be said about an event: whole lines, or nothing.
    pub(super) fn event(&mut self, event: &Event) -> String {
        match event {
            Event::Planned { steps, jobs } => {
                self.planned = steps.iter().cloned().collect();
                format!("{}, at most {jobs} at once\n", count(steps.len(), "step"))
            }
            Event::Started { step } => {
                let now = self.clock.now();
                self.steps.insert(step.clone(), StepLines { started: now, told: now, ..StepLines::default() });
                if self.verbosity > 0 { prefixed(step, "started") } else { String::new() }
            }
            Event::Progress { step, update } => {
                let text = self.progress(step, update);
                if let Some(known) = self.steps.get_mut(step).filter(|_| !text.is_empty()) {
                    (known.spoken, known.is_silent) = (Some(self.clock.now()), false);
                }
                text
            }
            Event::Ended { step, state, elapsed } => {
                let known = self.steps.remove(step);
                if !self.planned.contains(step) || self.is_dull(known.as_ref(), state, *elapsed) {
                    return String::new();
                }
                ended(step, state, *elapsed, known.is_some())
            }
            Event::Cancelling => {
                let running = count(self.steps.len(), "running step");
                format!("stopping: nothing new starts, {running} may end; a second Ctrl-C ends at once\n")
            }
        }
    }

    /// What is to be said because time has passed.
    pub(super) fn tick(&mut self) -> String {
        let now = self.clock.now();
        let mut text = String::new();
        for (step, known) in &mut self.steps {
            let limit = if known.is_silent { SILENT_AGAIN } else { SILENT };
            if now.saturating_sub(known.spoken.unwrap_or(known.started)) >= limit {
                (known.spoken, known.is_silent) = (Some(now), true);
                let doing = match known.doing() {
                    doing if doing.is_empty() => doing,
                    doing => format!(": {doing}"),
                };
                let time = seconds(now.saturating_sub(known.started));
                text.push_str(&prefixed(step, &format!("running for {time}{doing}")));
            }
        }
        text
    }

    /// Whether nobody misses a word about a step that has ended.
    fn is_dull(&self, known: Option<&StepLines>, state: &StepState, elapsed: Duration) -> bool {
        let spoke = known.is_some_and(|known| known.spoken.is_some());
        self.verbosity == 0
            && match state {
                StepState::Done(output) => output.summary.is_none() && !spoke && elapsed < SHORT,
                // The table names them all, with the reason.
                StepState::Skipped { .. } => true,
                StepState::Cancelled => known.is_none(),
                StepState::Failed(_) => false,
            }
    }

    fn progress(&mut self, step: &StepId, update: &Update) -> String {
        let now = self.clock.now();
        let known = self.steps.entry(step.clone()).or_default();
        match update {
            Update::TaskStarted { task, label, unit, total } => {
                let said = if *unit == Unit::Items { prefixed(step, label) } else { String::new() };
                let started = Task { label: label.clone(), unit: *unit, total: *total, done: 0, started: now };
                known.tasks.insert(task.clone(), started);
                said
            }
            Update::TaskAdvanced { task, done } => {
                let Some(task) = known.tasks.get_mut(task) else { return String::new() };
                task.done = *done;
                if task.unit != Unit::Bytes || now.saturating_sub(known.told) < QUIET {
                    return String::new();
                }
                known.told = now;
                prefixed(step, &known.doing())
            }
            Update::TaskFinished { task, note } => {
                let Some(task) = known.tasks.remove(task) else { return String::new() };
                let is_short = self.verbosity == 0 && now.saturating_sub(task.started) < SHORT;
                if is_short && task.unit == Unit::Bytes {
                    return String::new();
                }
                task.finished(note.as_deref(), now).map_or_else(String::new, |text| prefixed(step, &text))
            }
            Update::Log(text) | Update::Notice(text) => prefixed(step, text),
            Update::Detail(text) if self.verbosity > 0 => prefixed(step, text),
            Update::Detail(_) => String::new(),
        }
    }
}

impl StepLines {
    /// Every task that is under way, in one line.
    fn doing(&self) -> String {
        let mut tasks: Vec<&Task> = self.tasks.values().collect();
        tasks.sort_by(|one, other| (one.started, &one.label).cmp(&(other.started, &other.label)));
        let texts = tasks.iter().map(|task| match (task.unit, task.total) {
            (Unit::Bytes, Some(total)) => format!("{} {} of {}", task.label, bytes(task.done), bytes(total)),
            (Unit::Bytes, None) => format!("{} {}", task.label, bytes(task.done)),
            (Unit::Items, _) => task.label.clone(),
        });
        texts.collect::<Vec<_>>().join(", ")
    }
}

impl Task {
    fn finished(&self, note: Option<&str>, now: Duration) -> Option<String> {
        let took = now.saturating_sub(self.started);
        match (self.unit, note) {
            (_, Some(note)) => Some(format!("{}: {note}", self.label)),
            (Unit::Bytes, None) => {
                let size = self.total.unwrap_or(self.done);
                Some(format!("{}: {} in {}", self.label, bytes(size), seconds(took)))
            }
            (Unit::Items, None) if took >= Duration::from_secs(1) => Some(format!("{}: {}", self.label, seconds(took))),
            (Unit::Items, None) => None,
        }
    }
}

fn ended(step: &StepId, state: &StepState, elapsed: Duration, has_started: bool) -> String {
    let time = seconds(elapsed);
    let text = match state {
        StepState::Done(output) => {
            let word = if output.cached { "cached" } else { "done" };
            match &output.summary {
                Some(summary) => format!("{word} in {time}: {summary}"),
                None => format!("{word} in {time}"),
            }
        }
        // The end of the run says the rest.
        StepState::Failed(failure) => match failure.message.split_once('\n') {
            Some((first, _)) => format!("failed in {time}: {first} …"),
            None => format!("failed in {time}: {}", failure.message),
        },
        StepState::Skipped { because } => format!("skipped because of {because}"),
        StepState::Cancelled if has_started => format!("cancelled after {time}"),
        StepState::Cancelled => "cancelled".to_owned(),
    };
    prefixed(step, &text)
}

/// Every line of a text behind the name of its step.
pub(super) fn prefixed(step: &StepId, text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + 32);
    for line in text.lines() {
        writeln!(lines, "[{step}] {line}").expect("writing to a String cannot fail");
    }
    lines
}
