//! Azure Container Registry: the modules of a registry, its private endpoints and the roles on it,
//! and what others say of it.
//!
//! A registry is a module of its own, never part of an environment's: images are pushed before any
//! environment is there. One that exists already is a module too, which only looks it up.

mod access;
mod network;
mod provisioned;
mod refer;
mod roles;
mod symbols;
mod tasks;
mod vault;

pub use network::PRIVATE_ENDPOINT;
pub use provisioned::modules;
pub use refer::property;
pub use roles::{has_roles, roles};
