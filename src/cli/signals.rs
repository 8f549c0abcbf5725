//! Signals: the first asks the run to end, the second ends the process.

use super::terminal;
use crate::util::process;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

const HANG_UP: u8 = 1;
const INTERRUPT: u8 = 2;
const TERMINATE: u8 = 15;

/// Remembers which signal arrived.
#[derive(Clone, Debug)]
pub struct Signals(Arc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// The number of the first signal, or 0.
    first: AtomicU8,
    /// There is something that can be asked to end.
    is_running: AtomicBool,
}

impl Signals {
    /// Listens from now on. The first SIGINT, SIGTERM or SIGHUP cancels `cancel`; the second, or the
    /// first while a secret is asked for, restores the terminal, kills what was started and ends the
    /// process at once.
    ///
    /// On a thread and a runtime of its own: a signal must be heard when every worker is busy.
    ///
    /// # Errors
    ///
    /// The operating system refuses to register them.
    pub fn listen(cancel: CancellationToken) -> io::Result<Self> {
        let signals = Self::listen_early(cancel)?;
        signals.run_begins();
        Ok(signals)
    }

    /// The same, but until [`run_begins`](Self::run_begins) the first signal ends the process at
    /// once: there is nothing yet that looks at `cancel`.
    ///
    /// # Errors
    ///
    /// Those of [`listen`](Self::listen).
    pub fn listen_early(cancel: CancellationToken) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let (mut interrupt, mut terminate, mut hang_up) = {
            let _inside = runtime.enter();
            let hang_up = if is_ignored(HANG_UP) { None } else { Some(signal(SignalKind::hangup())?) };
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, hang_up)
        };
        let seen = Arc::new(Seen::default());
        let arrived = seen.clone();
        let listen = async move {
            loop {
                let number: u8 = tokio::select! {
                    _ = interrupt.recv() => INTERRUPT,
                    _ = terminate.recv() => TERMINATE,
                    () = arrival(&mut hang_up) => HANG_UP,
                };
                let is_first = arrived.first.compare_exchange(0, number, Ordering::SeqCst, Ordering::SeqCst).is_ok();
                // Who is asked for a secret waits for no step, and nothing else looks at `cancel`.
                if !is_first || terminal::is_asking() || !arrived.is_running.load(Ordering::SeqCst) {
                    terminal::restore();
                    process::kill_all();
                    std::process::exit(i32::from(128 + number));
                }
                cancel.cancel();
            }
        };
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(listen))?;
        Ok(Self(seen))
    }

    /// From now on the first signal only asks to end.
    pub fn run_begins(&self) {
        self.0.is_running.store(true, Ordering::SeqCst);
    }

    /// The exit status of a run that a signal stopped: 130 for SIGINT, 143 for SIGTERM, 129 for
    /// SIGHUP; `None` if none arrived.
    pub fn exit_status(&self) -> Option<u8> {
        match self.0.first.load(Ordering::SeqCst) {
            0 => None,
            number => Some(128 + number),
        }
    }
}

async fn arrival(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}

/// Whether whoever started the process had it ignore a signal, as `nohup` does: that holds on.
/// Linux tells in `/proc/self/status` (proc_pid_status(5)); elsewhere nothing is known.
fn is_ignored(signal: u8) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask & (1 << (signal - 1)) != 0
}
