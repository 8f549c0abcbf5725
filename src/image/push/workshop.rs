//! What all ways to get at layers share: threads, spool files, and what is known of layers.

use super::cache::Cache;
use super::compress;
use super::content::{Layer, LayerRef};
use super::gzip;
use super::source::Request;
use super::spool::Spool;
use crate::oci::Digest;
use std::collections::{HashMap, VecDeque};
use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// What is kept of layers though nobody uses them at the moment, in bytes of spool files and in files
/// that are open: the next image of a run often begins with the layers of the one before.
const KEPT_BYTES: u64 = 2 << 30;
const KEPT_FILES: usize = 100;

pub(super) struct Workshop {
    pub(super) pool: gzip::Pool,
    pub(super) spool: Spool,
    pub(super) cache: Arc<Cache>,
    /// Layers of this run by diff id.
    layers: Mutex<HashMap<Digest, Slot>>,
    kept: Mutex<Kept>,
}

/// The layers that were used last, the latest at the end.
#[derive(Default)]
struct Kept {
    layers: VecDeque<Arc<Layer>>,
    size: u64,
}

impl Kept {
    fn add(&mut self, layer: &Arc<Layer>) {
        if let Some(index) = self.layers.iter().position(|kept| Arc::ptr_eq(kept, layer)) {
            self.layers.remove(index);
        } else {
            self.size += layer.data.size;
        }
        self.layers.push_back(Arc::clone(layer));
        while (self.size > KEPT_BYTES || self.layers.len() > KEPT_FILES)
            && let Some(oldest) = self.layers.pop_front()
        {
            self.size -= oldest.data.size;
        }
    }
}

#[derive(Default)]
struct Slot {
    /// One at a time brings a layer.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// There as long as somebody keeps its spool file.
    layer: Weak<Layer>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workshop {
    pub(super) fn new(pool: gzip::Pool, spool: Spool, cache: Arc<Cache>) -> Arc<Self> {
        Arc::new(Self { pool, spool, cache, layers: Mutex::default(), kept: Mutex::default() })
    }

    /// Compresses a tar into a spool file.
    pub(super) fn compress(&self, tar: &mut dyn Read) -> io::Result<Layer> {
        compress::compress(&self.pool, &self.spool, tar)
    }

    /// Who holds it may bring the layer with this diff id.
    pub(super) fn turn(&self, diff_id: &Digest) -> Arc<tokio::sync::Mutex<()>> {
        lock(&self.layers).entry(diff_id.clone()).or_default().turn.clone()
    }

    /// A layer that this run has brought, if it is still there.
    pub(super) fn ready(&self, diff_id: &Digest) -> Option<Arc<Layer>> {
        let layer = lock(&self.layers).get(diff_id)?.layer.upgrade()?;
        lock(&self.kept).add(&layer);
        Some(layer)
    }

    /// Takes a layer in whose content is what its diff id says.
    pub(super) fn keep(&self, layer: &Arc<Layer>) {
        let Some((diff_id, size)) = &layer.tar else { return };
        self.cache.remember_layer(diff_id, *size, &layer.data.digest, layer.data.size);
        lock(&self.layers).entry(diff_id.clone()).or_default().layer = Arc::downgrade(layer);
        lock(&self.kept).add(layer);
    }

    /// The compressed form of a layer of an image: the one that is there or was brought, else the one
    /// that was made of it before. What the image itself remembers counts too: a run that was stopped
    /// kept the image, but perhaps not yet its layers.
    pub(super) fn remembered(&self, request: &Request, diff_id: &Digest) -> Option<LayerRef> {
        let of_image = || {
            let layers = &request.known.as_ref()?.layers;
            layers.iter().find(|layer| layer.diff_id.as_ref() == Some(diff_id)).cloned()
        };
        request.forms.get(diff_id).cloned().or_else(|| self.cache.layer(diff_id)).or_else(of_image)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::push::archive::Packing;
    use crate::image::push::spool::Spooled;

    fn layer(name: &str, size: u64) -> Arc<Layer> {
        let data = Spooled::of(tempfile::tempfile().unwrap(), Digest::of(name), size);
        Arc::new(Layer { data, packing: Packing::Gzip, tar: None })
    }

    #[test]
    fn what_was_used_last_is_kept_within_bounds() {
        let mut kept = Kept::default();
        let layers: Vec<_> = (0..KEPT_FILES + 2).map(|number| layer(&number.to_string(), 10)).collect();
        layers.iter().take(KEPT_FILES).for_each(|layer| kept.add(layer));
        kept.add(&layers[0]);
        layers.iter().skip(KEPT_FILES).for_each(|layer| kept.add(layer));
        let is_kept = |kept: &Kept, layer: &Arc<Layer>| kept.layers.iter().any(|other| Arc::ptr_eq(other, layer));
        let found: Vec<_> = [0, 1, 2, 3].map(|index| is_kept(&kept, &layers[index])).into();
        assert_eq!((found, kept.size), (vec![true, false, false, true], 10 * KEPT_FILES as u64));

        kept.add(&layer("large", KEPT_BYTES - 15));
        assert_eq!(kept.layers.len(), 2);
        kept.add(&layer("larger", KEPT_BYTES + 1));
        assert_eq!((kept.layers.len(), kept.size), (0, 0));
    }
}
