//! Steps in a directed acyclic graph, and how they are run. Knows nothing of images or clouds.
//!
//! [`Plan`] is made of [`Step`]s and is acyclic or does not exist; [`execute`] runs it, tells what
//! happens as [`Event`]s and returns the [`Outcome`]; [`graph`] draws it.

mod event;
mod executor;
pub mod graph;
mod panic;
mod plan;
mod step;

pub use event::{Event, Outcome, StepResult, StepState};
pub use executor::{ExecuteOptions, execute};
pub use panic::hide_panic_of_action;
pub use plan::{Plan, PlanError, PlanProblem, Relation, UnknownStep};
pub use step::{Action, Failure, Step, StepContext, StepId, StepOutput};
