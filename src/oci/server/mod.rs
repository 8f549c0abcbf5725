//! The registry behind `kind = "local"`: an OCI distribution registry (specification v1.1) in this
//! process, for loopback only, kept in a folder.
//!
//! It has no users, no TLS and no upstream: whoever may connect to the loopback interface may push.
//! What it stores is checked on the way in, so that whatever can be pulled is whole. [`Server`]
//! answers requests; [`Storage`] is the folder, held by one process at a time; [`contents`] reads
//! it without holding it.

mod blobs;
mod document;
mod failure;
mod listener;
mod lists;
mod manifests;
mod name;
mod range;
mod reply;
mod route;
mod service;
mod storage;
mod uploads;

pub use listener::Server;
pub use storage::{Contents, Garbage, RepositoryContents, Storage, StoredManifest, Untagged, contents};
