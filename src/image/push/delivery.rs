//! One image to one destination: what is there already, blobs, manifests, tags last.

use super::cache::Cache;
use super::content::{ImageContent, Layer, LayerRef, Manifest};
use super::error::PushError;
use super::pusher::{BlobCounts, Delivered, Destination};
use super::spool::InMemory;
use crate::oci::{Blob, BlobOutcome, Digest, ErrorKind};
use crate::util::{Progress, Unit, Update};
use bytes::Bytes;
use futures_util::stream::{self, FuturesUnordered, StreamExt as _, TryStreamExt as _};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedReceiver;

/// Questions that are asked of a registry at once for one image.
const PROBES: usize = 8;

/// What a destination is told while an image is made ready.
pub(super) enum Job {
    Layer(Arc<Layer>),
    /// A configuration, ahead of the image.
    Small(Bytes),
    /// Everything was sent; this is the image.
    Finish(Arc<ImageContent>),
    Fail(PushError),
}

/// What is to do at a destination.
pub(super) enum Review {
    Done(Delivered),
    Open,
}

/// What came of handing an image over.
pub(super) enum Delivery {
    Done(Delivered),
    /// The registry said that it has blobs which it now lacks; they are to be brought again.
    Lacks(Holdings),
}

/// What a destination has of an image, and how it came there.
#[derive(Default)]
pub(super) struct Holdings {
    outcomes: HashMap<Digest, BlobOutcome>,
    bytes_sent: u64,
    /// Blobs that the registry was wrong about: they are sent without asking, and only once more.
    again: HashSet<Digest>,
}

impl Holdings {
    pub(super) fn has(&self, digest: &Digest) -> bool {
        self.outcomes.contains_key(digest)
    }

    fn add(&mut self, digest: Digest, outcome: BlobOutcome) {
        self.bytes_sent += BlobCounts::default().add(outcome);
        self.outcomes.insert(digest, outcome);
    }

    fn counts(&self) -> BlobCounts {
        let mut counts = BlobCounts::default();
        for outcome in self.outcomes.values() {
            counts.add(*outcome);
        }
        counts
    }

    /// Takes back what the registry said of the blobs that it lacks. How many there are to bring
    /// again; none if all of them were brought again already.
    fn forget(&mut self, image: &ImageContent, named: &[Digest]) -> usize {
        let all = || image.layers.iter().map(|layer| layer.digest.clone()).chain(image.small.iter().map(Digest::of));
        let is_named = |digest: &Digest| named.contains(digest);
        // Not every registry says which ones it means.
        let is_any_named = all().any(|digest| is_named(&digest));
        let lacking: HashSet<Digest> =
            all().filter(|digest| (!is_any_named || is_named(digest)) && !self.again.contains(digest)).collect();
        self.outcomes.retain(|digest, _| !lacking.contains(digest));
        let count = lacking.len();
        self.again.extend(lacking);
        count
    }
}

/// A destination of one image.
pub(super) struct Target<'a> {
    image: &'a str,
    destination: &'a Destination,
    cache: &'a Cache,
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
        Self { image, destination, cache, progress }
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
            match self.put(&known.root, tag).await {
                // It kept the manifest, but not what that names.
                Err(error) if missing_blobs(&error).is_some() => return Ok(Review::Open),
                done => done?,
            }
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
    pub(super) async fn probe(&self, layers: &[LayerRef]) -> Result<Holdings, PushError> {
        let distinct: BTreeSet<_> = layers
            .iter()
            .map(|layer| (&layer.digest, layer))
            .map(|(digest, layer)| (digest.clone(), layer.diff_id.clone(), layer.size))
            .collect();
        let answers: Vec<_> = stream::iter(distinct)
            .map(|(digest, diff_id, size)| self.probe_layer(digest, diff_id, size))
            .buffer_unordered(PROBES)
            .try_collect()
            .await?;
        let mut holdings = Holdings::default();
        for (digest, outcome) in answers {
            if let Some(outcome) = outcome {
                holdings.add(digest, outcome);
            }
        }
        Ok(holdings)
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
        let Some(diff_id) = diff_id else { return Ok((digest, None)) };
        let places = self.cache.places(&diff_id, registry.endpoint());
        // One question: where a registry was emptied, every place is out of date.
        let Some(place) = places.into_iter().find(|place| place != repository) else { return Ok((digest, None)) };
        if registry.mount_blob(repository, &digest, std::slice::from_ref(&place), &self.progress).await?.is_some() {
            told(&format!("mounted from {place}"));
            return Ok((digest, Some(BlobOutcome::Mounted)));
        }
        self.cache.forget_place(&diff_id, registry.endpoint(), &place);
        Ok((digest, None))
    }

    async fn put(&self, manifest: &Manifest, reference: &str) -> Result<(), PushError> {
        let Destination { registry, repository, .. } = self.destination;
        let Manifest { media_type, bytes, .. } = manifest;
        registry.push_manifest(repository, reference, media_type, bytes.clone(), &self.progress).await?;
        Ok(())
    }

    async fn send(&self, blob: Blob, is_again: bool) -> Result<(Digest, BlobOutcome), PushError> {
        let Destination { registry, repository, .. } = self.destination;
        let outcome = if is_again {
            registry.upload_blob(repository, &blob, &self.progress).await?
        } else {
            registry.push_blob(repository, &blob, &self.progress).await?
        };
        Ok((blob.digest, outcome))
    }
}

