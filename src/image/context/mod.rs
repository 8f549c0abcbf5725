//! What an engine gets to see of a folder: ignore rules, a walker, a tar of what is left.
//!
//! Nothing here speaks to an engine. [`check()`] tells what is wrong with a context before anything is
//! built; [`walk::Walk`] yields what a builder may ask for.

mod check;
mod error;
mod follow;
pub mod ignore;
mod inputs;
mod listing;
mod open;
mod scan;
pub mod tar;
pub mod walk;

pub use check::{ContextProblem, Place, ProblemKind, check, check_paths};
pub(crate) use check::{Prepared, prepare};
pub use error::ContextError;
pub(crate) use follow::follow;
pub(crate) use listing::{Listing, digest_of};
pub(crate) use open::open_regular;
pub use scan::{Scan, scan};
