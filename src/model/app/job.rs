//! An app that runs to its end.

use super::Scale;
use crate::manifest::{Span, Spanned};

#[derive(Clone, Debug)]
pub struct Job {
    /// Where it is said that the app is a job.
    pub span: Span,
    pub trigger: JobTrigger,
    /// Seconds that a run may take.
    pub timeout: Option<Spanned<u32>>,
    /// How often a failed replica is tried again.
    pub retries: Option<Spanned<u32>>,
    /// Replicas of one run at the same time.
    pub parallelism: Option<Spanned<u32>>,
    /// Replicas that must end well.
    pub completions: Option<Spanned<u32>>,
}

/// What starts a job.
#[derive(Clone, Debug)]
pub enum JobTrigger {
    Manual,
    /// Five fields of cron, in UTC.
    Schedule(Spanned<String>),
    Event(EventTrigger),
}

#[derive(Clone, Debug)]
pub struct EventTrigger {
    /// Only queues and scalers of KEDA.
    pub scale: Scale,
    /// Runs at each look; default: the target's.
    pub min: Option<Spanned<u32>>,
    pub max: Option<Spanned<u32>>,
}
