//! `--progress quiet`: nothing but failures, at the end.

use super::style::Paint;
use super::{ReportError, Reporter, Stream, failures};
use crate::pipeline::{Event, Outcome};

/// Writes each failure once.
pub struct QuietReporter {
    out: Stream,
    paint: Paint,
}

impl QuietReporter {
    pub fn new(out: Stream, paint: Paint) -> Self {
        Self { out, paint }
    }
}

impl Reporter for QuietReporter {
    fn event(&mut self, _: &Event) {}

    fn finish(&mut self, outcome: &Outcome) -> Result<(), ReportError> {
        let _ = self.out.write_all(failures(outcome, self.paint).as_bytes());
        let _ = self.out.flush();
        Ok(())
    }
}

impl std::fmt::Debug for QuietReporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("QuietReporter")
    }
}
