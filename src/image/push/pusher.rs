//! The order of a push: what is known, what is missing where, its layers, then every destination.

use super::cache::Cache;
use super::content::{self, ImageContent, LayerRef};
use super::delivery::{self, Delivery, Holdings, Job, Review, Target};
use super::error::PushError;
use super::gzip;
use super::layout::Sought;
use super::source::{Arrival, ImageStore, Request, Source};
use super::spool::Spool;
use super::workshop::Workshop;
use crate::image::{BuiltImage, PlatformImage};
use crate::oci::{BlobOutcome, Digest, Endpoint, Registry, Repository, Tag};
use crate::util::Progress;
use futures_util::future::{join, join_all};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Pushes the images of one run; knows what the run has compressed and what earlier runs found out.
pub struct Pusher {
    source: Source,
    store: Arc<dyn ImageStore>,
    cache: Arc<Cache>,
}

/// Where an image is pushed to.
#[derive(Clone)]
pub struct Destination {
    pub registry: Registry,
    pub repository: Repository,
    /// Without a tag the image is pushed by its digest alone.
    pub tags: Vec<Tag>,
}

/// What came of each destination, in the order in which they were given.
#[derive(Clone, Debug)]
pub struct Pushed {
    pub outcomes: Vec<Outcome>,
}

#[derive(Clone, Debug)]
pub struct Outcome {
    pub endpoint: Endpoint,
    pub repository: Repository,
    pub tags: Vec<Tag>,
    pub result: Result<Delivered, PushError>,
}

/// How an image came to be at a destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The digest of the manifest or index under the tags.
    pub digest: Digest,
    pub media_type: String,
    /// Bytes of the manifest or index.
    pub manifest_size: u64,
    pub blobs: BlobCounts,
    /// Bytes of blobs that went out, repeated ones too.
    pub bytes_sent: u64,
    /// Whether everything, the tags too, was there already.
    pub unchanged: bool,
}

/// Configurations and layers, by how they came to be at a destination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BlobCounts {
    pub already_there: u32,
    pub mounted: u32,
    pub uploaded: u32,
}

impl BlobCounts {
    /// Counts a blob; gives the bytes that went out for it.
    pub fn add(&mut self, outcome: BlobOutcome) -> u64 {
        match outcome {
            BlobOutcome::AlreadyThere => self.already_there += 1,
            BlobOutcome::Mounted => self.mounted += 1,
            BlobOutcome::Uploaded { sent } => {
                self.uploaded += 1;
                return sent;
            }
        }
        0
    }
}

/// One platform's image on its way.
#[derive(Clone)]
struct Part {
    sought: Sought,
    /// Its name in the cache.
    key: String,
    known: Option<Arc<ImageContent>>,
    diff_ids: Vec<Digest>,
}

impl Pusher {
    /// `folder` is `.shipit/cache`; `threads` compress at once.
    ///
    /// # Errors
    /// When the folder cannot be made, or no thread can be started.
    pub fn new(store: Arc<dyn ImageStore>, folder: &Path, threads: usize) -> Result<Self, PushError> {
        let cache = Arc::new(Cache::open(folder)?);
        let spool = Spool::open(&folder.join("spool"))?;
        let pool = gzip::Pool::new(threads).map_err(|source| PushError::file("start threads for", folder, source))?;
        let source = Source::new(Arc::clone(&store), Workshop::new(pool, spool, Arc::clone(&cache)));
        Ok(Self { source, store, cache })
    }

    /// Brings an image to every destination. One that fails does not stop the others.
    ///
    /// # Errors
    /// When nothing could be done anywhere: the image's id is not valid, or it has no platform.
    pub async fn push(
        &self,
        image: &BuiltImage,
        destinations: &[Destination],
        progress: &Progress,
    ) -> Result<Pushed, PushError> {
        let mut parts = self.parts(image)?;
        let known = whole(&parts.iter().map(|part| part.known.clone()).collect::<Vec<_>>(), &parts);
        let is_only = destinations.len() == 1;
        let targets: Vec<Target> = destinations
            .iter()
            .map(|destination| Target::new(&image.name, destination, is_only, &self.cache, progress))
            .collect();
        let reviews = join_all(targets.iter().map(|target| target.review(known.as_ref()))).await;
        let mut results: Vec<Option<Result<Delivered, PushError>>> = Vec::with_capacity(targets.len());
        let mut open = Vec::new();
        for (index, review) in reviews.into_iter().enumerate() {
            results.push(match review {
                Ok(Review::Done(delivered)) => Some(Ok(delivered)),
                Err(error) => Some(Err(error)),
                Ok(Review::Open) => {
                    open.push(index);
                    None
                }
            });
        }
        if !open.is_empty() {
            let targets: Vec<&Target> = open.iter().map(|index| &targets[*index]).collect();
            let delivered = self.deliver(&image.name, &mut parts, &targets, progress).await;
            for (index, result) in open.into_iter().zip(delivered) {
                results[index] = Some(result);
            }
        }
        // What could not be remembered is found out again next time.
        if let Err(error) = self.cache.save_soon() {
            progress.detail(error.to_string());
        }
        let outcomes = destinations.iter().zip(results).map(|(destination, result)| {
            let Destination { registry, repository, tags } = destination.clone();
            let stopped = || Err(PushError::Stopped { image: image.name.clone() });
            Outcome { endpoint: registry.endpoint().clone(), repository, tags, result: result.unwrap_or_else(stopped) }
        });
        Ok(Pushed { outcomes: outcomes.collect() })
    }

