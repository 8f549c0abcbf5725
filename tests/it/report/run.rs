//! One run as events with times, and the things that views are driven with.

use shipit::cli::report::{Cleaner, Clock, Reporter};
use shipit::pipeline::{Event, Failure, Outcome, StepId, StepOutput, StepResult, StepState};
use shipit::util::{FailureClass, Unit, Update};
use std::borrow::Cow;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A secret that the run mentions; views must not.
pub(crate) const SECRET: &str = "hunter2";

#[derive(Clone, Default)]
pub(crate) struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Buffer {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A clock that the test moves, in milliseconds.
#[derive(Clone, Default)]
pub(crate) struct Hand(Arc<AtomicU64>);

impl Hand {
    pub(crate) fn clock(&self) -> Clock {
        let hand = self.clone();
        Clock::new(move || Duration::from_millis(hand.0.load(Ordering::SeqCst)))
    }

    pub(crate) fn set(&self, millis: u64) {
        self.0.store(millis, Ordering::SeqCst);
    }
}

pub(crate) fn cleaner() -> Cleaner {
    Cleaner::new(Arc::new(|text| {
        if text.contains(SECRET) { Cow::Owned(text.replace(SECRET, "***")) } else { Cow::Borrowed(text) }
    }))
}

pub(crate) fn id(name: &str) -> StepId {
    StepId::new(name)
}

pub(crate) fn started(step: &str) -> Event {
    Event::Started { step: id(step) }
}

pub(crate) fn update(step: &str, update: Update) -> Event {
    Event::Progress { step: id(step), update }
}

pub(crate) fn log(step: &str, line: &str) -> Event {
    update(step, Update::Log(line.to_owned()))
}

pub(crate) fn task(step: &str, task: &str, label: &str, unit: Unit, total: Option<u64>) -> Event {
    update(step, Update::TaskStarted { task: task.to_owned(), label: label.to_owned(), unit, total })
}

pub(crate) fn advanced(step: &str, task: &str, done: u64) -> Event {
    update(step, Update::TaskAdvanced { task: task.to_owned(), done })
}

pub(crate) fn finished(step: &str, task: &str, note: Option<&str>) -> Event {
    update(step, Update::TaskFinished { task: task.to_owned(), note: note.map(ToOwned::to_owned) })
}

pub(crate) fn ended(step: &str, state: StepState, millis: u64) -> Event {
    Event::Ended { step: id(step), state, elapsed: Duration::from_millis(millis) }
}

pub(crate) fn planned(steps: &[&str]) -> Event {
    Event::Planned { steps: steps.iter().map(|step| id(step)).collect(), jobs: 4 }
}

pub(crate) fn output(cached: bool, summary: &str, bytes_sent: u64) -> StepState {
    StepState::Done(StepOutput { cached, summary: Some(summary.to_owned()), bytes_sent, ..StepOutput::default() })
}

fn pushed() -> StepState {
    let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
    StepState::Done(StepOutput {
        summary: Some("2 layers, 12 MB sent".to_owned()),
        bytes_sent: 12_400_000,
        digests: [("ghcr.io/shop/api:latest".to_owned(), digest)].into(),
        ..StepOutput::default()
    })
}

fn failure() -> StepState {
    StepState::Failed(Failure {
        class: FailureClass::Permanent,
        message: format!("`RUN make <all> | tee` failed: exit status 2, password {SECRET}"),
        causes: vec!["the engine said:\n::error::no rule, 50% done\u{1b}[31m".to_owned()],
        help: Some("look at the lines of `web/Dockerfile` above".to_owned()),
    })
}

fn skipped(because: &str) -> StepState {
    StepState::Skipped { because: id(because) }
}

/// A push of three apps, one of which is not built. Times in milliseconds.
pub(crate) fn shop() -> Vec<(u64, Event)> {
    let items = Unit::Items;
    vec![
        (0, planned(&["params", "build-api", "build-web", "build-job", "push-api", "push-web", "push-job"])),
        (1, started("params")),
        (11, ended("params", StepState::Done(StepOutput::default()), 10)),
        (12, started("build-api")),
        (12, started("build-web")),
        (13, started("build-job")),
        (100, task("build-api", "v1", "[1/2] COPY . /src", items, None)),
        (400, finished("build-api", "v1", Some("cached"))),
        (450, task("build-web", "v1", "[2/5] RUN make", items, None)),
        (500, log("build-web", "\u{1b}[1mcc\u{1b}[0m -o \u{202e}web web.c")),
        (600, log("build-web", &format!("10%\r99%\r::warning::token {SECRET} ##[group]x\r\n"))),
        (650, update("build-web", Update::Detail("the engine is 20.10".to_owned()))),
        (700, task("build-api", "v2", "[2/2] RUN cargo build", items, Some(7))),
        (800, advanced("build-api", "v2", 3)),
        (900, ended("build-job", output(true, "nothing changed", 0), 887)),
        (950, started("push-job")),
        (1000, task("push-job", "l1", "sha256:aaaa", Unit::Bytes, Some(1_200_000))),
        (1100, finished("push-job", "l1", Some("already there"))),
        (1200, ended("push-job", output(true, "1 layer, nothing sent", 0), 250)),
        (2500, finished("build-api", "v2", None)),
        (2600, ended("build-api", output(false, "1 image", 0), 2588)),
        (2601, started("push-api")),
        (2700, task("push-api", "l1", "sha256:bbbb", Unit::Bytes, Some(30_000_000))),
        (2700, task("push-api", "l2", "sha256:cccc", Unit::Bytes, None)),
        (3000, update("push-api", Update::Notice("throttled, waiting 2 s (1/6)".to_owned()))),
        (3700, ended("build-web", failure(), 3688)),
        (3700, ended("push-web", skipped("build-web"), 0)),
        (3700, ended("push", skipped("build-web"), 0)),
        (5200, advanced("push-api", "l1", 9_000_000)),
        (5300, advanced("push-api", "l2", 400_000)),
        (7700, advanced("push-api", "l1", 12_000_000)),
        (9000, finished("push-api", "l2", None)),
        (9100, advanced("push-api", "l1", 30_000_000)),
        (9200, finished("push-api", "l1", None)),
        (9300, ended("push-api", pushed(), 6699)),
    ]
}

pub(crate) fn result(name: &str, state: StepState, started: u64, elapsed: u64) -> StepResult {
    let (started, elapsed) = (Duration::from_millis(started), Duration::from_millis(elapsed));
    StepResult { id: id(name), state, started, elapsed, gathers: false }
}

pub(crate) fn shop_outcome() -> Outcome {
    let steps = vec![
        result("params", StepState::Done(StepOutput::default()), 1, 10),
        result("build-api", output(false, "1 image", 0), 12, 2588),
        result("build-web", failure(), 12, 3688),
        result("build-job", output(true, "nothing changed", 0), 13, 887),
        result("push-api", pushed(), 2601, 6699),
        result("push-web", skipped("build-web"), 0, 0),
        result("push-job", output(true, "1 layer, nothing sent", 0), 950, 250),
        StepResult { gathers: true, ..result("push", skipped("build-web"), 0, 0) },
    ];
    Outcome { steps, cancelled: false, elapsed: Duration::from_millis(9310) }
}

pub(crate) fn outcome(steps: Vec<StepResult>) -> Outcome {
    Outcome { steps, cancelled: false, elapsed: Duration::from_secs(61) }
}

/// Drives a view through a run, cleaned as in the program.
pub(crate) fn drive(reporter: &mut dyn Reporter, hand: &Hand, events: &[(u64, Event)], outcome: &Outcome) {
    let cleaner = cleaner();
    for (millis, event) in events {
        hand.set(*millis);
        reporter.event(&cleaner.event(event, reporter.keeps_control_sequences()));
        reporter.tick();
    }
    hand.set(u64::try_from(outcome.elapsed.as_millis()).unwrap());
    reporter.finish(&cleaner.outcome(outcome)).unwrap();
}
