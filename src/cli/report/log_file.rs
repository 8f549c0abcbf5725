//! `--log-file FILE`: everything, whatever else is shown, with the seconds since the start.

use super::lines::Lines;
use super::style::Paint;
use super::{Clock, ReportError, Reporter, table};
use crate::pipeline::{Event, Outcome};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Writes every event to a file.
pub struct LogFileReporter {
    out: BufWriter<File>,
    path: std::path::PathBuf,
    clock: Clock,
    lines: Lines,
    error: Option<io::Error>,
}

impl LogFileReporter {
    /// Empties or creates the file.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn create(path: &Path, clock: Clock) -> Result<Self, ReportError> {
        let failed = |source| ReportError { what: "log file", path: path.to_owned(), source };
        let out = BufWriter::new(File::create(path).map_err(failed)?);
        Ok(Self { out, path: path.to_owned(), lines: Lines::new(clock.clone(), 1), clock, error: None })
    }

    fn write(&mut self, text: &str) {
        let now = self.clock.now();
        for line in text.lines() {
            let written = writeln!(self.out, "{:>8}.{:03} {line}", now.as_secs(), now.subsec_millis());
            if let Err(error) = written {
                self.error.get_or_insert(error);
            }
        }
    }

    fn flush(&mut self) {
        if let Err(error) = self.out.flush() {
            self.error.get_or_insert(error);
        }
    }
}

impl Reporter for LogFileReporter {
    fn event(&mut self, event: &Event) {
        let text = self.lines.event(event);
        self.write(&text);
    }

    /// So that the file can be followed, and a run that is killed leaves what it did.
    fn tick(&mut self) {
        let text = self.lines.tick();
        self.write(&text);
        self.flush();
    }

    fn finish(&mut self, outcome: &Outcome) -> Result<(), ReportError> {
        let text = table(outcome, Paint::default());
        self.write(&text);
        self.flush();
        let path = self.path.clone();
        self.error.take().map_or(Ok(()), |source| Err(ReportError { what: "log file", path, source }))
    }

    fn keeps_control_sequences(&self) -> bool {
        true
    }
}

impl std::fmt::Debug for LogFileReporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogFileReporter").field("path", &self.path).finish_non_exhaustive()
    }
}