    /// Writes down what this run has found out; nothing is to be pushed after this.
    ///
    /// # Errors
    /// When the cache's folder cannot be written to.
    pub fn close(&self) -> Result<(), PushError> {
        self.cache.save()
    }

    fn parts(&self, image: &BuiltImage) -> Result<Vec<Part>, PushError> {
        let wrong = |reason: String| PushError::Content { image: image.name.clone(), reason };
        if image.platforms.is_empty() {
            return Err(wrong("it was built for no platform".to_owned()));
        }
        let single = image.platforms.len() > 1;
        let part = |PlatformImage { platform, id }: &PlatformImage| {
            let id: Digest =
                id.parse().map_err(|error| wrong(format!("the engine's id `{id}` is not valid: {error}")))?;
            let key =
                if single { format!("{}-{}", id.hex(), Digest::of(platform).short()) } else { id.hex().to_owned() };
            let known = self.cache.image(&key);
            let sought = Sought { id, platform: platform.clone(), single };
            Ok(Part { sought, key, known, diff_ids: Vec::new() })
        };
        image.platforms.iter().map(part).collect()
    }

    async fn deliver(
        &self,
        name: &str,
        parts: &mut [Part],
        targets: &[&Target<'_>],
        progress: &Progress,
    ) -> Vec<Result<Delivered, PushError>> {
        self.source.prepare();
        for part in parts.iter_mut().filter(|part| part.known.is_none()) {
            match self.store.diff_ids(&part.sought.id.to_string()).await {
                Ok(diff_ids) => part.diff_ids = diff_ids,
                Err(error) => return targets.iter().map(|_| Err(error.clone())).collect(),
            }
        }
        let layers: Vec<LayerRef> = parts.iter().flat_map(|part| self.layers(part)).collect();
        let probes = join_all(targets.iter().map(|target| target.probe(&layers))).await;
        let everywhere = |digest: &Digest| probes.iter().flatten().all(|probe| probe.has(digest));

        let (senders, receivers): (Vec<_>, Vec<_>) = targets.iter().map(|_| unbounded_channel()).unzip();
        let arrivals: Vec<_> = parts.iter().map(|part| self.order(name, part, &everywhere, progress)).collect();
        let collecting = self.collect(name, parts, arrivals, senders);
        let parts = &*parts;
        let deliveries = targets.iter().zip(probes).zip(receivers).map(|((target, probe), jobs)| async move {
            // A destination that did not answer gets nothing.
            let mut delivery = delivery::deliver(target, probe?, jobs).await?;
            loop {
                delivery = match delivery {
                    Delivery::Done(delivered) => return Ok(delivered),
                    Delivery::Lacks(holdings) => self.bring_again(name, parts, target, holdings, progress).await?,
                };
            }
        });
        join(collecting, join_all(deliveries)).await.1
    }

    /// Brings what a registry lacks although it said to have it: out of the engine once more, for
    /// it was not kept, or never exported.
    async fn bring_again(
        &self,
        name: &str,
        parts: &[Part],
        target: &Target<'_>,
        holdings: Holdings,
        progress: &Progress,
    ) -> Result<Delivery, PushError> {
        let parts: Vec<Part> =
            parts.iter().map(|part| Part { known: self.cache.image(&part.key), ..part.clone() }).collect();
        let (sender, jobs) = unbounded_channel();
        let has = |digest: &Digest| holdings.has(digest);
        let arrivals = parts.iter().map(|part| self.order(name, part, &has, progress)).collect();
        let collecting = self.collect(name, &parts, arrivals, vec![sender]);
        join(collecting, delivery::deliver(target, holdings, jobs)).await.1
    }

    /// The layers of an image whose compressed form is known.
    fn layers(&self, part: &Part) -> Vec<LayerRef> {
        match &part.known {
            Some(known) => known.layers.clone(),
            None => part.diff_ids.iter().filter_map(|diff_id| self.cache.layer(diff_id)).collect(),
        }
    }

    /// Asks for an export of what is not everywhere.
    fn order(
        &self,
        name: &str,
        part: &Part,
        everywhere: &dyn Fn(&Digest) -> bool,
        progress: &Progress,
    ) -> UnboundedReceiver<Arrival> {
        let (reply, arrivals) = unbounded_channel();
        let (mut diff_ids, mut wanted, mut forms) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        let layers: Vec<(Digest, Option<LayerRef>)> = match &part.known {
            Some(known) => known
                .layers
                .iter()
                .map(|layer| (layer.diff_id.as_ref().unwrap_or(&layer.digest).clone(), Some(layer.clone())))
                .collect(),
            None => part.diff_ids.iter().map(|diff_id| (diff_id.clone(), self.cache.layer(diff_id))).collect(),
        };
        for (name, form) in layers {
            let is_there = form.as_ref().is_some_and(|form| everywhere(&form.digest));
            if part.known.is_none() || form.as_ref().is_some_and(|form| form.diff_id.is_some()) {
                diff_ids.push(name.clone());
            }
            if let Some(form) = form.filter(|_| is_there) {
                forms.insert(name, form);
            } else {
                wanted.insert(name);
            }
        }
        match &part.known {
            Some(known) if wanted.is_empty() => {
                // The receiver is in our hands: it cannot be gone.
                let _ = reply.send(Arrival::Done(Arc::clone(known)));
            }
            known => self.source.request(Request {
                name: name.to_owned(),
                sought: part.sought.clone(),
                diff_ids,
                wanted,
                forms,
                known: known.clone(),
                reply,
                progress: progress.clone(),
            }),
        }
        arrivals
    }

    /// Hands what the export brings to the destinations, and at its end the whole image.
    async fn collect(
        &self,
        name: &str,
        parts: &[Part],
        arrivals: Vec<UnboundedReceiver<Arrival>>,
        targets: Vec<UnboundedSender<Job>>,
    ) {
        let finished = join_all(arrivals.into_iter().map(|arrivals| forward(name, arrivals, &targets))).await;
        let images: Result<Vec<_>, PushError> = finished.into_iter().collect();
        let job = images.and_then(|images| {
            for (part, image) in parts.iter().zip(&images) {
                if part.known.as_ref() != Some(image) {
                    self.cache.remember_image(&part.key, image)?;
                }
            }
            let images: Vec<_> = images.into_iter().map(Some).collect();
            let no_platform = || PushError::Stopped { image: name.to_owned() };
            whole(&images, parts).map(Arc::new).ok_or_else(no_platform)
        });
        for target in targets {
            // A destination that failed does not listen any more.
            let _ = target.send(match &job {
                Ok(image) => Job::Finish(Arc::clone(image)),
                Err(error) => Job::Fail(error.clone()),
            });
        }
    }
}

async fn forward(
    name: &str,
    mut arrivals: UnboundedReceiver<Arrival>,
    targets: &[UnboundedSender<Job>],
) -> Result<Arc<ImageContent>, PushError> {
    loop {
        let arrival = tokio::select! {
            arrival = arrivals.recv() => arrival,
            // Nobody takes what comes any more.
            _ = join_all(targets.iter().map(UnboundedSender::closed)) => None,
        };
        let Some(arrival) = arrival else { break };
        let job: &dyn Fn() -> Job = match &arrival {
            Arrival::Done(image) => return Ok(Arc::clone(image)),
            Arrival::Failed(error) => return Err(error.clone()),
            Arrival::Config(config) => &|| Job::Small(config.clone()),
            Arrival::Layer(layer) => &|| Job::Layer(Arc::clone(layer)),
        };
        for target in targets {
            // One that failed does not listen; the others still do.
            let _ = target.send(job());
        }
    }
    Err(PushError::Stopped { image: name.to_owned() })
}

/// The image of all platforms, if every one of them is known.
fn whole(images: &[Option<Arc<ImageContent>>], parts: &[Part]) -> Option<ImageContent> {
    let images = parts.iter().zip(images).map(|(part, image)| {
        let image = image.as_deref()?.clone();
        Some((part.sought.platform.clone(), image))
    });
    content::join(images.collect::<Option<_>>()?)
}

impl std::fmt::Debug for Pusher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pusher").field("cache", &self.cache).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{} {:?}", self.registry.endpoint(), self.repository, self.tags)
    }
}
