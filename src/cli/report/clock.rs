//! The time since the run began, injected: tests move it by hand.

use std::sync::Arc;
use std::time::{Duration, Instant};

/// Tells the time since the run began.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Duration + Send + Sync>);

impl Clock {
    /// Begins now.
    pub fn start() -> Self {
        let began = Instant::now();
        Self::new(move || began.elapsed())
    }

    pub fn new(now: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub fn now(&self) -> Duration {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}
