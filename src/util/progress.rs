//! How long work tells what it is doing, without knowing who listens.

use std::sync::Arc;

/// Where long work reports to. Cheap to clone; reporting never blocks and never fails.
#[derive(Clone)]
pub struct Progress(Arc<dyn Fn(Update) + Send + Sync>);

/// One thing that happened. `task` is a key that is unique within the step, e.g. a layer's digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Update {
    /// A part with an extent of its own begins.
    TaskStarted { task: String, label: String, unit: Unit, total: Option<u64> },
    /// `done` is absolute, not a difference, and may go back when something is sent again.
    TaskAdvanced { task: String, done: u64 },
    /// The part is over; `note` says how, e.g. `already there`.
    TaskFinished { task: String, note: Option<String> },
    /// A line of foreign output (an engine's build log). Not yet cleaned of control sequences.
    Log(String),
    /// Something a user should see at once, e.g. `throttled, waiting 2 s (1/6)`.
    Notice(String),
    /// Something only `-v` shows.
    Detail(String),
}

/// What a task's extent counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Bytes,
    Items,
}

impl Progress {
    pub fn new(report: impl Fn(Update) + Send + Sync + 'static) -> Self {
        Self(Arc::new(report))
    }

    /// Reports to nobody.
    pub fn none() -> Self {
        Self::new(|_| {})
    }

    pub fn update(&self, update: Update) {
        (self.0)(update);
    }

    pub fn start(&self, task: impl Into<String>, label: impl Into<String>, unit: Unit, total: Option<u64>) {
        self.update(Update::TaskStarted { task: task.into(), label: label.into(), unit, total });
    }

    pub fn advance(&self, task: impl Into<String>, done: u64) {
        self.update(Update::TaskAdvanced { task: task.into(), done });
    }

    pub fn finish(&self, task: impl Into<String>, note: Option<String>) {
        self.update(Update::TaskFinished { task: task.into(), note });
    }

    pub fn log(&self, line: impl Into<String>) {
        self.update(Update::Log(line.into()));
    }

    pub fn notice(&self, text: impl Into<String>) {
        self.update(Update::Notice(text.into()));
    }

    pub fn detail(&self, text: impl Into<String>) {
        self.update(Update::Detail(text.into()));
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Progress")
    }
}
