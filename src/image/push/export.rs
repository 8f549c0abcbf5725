//! One export from the engine at a time, for all images that wait for one.
//!
//! Images of a run share base layers. While one export runs, the images that ask for another wait;
//! then they are exported together, so that the engine writes a shared layer once and it is
//! compressed once. What an export brings is sent on as it comes.

use super::archive::{self, ArchiveError, ChannelReader, Contents, LayerEntry, Packing};
use super::compress;
use super::content::Layer;
use super::error::PushError;
use super::layout::{self, Seen};
use super::source::{Arrival, ImageStore, REPORT_EVERY, Request, TASK};
use super::workshop::{Workshop, lock};
use crate::oci::Digest;
use crate::oci::digest::Hasher;
use crate::util::Unit;
use futures_util::StreamExt as _;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{self, Read};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

/// A layer up to this size is kept in memory until it is known whether it is wanted, in bytes.
const BUFFER_LIMIT: u64 = 1 << 20;

pub(super) struct Exporter {
    shared: Arc<Shared>,
}

struct Shared {
    store: Arc<dyn ImageStore>,
    workshop: Arc<Workshop>,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Request>,
    is_running: bool,
}

impl Exporter {
    pub(super) fn new(store: Arc<dyn ImageStore>, workshop: Arc<Workshop>) -> Self {
        Self { shared: Arc::new(Shared { store, workshop, queue: Mutex::default() }) }
    }

    pub(super) fn request(&self, request: Request) {
        let mut queue = lock(&self.shared.queue);
        if queue.is_running {
            request.progress.start(TASK, "waiting for the export of other images", Unit::Items, None);
        }
        queue.waiting.push(request);
        if !std::mem::replace(&mut queue.is_running, true) {
            // A task of its own: the push that started it may be cancelled, the others go on.
            tokio::spawn(work(Arc::clone(&self.shared)));
        }
    }
}

async fn work(shared: Arc<Shared>) {
    loop {
        let batch = {
            let mut queue = lock(&shared.queue);
            if queue.waiting.is_empty() {
                queue.is_running = false;
                return;
            }
            std::mem::take(&mut queue.waiting)
        };
        serve(&shared, batch).await;
    }
}

async fn serve(shared: &Arc<Shared>, mut batch: Vec<Request>) {
    batch.retain_mut(|request| !request.reply.is_closed() && !shared.serve_without_export(request));
    if batch.is_empty() {
        return;
    }
    let is_alone = batch.len() == 1;
    let (rest, error) = export(shared, batch).await;
    for request in rest {
        // One image may have failed all of them.
        let (left, error) = if is_alone { (vec![request], error.clone()) } else { export(shared, vec![request]).await };
        for request in left {
            let image = request.name.clone();
            request.send(Arrival::Failed(error.clone().unwrap_or(PushError::Stopped { image })));
        }
    }
}

/// Exports images together. Gives back those that are not served, and why.
async fn export(shared: &Arc<Shared>, batch: Vec<Request>) -> (Vec<Request>, Option<PushError>) {
    let names = batch.iter().map(|request| request.name.as_str()).collect::<Vec<_>>().join(", ");
    let mut rest = batch;
    // The second time round nothing is guessed.
    for may_guess in [true, false] {
        let ids: BTreeSet<String> = rest.iter().map(|request| request.sought.id.to_string()).collect();
        let ids: Vec<String> = ids.into_iter().collect();
        let stream = tokio::select! {
            biased;
            () = gone(&rest) => return (rest, None),
            stream = shared.store.export(&ids) => match stream {
                Ok(stream) => stream,
                Err(error) => return (rest, Some(error)),
            },
        };
        // An engine may be silent for long: who goes away meanwhile is noticed all the same.
        let stream = stream.take_until(gone(&rest)).boxed();
        let reader = ChannelReader::start(stream, watch(&rest));
        let own = Arc::clone(shared);
        let names = names.clone();
        let result = tokio::task::spawn_blocking(move || read(&own, rest, reader, may_guess, &names)).await;
        let (left, error) = result.unwrap_or_else(|_| (Vec::new(), None));
        if left.is_empty() || error.is_some() {
            return (left, error);
        }
        rest = left;
    }
    (rest, None)
}

/// Waits until nobody waits for any of these images.
fn gone(batch: &[Request]) -> impl Future<Output = ()> + Send + 'static {
    let replies: Vec<_> = batch.iter().map(|request| request.reply.clone()).collect();
    async move {
        for reply in replies {
            reply.closed().await;
        }
    }
}

