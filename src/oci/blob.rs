//! Content that is pushed.

use super::Digest;
use futures_util::future::BoxFuture;
use std::fmt;
use std::io;
use std::sync::Arc;
use tokio::io::AsyncRead;

/// What a manifest says of a blob or of another manifest (OCI image specification, "Descriptor").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    pub media_type: String,
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
}

/// Content that can be read as often as a retry needs it.
pub trait BlobSource: Send + Sync {
    /// Opens the content at `offset` bytes from its start.
    fn open(&self, offset: u64) -> BoxFuture<'_, io::Result<Box<dyn AsyncRead + Send + Unpin>>>;
}

/// Content in memory.
impl BlobSource for bytes::Bytes {
    fn open(&self, offset: u64) -> BoxFuture<'_, io::Result<Box<dyn AsyncRead + Send + Unpin>>> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.len());
        let rest: Box<dyn AsyncRead + Send + Unpin> = Box::new(io::Cursor::new(self.slice(start..)));
        Box::pin(std::future::ready(Ok(rest)))
    }
}

impl Blob {
    /// A blob of content that is in memory.
    pub fn from_bytes(content: impl Into<bytes::Bytes>) -> Self {
        let content = content.into();
        Self { digest: Digest::of(&content), size: content.len() as u64, source: Arc::new(content) }
    }
}

/// A blob to push: what it is and where its content comes from.
#[derive(Clone)]
pub struct Blob {
    pub digest: Digest,
    pub size: u64,
    pub source: Arc<dyn BlobSource>,
}

/// How a blob came to be in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlobOutcome {
    AlreadyThere,
    /// Taken over from another repository of the same registry.
    Mounted,
    /// `sent` counts every byte that went out for it, repeated ones too.
    Uploaded {
        sent: u64,
    },
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blob").field("digest", &self.digest).field("size", &self.size).finish_non_exhaustive()
    }
}
