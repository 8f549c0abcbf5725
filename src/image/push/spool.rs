//! Files that hold layers between the engine and the registries.
//!
//! A spool file has no name: it is removed from its folder as soon as it is open, so nothing is
//! left of it when the process ends in whatever way.

use super::error::PushError;
use crate::oci::digest::Hasher;
use crate::oci::{BlobSource, Digest};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::io::AsyncRead;

/// Bytes that are read from a spool file at once.
const CHUNK: usize = 256 * 1024;

/// The folder in which spool files are made.
#[derive(Clone, Debug)]
pub(super) struct Spool {
    folder: PathBuf,
}

impl Spool {
    /// Makes the folder, readable for its owner only.
    pub(super) fn open(folder: &Path) -> Result<Self, PushError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|source| PushError::file("create the folder", folder, source))?;
        Ok(Self { folder: folder.to_owned() })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn create(&self) -> io::Result<SpoolWriter> {
        Ok(SpoolWriter { file: tempfile::tempfile_in(&self.folder)?, hash: Hasher::default(), size: 0 })
    }
}

/// Writes a spool file and computes its digest.
pub(super) struct SpoolWriter {
    file: File,
    hash: Hasher,
    size: u64,
}

impl SpoolWriter {
    pub(super) fn finish(self) -> Spooled {
        let Self { file, hash, size } = self;
        Spooled { file: Arc::new(file), digest: hash.finish(), size }
    }
}

impl Write for SpoolWriter {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let length = self.file.write(data)?;
        self.hash.update(&data[..length]);
        self.size += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A spool file that is written. Its disk space is free again when the last clone is dropped.
#[derive(Clone, Debug)]
pub(super) struct Spooled {
    file: Arc<File>,
    pub(super) digest: Digest,
    pub(super) size: u64,
}

impl Spooled {
    /// A file of somebody else that has this content and never changes.
    pub(super) fn of(file: File, digest: Digest, size: u64) -> Self {
        Self { file: Arc::new(file), digest, size }
    }
}

impl BlobSource for Spooled {
    fn open(&self, offset: u64) -> BoxFuture<'_, io::Result<Box<dyn AsyncRead + Send + Unpin>>> {
        let file = Arc::clone(&self.file);
        let chunks = futures_util::stream::try_unfold((file, offset), |(file, offset)| async move {
            let (chunk, file) = tokio::task::spawn_blocking(move || {
                let mut chunk = vec![0; CHUNK];
                let length = file.read_at(&mut chunk, offset)?;
                chunk.truncate(length);
                Ok::<_, io::Error>((Bytes::from(chunk), file))
            })
            .await
            .map_err(io::Error::other)??;
            let next = offset + chunk.len() as u64;
            Ok::<_, io::Error>((!chunk.is_empty()).then_some((chunk, (file, next))))
        });
        Box::pin(async move {
            let reader: Box<dyn AsyncRead + Send + Unpin> =
                Box::new(tokio_util::io::StreamReader::new(Box::pin(chunks)));
            Ok(reader)
        })
    }
}

/// Content that is small enough to be kept in memory, e.g. a configuration.
#[derive(Clone, Debug)]
pub(super) struct InMemory(pub(super) Bytes);

impl BlobSource for InMemory {
    fn open(&self, offset: u64) -> BoxFuture<'_, io::Result<Box<dyn AsyncRead + Send + Unpin>>> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.0.len());
        let rest = self.0.slice(start..);
        Box::pin(async move {
            let reader: Box<dyn AsyncRead + Send + Unpin> = Box::new(io::Cursor::new(rest));
            Ok(reader)
        })
    }
}
