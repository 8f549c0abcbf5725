//! Steps in a directed acyclic graph, and how they are run. Knows nothing of images or clouds.

mod event;
mod step;

pub use event::{Event, Outcome, StepResult, StepState};
pub use step::{Action, Failure, Step, StepContext, StepId, StepOutput};
