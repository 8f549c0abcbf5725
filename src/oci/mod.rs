//! A client for OCI registries that knows nothing of shipit: names, digests, credentials, pushing.

mod blob;
mod book;
pub mod digest;
mod error;
pub mod keychain;
mod manifest;
mod pull;
mod push;
pub mod reference;
mod registry;
pub mod server;
mod transport;
mod upload;

pub use blob::{Blob, BlobOutcome, BlobSource, Descriptor};
pub use digest::Digest;
pub use error::{Error, ErrorKind};
pub use keychain::{Keychain, KeychainSources};
pub use reference::{Endpoint, Reference, ReferenceError, Repository, Tag};
pub use registry::{Client, ClientOptions, Login, ManifestContent, Registry, RegistryOptions};
