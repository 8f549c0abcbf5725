//! A client for OCI registries that knows nothing of shipit: names, digests, credentials, pushing.

mod blob;
pub mod digest;
mod error;
pub mod reference;
mod registry;
pub mod server;

pub use blob::{Blob, BlobOutcome, BlobSource, Descriptor};
pub use digest::Digest;
pub use error::Error;
pub use reference::{Endpoint, Reference, Repository, Tag};
pub use registry::{Client, ClientOptions, Login, ManifestContent, Registry, RegistryOptions};
