//! `--report FILE`: every step's start, end, state, bytes and digests, when the run is over.

use super::json::{result, seconds};
use super::{ReportError, Reporter, html};
use crate::pipeline::{Event, Outcome};
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    Json,
    Html,
}

impl ReportFormat {
    /// By the extension: `.json` or `.html`; `None` for any other.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "html" | "htm" => Some(Self::Html),
            _ => None,
        }
    }
}

/// Writes the report.
#[derive(Debug)]
pub struct RunReporter {
    path: PathBuf,
    format: ReportFormat,
}

impl RunReporter {
    pub fn new(path: PathBuf, format: ReportFormat) -> Self {
        Self { path, format }
    }
}

impl Reporter for RunReporter {
    fn event(&mut self, _: &Event) {}

    fn finish(&mut self, outcome: &Outcome) -> Result<(), ReportError> {
        let text = match self.format {
            ReportFormat::Json => format!("{:#}\n", json(outcome)),
            ReportFormat::Html => html(outcome),
        };
        let failed = |source| ReportError { what: "report", path: self.path.clone(), source };
        std::fs::write(&self.path, text).map_err(failed)
    }
}

/// `{"version": 1, "status", "cancelled", "elapsed", "sent", "steps": [{"step", "started", …}]}`.
///
/// `started` is in seconds since the run began (null for a step that did not start), `ended` too;
/// the other members of a step are those of a result of `--progress json`.
pub fn json(outcome: &Outcome) -> Value {
    let steps: Vec<Value> = outcome
        .steps
        .iter()
        .filter(|step| !step.gathers)
        .map(|step| {
            let ran = step.ran();
            let mut members = Map::new();
            members.insert("step".to_owned(), step.id.as_str().into());
            members.insert("started".to_owned(), if ran { seconds(step.started) } else { Value::Null });
            members.insert("ended".to_owned(), if ran { seconds(step.started + step.elapsed) } else { Value::Null });
            members.extend(result(&step.state, step.elapsed));
            Value::Object(members)
        })
        .collect();
    json!({
        "version": 1,
        "status": outcome.exit_status(),
        "cancelled": outcome.cancelled,
        "elapsed": seconds(outcome.elapsed),
        "sent": outcome.bytes_sent(),
        "steps": steps,
    })
}
