//! `--progress tty`: paints the live tree. What it looks like is [`frame()`]'s business.
//!
//! The tree is painted over itself, and only the lines that have changed. Lines that stay are written
//! above it. Nothing is ever cleared from the first place of the screen on: terminals keep what is
//! cleared so in their history, and every picture would stay there. The cursor is hidden meanwhile and comes back at the end, on drop, and, through
//! [`terminal::restore`](crate::cli::terminal::restore), after a panic or a signal.

use super::style::{Line, Paint, columns};
use super::table::table_within;
use super::{Clock, Frame, ReportError, Reporter, RunView, Size, Stream, frame};
use crate::cli::terminal::{HIDE_CURSOR, SHOW_CURSOR, cursor_is_hidden};
use crate::pipeline::{Event, Outcome};
use std::fmt::Write as _;
use std::time::Duration;

/// Twelve pictures a second at most.
const PAUSE: Duration = Duration::from_millis(80);

/// Paints a run on a terminal.
pub struct TerminalReporter {
    out: Stream,
    clock: Clock,
    size: Size,
    paint: Paint,
    verbosity: u8,
    view: RunView,
    /// Lines that are to stay, not yet written.
    staying: Vec<Line>,
    /// The lines of the picture that is on the screen, and the width that it was made for.
    painted: Vec<String>,
    painted_width: usize,
    painted_at: Option<Duration>,
    is_over: bool,
}

impl TerminalReporter {
    /// `verbosity`: 1 for details too, 2 for all output of engines.
    pub fn new(out: Stream, clock: Clock, size: Size, verbosity: u8, paint: Paint) -> Self {
        Self {
            out,
            clock,
            size,
            paint,
            verbosity,
            view: RunView::default(),
            staying: Vec::new(),
            painted: Vec::new(),
            painted_width: 0,
            painted_at: None,
            is_over: false,
        }
    }

    fn paint_if_due(&mut self) {
        let now = self.clock.now();
        if self.painted_at.is_some_and(|at| now.saturating_sub(at) < PAUSE) {
            return;
        }
        let (width, height) = (self.size)();
        let mut text = String::new();
        if self.painted_at.is_none() {
            cursor_is_hidden(true);
            text.push_str(HIDE_CURSOR);
        }
        let picture = frame(&self.view, &Frame { width, height, paint: self.paint }, now);
        if !self.staying.is_empty() || self.painted_width != width {
            text.push_str(&self.cleared(width));
        }
        // Without wrapping: a width that we take wrong must not shift the picture.
        text.push_str("\u{1b}[?7l");
        text.push_str(&repainted(&self.painted, &picture));
        text.push_str("\u{1b}[?7h");
        (self.painted, self.painted_width) = (picture, width);
        self.painted_at = Some(now);
        self.write(&text);
    }

    /// The way back to the first line of the picture, and the lines that stay.
    fn cleared(&mut self, width: usize) -> String {
        let mut text = String::new();
        // A terminal that became narrower has broken the lines.
        let rows_of = |line: String| visible_columns(&line).div_ceil(width.max(1)).max(1);
        let rows: usize = self.painted.drain(..).map(rows_of).sum();
        if rows > 1 {
            write!(text, "\r\u{1b}[{}A\u{1b}[J", rows - 1).expect("writing to a String cannot fail");
        }
        if rows > 0 {
            text.push_str("\r\u{1b}[1A\u{1b}[2K");
        }
        for line in self.staying.drain(..) {
            text.push_str(&line.render(self.paint, None));
            text.push('\n');
        }
        text
    }

    fn write(&mut self, text: &str) {
        let _ = self.out.write_all(text.as_bytes());
        let _ = self.out.flush();
    }

    fn end(&mut self, rest: &str) {
        if std::mem::replace(&mut self.is_over, true) {
            return;
        }
        let (width, _) = (self.size)();
        let mut text = self.cleared(width);
        if self.painted_at.is_some() {
            text.push_str(SHOW_CURSOR);
            cursor_is_hidden(false);
        }
        text.push_str(rest);
        self.write(&text);
    }
}

impl Reporter for TerminalReporter {
    fn event(&mut self, event: &Event) {
        let now = self.clock.now();
        self.staying.extend(self.view.apply(event, now, self.verbosity, self.paint));
        self.paint_if_due();
    }

    fn tick(&mut self) {
        self.paint_if_due();
    }

    fn finish(&mut self, outcome: &Outcome) -> Result<(), ReportError> {
        let (width, _) = (self.size)();
        self.end(&format!("\n{}", table_within(outcome, self.paint, Some(width))));
        Ok(())
    }
}

impl Drop for TerminalReporter {
    fn drop(&mut self) {
        self.end("");
    }
}

impl std::fmt::Debug for TerminalReporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TerminalReporter").field("view", &self.view).finish_non_exhaustive()
    }
}

/// What turns one picture into the next, from the line below the one to the line below the other.
fn repainted(before: &[String], after: &[String]) -> String {
    let mut text = String::new();
    if !before.is_empty() {
        write!(text, "\r\u{1b}[{}A", before.len()).expect("writing to a String cannot fail");
    }
    for (index, line) in after.iter().enumerate() {
        if before.get(index) != Some(line) {
            if index < before.len() {
                text.push_str("\u{1b}[2K");
            }
            text.push_str(line);
        }
        text.push('\n');
    }
    if before.len() > after.len() {
        text.push_str("\u{1b}[J");
    }
    text
}

/// Without our own colours, the only sequences that a picture holds.
fn visible_columns(line: &str) -> usize {
    let mut pieces = line.split('\u{1b}');
    let first = columns(pieces.next().unwrap_or_default());
    first + pieces.map(|piece| columns(piece.split_once('m').map_or("", |(_, text)| text))).sum::<usize>()
}
