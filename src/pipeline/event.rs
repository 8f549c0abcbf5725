//! What a run tells while it goes on. Reporters in `cli` turn it into a display.

use super::{Failure, StepId, StepOutput};
use crate::util::{FailureClass, Update};
use std::time::Duration;

/// One thing that happened in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// First of all: every step that does something, in an order that respects their dependencies.
    /// Those that only gather others have no event but `Ended`.
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
    /// The step does nothing itself; it only gathers others.
    pub gathers: bool,
}

impl StepResult {
    /// Whether the step's action was started.
    pub fn ran(&self) -> bool {
        let started = match &self.state {
            StepState::Done(_) | StepState::Failed(_) => true,
            StepState::Skipped { .. } => false,
            StepState::Cancelled => self.elapsed > Duration::ZERO,
        };
        started && !self.gathers
    }

    /// What the step sent over the network.
    pub fn bytes_sent(&self) -> u64 {
        match &self.state {
            StepState::Done(output) => output.bytes_sent,
            StepState::Failed(_) | StepState::Skipped { .. } | StepState::Cancelled => 0,
        }
    }
}

impl Outcome {
    /// The sum of what the steps sent over the network.
    pub fn bytes_sent(&self) -> u64 {
        self.steps.iter().map(StepResult::bytes_sent).fold(0, u64::saturating_add)
    }

    /// The failures, in the plan's order.
    pub fn failures(&self) -> impl Iterator<Item = (&StepId, &Failure)> {
        self.steps.iter().filter_map(|step| match &step.state {
            StepState::Failed(failure) => Some((&step.id, failure)),
            StepState::Done(_) | StepState::Skipped { .. } | StepState::Cancelled => None,
        })
    }

    /// Whether everything that was asked for was done.
    pub fn is_done(&self) -> bool {
        self.steps.iter().all(|step| matches!(step.state, StepState::Done(_)))
    }

    /// The exit status of the process: 0 done, 1 a step failed, 3 every failure was a refusal, 4 every
    /// failure was a passing one. A run that was stopped gives 130: the caller knows which signal it
    /// was, and gives 143 for SIGTERM.
    pub fn exit_status(&self) -> u8 {
        if self.is_done() {
            return 0;
        }
        if self.cancelled {
            return 130;
        }
        let mut classes = self.failures().map(|(_, failure)| failure.class);
        match classes.next() {
            Some(first) if first != FailureClass::Permanent && classes.all(|class| class == first) => match first {
                FailureClass::Refused => 3,
                FailureClass::Passing => 4,
                FailureClass::Permanent => 1,
            },
            _ => 1,
        }
    }
}
