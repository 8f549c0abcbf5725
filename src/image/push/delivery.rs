//! One image to one destination: what is there already, blobs, manifests, tags last.

use super::cache::Cache;
use super::content::{ImageContent, Layer, LayerRef, Manifest};
use super::error::PushError;
use super::pusher::{BlobCounts, Delivered, Destination};
use super::spool::InMemory;
use crate::oci::{Blob, BlobOutcome, Digest};
use crate::util::{Progress, Unit, Update};
use futures_util::stream::{self, FuturesUnordered, StreamExt as _, TryStreamExt as _};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedReceiver;

/// Questions that are asked of a registry at once for one image.
const PROBES: usize = 8;

/// What a destination is told while an image is made ready.
pub(super) enum Job {
    Layer(Arc<Layer>),
    /// Everything was sent; this is the image.
    Finish(Arc<ImageContent>),
    Fail(PushError),
}

/// What is to do at a destination.
pub(super) enum Review {
    Done(Delivered),
    Open,
}

/// What a destination is known to have.
pub(super) struct Probe {
    present: HashSet<Digest>,
    blobs: BlobCounts,
}

impl Probe {
    pub(super) fn has(&self, digest: &Digest) -> bool {
        self.present.contains(digest)
    }
}

/// A destination of one image.
pub(super) struct Target<'a> {
    image: &'a str,
    destination: &'a Destination,
    cache: &'a Cache,
    /// Blobs that the registry said to have and lacks: they are sent without asking.
    doubted: BTreeSet<Digest>,
    progress: Progress,
}

impl<'a> Target<'a> {
    pub(super) fn new(
        image: &'a str,
        destination: &'a Destination,
        is_only: bool,
        cache: &'a Cache,
        progress: &Progress,
    ) -> Self {
        let progress = if is_only { progress.clone() } else { named(progress, destination) };
        Self { image, destination, cache, doubted: BTreeSet::new(), progress }
    }

    /// The same target, which does not believe its registry about these blobs.
    pub(super) fn doubting(&self, doubted: BTreeSet<Digest>) -> Self {
        let names: Vec<_> = doubted.iter().map(Digest::short).collect();
        let endpoint = self.destination.registry.endpoint();
        self.progress.notice(format!("`{endpoint}` lacks what it said to have, sending it: {}", names.join(", ")));
        Self { doubted, progress: self.progress.clone(), ..*self }
    }

    /// Looks whether the image is there already, and sets tags where only they are missing.
    pub(super) async fn review(&self, known: Option<&ImageContent>) -> Result<Review, PushError> {
        let Some(known) = known else { return Ok(Review::Open) };
        let Destination { tags, .. } = self.destination;
        let mut missing = Vec::new();
        for tag in tags {
            if !self.points_to(tag.as_str(), &known.root).await? {
                missing.push(tag.as_str());
            }
        }
        let by_digest = missing.len() < tags.len() || self.points_to(known.root.digest.as_str(), &known.root).await?;
        if !by_digest {
            return Ok(Review::Open);
        }
        for tag in &missing {
            self.put(&known.root, tag).await?;
        }
        let layers = known.layers.len() + known.small.len();
        let blobs = BlobCounts { already_there: u32::try_from(layers).unwrap_or(u32::MAX), ..BlobCounts::default() };
        Ok(Review::Done(delivered(&known.root, blobs, 0, missing.is_empty())))
    }

    async fn points_to(&self, reference: &str, manifest: &Manifest) -> Result<bool, PushError> {
        let Destination { registry, repository, .. } = self.destination;
        let there = registry.manifest_descriptor(repository, reference, &self.progress).await?;
        Ok(there.is_some_and(|there| there.digest == manifest.digest))
    }

    /// Finds out which of the layers are there, and takes over what the registry has elsewhere.
    pub(super) async fn probe(&self, layers: &[LayerRef]) -> Result<Probe, PushError> {
        let distinct: BTreeSet<_> = layers
            .iter()
            .filter(|layer| !self.doubted.contains(&layer.digest))
            .map(|layer| (layer.digest.clone(), layer.diff_id.clone(), layer.size))
            .collect();
        let answers: Vec<_> = stream::iter(distinct)
            .map(|(digest, diff_id, size)| self.probe_layer(digest, diff_id, size))
            .buffer_unordered(PROBES)
            .try_collect()
            .await?;
        let mut probe = Probe { present: HashSet::new(), blobs: BlobCounts::default() };
        for (digest, outcome) in answers {
            match outcome {
                Some(BlobOutcome::AlreadyThere) => probe.blobs.already_there += 1,
                Some(BlobOutcome::Mounted) => probe.blobs.mounted += 1,
                Some(BlobOutcome::Uploaded { .. }) | None => continue,
            }
            probe.present.insert(digest);
        }
        Ok(probe)
    }

