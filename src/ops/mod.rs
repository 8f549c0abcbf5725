//! One function for each operation. Nothing here prints, reads the environment or exits.

mod init;

pub use init::{Artifact, Init, InitError, Syntax, init};