/// Reports what comes.
fn watch(batch: &[Request]) -> impl FnMut(u64) + Send + 'static {
    let listeners: Vec<_> = batch.iter().map(|request| request.progress.clone()).collect();
    for progress in &listeners {
        progress.start(TASK, "reading from the engine", Unit::Bytes, None);
    }
    let (mut done, mut told) = (0, 0);
    move |length| {
        done += length;
        if done - told >= REPORT_EVERY {
            told = done;
            listeners.iter().for_each(|progress| progress.advance(TASK, done));
        }
    }
}

fn read(
    shared: &Shared,
    batch: Vec<Request>,
    reader: ChannelReader,
    may_guess: bool,
    names: &str,
) -> (Vec<Request>, Option<PushError>) {
    let failed = reader.failed();
    let unwanted = if may_guess { unwanted(shared, &batch) } else { HashMap::new() };
    let mut visitor = Visitor { shared, batch, unwanted, guessed_wrong: false, met: BTreeSet::new() };
    let contents = archive::read(reader, |entry, data| visitor.visit(entry, data));
    let Visitor { batch, guessed_wrong, .. } = visitor;
    batch.iter().for_each(|request| request.progress.finish(TASK, None));
    let image = names.to_owned();
    match contents {
        Ok(contents) => (
            batch.into_iter().filter_map(|request| shared.hand_over(request, &contents, guessed_wrong)).collect(),
            None,
        ),
        Err(error) if failed.load(Ordering::Relaxed) => {
            (batch, Some(PushError::Interrupted { image, reason: error.to_string() }))
        }
        Err(ArchiveError::Form(reason)) => (batch, Some(PushError::Archive { image, reason })),
        Err(ArchiveError::Visit(error)) => {
            (batch, Some(PushError::file("keep a layer in", shared.workshop.spool.folder(), error)))
        }
    }
}

impl Shared {
    /// Serves what other images of the run have brought already. Whether that was all.
    fn serve_without_export(&self, request: &mut Request) -> bool {
        let ready: Vec<_> = request.wanted.iter().filter_map(|diff_id| self.workshop.ready(diff_id)).collect();
        ready.iter().for_each(|layer| request.bring(layer));
        request.progress.finish(TASK, None);
        match request.known_whole() {
            Some(known) if request.wanted.is_empty() => {
                request.send(Arrival::Done(Arc::clone(known)));
                true
            }
            _ => false,
        }
    }

    /// Sends what is left to send for an image; gives the request back if another export is needed.
    fn hand_over(&self, request: Request, contents: &Contents<Seen>, guessed_wrong: bool) -> Option<Request> {
        let remembered = |diff_id: &Digest| self.workshop.remembered(&request, diff_id);
        let found = layout::find(&request.sought, contents, &remembered);
        // A compressed layer belongs to an image only if the manifest says so. Who has a layer
        // already does not take it again.
        for seen in contents.layers.values() {
            if let (Ok(image), Seen::Taken(taken)) = (&found, seen)
                && image.layers.iter().any(|layer| layer.digest == taken.data.digest)
            {
                request.send(Arrival::Layer(Arc::clone(taken)));
            }
        }
        let missing = request.wanted.iter().find(|digest| request.diff_ids.contains(digest));
        let image = match (found, request.known_whole()) {
            (Ok(image), _) => Ok(Arc::new(image)),
            // What nobody wanted was passed over without a look: the archive alone does not tell
            // what it is, but that is known.
            (Err(_), Some(known)) if missing.is_none() => Ok(Arc::clone(known)),
            (Err(reason), _) => Err(reason),
        };
        match (image, missing) {
            (Err(_), _) | (_, Some(_)) if guessed_wrong => return Some(request),
            (Ok(image), _) => request.send(Arrival::Done(image)),
            (Err(reason), _) => {
                request.send(Arrival::Failed(PushError::Archive { image: request.name.clone(), reason }))
            }
        }
        None
    }
}

struct Visitor<'a> {
    shared: &'a Shared,
    batch: Vec<Request>,
    /// Layers that were not wanted at the start, by the sizes of their tars: what has such a size
    /// may be taken for one of them.
    unwanted: HashMap<u64, Vec<Digest>>,
    guessed_wrong: bool,
    /// Diff ids that have come: an archive has a layer once.
    met: BTreeSet<Digest>,
}

