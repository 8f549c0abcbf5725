//! Signals: the first asks the run to end, the second ends the process.

use super::terminal;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Remembers which signal arrived.
#[derive(Clone, Debug)]
pub struct Signals(Arc<AtomicU8>);

impl Signals {
    /// Listens from now on. The first SIGINT, SIGTERM or SIGHUP cancels `cancel`; the second restores
    /// the terminal and ends the process at once.
    ///
    /// On a thread and a runtime of its own: a signal must be heard when every worker is busy.
    ///
    /// # Errors
    ///
    /// The operating system refuses to register them.
    pub fn listen(cancel: CancellationToken) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let (mut interrupt, mut terminate, mut hang_up) = {
            let _inside = runtime.enter();
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?)
        };
        let first = Arc::new(AtomicU8::new(0));
        let arrived = first.clone();
        let listen = async move {
            loop {
                let number: u8 = tokio::select! {
                    _ = interrupt.recv() => 2,
                    _ = terminate.recv() => 15,
                    _ = hang_up.recv() => 1,
                };
                if arrived.compare_exchange(0, number, Ordering::SeqCst, Ordering::SeqCst).is_err() {
                    terminal::restore();
                    std::process::exit(i32::from(128 + number));
                }
                cancel.cancel();
            }
        };
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(listen))?;
        Ok(Self(first))
    }

    /// The exit status of a run that a signal stopped: 130 for SIGINT, 143 for SIGTERM, 129 for
    /// SIGHUP; `None` if none arrived.
    pub fn exit_status(&self) -> Option<u8> {
        match self.0.load(Ordering::SeqCst) {
            0 => None,
            number => Some(128 + number),
        }
    }
}
