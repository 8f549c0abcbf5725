//! Building images in an engine: BuildKit through a session of our own, else the classic builder.
//!
//! `Engine::build` is the way in. The context is looked through before anything is sent; a build
//! ends when its future is dropped.

mod buildkit;
mod classic;
mod credentials;
mod dockerfile;
mod error;
mod lines;
mod memory;
mod output;
mod query;
mod run;
mod session;
mod words;

pub use credentials::{CredentialSource, NoCredentials};
pub use error::BuildError;
pub use memory::BuildMemory;
