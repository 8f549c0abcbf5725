//! Where things lie in the folder. Paths are made of checked names only.

use super::files;
use crate::oci::server::name::{Name, Sha256Digest, Tag, UploadId};
use std::io;
use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
pub(super) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(super) fn temporary_folder(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// A new name for a file on its way.
    pub(super) fn temporary(&self) -> PathBuf {
        self.temporary_folder().join(UploadId::random().as_str())
    }

    pub(super) fn blobs(&self) -> PathBuf {
        self.root.join("blobs").join("sha256")
    }

    pub(super) fn blob(&self, digest: &Sha256Digest) -> PathBuf {
        self.blobs().join(&digest.hex()[..2]).join(digest.hex())
    }

    pub(super) fn repositories_folder(&self) -> PathBuf {
        self.root.join("repositories")
    }

    pub(super) fn repository(&self, name: &Name) -> PathBuf {
        self.repositories_folder().join(name.as_str())
    }

    pub(super) fn blob_links(&self, name: &Name) -> PathBuf {
        self.repository(name).join("_blobs")
    }

    pub(super) fn blob_link(&self, name: &Name, digest: &Sha256Digest) -> PathBuf {
        self.blob_links(name).join(digest.hex())
    }

    pub(super) fn manifest_links(&self, name: &Name) -> PathBuf {
        self.repository(name).join("_manifests")
    }

    pub(super) fn manifest_link(&self, name: &Name, digest: &Sha256Digest) -> PathBuf {
        self.manifest_links(name).join(digest.hex())
    }

    pub(super) fn tags_folder(&self, name: &Name) -> PathBuf {
        self.repository(name).join("_tags")
    }

    pub(super) fn tag(&self, name: &Name, tag: &Tag) -> PathBuf {
        self.tags_folder(name).join(tag.as_str())
    }

    pub(super) fn uploads(&self, name: &Name) -> PathBuf {
        self.repository(name).join("_uploads")
    }

    pub(super) fn upload(&self, name: &Name, id: &UploadId) -> PathBuf {
        self.uploads(name).join(id.as_str())
    }

    /// Every repository that has a folder, in order, used or not.
    pub(super) fn repositories(&self) -> io::Result<Vec<Name>> {
        let mut found = Vec::new();
        collect(&self.repositories_folder(), "", &mut found)?;
        found.sort_unstable();
        Ok(found)
    }

    pub(super) fn tags(&self, name: &Name) -> io::Result<Vec<Tag>> {
        Ok(files::names(&self.tags_folder(name))?.iter().filter_map(|tag| Tag::parse(tag)).collect())
    }

    /// What a tag points at.
    pub(super) fn tagged(&self, name: &Name, tag: &Tag) -> io::Result<Option<Sha256Digest>> {
        let text = files::read(&self.tag(name, tag))?;
        Ok(text.and_then(|text| String::from_utf8(text).ok()).and_then(|text| Sha256Digest::parse(&text)))
    }

    pub(super) fn manifests(&self, name: &Name) -> io::Result<Vec<Sha256Digest>> {
        digests(&self.manifest_links(name))
    }
}

/// The files of a folder that are named by a digest.
pub(super) fn digests(folder: &Path) -> io::Result<Vec<Sha256Digest>> {
    Ok(files::names(folder)?.iter().filter_map(|hex| Sha256Digest::from_hex(hex)).collect())
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<Name>) -> io::Result<()> {
    for part in files::names(folder)? {
        let path = folder.join(&part);
        let Some(name) = Name::parse(&format!("{prefix}{part}")).filter(|_| path.is_dir()) else { continue };
        collect(&path, &format!("{}/", name.as_str()), found)?;
        found.push(name);
    }
    Ok(())
}
