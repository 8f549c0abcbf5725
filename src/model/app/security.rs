//! What the processes of a container may do, where the target lets one say so.

use crate::manifest::{Span, Spanned};

#[derive(Clone, Debug)]
pub struct Security {
    pub span: Span,
    /// Default: the environment's.
    pub level: Option<Spanned<SecurityLevel>>,
    /// User id; default: the image's own.
    pub user: Option<Spanned<u32>>,
    /// Group id, of the process and of its volumes; default: as the user's.
    pub group: Option<Spanned<u32>>,
    /// Nothing of the image can be written.
    pub read_only: bool,
}

/// Levels of Kubernetes' Pod Security Standards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecurityLevel {
    /// No root, no capabilities, no gaining of privileges.
    #[default]
    Restricted,
    /// As the image has it, root too; nothing beyond a container's usual privileges.
    Baseline,
}
