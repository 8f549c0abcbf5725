//! Copies an image from one registry to others as it is, without an engine.
//!
//! Manifests go byte for byte, so the digest stays; blobs stream from registry to registry and are
//! never kept. What a destination has is not read at the source.

use crate::image::push::{
    BlobCounts, DOCKER_LIST, Delivered, Destination, OCI_INDEX, Outcome, PushError, Pushed, lacks, missing_blobs,
};
use crate::oci::{self, Blob, BlobOutcome, BlobSource, Descriptor, Digest, ManifestContent, Registry, Repository};
use crate::util::{Progress, text};
use futures_util::future::{BoxFuture, join_all};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use oci_client::manifest::{OciDescriptor, OciManifest};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::{io, iter};
use tokio::io::AsyncRead;

/// Blobs of one image that are on their way to one destination at once.
const BLOBS: usize = 4;
/// Manifests that one image may have, its indexes among them.
const MANIFESTS: usize = 1000;

/// An image in a registry.
#[derive(Clone, Debug)]
pub struct Original {
    pub registry: Registry,
    pub repository: Repository,
    /// A tag or a digest.
    pub reference: String,
}

/// All manifests of an image, what an index names before the index, and all blobs.
struct Tree {
    manifests: Vec<ManifestContent>,
    blobs: BTreeMap<Digest, Descriptor>,
}

/// Copies `original` to every destination. One that fails does not stop the others.
///
/// # Errors
/// When the original cannot be read or makes no sense.
pub async fn mirror(
    name: &str,
    original: &Original,
    destinations: &[Destination],
    progress: &Progress,
) -> Result<Pushed, PushError> {
    let tree = read(name, original, progress).await?;
    let copies = destinations.iter().map(|destination| async {
        Outcome {
            endpoint: destination.registry.endpoint().clone(),
            repository: destination.repository.clone(),
            tags: destination.tags.clone(),
            result: copy(original, &tree, destination, progress).await,
        }
    });
    Ok(Pushed { outcomes: join_all(copies).await })
}

async fn read(name: &str, original: &Original, progress: &Progress) -> Result<Tree, PushError> {
    let Original { registry, repository, reference } = original;
    let wrong = |reason: String| PushError::Content { image: name.to_owned(), reason };
    let mut tree = Tree { manifests: Vec::new(), blobs: BTreeMap::new() };
    let mut waiting = vec![reference.clone()];
    while let Some(reference) = waiting.pop() {
        if tree.manifests.iter().any(|known| known.descriptor.digest.as_str() == reference) {
            continue;
        }
        if tree.manifests.len() == MANIFESTS {
            return Err(wrong(format!("it has more than {MANIFESTS} manifests")));
        }
        let manifest = registry.pull_manifest(repository, &reference, progress).await?;
        let parsed: OciManifest = serde_json::from_slice(&manifest.bytes).map_err(|_| {
            let Descriptor { digest, media_type, .. } = &manifest.descriptor;
            wrong(format!(
                "its manifest {digest} of the form `{}` is neither an image nor an index",
                text::sanitize(media_type)
            ))
        })?;
        tree.manifests.push(manifest);
        let digest = |digest: &str| {
            digest.parse::<Digest>().map_err(|error| wrong(format!("its manifest names a part wrongly: {error}")))
        };
        match parsed {
            OciManifest::Image(image) => {
                for OciDescriptor { media_type, digest: named, size, urls, .. } in
                    iter::once(image.config).chain(image.layers)
                {
                    let (digest, size) = (digest(&named)?, u64::try_from(size).unwrap_or_default());
                    // What has addresses of its own (Windows base layers) is not kept by registries.
                    if urls.is_none_or(|urls| urls.is_empty()) {
                        tree.blobs.insert(digest.clone(), Descriptor { media_type, digest, size });
                    }
                }
            }
            OciManifest::ImageIndex(index) => {
                for child in index.manifests {
                    waiting.push(digest(&child.digest)?.to_string());
                }
            }
        }
    }
    Ok(tree)
}

