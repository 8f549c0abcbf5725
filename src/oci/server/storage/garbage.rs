//! Removing what nothing refers to. Needs the folder's lock, so it never runs beside a push.

use super::files::{self, explain};
use super::layout::digests;
use super::store::Storage;
use crate::oci::server::document::{Content, Document};
use crate::oci::server::name::{Name, Sha256Digest};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

/// What happens to manifests without a tag, for example what `latest` was before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untagged {
    Keep,
    /// Goes, unless a manifest that stays refers to it or is its subject.
    Remove,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Garbage {
    pub manifests: u64,
    /// Files of content, those of manifests included.
    pub blobs: u64,
    /// Bytes of those files.
    pub bytes: u64,
}

impl Storage {
    /// Removes blobs that no manifest refers to, and folders of repositories that hold nothing.
    /// What is half uploaded stays.
    ///
    /// # Errors
    ///
    /// Whatever the file system refuses; what was removed until then stays removed, and running
    /// again goes on.
    pub fn collect_garbage(&mut self, untagged: Untagged) -> io::Result<Garbage> {
        let mut garbage = Garbage::default();
        let mut used = BTreeSet::new();
        for name in self.layout.repositories()? {
            let documents = self.documents(&name)?;
            let kept = match untagged {
                Untagged::Keep => documents.keys().cloned().collect(),
                Untagged::Remove => self.reachable(&name, &documents)?,
            };
            for digest in self.layout.manifests(&name)? {
                if !kept.contains(&digest) {
                    files::remove(&self.layout.manifest_link(&name, &digest))?;
                    garbage.manifests += 1;
                }
            }
            let mut blobs = BTreeSet::new();
            for document in kept.iter().filter_map(|digest| documents.get(digest)) {
                if let Content::Image(parts) = &document.content {
                    blobs.extend(parts.iter().map(|part| part.digest.clone()));
                }
            }
            for digest in digests(&self.layout.blob_links(&name))? {
                if !blobs.contains(&digest) {
                    files::remove(&self.layout.blob_link(&name, &digest))?;
                }
            }
            used.extend(kept);
            used.extend(blobs);
        }
        self.remove_content(&used, &mut garbage)?;
        for name in self.layout.repositories()?.iter().rev() {
            remove_if_empty(&self.layout.repository(name))?;
        }
        Ok(garbage)
    }

    fn documents(&self, name: &Name) -> io::Result<BTreeMap<Sha256Digest, Document>> {
        let mut documents = BTreeMap::new();
        for digest in self.layout.manifests(name)? {
            let Some(pulled) = self.layout.manifest(name, &digest)? else { continue };
            let document = Document::parse(Some(&pulled.media_type), &pulled.bytes).map_err(|problem| {
                let path = self.layout.blob(&digest);
                io::Error::new(io::ErrorKind::InvalidData, format!("`{}` is damaged: {problem}", path.display()))
            })?;
            documents.insert(digest, document);
        }
        Ok(documents)
    }

    /// What the tags lead to: manifests, their children and what refers to them.
    fn reachable(
        &self,
        name: &Name,
        documents: &BTreeMap<Sha256Digest, Document>,
    ) -> io::Result<BTreeSet<Sha256Digest>> {
        let mut queue = Vec::new();
        for tag in self.layout.tags(name)? {
            queue.extend(self.layout.tagged(name, &tag)?);
        }
        let mut reached = BTreeSet::new();
        while let Some(digest) = queue.pop() {
            let Some(document) = documents.get(&digest).filter(|_| reached.insert(digest.clone())) else { continue };
            if let Content::Index(parts) = &document.content {
                queue.extend(parts.iter().map(|part| part.digest.clone()));
            }
            let refers = |other: &&Document| other.subject.as_ref() == Some(&digest);
            queue.extend(documents.iter().filter(|(_, other)| refers(other)).map(|(referrer, _)| referrer.clone()));
        }
        Ok(reached)
    }

    fn remove_content(&self, used: &BTreeSet<Sha256Digest>, garbage: &mut Garbage) -> io::Result<()> {
        for part in files::names(&self.layout.blobs())? {
            for digest in digests(&self.layout.blobs().join(part))? {
                if used.contains(&digest) {
                    continue;
                }
                let path = self.layout.blob(&digest);
                garbage.bytes += path.metadata().map_err(explain("read", &path))?.len();
                garbage.blobs += u64::from(files::remove(&path)?);
            }
        }
        Ok(())
    }
}

/// Removes a folder that holds nothing but empty folders of links.
fn remove_if_empty(folder: &Path) -> io::Result<()> {
    for part in ["_blobs", "_manifests", "_tags", "_uploads"] {
        remove_folder(&folder.join(part))?;
    }
    remove_folder(folder)
}

fn remove_folder(path: &Path) -> io::Result<()> {
    match std::fs::remove_dir(path) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => {
            Err(explain("remove", path)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
