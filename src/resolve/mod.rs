//! From what is declared to what is known: parameter sources in order, expressions to values.
//!
//! [`resolve`] takes an [`Application`](crate::model::Application) and gives a
//! [`ResolvedApplication`]: every value that the selected apps and steps need is
//! [`Known`](Value::Known), [`Secret`](Value::Secret) or [`Deferred`](Value::Deferred) until a step
//! has made it. [`parameters()`] gives what `shipit params` shows. Touches no network, prints nothing.
//!
//! A new parameter source is a file in `sources/` and a line in its `SOURCES`.

mod application;
mod check;
mod evaluate;
mod generate;
mod git;
mod inputs;
mod parameters;
mod params_file;
mod resolved;
mod sources;
mod table;
mod value;

pub use application::{Needs, resolve};
pub use git::git_fact;
pub use inputs::{Inputs, Prompt, Question};
pub use params_file::{FileValue, read_params_file};
pub use resolved::{
    ResolvedApp, ResolvedAppKind, ResolvedApplication, ResolvedBuild, ResolvedDestination, ResolvedLogin,
    ResolvedRegistry, ResolvedRegistryKind, ResolvedStep,
};
pub use sources::ParameterSource;
pub use table::{ParameterRow, ParameterTable, parameters, variable_of};
pub use value::{Deferred, DeferredPart, Value};
