//! The way of an image from the engine to registries.
//!
//! Each layer that a registry lacks is read once, compressed on all cores into a spool file, and sent
//! to every destination while the next one is compressed. Layers come out of the engine's own storage
//! where this process may read that (`direct`), else out of its `save` stream (`export`); what is
//! pushed has the same bytes either way. What was found out is kept in `.shipit/cache`, so that the
//! next push of the same image asks one question for each tag and sends nothing. Builds nothing, and
//! knows no credentials.
//!
//! [`Pusher`] is the main type; [`ImageStore`] is what it needs of an engine.

mod archive;
mod blobs;
mod cache;
mod compress;
mod content;
mod delivery;
mod direct;
mod error;
mod export;
mod from_engine;
pub mod gzip;
mod layout;
mod pusher;
mod source;
mod spool;
mod workshop;

pub use archive::SaveStream;
pub(super) use content::{DOCKER_LIST, OCI_INDEX};
pub(super) use delivery::{lacks, missing_blobs};
pub use error::PushError;
pub use pusher::{BlobCounts, Delivered, Destination, Outcome, Pushed, Pusher};
pub use source::ImageStore;
