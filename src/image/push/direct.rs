//! Layers straight out of the engine's storage: only those that are wanted, several at once.
//!
//! Whatever does not work here is left to the export, and only `-v` says why. A layer counts when all
//! of it was read and has the digest that the image's configuration names.

use super::archive::Packing;
use super::content::{self, Layer};
use super::source::{Arrival, ImageStore, REPORT_EVERY, Request, TASK};
use super::workshop::Workshop;
use crate::image::engine::storage::{Storage, StoredImage, StoredLayer};
use crate::oci::Digest;
use crate::util::{Progress, Unit};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::{OnceCell, Semaphore};

/// Layers that are read at once: reading and hashing one takes a core less than compressing it.
const READERS: usize = 3;

pub(super) struct Direct {
    store: Arc<dyn ImageStore>,
    workshop: Arc<Workshop>,
    /// Looked for once in a run.
    storage: OnceCell<Result<Storage, String>>,
    readers: Semaphore,
}

impl Direct {
    pub(super) fn new(store: Arc<dyn ImageStore>, workshop: Arc<Workshop>) -> Self {
        Self { store, workshop, storage: OnceCell::new(), readers: Semaphore::new(READERS) }
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
        let storage = self.storage().await.as_ref().map_err(Clone::clone)?;
        let image = {
            let (storage, id) = (storage.clone(), request.sought.id.clone());
            blocking(move || storage.image(&id)).await?
        };
        let layers = wanted(request, &image)?;
        request.progress.start(TASK, "reading from the engine", Unit::Bytes, None);
        let watch = Arc::new(Watch { progress: request.progress.clone(), done: AtomicU64::new(0) });
        let mut bringing: FuturesUnordered<_> =
            layers.into_iter().map(|layer| self.bring(storage, layer, &watch)).collect();
        let mut failed = None;
        while let Some(brought) = bringing.next().await {
            match brought {
                Ok((diff_id, layer)) => {
                    request.wanted.remove(&diff_id);
                    request.send(Arrival::Layer(layer));
                }
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

    /// One layer, compressed by this or by another image of the run.
    async fn bring(
        &self,
        storage: &Storage,
        layer: StoredLayer,
        watch: &Arc<Watch>,
    ) -> Result<(Digest, Arc<Layer>), String> {
        let diff_id = layer.diff_id.clone();
        let turn = self.workshop.turn(&diff_id);
        let _turn = turn.lock().await;
        if let Some(ready) = self.workshop.ready(&diff_id) {
            return Ok((diff_id, ready));
        }
        let _reader = self.readers.acquire().await.map_err(|error| error.to_string())?;
        let stop = StopOnDrop::default();
        let compressed = {
            let (workshop, storage, watch) = (Arc::clone(&self.workshop), storage.clone(), Arc::clone(watch));
            let stop = Arc::clone(&stop.0);
            blocking(move || {
                let tar = storage.layer(&layer)?;
                workshop.compress(&mut Watched { tar, watch, stop })
            })
        };
        let compressed = compressed.await.map_err(|reason| format!("layer {diff_id}: {reason}"))?;
        match &compressed.tar {
            Some((found, _)) if *found == diff_id => {
                let compressed = Arc::new(compressed);
                self.workshop.keep(&compressed);
                Ok((diff_id, compressed))
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

struct Watched<R> {
    tar: R,
    watch: Arc<Watch>,
    stop: Arc<AtomicBool>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("it was given up"));
        }
        let length = self.tar.read(buffer)?;
        self.watch.add(length as u64);
        Ok(length)
    }
}
