//! The one place where foreign text becomes safe to show: secrets are masked, control characters
//! become visible escapes.

use crate::pipeline::{Event, Failure, Outcome, StepOutput, StepState};
use crate::util::Update;
use crate::util::text::{escape, sanitize};
use std::borrow::Cow;
use std::sync::Arc;

/// Masks every secret in a text.
pub type Redactor = Arc<dyn for<'a> Fn(&'a str) -> Cow<'a, str> + Send + Sync>;

/// Makes events and outcomes safe to show.
#[derive(Clone)]
pub struct Cleaner {
    redact: Redactor,
}

impl Cleaner {
    pub fn new(redact: Redactor) -> Self {
        Self { redact }
    }

    /// A text without secrets and control characters.
    pub fn text(&self, text: &str) -> String {
        // Masked before it is escaped and cut: afterwards a secret might not be recognised.
        sanitize(&(self.redact)(text)).into_owned()
    }

    /// `keep_sequences`: whether control sequences in lines of foreign output are escaped; they are
    /// taken out otherwise.
    pub fn event(&self, event: &Event, keep_sequences: bool) -> Event {
        match event {
            Event::Planned { .. } | Event::Started { .. } | Event::Cancelling => event.clone(),
            Event::Progress { step, update } => {
                Event::Progress { step: step.clone(), update: self.update(update, keep_sequences) }
            }
            Event::Ended { step, state, elapsed } => {
                Event::Ended { step: step.clone(), state: self.state(state), elapsed: *elapsed }
            }
        }
    }

    pub fn outcome(&self, outcome: &Outcome) -> Outcome {
        let mut outcome = outcome.clone();
        for step in &mut outcome.steps {
            step.state = self.state(&step.state);
        }
        outcome
    }

    fn update(&self, update: &Update, keep_sequences: bool) -> Update {
        match update {
            Update::TaskStarted { task, label, unit, total } => {
                Update::TaskStarted { task: self.text(task), label: self.text(label), unit: *unit, total: *total }
            }
            Update::TaskAdvanced { task, done } => Update::TaskAdvanced { task: self.text(task), done: *done },
            Update::TaskFinished { task, note } => {
                Update::TaskFinished { task: self.text(task), note: note.as_deref().map(|note| self.text(note)) }
            }
            // Whoever keeps everything keeps long lines whole as well.
            Update::Log(line) if keep_sequences => Update::Log(escape(&(self.redact)(line)).into_owned()),
            Update::Log(line) => Update::Log(self.text(&without_sequences(line))),
            Update::Notice(text) => Update::Notice(self.text(text)),
            Update::Detail(text) => Update::Detail(self.text(text)),
        }
    }

    fn state(&self, state: &StepState) -> StepState {
        match state {
            StepState::Done(StepOutput { cached, summary, bytes_sent, digests }) => StepState::Done(StepOutput {
                cached: *cached,
                summary: summary.as_deref().map(|summary| self.text(summary)),
                bytes_sent: *bytes_sent,
                digests: digests.iter().map(|(name, digest)| (self.text(name), self.text(digest))).collect(),
            }),
            StepState::Failed(Failure { class, message, causes, help }) => StepState::Failed(Failure {
                class: *class,
                message: self.text(message),
                causes: causes.iter().map(|cause| self.text(cause)).collect(),
                help: help.as_deref().map(|help| self.text(help)),
            }),
            StepState::Skipped { .. } | StepState::Cancelled => state.clone(),
        }
    }
}

impl std::fmt::Debug for Cleaner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cleaner")
    }
}

/// A line as a terminal would show it: without colours and titles (ECMA-48 control sequences and
/// operating system commands), and of what was written over with carriage returns only the last.
fn without_sequences(line: &str) -> Cow<'_, str> {
    let line = line.trim_end_matches(['\r', '\n']);
    if !line.contains(['\u{1b}', '\r']) {
        return Cow::Borrowed(line);
    }
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        rest = match sequence_length(after) {
            Some(length) => &after[length..],
            None => {
                plain.push('\u{1b}');
                after
            }
        };
    }
    plain.push_str(rest);
    let lines = plain.split('\n').map(|line| line.trim_end_matches('\r').rsplit('\r').next().unwrap_or_default());
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// The length of the control sequence whose ESC stands before `text`, if it is a whole one.
fn sequence_length(text: &str) -> Option<usize> {
    match text.as_bytes().first()? {
        b'[' => {
            let end = text.bytes().skip(1).position(|byte| !(0x20..0x40).contains(&byte))? + 1;
            (0x40..0x7f).contains(&text.as_bytes()[end]).then_some(end + 1)
        }
        b']' => {
            let bell = text.find('\u{7}').map(|at| at + 1);
            let terminator = text.find("\u{1b}\\").map(|at| at + 2);
            [bell, terminator].into_iter().flatten().min()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_titles_are_taken_out_and_the_rest_is_escaped() {
        let cases = [
            ("\u{1b}[1;31mred\u{1b}[0m text\u{1b}[K", "red text"),
            ("\u{1b}]0;title\u{7}a\u{1b}]8;;http://x\u{1b}\\b", "ab"),
            ("10%\r50%\r100%\r\n", "100%"),
            ("one\r\ntwo\u{1b}[2J", "one\ntwo"),
            ("cut \u{1b}[3", "cut \\u{1b}[3"),
            ("bell \u{7} and \u{1b}7", "bell \\u{7} and \\u{1b}7"),
            ("\u{1b}[é", "\\u{1b}[é"),
        ];
        let cleaner = Cleaner::new(Arc::new(|text| Cow::Borrowed(text)));
        for (line, expect) in cases {
            assert_eq!(cleaner.update(&Update::Log(line.to_owned()), false), Update::Log(expect.to_owned()));
        }
        let kept = cleaner.update(&Update::Log("\u{1b}[31mred".to_owned()), true);
        assert_eq!(kept, Update::Log("\\u{1b}[31mred".to_owned()));
    }

    #[test]
    fn secrets_are_masked_where_colours_cut_them() {
        let cleaner = Cleaner::new(Arc::new(|text| Cow::Owned(text.replace("hunter2", "***"))));
        let update = cleaner.update(&Update::Log("pass hunt\u{1b}[1mer2".to_owned()), false);
        assert_eq!(update, Update::Log("pass ***".to_owned()));
        let failure = Failure { causes: vec!["hunter2".to_owned()], ..failure("bad hunter2") };
        let StepState::Failed(failure) = cleaner.state(&StepState::Failed(failure)) else { panic!("another state") };
        assert_eq!((failure.message.as_str(), failure.causes[0].as_str()), ("bad ***", "***"));
    }

    fn failure(message: &str) -> Failure {
        Failure::new(crate::util::FailureClass::Permanent, message)
    }
}