async fn copy(
    original: &Original,
    tree: &Tree,
    destination: &Destination,
    progress: &Progress,
) -> Result<Delivered, PushError> {
    let Destination { registry, repository, tags } = destination;
    let Some(ManifestContent { descriptor: root, bytes }) = tree.manifests.first() else {
        return Err(PushError::Stopped { image: original.reference.clone() });
    };
    let mut delivered = Delivered {
        digest: root.digest.clone(),
        media_type: root.media_type.clone(),
        manifest_size: bytes.len() as u64,
        blobs: BlobCounts::default(),
        bytes_sent: 0,
        unchanged: false,
    };
    let references =
        if tags.is_empty() { vec![root.digest.as_str()] } else { tags.iter().map(|tag| tag.as_str()).collect() };
    let mut missing = Vec::new();
    for reference in references {
        let there = registry.manifest_descriptor(repository, reference, progress).await?;
        if there.is_none_or(|there| there.digest != root.digest) {
            missing.push(reference);
        }
    }
    if missing.is_empty() {
        delivered.blobs.already_there = u32::try_from(tree.blobs.len()).unwrap_or(u32::MAX);
        delivered.unchanged = true;
        return Ok(delivered);
    }
    let is_same_registry = registry.endpoint() == original.registry.endpoint();
    // Collected first: a stream over a closure that borrows is not `Send` for every lifetime.
    let copies: Vec<_> =
        tree.blobs.values().map(|blob| copy_blob(original, blob, is_same_registry, destination, progress)).collect();
    let mut outcomes: BTreeMap<Digest, BlobOutcome> =
        stream::iter(copies).buffer_unordered(BLOBS).try_collect().await?;
    delivered.bytes_sent = outcomes.values().map(|outcome| BlobCounts::default().add(*outcome)).sum();
    let mut again = BTreeSet::new();
    while let Err(error) = seal(tree, &missing, destination, progress).await {
        let Some(named) = missing_blobs(&error) else { return Err(error) };
        // Not every registry says which ones it means.
        let is_any_named = named.iter().any(|digest| tree.blobs.contains_key(digest));
        let lacking: Vec<_> = (tree.blobs.values())
            .filter(|blob| (!is_any_named || named.contains(&blob.digest)) && again.insert(blob.digest.clone()))
            .collect();
        if lacking.is_empty() {
            return Err(error.lost());
        }
        progress.notice(lacks(destination, lacking.len()));
        for blob in lacking {
            let outcome = registry.upload_blob(repository, &remote(original, blob), progress).await?;
            delivered.bytes_sent += BlobCounts::default().add(outcome);
            outcomes.insert(blob.digest.clone(), outcome);
        }
    }
    for outcome in outcomes.into_values() {
        delivered.blobs.add(outcome);
    }
    Ok(delivered)
}

/// Puts the manifests, and those under `references` last.
async fn seal(
    tree: &Tree,
    references: &[&str],
    destination: &Destination,
    progress: &Progress,
) -> Result<(), PushError> {
    let Destination { registry, repository, .. } = destination;
    let put = |reference: String, manifest: &ManifestContent| {
        let (media_type, bytes) = (manifest.descriptor.media_type.clone(), manifest.bytes.clone());
        async move { registry.push_manifest(repository, &reference, &media_type, bytes, progress).await }
    };
    // Images before indexes; and an index was found after the one that names it.
    let (indexes, images): (Vec<_>, Vec<_>) = tree.manifests.iter().skip(1).partition(|manifest| {
        manifest.descriptor.media_type == OCI_INDEX || manifest.descriptor.media_type == DOCKER_LIST
    });
    for child in images.into_iter().chain(indexes.into_iter().rev()) {
        put(child.descriptor.digest.to_string(), child).await?;
    }
    for reference in references {
        put((*reference).to_owned(), &tree.manifests[0]).await?;
    }
    Ok(())
}

async fn copy_blob(
    original: &Original,
    blob: &Descriptor,
    is_same_registry: bool,
    destination: &Destination,
    progress: &Progress,
) -> Result<(Digest, BlobOutcome), oci::Error> {
    let Destination { registry, repository, .. } = destination;
    let done = |outcome| Ok((blob.digest.clone(), outcome));
    if is_same_registry && original.repository != *repository {
        if registry.has_blob(repository, &blob.digest, progress).await? {
            return done(BlobOutcome::AlreadyThere);
        }
        let from = std::slice::from_ref(&original.repository);
        if registry.mount_blob(repository, &blob.digest, from, progress).await?.is_some() {
            return done(BlobOutcome::Mounted);
        }
    }
    done(registry.push_blob(repository, &remote(original, blob), progress).await?)
}

fn remote(original: &Original, blob: &Descriptor) -> Blob {
    let source = Arc::new(Remote { original: original.clone(), blob: blob.clone() });
    Blob { digest: blob.digest.clone(), size: blob.size, source }
}

/// A blob at its source. Read anew, from where it is needed, as often as an upload is retried.
struct Remote {
    original: Original,
    blob: Descriptor,
}

impl BlobSource for Remote {
    fn open(&self, offset: u64) -> BoxFuture<'_, io::Result<Box<dyn AsyncRead + Send + Unpin>>> {
        Box::pin(async move {
            let Original { registry, repository, .. } = &self.original;
            // The destination's upload reports its progress; two reports of one blob would confuse.
            registry.pull_blob(repository, &self.blob, offset, &Progress::none()).await.map_err(io::Error::other)
        })
    }
}
