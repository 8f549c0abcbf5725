//! What a run tells while it goes on. Reporters in `cli` turn it into a display.

use super::{Failure, StepId, StepOutput};
use crate::util::Update;
use std::time::Duration;

/// One thing that happened in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// First of all: every step that will run, in an order that respects their dependencies.
    Planned {
        steps: Vec<StepId>,
        jobs: usize,
    },
    Started {
        step: StepId,
    },
    Progress {
        step: StepId,
        update: Update,
    },
    Ended {
        step: StepId,
        state: StepState,
        elapsed: Duration,
    },
    /// The first Ctrl-C or SIGTERM arrived.
    Cancelling,
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    Done(StepOutput),
    Failed(Failure),
    /// Not started because of the failure of another step.
    Skipped {
        because: StepId,
    },
    /// Stopped by Ctrl-C, or not started because of it or of `--fail-fast`.
    Cancelled,
}

/// How a run ended: every step of the plan, in the plan's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub steps: Vec<StepResult>,
    pub cancelled: bool,
    pub elapsed: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepResult {
    pub id: StepId,
    pub state: StepState,
    /// From the start of the run; zero where the step did not start.
    pub started: Duration,
    pub elapsed: Duration,
}
