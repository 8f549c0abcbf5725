//! One step: its name, what it waits for and what it does.

use crate::util::{FailureClass, Progress};
use futures_util::future::BoxFuture;
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The name of a step, e.g. `push-api`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(Arc<str>);

/// A step as it is declared; a [`Plan`](super::Plan) is made of them.
#[derive(Clone)]
pub struct Step {
    pub id: StepId,
    /// One line for `--list`.
    pub description: String,
    /// What must be done before.
    pub after: Vec<StepId>,
    /// What must have ended before, and at least one of it well. Nothing that is in `after` too.
    pub after_any: Vec<StepId>,
    /// What waits for this step, though it does not say so itself.
    pub before: Vec<StepId>,
    /// `None` for a step that only gathers others.
    pub action: Option<Action>,
}

/// What a step does. It must be safe to drop at any await point.
pub type Action = Arc<dyn Fn(StepContext) -> BoxFuture<'static, Result<StepOutput, Failure>> + Send + Sync>;

/// What an action is given.
#[derive(Clone)]
pub struct StepContext {
    pub id: StepId,
    pub progress: Progress,
    /// Cancelled by Ctrl-C; the action ends at the next safe point.
    pub cancel: CancellationToken,
}

/// How a step ended well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepOutput {
    /// Nothing had to be done: shown as `cached`.
    pub cached: bool,
    /// What the closing table says, e.g. `3 layers, 12 MB sent`.
    pub summary: Option<String>,
    /// Bytes that were sent over the network.
    pub bytes_sent: u64,
    /// What the step produced: the name of each thing, e.g. an image's reference, to its digest.
    pub digests: BTreeMap<String, String>,
}

/// Why a step failed. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub class: FailureClass,
    /// A lower-case phrase: what, where.
    pub message: String,
    /// From the outer cause to the innermost.
    pub causes: Vec<String>,
    /// What to do, in the imperative.
    pub help: Option<String>,
}

impl StepId {
    pub fn new(name: impl AsRef<str>) -> Self {
        Self(name.as_ref().into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// So that a map by `StepId` can be asked with a `&str`; equality and hash are those of the text.
impl Borrow<str> for StepId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Step {
    /// A step that does something.
    pub fn new(id: StepId, description: impl Into<String>, action: Action) -> Self {
        Self { action: Some(action), ..Self::gathering(id, description) }
    }

    /// A step that only gathers others.
    pub fn gathering(id: StepId, description: impl Into<String>) -> Self {
        let description = description.into();
        Self { id, description, after: Vec::new(), after_any: Vec::new(), before: Vec::new(), action: None }
    }

    /// Adds what must be done before.
    pub fn after(mut self, steps: impl IntoIterator<Item = StepId>) -> Self {
        self.after.extend(steps);
        self
    }

    /// Adds what must have ended before, and at least one of it well.
    pub fn after_any(mut self, steps: impl IntoIterator<Item = StepId>) -> Self {
        self.after_any.extend(steps);
        self
    }

    /// Adds what waits for this step.
    pub fn before(mut self, steps: impl IntoIterator<Item = StepId>) -> Self {
        self.before.extend(steps);
        self
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step").field("id", &self.id).field("after", &self.after).finish_non_exhaustive()
    }
}

impl fmt::Debug for StepContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StepContext").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Failure {
    pub fn new(class: FailureClass, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), causes: Vec::new(), help: None }
    }

    /// A failure with the chain of an error's sources as its causes.
    pub fn from_error(class: FailureClass, error: &(dyn std::error::Error + 'static)) -> Self {
        let causes = std::iter::successors(error.source(), |cause| cause.source()).map(ToString::to_string).collect();
        Self { class, message: error.to_string(), causes, help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
