//! Where images are pushed to and pulled from.

use super::{AzureRegistry, Expression, Name};
use crate::manifest::{Span, Spanned};

#[derive(Clone, Debug)]
pub struct Registry {
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    pub kind: RegistryKind,
    /// Path below the endpoint, e.g. `owner/repo`.
    pub repository: Option<Expression>,
    /// What environments need to pull; `None`: nothing was said.
    pub pull: Option<PullCredentials>,
}

#[derive(Clone, Debug)]
pub enum RegistryKind {
    /// Any OCI distribution registry.
    Oci {
        /// `host[:port]`, without a scheme.
        endpoint: Expression,
        credentials: Option<Credentials>,
        /// Plain HTTP or an unknown certificate is accepted.
        insecure: bool,
        /// Hosts that may be asked for tokens though they are not of the registry's domain.
        trust_realms: Vec<Spanned<String>>,
    },
    /// Served by shipit on loopback, kept in `.shipit/registry`.
    Local { port: Option<Spanned<u16>> },
    /// Azure Container Registry.
    Azure(Box<AzureRegistry>),
}

/// What a push signs in with.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub username: Expression,
    pub password: Expression,
}

#[derive(Clone, Debug)]
pub enum PullCredentials {
    Anonymous,
    Login(Credentials),
}
