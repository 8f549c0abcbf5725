//! What an app may do, and what it is called from outside.

use crate::manifest::{Span, Spanned};
use crate::model::{Expression, Name};

/// Roles on one resource or registry, in place of the defaults.
#[derive(Clone, Debug)]
pub struct RoleGrant {
    pub on: Spanned<Name>,
    /// Names of Azure's built-in roles, or ids of roles. May be empty: no role at all.
    pub roles: Vec<Spanned<String>>,
}

/// A domain of the user's own.
#[derive(Clone, Debug)]
pub struct Domain {
    pub span: Span,
    pub name: Expression,
    /// Name of a certificate of the environment; an empty one means none yet.
    pub certificate: Option<Expression>,
}
