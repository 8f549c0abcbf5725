//! How many requests a host gets at once: fewer after it said "too many", slowly more again.

use reqwest::Method;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// One gate for each host, shared by all registries of a run.
#[derive(Debug)]
pub(in crate::oci) struct Gates {
    limit: usize,
    gates: Mutex<BTreeMap<String, Arc<Gate>>>,
}

#[derive(Debug)]
pub(super) struct Gate {
    most: usize,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    limit: usize,
    inside: usize,
    /// Since the limit changed.
    successes: usize,
    /// Since the beginning, by method.
    answered: HashMap<Method, u64>,
    halved: Option<Instant>,
}

/// The right to have one request under way; given back when dropped.
#[derive(Debug)]
pub(in crate::oci) struct Permit(Arc<Gate>);

/// Requests that were under way together are throttled together: that halves once.
const ONE_EVENT: Duration = Duration::from_millis(500);

impl Gates {
    pub(in crate::oci) fn new(limit: usize) -> Self {
        Self { limit: limit.max(1), gates: Mutex::default() }
    }

    pub(super) fn of(&self, host: &str) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        gates.entry(host.to_ascii_lowercase()).or_insert_with(|| Arc::new(Gate::new(self.limit))).clone()
    }
}

impl Gate {
    fn new(most: usize) -> Self {
        let state = State { limit: most, inside: 0, successes: 0, answered: HashMap::new(), halved: None };
        Self { most, state: Mutex::new(state), changed: Notify::new() }
    }

    pub(super) async fn enter(self: &Arc<Self>) -> Permit {
        loop {
            if self.try_enter() {
                return Permit(self.clone());
            }
            // A permit that is given back in between is kept by `notify_one`.
            self.changed.notified().await;
        }
    }

    fn try_enter(&self) -> bool {
        let mut state = self.lock();
        let free = state.inside < state.limit;
        if free {
            state.inside += 1;
            if state.inside < state.limit {
                self.changed.notify_one();
            }
        }
        free
    }

    /// The host said that there are too many requests.
    pub(super) fn throttled(&self) {
        let mut state = self.lock();
        state.successes = 0;
        if state.halved.is_none_or(|at| at.elapsed() >= ONE_EVENT) {
            state.limit = (state.limit / 2).max(1);
            state.halved = Some(Instant::now());
        }
    }

    /// A request was answered: after four rounds without trouble one more may be under way.
    pub(super) fn succeeded(&self, method: &Method) {
        let mut state = self.lock();
        state.successes += 1;
        *state.answered.entry(method.clone()).or_default() += 1;
        if state.limit < self.most && state.successes >= 4 * state.limit {
            state.limit += 1;
            state.successes = 0;
            self.changed.notify_one();
        }
    }

    /// How many requests of a method were answered so far: who is throttled sees from it whether
    /// others get on.
    pub(super) fn answered(&self, method: &Method) -> u64 {
        self.lock().answered.get(method).copied().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.lock().inside -= 1;
        self.0.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    fn entered(gate: &Arc<Gate>, count: usize) -> Vec<Permit> {
        (0..count).map_while(|_| gate.enter().now_or_never()).collect()
    }

    #[tokio::test]
    async fn no_more_than_the_bound_are_inside() {
        let gates = Gates::new(4);
        let mut inside = entered(&gates.of("A:80"), 9);
        assert_eq!(inside.len(), 4);
        inside.pop();
        assert_eq!(entered(&gates.of("a:80"), 9).len(), 1);
        assert_eq!(entered(&gates.of("b"), 9).len(), 4);
    }

    #[tokio::test]
    async fn a_throttled_host_gets_half_and_slowly_more_again() {
        let gate = Gates::new(4).of("a");
        gate.throttled();
        gate.throttled();
        assert_eq!(entered(&gate, 9).len(), 2);
        (0..8).for_each(|_| gate.succeeded(&Method::GET));
        assert_eq!(entered(&gate, 9).len(), 3);
        (0..1000).for_each(|_| gate.succeeded(&Method::GET));
        assert_eq!(entered(&gate, 9).len(), 4);
    }

    #[tokio::test]
    async fn who_waits_comes_in_when_one_leaves() {
        let gate = Gates::new(1).of("a");
        let first = gate.enter().await;
        let waiting = tokio::spawn({
            let gate = gate.clone();
            async move { drop(gate.enter().await) }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(first);
        waiting.await.expect("it comes in");
    }
}
