//! The way of an image from the engine to registries.
//!
//! The engine's `save` stream is read once ([`SaveStream`]), each new layer is compressed on all
//! cores into a spool file, and every destination gets it while the next one is compressed. What
//! was found out is kept in `.shipit/cache`, so that the next push of the same image asks one
//! question for each tag and sends nothing. Builds nothing, and knows no credentials.
//!
//! [`Pusher`] is the main type; [`ImageStore`] is what it needs of an engine.

mod archive;
mod cache;
mod compress;
mod content;
mod delivery;
mod error;
mod export;
mod from_engine;
pub mod gzip;
mod layout;
mod pusher;
mod spool;

pub use archive::SaveStream;
pub(super) use content::{DOCKER_LIST, OCI_INDEX};
pub(super) use delivery::{lacks, missing_blobs};
pub use error::PushError;
pub use export::ImageStore;
pub use pusher::{BlobCounts, Delivered, Destination, Outcome, Pushed, Pusher};