    async fn probe_layer(
        &self,
        digest: Digest,
        diff_id: Option<Digest>,
        size: u64,
    ) -> Result<(Digest, Option<BlobOutcome>), PushError> {
        let Destination { registry, repository, .. } = self.destination;
        let told = |note: &str| {
            self.progress.start(digest.as_str(), digest.short(), Unit::Bytes, Some(size));
            self.progress.finish(digest.as_str(), Some(note.to_owned()));
        };
        if registry.has_blob(repository, &digest, &self.progress).await? {
            told("already there");
            return Ok((digest, Some(BlobOutcome::AlreadyThere)));
        }
        let mut places = diff_id.map(|diff_id| self.cache.places(&diff_id, registry.endpoint())).unwrap_or_default();
        places.retain(|place| place != repository);
        if !places.is_empty() && registry.mount_blob(repository, &digest, &places, &self.progress).await? {
            told("mounted");
            return Ok((digest, Some(BlobOutcome::Mounted)));
        }
        Ok((digest, None))
    }

    async fn put(&self, manifest: &Manifest, reference: &str) -> Result<(), PushError> {
        let Destination { registry, repository, .. } = self.destination;
        let Manifest { media_type, bytes, .. } = manifest;
        registry.push_manifest(repository, reference, media_type, bytes.clone(), &self.progress).await?;
        Ok(())
    }

    async fn send(&self, blob: Blob) -> Result<BlobOutcome, PushError> {
        let Destination { registry, repository, .. } = self.destination;
        if self.doubted.contains(&blob.digest) {
            return Ok(registry.upload_blob(repository, &blob, &self.progress).await?);
        }
        Ok(registry.push_blob(repository, &blob, &self.progress).await?)
    }
}

/// Sends layers as they come, then what holds them together.
pub(super) async fn deliver(
    target: &Target<'_>,
    probe: Probe,
    mut jobs: UnboundedReceiver<Job>,
) -> Result<Delivered, PushError> {
    let Probe { mut present, mut blobs } = probe;
    let mut sent = 0;
    let mut uploads = FuturesUnordered::new();
    let mut image = None;
    while image.is_none() || !uploads.is_empty() {
        tokio::select! {
            job = jobs.recv(), if image.is_none() => match job {
                Some(Job::Layer(layer)) => {
                    let data = &layer.data;
                    if present.insert(data.digest.clone()) {
                        let (digest, size) = (data.digest.clone(), data.size);
                        uploads.push(target.send(Blob { digest, size, source: Arc::new(data.clone()) }));
                    }
                }
                Some(Job::Finish(whole)) => {
                    for small in &whole.small {
                        let digest = Digest::of(small);
                        if present.insert(digest.clone()) {
                            let source = Arc::new(InMemory(small.clone()));
                            uploads.push(target.send(Blob { digest, size: small.len() as u64, source }));
                        }
                    }
                    image = Some(whole);
                }
                Some(Job::Fail(error)) => return Err(error),
                None => return Err(PushError::Stopped { image: target.image.to_owned() }),
            },
            Some(done) = uploads.next(), if !uploads.is_empty() => sent += blobs.add(done?),
        }
    }
    let Some(image) = image else { return Err(PushError::Stopped { image: target.image.to_owned() }) };
    if let Some(layer) = image.layers.iter().find(|layer| !present.contains(&layer.digest)) {
        let reason = format!("its layer {} did not come out of the engine", layer.digest);
        return Err(PushError::Archive { image: target.image.to_owned(), reason });
    }
    seal(target, &image).await?;
    Ok(delivered(&image.root, blobs, sent, false))
}

/// Puts the manifests, and the tags at the very last.
async fn seal(target: &Target<'_>, image: &ImageContent) -> Result<(), PushError> {
    let Destination { registry, repository, tags } = target.destination;
    for child in &image.children {
        target.put(child, child.digest.as_str()).await?;
    }
    if tags.len() != 1 {
        target.put(&image.root, image.root.digest.as_str()).await?;
    }
    for tag in tags {
        target.put(&image.root, tag.as_str()).await?;
    }
    for diff_id in image.layers.iter().filter_map(|layer| layer.diff_id.as_ref()) {
        target.cache.remember_place(diff_id, registry.endpoint(), repository);
    }
    Ok(())
}

fn delivered(root: &Manifest, blobs: BlobCounts, bytes_sent: u64, unchanged: bool) -> Delivered {
    Delivered {
        digest: root.digest.clone(),
        media_type: root.media_type.clone(),
        manifest_size: root.bytes.len() as u64,
        blobs,
        bytes_sent,
        unchanged,
    }
}

/// Progress whose tasks are told apart from those of other destinations.
fn named(progress: &Progress, destination: &Destination) -> Progress {
    let (progress, endpoint) = (progress.clone(), destination.registry.endpoint().clone());
    let place = format!("{endpoint}/{}", destination.repository);
    Progress::new(move |update| {
        let of_place = |task: String| format!("{place} {task}");
        progress.update(match update {
            Update::TaskStarted { task, label, unit, total } => {
                Update::TaskStarted { task: of_place(task), label: format!("{label} to {endpoint}"), unit, total }
            }
            Update::TaskAdvanced { task, done } => Update::TaskAdvanced { task: of_place(task), done },
            Update::TaskFinished { task, note } => Update::TaskFinished { task: of_place(task), note },
            other @ (Update::Log(_) | Update::Notice(_) | Update::Detail(_)) => other,
        });
    })
}
