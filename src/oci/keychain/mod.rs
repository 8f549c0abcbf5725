//! The credentials that Docker and Podman keep on this machine.
//!
//! Reads `config.json` and `auth.json`, and asks credential helpers; never writes, never reads the
//! environment (see [`KeychainSources`]).

mod config;
mod error;
mod helper;
mod lookup;
mod position;

pub use error::KeychainError;
pub use lookup::{Keychain, KeychainSources};
