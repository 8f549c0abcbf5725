//! containerd's content store: blobs in files that are named by their digests.

use crate::oci::Digest;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

/// Where a content store may lie, relative to an engine's folder: Docker starts containerd itself
/// and gives it a folder there, or a containerd of the system has its own.
const PLACES: &[&str] = &["containerd/daemon", "/var/lib/containerd"];
const BLOBS: &str = "io.containerd.content.v1.content/blobs/sha256";

/// The blobs of an engine that stores images as containerd does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentStore {
    folders: Vec<PathBuf>,
}

impl ContentStore {
    /// The store of an engine whose `DockerRootDir` is `root`.
    ///
    /// # Errors
    /// Why it cannot be read, a phrase.
    pub fn open(root: &Path) -> Result<Self, String> {
        let places = PLACES.iter().map(|place| root.join(place).join(BLOBS));
        let folders: Vec<_> = places.filter(|folder| std::fs::read_dir(folder).is_ok()).collect();
        if folders.is_empty() {
            return Err(format!("there is no content store of containerd for `{}` that can be read", root.display()));
        }
        Ok(Self { folders })
    }

    /// The file of a blob and its size. Its content is not verified.
    ///
    /// # Errors
    /// It is not here, or may not be read.
    pub fn blob(&self, digest: &Digest) -> io::Result<(File, u64)> {
        let mut missing = io::Error::from(io::ErrorKind::NotFound);
        let flags = (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits().cast_signed();
        for folder in &self.folders {
            match OpenOptions::new().read(true).custom_flags(flags).open(folder.join(digest.hex())) {
                Ok(file) => {
                    let metadata = file.metadata()?;
                    if !metadata.is_file() {
                        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is not a regular file"));
                    }
                    return Ok((file, metadata.len()));
                }
                Err(error) => missing = error,
            }
        }
        Err(missing)
    }
}
