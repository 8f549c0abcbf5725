//! Blobs: content that all repositories share and links that say who has it.

use super::files::{self, explain};
use super::store::Storage;
use crate::oci::server::name::{Name, Sha256Digest};
use std::fs::File;
use std::io;

impl Storage {
    /// Size of a blob in bytes; `None` where this repository does not have it.
    pub(in crate::oci::server) fn blob_size(&self, name: &Name, digest: &Sha256Digest) -> io::Result<Option<u64>> {
        if !self.layout.blob_link(name, digest).is_file() {
            return Ok(None);
        }
        let path = self.layout.blob(digest);
        Ok(files::present(path.metadata()).map_err(explain("read", &path))?.map(|metadata| metadata.len()))
    }

    pub(in crate::oci::server) fn open_blob(
        &self,
        name: &Name,
        digest: &Sha256Digest,
    ) -> io::Result<Option<(File, u64)>> {
        if !self.layout.blob_link(name, digest).is_file() {
            return Ok(None);
        }
        let path = self.layout.blob(digest);
        let open = || {
            let file = File::open(&path)?;
            let size = file.metadata()?.len();
            Ok((file, size))
        };
        files::present(open()).map_err(explain("read", &path))
    }

    /// Gives a repository the blob of another; `false` where that has none.
    pub(in crate::oci::server) fn mount_blob(
        &self,
        name: &Name,
        digest: &Sha256Digest,
        from: &Name,
    ) -> io::Result<bool> {
        let _changing = self.changing();
        let there = self.blob_size(from, digest)?.is_some();
        if there {
            self.link_blob(name, digest)?;
        }
        Ok(there)
    }

    /// Takes a blob from a repository; the content stays for the others. `false` where it had none.
    pub(in crate::oci::server) fn remove_blob(&self, name: &Name, digest: &Sha256Digest) -> io::Result<bool> {
        let _changing = self.changing();
        files::remove(&self.layout.blob_link(name, digest))
    }

    /// Says that a repository has a blob that is stored already.
    pub(super) fn link_blob(&self, name: &Name, digest: &Sha256Digest) -> io::Result<()> {
        let link = self.layout.blob_link(name, digest);
        let folder = self.layout.blob_links(name);
        files::create_folder(&folder)?;
        match files::private().write(true).create_new(true).open(&link) {
            Ok(_) => files::sync_folder(&folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(explain("create", &link)(error)),
        }
    }
}
