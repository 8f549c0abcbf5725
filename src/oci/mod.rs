//! A client for OCI registries that knows nothing of shipit: names, digests, credentials, pushing.

mod blob;
mod digest;
mod error;
mod reference;
mod registry;

pub use blob::{Blob, BlobOutcome, BlobSource, Descriptor};
pub use digest::{Digest, DigestError};
pub use error::Error;
pub use reference::{Endpoint, Reference, ReferenceError, Repository, Tag};
pub use registry::{Client, ClientOptions, Login, ManifestContent, Registry, RegistryOptions};
