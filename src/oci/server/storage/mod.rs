//! The folder behind the registry. Knows no HTTP.
//!
//! ```text
//! lock                                    held while a process may write
//! tmp/                                    files on their way; emptied at the start
//! blobs/sha256/ab/<hex>                   content, shared by all repositories
//! repositories/<name>/_blobs/<hex>        empty: the repository has the blob
//! repositories/<name>/_manifests/<hex>    media type: the repository has the manifest
//! repositories/<name>/_tags/<tag>         digest of a manifest
//! repositories/<name>/_uploads/<id>       what has come of an upload
//! ```
//!
//! Content is written to a temporary file, synced and renamed; links come after what they link to.
//! A process that is killed at any point leaves nothing that could be pulled and is not whole.

mod blob;
mod contents;
mod files;
mod garbage;
mod layout;
mod manifest;
mod store;
mod upload;

pub use contents::{Contents, RepositoryContents, StoredManifest, contents};
pub use garbage::{Garbage, Untagged};
pub(super) use manifest::{Flaw, Pulled};
pub use store::Storage;
pub(super) use upload::{Finish, Session};
