//! Layers straight out of the engine's storage: only those that are wanted, several at once.
//!
//! Whatever does not work here is left to the export, and only `-v` says why. A layer counts when all
//! of it was read and has the digest that the image's configuration names.

use super::archive::{Contents, Packing};
use super::blobs;
use super::content::{self, ImageContent, Layer};
use super::layout::{self, Seen};
use super::source::{Arrival, ImageStore, REPORT_EVERY, Request, TASK};
use super::workshop::Workshop;
use crate::image::engine::storage::{Classic, ContentStore, Storage, StoredImage, StoredLayer};
use crate::oci::Digest;
use crate::util::{Progress, Unit};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::{OnceCell, Semaphore};

/// Layers that are read at once: reading and hashing one takes a core less than compressing it.
const READERS: u32 = 3;

pub(super) struct Direct {
    store: Arc<dyn ImageStore>,
    workshop: Arc<Workshop>,
    /// Looked for once in a run.
    storage: OnceCell<Result<Storage, String>>,
    readers: Semaphore,
}

impl Direct {
    pub(super) fn new(store: Arc<dyn ImageStore>, workshop: Arc<Workshop>) -> Self {
        Self { store, workshop, storage: OnceCell::new(), readers: Semaphore::new(READERS as usize) }
    }

    pub(super) async fn prepare(&self) {
        self.storage().await;
    }

    async fn storage(&self) -> &Result<Storage, String> {
        self.storage.get_or_init(|| self.store.storage()).await
    }

    /// Serves a request, or gives it back with what is left to bring.
    pub(super) async fn serve(&self, mut request: Request) -> Option<Request> {
        let reply = request.reply.clone();
        let served = tokio::select! {
            served = self.bring_all(&mut request) => served,
            // Whoever waits for the same layer brings it anew.
            () = reply.closed() => return None,
        };
        request.progress.finish(TASK, None);
        match served {
            Ok(()) => None,
            Err(reason) => {
                let image = &request.name;
                request
                    .progress
                    .detail(format!("`{image}` is exported by the engine, not read from its storage: {reason}"));
                Some(request)
            }
        }
    }

    async fn bring_all(&self, request: &mut Request) -> Result<(), String> {
        match self.storage().await.as_ref().map_err(Clone::clone)? {
            Storage::Classic(store) => self.bring_layers(store, request).await,
            Storage::Containerd(store) => self.bring_blobs(store, request).await,
        }
    }

    /// The layers of an image that Docker has unpacked.
    async fn bring_layers(&self, store: &Classic, request: &mut Request) -> Result<(), String> {
        let image = {
            let (store, id) = (store.clone(), request.sought.id.clone());
            blocking(move || store.image(&id)).await?
        };
        let layers = wanted(request, &image)?;
        request.send(Arrival::Config(image.config.clone()));
        request.progress.start(TASK, "reading from the engine", Unit::Bytes, None);
        let watch = Arc::new(Watch { progress: request.progress.clone(), done: AtomicU64::new(0) });
        let mut bringing: FuturesUnordered<_> =
            layers.into_iter().map(|layer| self.bring(store, layer, &watch)).collect();
        let mut failed = None;
        while let Some(brought) = bringing.next().await {
            match brought {
                Ok(layer) => request.bring(&layer),
                Err(reason) => failed = Some(reason),
            }
        }
        drop(bringing);
        if let Some(reason) = failed {
            return Err(reason);
        }
        let layers = image.layers.iter().map(|layer| {
            let known = self.workshop.remembered(request, &layer.diff_id);
            known.map(|known| (known, Packing::Gzip)).ok_or_else(|| format!("layer {} was forgotten", layer.diff_id))
        });
        let content = content::image(&image.config, layers.collect::<Result<_, _>>()?);
        request.send(Arrival::Done(Arc::new(content)));
        Ok(())
    }

