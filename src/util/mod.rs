//! Tools without a word of the domain: secrets, text, files, processes, retries, progress.

mod failure;
pub mod fs;
pub mod lock;
pub mod process;
mod progress;
pub mod redact;
pub mod retry;
mod secret;
pub mod text;

pub use failure::FailureClass;
pub use progress::{Progress, Unit, Update};
pub use redact::{RedactStream, Redactor};
pub use secret::Secret;
