//! What a registry's folder holds, for people. Takes no lock: a push may go on meanwhile.

use super::files;
use super::layout::{Layout, digests};
use crate::oci::server::document::{Content, Document};
use crate::oci::server::name::{Name, Sha256Digest};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// Everything in the folder of a registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Repositories that hold a manifest, by name.
    pub repositories: Vec<RepositoryContents>,
    /// Bytes of all blobs on the disk; each counts once, whoever shares it.
    pub stored: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryContents {
    /// Path of the repository, e.g. `shop/api`.
    pub name: String,
    /// Tagged ones by their first tag, then the others by digest.
    pub manifests: Vec<StoredManifest>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredManifest {
    /// `sha256:…`
    pub digest: String,
    pub media_type: String,
    /// In order; none for a manifest that lost its tags or belongs to an index.
    pub tags: Vec<String>,
    /// Bytes of the manifest and all that it refers to, as they are pulled; for an index, of all platforms.
    pub size: u64,
    /// When it was first pushed to this repository.
    pub pushed: Option<SystemTime>,
}

/// Lists a registry's folder; an absent folder is an empty registry.
///
/// # Errors
///
/// Whatever the file system refuses, with the file's path.
pub fn contents(root: &Path) -> io::Result<Contents> {
    let layout = Layout::new(root);
    let mut repositories = Vec::new();
    for name in layout.repositories()? {
        let manifests = manifests(&layout, &name)?;
        if !manifests.is_empty() {
            repositories.push(RepositoryContents { name: name.as_str().to_owned(), manifests });
        }
    }
    let mut stored = 0;
    for part in files::names(&layout.blobs())? {
        for digest in digests(&layout.blobs().join(part))? {
            // A blob that goes while we look counts nothing.
            stored += layout.blob(&digest).metadata().map_or(0, |metadata| metadata.len());
        }
    }
    Ok(Contents { repositories, stored })
}

fn manifests(layout: &Layout, name: &Name) -> io::Result<Vec<StoredManifest>> {
    let mut tags: BTreeMap<Sha256Digest, Vec<String>> = BTreeMap::new();
    for tag in layout.tags(name)? {
        if let Some(digest) = layout.tagged(name, &tag)? {
            tags.entry(digest).or_default().push(tag.as_str().to_owned());
        }
    }
    let mut manifests = Vec::new();
    for digest in layout.manifests(name)? {
        let Some(pulled) = layout.manifest(name, &digest)? else { continue };
        manifests.push(StoredManifest {
            digest: digest.to_string(),
            size: size(layout, name, &pulled.media_type, &pulled.bytes)?,
            media_type: pulled.media_type,
            tags: tags.remove(&digest).unwrap_or_default(),
            pushed: layout.manifest_link(name, &digest).metadata().and_then(|metadata| metadata.modified()).ok(),
        });
    }
    manifests.sort_by(|a, b| (a.tags.is_empty(), &a.tags, &a.digest).cmp(&(b.tags.is_empty(), &b.tags, &b.digest)));
    Ok(manifests)
}

fn size(layout: &Layout, name: &Name, media_type: &str, bytes: &[u8]) -> io::Result<u64> {
    let own = bytes.len() as u64;
    let Ok(document) = Document::parse(Some(media_type), bytes) else { return Ok(own) };
    let mut total = own;
    for part in document.parts() {
        total += match &document.content {
            Content::Image(_) => part.size,
            Content::Index(_) => match layout.manifest(name, &part.digest)? {
                Some(child) => size(layout, name, &child.media_type, &child.bytes)?,
                None => part.size,
            },
        };
    }
    Ok(total)
}
