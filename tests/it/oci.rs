//! The registry client against a registry in this process.

mod auth;
#[path = "../support/fake_registry.rs"]
pub(crate) mod fake_registry;
mod faults;
mod keychain;
mod push;
mod read;
mod reference;
mod tls;
mod world;
