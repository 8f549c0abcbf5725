//! How many of an app run, and what makes their number grow and shrink.

use crate::manifest::{Span, Spanned};
use crate::model::{Expression, Name};
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub struct Replicas {
    pub min: Option<Spanned<u32>>,
    pub max: Option<Spanned<u32>>,
}

#[derive(Clone, Debug)]
pub struct Scale {
    pub span: Span,
    pub rules: Vec<ScaleRule>,
    /// Seconds after the last event before it goes down to none.
    pub cooldown: Option<Spanned<u32>>,
    /// Seconds between looks at what is counted.
    pub polling_interval: Option<Spanned<u32>>,
}

#[derive(Clone, Debug)]
pub struct ScaleRule {
    /// Unique among the app's rules.
    pub name: String,
    pub span: Span,
    pub trigger: ScaleTrigger,
}

/// What one rule counts.
#[derive(Clone, Debug)]
pub enum ScaleTrigger {
    /// Requests at the same time for each replica.
    Http { concurrent_requests: u32 },
    /// Connections at the same time for each replica.
    Tcp { concurrent_connections: u32 },
    /// Percent of the processors.
    Cpu { utilization: u32 },
    /// Percent of the memory.
    Memory { utilization: u32 },
    /// Messages that wait for each replica.
    Queue {
        /// A resource that has queues.
        resource: Spanned<Name>,
        /// The queue's name in it.
        queue: Expression,
        length: u32,
    },
    /// A KEDA scaler.
    Custom(CustomTrigger),
}

/// A KEDA scaler (keda.sh, "Scalers").
#[derive(Clone, Debug)]
pub struct CustomTrigger {
    /// KEDA's word, e.g. `cron`.
    pub kind: Spanned<String>,
    pub metadata: BTreeMap<String, Expression>,
    /// Trigger parameter to the value it is given, usually secret.
    pub auth: BTreeMap<String, Expression>,
    /// Signs in as the app's own identity.
    pub identity: bool,
}