    /// An image as containerd has it: its blobs are those that a registry gets.
    async fn bring_blobs(&self, store: &ContentStore, request: &Request) -> Result<(), String> {
        // One image at a time: what they share is hashed or compressed once.
        let _readers = self.readers.acquire_many(READERS).await.map_err(|error| error.to_string())?;
        let stop = StopOnDrop::default();
        let found = {
            let (workshop, store) = (Arc::clone(&self.workshop), store.clone());
            let (request, stopped) = (request.clone(), Arc::clone(&stop.0));
            blocking(move || {
                let contents = blobs::gather(&store, &workshop, &request, &stopped)?;
                let remembered = |diff_id: &Digest| workshop.remembered(&request, diff_id);
                let image = layout::find(&request.sought, &contents, &remembered).map_err(io::Error::other)?;
                let layers = taken(&request, &image, &contents)?;
                Ok((image, layers))
            })
        };
        let (image, layers) = found.await?;
        for layer in layers {
            request.send(Arrival::Layer(layer));
        }
        request.send(Arrival::Done(Arc::new(image)));
        Ok(())
    }

    /// One layer, compressed by this or by another image of the run.
    async fn bring(&self, store: &Classic, layer: StoredLayer, watch: &Arc<Watch>) -> Result<Arc<Layer>, String> {
        let diff_id = layer.diff_id.clone();
        let turn = self.workshop.turn(&diff_id);
        let _turn = turn.lock().await;
        if let Some(ready) = self.workshop.ready(&diff_id) {
            return Ok(ready);
        }
        let _reader = self.readers.acquire().await.map_err(|error| error.to_string())?;
        let stop = StopOnDrop::default();
        let compressed = {
            let (workshop, store, watch) = (Arc::clone(&self.workshop), store.clone(), Arc::clone(watch));
            let stop = Arc::clone(&stop.0);
            blocking(move || {
                let tar = store.layer(&layer)?;
                workshop.compress(&mut Watched { tar, watch, stop })
            })
        };
        let compressed = compressed.await.map_err(|reason| format!("layer {diff_id}: {reason}"))?;
        match &compressed.tar {
            Some((found, _)) if *found == diff_id => {
                let compressed = Arc::new(compressed);
                self.workshop.keep(&compressed);
                Ok(compressed)
            }
            _ => Err(format!("layer {diff_id}: its files were changed")),
        }
    }
}

/// The layers to bring, the lowest first.
fn wanted(request: &Request, image: &StoredImage) -> Result<Vec<StoredLayer>, String> {
    let mut missing = request.wanted.iter().collect::<BTreeSet<_>>();
    let layers = image.layers.iter().filter(|layer| missing.remove(&layer.diff_id)).cloned().collect();
    match missing.first() {
        None => Ok(layers),
        Some(digest) => Err(format!("the image there has no layer {digest}")),
    }
}

/// The layers of an image that were brought, among them all that are wanted.
fn taken(request: &Request, image: &ImageContent, contents: &Contents<Seen>) -> io::Result<Vec<Arc<Layer>>> {
    let mut layers = Vec::new();
    for layer in &image.layers {
        let taken = contents.layers.values().find_map(|seen| match seen {
            Seen::Taken(taken) if taken.data.digest == layer.digest => Some(Arc::clone(taken)),
            Seen::Taken(_) | Seen::Skipped { .. } => None,
        });
        let is_wanted = match &layer.diff_id {
            Some(diff_id) => request.wanted.contains(diff_id),
            None => request.known.is_none() || request.wanted.contains(&layer.digest),
        };
        if taken.is_none() && is_wanted {
            return Err(io::Error::other(format!("layer {} is not there", layer.digest)));
        }
        layers.extend(taken);
    }
    Ok(layers)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, String> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?;
    done.map_err(|error| error.to_string())
}

/// Tells how much was read for an image.
struct Watch {
    progress: Progress,
    done: AtomicU64,
}

impl Watch {
    fn add(&self, length: u64) {
        let before = self.done.fetch_add(length, Ordering::Relaxed);
        if before / REPORT_EVERY != (before + length) / REPORT_EVERY {
            self.progress.advance(TASK, before + length);
        }
    }
}

/// Becomes true when nobody waits any more: a thread cannot be stopped from outside.
#[derive(Default)]
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Fails when nobody waits any more.
pub(super) fn going_on(stop: &AtomicBool) -> io::Result<()> {
    if stop.load(Ordering::Relaxed) { Err(io::Error::other("it was given up")) } else { Ok(()) }
}

struct Watched<R> {
    tar: R,
    watch: Arc<Watch>,
    stop: Arc<AtomicBool>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        going_on(&self.stop)?;
        let length = self.tar.read(buffer)?;
        self.watch.add(length as u64);
        Ok(length)
    }
}
