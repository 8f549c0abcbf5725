//! The grammar of image names, as the `reference` package of the distribution project has it.
//!
//! shipit reads names strictly: a [`Reference`] always says its registry ([`Endpoint`]). Docker's
//! own shorter ways of writing are in [`familiar`], for names that others wrote.

mod endpoint;
mod error;
pub mod familiar;
mod name;

pub use endpoint::Endpoint;
pub(in crate::oci) use endpoint::is_loopback_host;
pub use error::ReferenceError;
pub use name::{Reference, Repository, Tag};
