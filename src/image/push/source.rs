//! Where layers come from: the engine's own storage if it can be read, else the engine's export.

use super::archive::SaveStream;
use super::content::{ImageContent, Layer, LayerRef};
use super::direct::Direct;
use super::error::PushError;
use super::export::Exporter;
use super::layout::Sought;
use super::workshop::Workshop;
use crate::image::engine::storage::Storage;
use crate::oci::Digest;
use crate::util::Progress;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedSender;

/// The task under which reading is reported.
pub(super) const TASK: &str = "export";
/// How often the progress of reading is told, in bytes.
pub(super) const REPORT_EVERY: u64 = 1 << 20;

/// Where images come from: the engine.
pub trait ImageStore: Send + Sync {
    /// The digests of the layers of an image as tars, lowest first (`RootFS.Layers`).
    fn diff_ids<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Vec<Digest>, PushError>>;

    /// The tar that `docker save` makes of these images.
    fn export<'a>(&'a self, ids: &'a [String]) -> BoxFuture<'a, Result<SaveStream, PushError>>;

    /// The folder that the images are in, where it can be read; else why not, a phrase.
    fn storage(&self) -> BoxFuture<'_, Result<Storage, String>> {
        Box::pin(async { Err("there is none".to_owned()) })
    }
}

/// An image that something is wanted of.
#[derive(Clone)]
pub(super) struct Request {
    /// The image's name, for messages.
    pub(super) name: String,
    pub(super) sought: Sought,
    pub(super) diff_ids: Vec<Digest>,
    /// Diff ids of layers, or digests of compressed ones.
    pub(super) wanted: BTreeSet<Digest>,
    /// The compressed forms, by diff id, that every destination has or that were brought: what the
    /// image is made of, whatever another image of the run makes of a layer meanwhile.
    pub(super) forms: BTreeMap<Digest, LayerRef>,
    /// What is pushed for the image, where that is known.
    pub(super) known: Option<Arc<ImageContent>>,
    pub(super) reply: UnboundedSender<Arrival>,
    pub(super) progress: Progress,
}

/// What comes for a request: what belongs to the image as soon as it is there, then the end.
pub(super) enum Arrival {
    /// The configuration. Not everybody sends it ahead: at the end the image has it too.
    Config(Bytes),
    Layer(Arc<Layer>),
    Done(Arc<ImageContent>),
    Failed(PushError),
}

impl Request {
    pub(super) fn send(&self, arrival: Arrival) {
        // Nobody listens when the push was given up.
        let _ = self.reply.send(arrival);
    }

    /// Sends a layer that was brought, if it is wanted.
    pub(super) fn bring(&mut self, layer: &Arc<Layer>) {
        let Some((diff_id, _)) = &layer.tar else { return };
        if self.wanted.remove(diff_id) {
            let (digest, size) = (layer.data.digest.clone(), layer.data.size);
            self.forms.insert(diff_id.clone(), LayerRef { digest, size, diff_id: Some(diff_id.clone()) });
            self.send(Arrival::Layer(Arc::clone(layer)));
        }
    }

    /// What is pushed for the image where that is known, if all that is there or came is part of it.
    pub(super) fn known_whole(&self) -> Option<&Arc<ImageContent>> {
        let known = self.known.as_ref()?;
        let is_same = |layer: &LayerRef| {
            let form = layer.diff_id.as_ref().and_then(|diff_id| self.forms.get(diff_id));
            form.is_none_or(|form| form.digest == layer.digest)
        };
        known.layers.iter().all(is_same).then_some(known)
    }
}

pub(super) struct Source {
    direct: Arc<Direct>,
    exporter: Arc<Exporter>,
}

impl Source {
    pub(super) fn new(store: Arc<dyn ImageStore>, workshop: Arc<Workshop>) -> Self {
        let direct = Arc::new(Direct::new(Arc::clone(&store), Arc::clone(&workshop)));
        Self { direct, exporter: Arc::new(Exporter::new(store, workshop)) }
    }

    /// Begins to find out what is the same for all images, so that nobody waits for it later.
    pub(super) fn prepare(&self) {
        let direct = Arc::clone(&self.direct);
        tokio::spawn(async move {
            direct.prepare().await;
        });
    }

    pub(super) fn request(&self, request: Request) {
        let (direct, exporter) = (Arc::clone(&self.direct), Arc::clone(&self.exporter));
        // A task of its own: the push that asks may be cancelled while others wait for its layers.
        tokio::spawn(async move {
            if let Some(rest) = direct.serve(request).await {
                exporter.request(rest);
            }
        });
    }
}
