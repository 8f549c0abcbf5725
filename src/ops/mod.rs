//! One function per operation. Puts the rooms below together; prints nothing, reads no variable.

mod error;
mod images;
mod load;
mod locate;
mod local_registry;
mod plan;
mod run;
mod steps;

pub use error::Error;
pub use images::{ImageReport, PushedImage};
pub use load::{Loaded, load};
pub use locate::{Located, locate};
pub use local_registry::{LocalRegistry, RegistryStatus};
pub use plan::{plan, steps_of};
pub use run::{Prepared, RunRequest, prepare};
