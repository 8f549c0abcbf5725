//! Tools without a word of the domain: secrets, text, files, processes, retries, progress.

mod failure;
mod progress;
pub mod retry;
mod secret;
pub mod text;

pub use failure::FailureClass;
pub use progress::{Progress, Unit, Update};
pub use secret::Secret;
