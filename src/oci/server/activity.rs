//! When the last request was: for a server that ends when nobody needs it any more.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// How often a server that has requests under way looks whether they are over.
const POLL: Duration = Duration::from_secs(1);

/// Requests under way, and when the last one began or ended.
#[derive(Debug)]
pub(super) struct Activity(Mutex<State>);

#[derive(Debug)]
struct State {
    under_way: usize,
    last: Instant,
}

/// A request that is under way until this is dropped.
#[derive(Debug)]
pub(super) struct Busy(Arc<Activity>);

impl Default for Activity {
    fn default() -> Self {
        Self(Mutex::new(State { under_way: 0, last: Instant::now() }))
    }
}

impl Activity {
    pub(super) fn begin(self: &Arc<Self>) -> Busy {
        self.change(|state| state.under_way += 1);
        Busy(self.clone())
    }

    /// Waits until nothing has happened for `limit`; for ever without one.
    pub(super) async fn idle(&self, limit: Option<Duration>) {
        let Some(limit) = limit else { return std::future::pending().await };
        loop {
            let (under_way, end) = self.look(limit);
            if under_way > 0 {
                sleep(POLL).await;
            } else if Instant::now() < end {
                sleep_until(end).await;
            } else {
                return;
            }
        }
    }

    /// Requests under way, and when `limit` is over.
    fn look(&self, limit: Duration) -> (usize, Instant) {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (state.under_way, state.last + limit)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        state.last = Instant::now();
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.change(|state| state.under_way -= 1);
    }
}