fn large(layer: &Layer) -> Blob {
    let data = &layer.data;
    Blob { digest: data.digest.clone(), size: data.size, source: Arc::new(data.clone()) }
}

fn small(bytes: &Bytes) -> Blob {
    Blob { digest: Digest::of(bytes), size: bytes.len() as u64, source: Arc::new(InMemory(bytes.clone())) }
}

/// The blobs that the registry lacks, as far as it names them, if that is what is wrong.
pub(in crate::image) fn missing_blobs(error: &PushError) -> Option<&[Digest]> {
    match error {
        PushError::Registry(error) => match &error.kind {
            ErrorKind::MissingBlobs(digests) => Some(digests),
            _ => None,
        },
        _ => None,
    }
}

/// Sends layers as they come, then what holds them together.
pub(super) async fn deliver(
    target: &Target<'_>,
    mut holdings: Holdings,
    mut jobs: UnboundedReceiver<Job>,
) -> Result<Delivery, PushError> {
    let mut begun: HashSet<Digest> = holdings.outcomes.keys().cloned().collect();
    let mut uploads = FuturesUnordered::new();
    let mut image = None;
    // Until the registry has the image, others may want its layers and find them nowhere else.
    let mut held = Vec::new();
    while image.is_none() || !uploads.is_empty() {
        let mut come = Vec::new();
        tokio::select! {
            job = jobs.recv(), if image.is_none() => match job {
                Some(Job::Layer(layer)) => {
                    come.push(large(&layer));
                    held.push(layer);
                }
                Some(Job::Small(bytes)) => come.push(small(&bytes)),
                Some(Job::Finish(whole)) => {
                    come.extend(whole.small.iter().map(small));
                    image = Some(whole);
                }
                Some(Job::Fail(error)) => return Err(error),
                None => return Err(PushError::Stopped { image: target.image.to_owned() }),
            },
            Some(done) = uploads.next(), if !uploads.is_empty() => {
                let (digest, outcome) = done?;
                holdings.add(digest, outcome);
            }
        }
        for blob in come {
            if begun.insert(blob.digest.clone()) {
                let is_again = holdings.again.contains(&blob.digest);
                uploads.push(target.send(blob, is_again));
            }
        }
    }
    let Some(image) = image else { return Err(PushError::Stopped { image: target.image.to_owned() }) };
    if let Some(layer) = image.layers.iter().find(|layer| !holdings.has(&layer.digest)) {
        let reason = format!("its layer {} did not come out of the engine", layer.digest);
        return Err(PushError::Archive { image: target.image.to_owned(), reason });
    }
    let Err(error) = seal(target, &image).await else {
        let (counts, bytes_sent) = (holdings.counts(), holdings.bytes_sent);
        return Ok(Delivery::Done(delivered(&image.root, counts, bytes_sent, false)));
    };
    match missing_blobs(&error).map(|named| holdings.forget(&image, named)) {
        None => Err(error),
        Some(0) => Err(error.lost()),
        Some(count) => {
            target.progress.notice(lacks(target.destination, count));
            Ok(Delivery::Lacks(holdings))
        }
    }
}

/// What users are told when a registry was wrong about blobs.
pub(in crate::image) fn lacks(destination: &Destination, count: usize) -> String {
    let (blobs, them) = if count == 1 { ("1 blob".to_owned(), "it") } else { (format!("{count} blobs"), "them") };
    let Destination { registry, repository, .. } = destination;
    format!("`{}/{repository}` lacks {blobs} that it said to have, sending {them} again", registry.endpoint())
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
