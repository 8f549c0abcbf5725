//! What a view of a run is.

use crate::pipeline::{Event, Outcome};
use std::io::Write;
use std::path::PathBuf;

/// Where a view writes. What cannot be written is lost: there is nobody left to tell.
pub type Stream = Box<dyn Write + Send>;

/// A view of one run. It is given clean events, in their order, by one thread.
pub trait Reporter: Send {
    fn event(&mut self, event: &Event);

    /// Called about ten times a second, for what changes with time alone.
    fn tick(&mut self) {}

    /// Called when no event waits any more: what was written is to be seen.
    fn settle(&mut self) {}

    /// The run is over; called once, after every event.
    ///
    /// # Errors
    ///
    /// Only of files that the user asked for.
    fn finish(&mut self, outcome: &Outcome) -> Result<(), ReportError>;

    /// Whether lines of foreign output come with their control sequences, escaped, instead of
    /// without them.
    fn keeps_control_sequences(&self) -> bool {
        false
    }
}

/// A file that was asked for could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the {what} `{}`", .path.display())]
pub struct ReportError {
    /// E.g. `log file`.
    pub what: &'static str,
    pub path: PathBuf,
    pub source: std::io::Error,
}
