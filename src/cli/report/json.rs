//! `--progress json`: one JSON object a line, for programs.
//!
//! Every object has `seconds` (since the run began) and `event`:
//!
//! | event | further members |
//! |---|---|
//! | `planned` | `steps` (in an order that respects their dependencies), `jobs` |
//! | `step-started` | `step` |
//! | `task-started` | `step`, `task`, `label`, `unit` (`bytes`, `items`), `total` (or null) |
//! | `task-advanced` | `step`, `task`, `done`; at most one a second for each task |
//! | `task-finished` | `step`, `task`, `note` (or null) |
//! | `log`, `notice`, `detail` | `step`, `text`; `detail` only with `-v` |
//! | `step-ended` | `step` and the members of a result |
//! | `cancelling` | |
//! | `warning` | `diagnostic`, as `shipit check --format json` has it; comes first, without `seconds` |
//! | `run-ended` | `status` (the exit status; 130 for any signal), `cancelled`, `elapsed` |
//!
//! A result has `state` (`done`, `cached`, `failed`, `skipped`, `cancelled`) and `elapsed` (seconds);
//! when done `summary` (or null), `sent` (bytes) and `digests` (name to digest); when failed `failure`
//! with `class` (`refused`, `passing`, `permanent`), `message`, `causes` and `help` (or null); when
//! skipped `because`, the step that failed.

use super::table::state_name;
use super::{Clock, ReportError, Reporter, Stream};
use crate::pipeline::{Event, Outcome, StepId, StepState};
use crate::util::{FailureClass, Unit, Update};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::time::Duration;

/// How often the progress of one task is told.
const PAUSE: Duration = Duration::from_secs(1);

/// Writes events as lines of JSON.
pub struct JsonReporter {
    out: Stream,
    clock: Clock,
    verbosity: u8,
    /// When the progress of a task was told.
    told: HashMap<(StepId, String), Duration>,
}

impl JsonReporter {
    pub fn new(out: Stream, clock: Clock, verbosity: u8) -> Self {
        Self { out, clock, verbosity, told: HashMap::new() }
    }

    fn write(&mut self, event: &str, members: Value) {
        let mut object = Map::new();
        object.insert("seconds".to_owned(), seconds(self.clock.now()));
        object.insert("event".to_owned(), event.into());
        if let Value::Object(members) = members {
            object.extend(members);
        }
        let _ = writeln!(self.out, "{}", Value::Object(object));
    }

    fn progress(&mut self, step: &StepId, update: &Update) {
        let name = step.as_str();
        match update {
            Update::TaskStarted { task, label, unit, total } => {
                let unit = match unit {
                    Unit::Bytes => "bytes",
                    Unit::Items => "items",
                };
                self.told.insert((step.clone(), task.clone()), self.clock.now());
                let members = json!({"step": name, "task": task, "label": label, "unit": unit, "total": total});
                self.write("task-started", members);
            }
            Update::TaskAdvanced { task, done } => {
                let now = self.clock.now();
                let Some(told) = self.told.get_mut(&(step.clone(), task.clone())) else { return };
                if now.saturating_sub(*told) >= PAUSE {
                    *told = now;
                    self.write("task-advanced", json!({"step": name, "task": task, "done": done}));
                }
            }
            Update::TaskFinished { task, note } => {
                self.told.remove(&(step.clone(), task.clone()));
                self.write("task-finished", json!({"step": name, "task": task, "note": note}));
            }
            Update::Log(text) => self.write("log", json!({"step": name, "text": text})),
            Update::Notice(text) => self.write("notice", json!({"step": name, "text": text})),
            Update::Detail(text) if self.verbosity > 0 => self.write("detail", json!({"step": name, "text": text})),
            Update::Detail(_) => {}
        }
    }
}

impl Reporter for JsonReporter {
    fn event(&mut self, event: &Event) {
        match event {
            Event::Planned { steps, jobs } => {
                let steps: Vec<&str> = steps.iter().map(StepId::as_str).collect();
                self.write("planned", json!({"steps": steps, "jobs": jobs}));
            }
            Event::Started { step } => self.write("step-started", json!({"step": step.as_str()})),
            Event::Progress { step, update } => self.progress(step, update),
            Event::Ended { step, state, elapsed } => {
                let mut members = Map::new();
                members.insert("step".to_owned(), step.as_str().into());
                members.extend(result(state, *elapsed));
                self.write("step-ended", Value::Object(members));
            }
            Event::Cancelling => self.write("cancelling", Value::Null),
        }
    }

    fn settle(&mut self) {
        let _ = self.out.flush();
    }

    fn finish(&mut self, outcome: &Outcome) -> Result<(), ReportError> {
        let (status, cancelled) = (outcome.exit_status(), outcome.cancelled);
        let members = json!({"status": status, "cancelled": cancelled, "elapsed": seconds(outcome.elapsed)});
        self.write("run-ended", members);
        let _ = self.out.flush();
        Ok(())
    }
}

impl std::fmt::Debug for JsonReporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JsonReporter")
    }
}

/// The members of a result, as described above.
pub(super) fn result(state: &StepState, elapsed: Duration) -> Map<String, Value> {
    let mut members = Map::new();
    members.insert("state".to_owned(), state_name(state).into());
    members.insert("elapsed".to_owned(), seconds(elapsed));
    match state {
        StepState::Done(output) => {
            members.insert("summary".to_owned(), json!(output.summary));
            members.insert("sent".to_owned(), output.bytes_sent.into());
            members.insert("digests".to_owned(), json!(output.digests));
        }
        StepState::Failed(failure) => {
            let class = match failure.class {
                FailureClass::Refused => "refused",
                FailureClass::Passing => "passing",
                FailureClass::Permanent => "permanent",
            };
            let failure = json!({
                "class": class, "message": failure.message, "causes": failure.causes, "help": failure.help,
            });
            members.insert("failure".to_owned(), failure);
        }
        StepState::Skipped { because } => {
            members.insert("because".to_owned(), because.as_str().into());
        }
        StepState::Cancelled => {}
    }
    members
}

/// Seconds with three decimals.
pub(super) fn seconds(time: Duration) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "a run does not take 285 000 years")]
    let seconds = time.as_millis() as f64 / 1000.0;
    seconds.into()
}
