//! Feeds the views of a run, on a thread of its own: drawing and slow terminals do not hold up the
//! work, and a flood of events does not fill the memory.

use super::{Cleaner, ReportError, Reporter};
use crate::pipeline::{Event, Outcome};
use crate::util::Update;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The most events that wait for the views; then those who send wait too.
const WAITING: usize = 4096;
const TICK: Duration = Duration::from_millis(80);

/// The views of one run and the thread that feeds them.
#[derive(Debug)]
pub struct Reports {
    sender: SyncSender<Message>,
    thread: JoinHandle<Vec<ReportError>>,
}

enum Message {
    Event(Event),
    Finish(Outcome),
}

/// Every view, behind the one cleaner.
pub(super) struct FanOut {
    reporters: Vec<Box<dyn Reporter>>,
    cleaner: Cleaner,
}

impl Reports {
    pub fn start(reporters: Vec<Box<dyn Reporter>>, cleaner: Cleaner) -> Self {
        let (sender, receiver) = sync_channel(WAITING);
        let fan_out = FanOut { reporters, cleaner };
        Self { sender, thread: std::thread::spawn(move || feed(&receiver, fan_out)) }
    }

    /// What [`execute`](crate::pipeline::execute) tells its events to.
    pub fn sender(&self) -> impl Fn(Event) + Send + Sync + 'static {
        let sender = self.sender.clone();
        move |event| {
            let may_be_lost = matches!(event, Event::Progress { update: Update::TaskAdvanced { .. }, .. });
            // Views that are gone show nothing; the run goes on without them.
            match sender.try_send(Message::Event(event)) {
                Err(TrySendError::Full(message)) if !may_be_lost => {
                    let _ = sender.send(message);
                }
                Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
            }
        }
    }

    /// Shows the end of the run and waits until it is shown; returns what could not be written.
    pub fn finish(self, outcome: Outcome) -> Vec<ReportError> {
        let _ = self.sender.send(Message::Finish(outcome));
        self.thread.join().unwrap_or_default()
    }
}

fn feed(messages: &Receiver<Message>, mut views: FanOut) -> Vec<ReportError> {
    let mut next_tick = Instant::now() + TICK;
    loop {
        let message = messages.try_recv().or_else(|_| {
            // A flood is written in large pieces, and a single event at once.
            views.reporters.iter_mut().for_each(|reporter| reporter.settle());
            messages.recv_timeout(next_tick.saturating_duration_since(Instant::now()))
        });
        match message {
            Ok(Message::Event(event)) => views.event(&event),
            Ok(Message::Finish(outcome)) => return views.finish(&outcome),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Vec::new(),
        }
        if Instant::now() >= next_tick {
            views.reporters.iter_mut().for_each(|reporter| reporter.tick());
            next_tick = Instant::now() + TICK;
        }
    }
}

impl FanOut {
    fn event(&mut self, event: &Event) {
        let shown = self.cleaner.event(event, false);
        for reporter in &mut self.reporters {
            if reporter.keeps_control_sequences() {
                reporter.event(&self.cleaner.event(event, true));
            } else {
                reporter.event(&shown);
            }
        }
    }

    fn finish(&mut self, outcome: &Outcome) -> Vec<ReportError> {
        let outcome = self.cleaner.outcome(outcome);
        self.reporters.iter_mut().filter_map(|reporter| reporter.finish(&outcome).err()).collect()
    }
}
