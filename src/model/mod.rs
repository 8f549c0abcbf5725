//! The application: validated, immutable, no I/O.
//!
//! [`Application`] is what the rest of shipit works with: names are unique, references are bound,
//! nothing in it is cyclic. It still says *where* each value was written, for what can only be
//! found out later.

mod app;
mod application;
mod expression;
mod name;
mod parameter;
mod registry;

pub use app::{App, AppKind, Build, Endpoint, Health, Platform, Probe, Pull, Scale};
pub use application::{Application, CustomStep, Environment, EnvironmentKind, Resource, ResourceKind};
pub use expression::{Expression, Filter, GitProperty, Part, Reference, ShipitProperty, Target};
pub use name::Name;
pub use parameter::{Generate, Parameter, ParameterType};
pub use registry::{Credentials, PullCredentials, Registry, RegistryKind};
