//! Probes: whether an app has started, lives, can take requests.

use crate::manifest::{Span, Spanned};
use crate::model::Expression;

#[derive(Clone, Debug, Default)]
pub struct Health {
    pub readiness: Option<Probe>,
    pub liveness: Option<Probe>,
    pub startup: Option<Probe>,
}

/// One probe. What is `None` is the target's default.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Where its settings stand.
    pub span: Span,
    pub check: ProbeCheck,
    /// The same as a program in the container, for targets that ask nothing from outside.
    pub command: Option<Vec<Expression>>,
    /// Default: the first endpoint's.
    pub port: Option<Spanned<u16>>,
    /// Seconds.
    pub initial_delay: Option<Spanned<u32>>,
    /// Seconds.
    pub period: Option<Spanned<u32>>,
    /// Seconds.
    pub timeout: Option<Spanned<u32>>,
    pub failure_threshold: Option<Spanned<u32>>,
    pub success_threshold: Option<Spanned<u32>>,
}

/// What a probe does.
#[derive(Clone, Debug)]
pub enum ProbeCheck {
    Http {
        /// Default: `/`.
        path: Option<Spanned<String>>,
        /// TLS, with whatever certificate.
        https: bool,
    },
    /// A connection is taken.
    Tcp,
}

impl Probe {
    /// Whether a program in the container is all that it names: nothing that can be asked from outside.
    pub fn is_only_a_command(&self) -> bool {
        let asks_for_more = match &self.check {
            ProbeCheck::Http { path, https } => path.is_some() || *https,
            ProbeCheck::Tcp => true,
        };
        self.command.is_some() && !asks_for_more && self.port.is_none()
    }
}

impl Health {
    /// The probes that there are.
    pub fn probes(&self) -> impl Iterator<Item = &Probe> {
        [&self.startup, &self.liveness, &self.readiness].into_iter().flatten()
    }
}
