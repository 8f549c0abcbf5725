//! What to build and with what: the context, the engine, and the way of an image from it to a registry.

pub mod build;
pub mod context;
pub mod engine;
pub mod mirror;
pub mod push;
mod spec;

pub use spec::{BuildSpec, BuiltImage, PlatformImage};