impl Visitor<'_> {
    fn visit(&mut self, entry: &LayerEntry, data: &mut dyn Read) -> io::Result<Seen> {
        match entry.packing {
            Packing::Tar => self.tar(entry, data),
            Packing::Gzip | Packing::Zstd => self.compressed(entry, data),
        }
    }

    fn compressed(&self, entry: &LayerEntry, data: &mut dyn Read) -> io::Result<Seen> {
        let is_wanted = |request: &Request| {
            request.known.is_none() || entry.name.as_ref().is_none_or(|name| request.wanted.contains(name))
        };
        if !self.batch.iter().any(is_wanted) {
            return Ok(skipped(entry));
        }
        let layer = compress::keep(&self.shared.workshop.spool, entry.packing, data)?;
        if let Some(name) = &entry.name
            && *name != layer.data.digest
        {
            return Err(misnamed(name));
        }
        Ok(Seen::Taken(Arc::new(layer)))
    }

    fn tar(&mut self, entry: &LayerEntry, data: &mut dyn Read) -> io::Result<Seen> {
        let (shared, is_named) = (self.shared, entry.name.as_ref().filter(|name| self.is_expected(name)));
        if is_named.map_or_else(|| !self.wants_any(), |name| !self.wants(name)) {
            return Ok(skipped(entry));
        }
        if is_named.is_none() && self.looks_known(entry.size) {
            return self.guess(entry, data);
        }
        let layer = shared.workshop.compress(data)?;
        if let (Some(name), Some((tar, _))) = (is_named, &layer.tar)
            && name != tar
        {
            return Err(misnamed(name));
        }
        Ok(self.take(entry, layer))
    }

    /// A layer that may well be one that nobody wants: finds out before it is compressed.
    fn guess(&mut self, entry: &LayerEntry, data: &mut dyn Read) -> io::Result<Seen> {
        let mut hash = Hasher::default();
        let mut buffer = Vec::new();
        compress::copy(data, |piece| {
            hash.update(piece);
            if entry.size <= BUFFER_LIMIT {
                buffer.extend_from_slice(piece);
            }
            Ok(())
        })?;
        let diff_id = hash.finish();
        let is_wanted = self.wants(&diff_id);
        self.met.insert(diff_id);
        if !is_wanted {
            return Ok(skipped(entry));
        }
        if entry.size > BUFFER_LIMIT {
            self.guessed_wrong = true;
            return Ok(skipped(entry));
        }
        let layer = self.shared.workshop.compress(&mut buffer.as_slice())?;
        Ok(self.take(entry, layer))
    }

    /// Remembers a compressed layer and sends it to whom it may concern.
    fn take(&mut self, entry: &LayerEntry, layer: Layer) -> Seen {
        let Some((diff_id, _)) = layer.tar.clone() else { return skipped(entry) };
        let layer = Arc::new(layer);
        self.met.insert(diff_id.clone());
        if self.is_expected(&diff_id) {
            self.shared.workshop.keep(&layer);
        }
        self.batch.iter_mut().for_each(|request| request.bring(&layer));
        Seen::Taken(layer)
    }

    fn is_expected(&self, diff_id: &Digest) -> bool {
        self.batch.iter().any(|request| request.diff_ids.contains(diff_id))
    }

    fn wants(&self, diff_id: &Digest) -> bool {
        self.batch.iter().any(|request| request.wanted.contains(diff_id))
    }

    fn wants_any(&self) -> bool {
        self.batch.iter().any(|request| !request.wanted.is_empty())
    }

    /// Whether a layer of the images that is not wanted, and has not come yet, has this size.
    fn looks_known(&self, size: u64) -> bool {
        let known = self.unwanted.get(&size).into_iter().flatten();
        known.into_iter().any(|diff_id| !self.wants(diff_id) && !self.met.contains(diff_id))
    }
}

/// The layers of these images that nobody wants, by the sizes of their tars.
fn unwanted(shared: &Shared, batch: &[Request]) -> HashMap<u64, Vec<Digest>> {
    let wanted: HashSet<&Digest> = batch.iter().flat_map(|request| &request.wanted).collect();
    let all: BTreeSet<&Digest> = batch.iter().flat_map(|request| &request.diff_ids).collect();
    let mut sizes: HashMap<u64, Vec<Digest>> = HashMap::new();
    for diff_id in all.into_iter().filter(|diff_id| !wanted.contains(diff_id)) {
        if let Some(size) = shared.workshop.cache.tar_size(diff_id) {
            sizes.entry(size).or_default().push(diff_id.clone());
        }
    }
    sizes
}

fn skipped(entry: &LayerEntry) -> Seen {
    Seen::Skipped { size: entry.size, packing: entry.packing, name: entry.name.clone() }
}

fn misnamed(name: &Digest) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the content of the layer named {name} has another digest"))
}
