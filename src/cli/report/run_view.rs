//! What is known of a run while it goes on, for the live tree. Draws nothing.

use super::style::{Ink, Line, Paint, seconds};
use super::table::Counts;
use crate::pipeline::{Event, StepId, StepState};
use crate::util::{Unit, Update};
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// The most lines of a running step's output that are kept: shown when it fails.
const LOG_LINES: usize = 10;
/// How much is said at once of why a step failed.
const MESSAGE_COLUMNS: usize = 72;
/// The most steps that have ended which are kept; no terminal shows more lines.
const FINISHED: usize = 300;

/// The state of a run as its events tell it.
#[derive(Debug, Default)]
pub struct RunView {
    planned: BTreeSet<StepId>,
    /// What the tree says of the steps that are done, in the order of their end.
    pub(super) finished: VecDeque<Line>,
    pub(super) counts: Counts,
    /// In the order of their start.
    pub(super) running: Vec<StepView>,
    pub(super) cancelling: bool,
}

#[derive(Debug)]
pub(super) struct StepView {
    pub(super) id: StepId,
    pub(super) started: Duration,
    /// What is under way, in the order of its start.
    pub(super) tasks: Vec<TaskView>,
    /// The last lines of foreign output.
    pub(super) log: VecDeque<String>,
}

#[derive(Debug)]
pub(super) struct TaskView {
    key: String,
    pub(super) label: String,
    pub(super) unit: Unit,
    pub(super) total: Option<u64>,
    pub(super) done: u64,
    pub(super) started: Duration,
}

impl RunView {
    /// Takes an event in; returns the lines that are to stay above the live tree.
    pub(super) fn apply(&mut self, event: &Event, now: Duration, verbosity: u8, paint: Paint) -> Vec<Line> {
        match event {
            Event::Planned { steps, .. } => self.planned = steps.iter().cloned().collect(),
            Event::Started { step } => {
                self.running.push(StepView { id: step.clone(), started: now, tasks: Vec::new(), log: VecDeque::new() })
            }
            Event::Progress { step, update } => return self.progress(step, update, now, verbosity),
            Event::Ended { step, state, elapsed } => {
                if self.planned.contains(step) {
                    self.counts.add(state);
                }
                let Some(position) = self.running.iter().position(|running| running.id == *step) else {
                    return Vec::new();
                };
                let lines = ended(&self.running.remove(position), state, *elapsed, paint);
                // The closing table says it again; what a failed step wrote is said only here.
                if verbosity > 0 || matches!(state, StepState::Failed(_)) {
                    return lines;
                }
                self.finished.extend(lines);
                let over = self.finished.len().saturating_sub(FINISHED);
                self.finished.drain(..over);
            }
            Event::Cancelling => self.cancelling = true,
        }
        Vec::new()
    }

    /// How many steps have ended, and how many there are.
    pub(super) fn extent(&self) -> (usize, usize) {
        (self.counts.all(), self.planned.len())
    }

    fn progress(&mut self, step: &StepId, update: &Update, now: Duration, verbosity: u8) -> Vec<Line> {
        let Some(view) = self.running.iter_mut().find(|running| running.id == *step) else { return Vec::new() };
        match update {
            Update::TaskStarted { task, label, unit, total } => {
                view.tasks.retain(|known| known.key != *task);
                let (key, label) = (task.clone(), label.clone());
                view.tasks.push(TaskView { key, label, unit: *unit, total: *total, done: 0, started: now });
            }
            Update::TaskAdvanced { task, done } => {
                if let Some(task) = view.tasks.iter_mut().find(|known| known.key == *task) {
                    task.done = *done;
                }
            }
            Update::TaskFinished { task, .. } => view.tasks.retain(|known| known.key != *task),
            Update::Log(text) => {
                for line in text.lines().filter(|line| !line.trim().is_empty()) {
                    if view.log.len() == LOG_LINES {
                        view.log.pop_front();
                    }
                    view.log.push_back(line.replace('\t', "    "));
                }
                if verbosity > 1 {
                    return said(step, text, Ink::Plain);
                }
            }
            Update::Notice(text) => return said(step, text, Ink::Warning),
            Update::Detail(text) if verbosity > 0 => return said(step, text, Ink::Dim),
            Update::Detail(_) => {}
        }
        Vec::new()
    }
}

fn said(step: &StepId, text: &str, ink: Ink) -> Vec<Line> {
    text.lines().map(|line| Line::new(Ink::Dim, format!("  {step}: ")).add(ink, line)).collect()
}

fn ended(view: &StepView, state: &StepState, elapsed: Duration, paint: Paint) -> Vec<Line> {
    let (ink, mark, text) = match state {
        StepState::Done(output) => {
            let mark = if output.cached { paint.cached() } else { paint.done() };
            (Ink::Good, mark, output.summary.clone().unwrap_or_default())
        }
        StepState::Failed(failure) => {
            // The end of the run says the whole.
            let first = Line::new(Ink::Plain, failure.message.lines().next().unwrap_or_default());
            (Ink::Bad, paint.failed(), first.render(paint.colorless(), Some(MESSAGE_COLUMNS)))
        }
        StepState::Skipped { because } => (Ink::Warning, paint.not_run(), format!("skipped because of {because}")),
        StepState::Cancelled => (Ink::Warning, paint.not_run(), "cancelled".to_owned()),
    };
    let space = if text.is_empty() { "" } else { "  " };
    let first = Line::new(ink, mark)
        .add(Ink::Plain, format!(" {}  ", view.id))
        .add(Ink::Dim, seconds(elapsed))
        .add(Ink::Plain, format!("{space}{text}"));
    let log = view.log.iter().filter(|_| matches!(state, StepState::Failed(_)));
    let log = log.map(|line| Line::new(Ink::Dim, format!("    {}", paint.stem())).add(Ink::Plain, line.clone()));
    std::iter::once(first).chain(log).collect()
}
