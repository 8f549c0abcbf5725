//! Manifests and tags: what a repository offers by name.

use super::files;
use super::layout::Layout;
use super::store::Storage;
use crate::oci::server::document::{Content, Document, Part};
use crate::oci::server::name::{ManifestReference, Name, Sha256Digest, Tag};
use std::io;
use std::path::PathBuf;

/// A manifest as it was pushed, byte for byte.
#[derive(Debug)]
pub(in crate::oci::server) struct Pulled {
    pub(in crate::oci::server) digest: Sha256Digest,
    pub(in crate::oci::server) media_type: String,
    pub(in crate::oci::server) bytes: Vec<u8>,
}

/// A part of a manifest that is not as the manifest says.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::oci::server) enum Flaw {
    Missing(Sha256Digest),
    /// The part is there, with this many bytes.
    Size(Sha256Digest, u64),
}

impl Layout {
    /// Reads a manifest; `None` where the repository does not have it.
    pub(super) fn manifest(&self, name: &Name, digest: &Sha256Digest) -> io::Result<Option<Pulled>> {
        let Some(media_type) = files::read(&self.manifest_link(name, digest))? else { return Ok(None) };
        let Some(bytes) = files::read(&self.blob(digest))? else { return Ok(None) };
        let media_type = String::from_utf8_lossy(&media_type).into_owned();
        Ok(Some(Pulled { digest: digest.clone(), media_type, bytes }))
    }
}

impl Storage {
    pub(in crate::oci::server) fn manifest(
        &self,
        name: &Name,
        reference: &ManifestReference,
    ) -> io::Result<Option<Pulled>> {
        let digest = match reference {
            ManifestReference::Digest(digest) => Some(digest.clone()),
            ManifestReference::Tag(tag) => self.layout.tagged(name, tag)?,
        };
        digest.map_or(Ok(None), |digest| self.layout.manifest(name, &digest))
    }

    /// Stores a manifest, and a tag for it, if all of its parts are there.
    pub(in crate::oci::server) fn put_manifest(
        &self,
        name: &Name,
        tag: Option<&Tag>,
        document: &Document,
        bytes: &[u8],
    ) -> io::Result<Result<Sha256Digest, Flaw>> {
        let _changing = self.changing();
        for part in document.parts() {
            if let Some(flaw) = self.flaw(name, &document.content, part)? {
                return Ok(Err(flaw));
            }
        }
        let digest = Sha256Digest::of(bytes);
        let write = |target: PathBuf, content: &[u8]| files::write_whole(&self.layout.temporary(), &target, content);
        if !self.layout.blob(&digest).is_file() {
            write(self.layout.blob(&digest), bytes)?;
        }
        let link = self.layout.manifest_link(name, &digest);
        if files::read(&link)?.is_none_or(|media_type| media_type != document.media_type.as_bytes()) {
            write(link, document.media_type.as_bytes())?;
        }
        if let Some(tag) = tag {
            write(self.layout.tag(name, tag), digest.to_string().as_bytes())?;
        }
        Ok(Ok(digest))
    }

    fn flaw(&self, name: &Name, content: &Content, part: &Part) -> io::Result<Option<Flaw>> {
        let size = match content {
            Content::Image(_) => self.blob_size(name, &part.digest)?,
            Content::Index(_) => self.layout.manifest(name, &part.digest)?.map(|child| child.bytes.len() as u64),
        };
        Ok(match size {
            None => Some(Flaw::Missing(part.digest.clone())),
            Some(size) if size != part.size => Some(Flaw::Size(part.digest.clone(), size)),
            Some(_) => None,
        })
    }

    /// Removes a tag, or a manifest with all of its tags. `false` where there was none.
    pub(in crate::oci::server) fn remove_manifest(
        &self,
        name: &Name,
        reference: &ManifestReference,
    ) -> io::Result<bool> {
        let _changing = self.changing();
        match reference {
            ManifestReference::Tag(tag) => files::remove(&self.layout.tag(name, tag)),
            ManifestReference::Digest(digest) => {
                for tag in self.layout.tags(name)? {
                    if self.layout.tagged(name, &tag)?.as_ref() == Some(digest) {
                        files::remove(&self.layout.tag(name, &tag))?;
                    }
                }
                files::remove(&self.layout.manifest_link(name, digest))
            }
        }
    }

    /// The tags of a repository in order; `None` where there is no such repository.
    pub(in crate::oci::server) fn tags(&self, name: &Name) -> io::Result<Option<Vec<String>>> {
        if !self.layout.manifest_links(name).is_dir() {
            return Ok(None);
        }
        Ok(Some(self.layout.tags(name)?.iter().map(|tag| tag.as_str().to_owned()).collect()))
    }

    /// The repositories that hold a manifest, in order.
    pub(in crate::oci::server) fn repositories(&self) -> io::Result<Vec<String>> {
        let mut used = Vec::new();
        for name in self.layout.repositories()? {
            if !self.layout.manifests(&name)?.is_empty() {
                used.push(name.as_str().to_owned());
            }
        }
        Ok(used)
    }

    /// The manifests of a repository that name `subject` as theirs. Reads every manifest: an index
    /// of its own could come to disagree with them.
    pub(in crate::oci::server) fn referrers(
        &self,
        name: &Name,
        subject: &Sha256Digest,
    ) -> io::Result<Vec<(Pulled, Document)>> {
        let mut found = Vec::new();
        for digest in self.layout.manifests(name)? {
            let Some(pulled) = self.layout.manifest(name, &digest)? else { continue };
            let Ok(document) = Document::parse(Some(&pulled.media_type), &pulled.bytes) else { continue };
            if document.subject.as_ref() == Some(subject) {
                found.push((pulled, document));
            }
        }
        Ok(found)
    }
}
