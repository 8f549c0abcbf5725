//! The container engine: finding it, talking to it, its images. Building is in [`super::build`].
//!
//! Every request has a connection of its own, made by one dialer (unix socket, TCP, TLS, ssh), and the
//! connection ends with what was asked for: an engine stops to build when its caller goes away.
//! Reads no environment: [`EngineSettings`] brings what it held.

mod connect;
mod containers;
mod context_store;
mod dial;
mod error;
mod http;
mod identity;
mod images;
mod network;
pub mod storage;
mod tls;

pub use connect::{Engine, EngineInfo, EngineKind, EngineSettings};
pub use containers::Container;
pub use error::{EngineError, Tried};
pub(crate) use http::{Reply, cause, empty, streamed};
pub use images::ImageInfo;
