//! Serves the context and the Dockerfile: fsutil's protocol in `moby.filesync.v1.FileSync`.
//!
//! Every request walks the context anew, with what the request asks for and leaves out on top of the
//! ignore rules; nothing that they leave out can be asked for.

use super::Inputs;
use super::send::{Source, serve};
use crate::image::build::run::Job;
use crate::image::context::ignore::Patterns;
use crate::image::context::walk::Filter;
use crate::image::context::{ContextError, follow};
use crate::util::{Progress, Unit};
use bollard_buildkit_proto::fsutil::types::Packet;
use bollard_buildkit_proto::moby::filesync::packet::file_sync_server::FileSync;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status, Streaming};

/// The task of the context's bytes in the progress.
const TASK: &str = "context";
/// Packets that wait for the connection.
const QUEUE: usize = 128;

/// How much was sent, and why sending ended early.
#[derive(Clone, Debug)]
pub(in crate::image::build) struct Sent(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    progress: Progress,
    /// How many transfers of the context are under way.
    transfers: AtomicUsize,
    bytes: AtomicU64,
    failure: Mutex<Option<ContextError>>,
}

impl Sent {
    pub(super) fn new(progress: &Progress) -> Self {
        let progress = progress.clone();
        let (transfers, bytes) = (AtomicUsize::new(0), AtomicU64::new(0));
        Self(Arc::new(Shared { progress, transfers, bytes, failure: Mutex::new(None) }))
    }

    pub(in crate::image::build) fn failure(&self) -> Option<ContextError> {
        self.0.failure.lock().ok()?.take()
    }

    /// Tells the progress that no more of the context will be sent.
    pub(in crate::image::build) fn finish(&self) {
        if self.0.transfers.swap(0, Ordering::Relaxed) > 0 {
            self.over();
        }
    }

    /// Tells the progress that a part of the context is being sent. A build may ask for several.
    pub(super) fn begin(&self) {
        if self.0.transfers.fetch_add(1, Ordering::Relaxed) == 0 {
            self.0.progress.start(TASK, "sending the context", Unit::Bytes, None);
            self.0.bytes.store(0, Ordering::Relaxed);
        }
    }

    /// One of the transfers that began is over.
    pub(super) fn end(&self) {
        let less = |transfers: usize| transfers.checked_sub(1);
        if self.0.transfers.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less) == Ok(1) {
            self.over();
        }
    }

    fn over(&self) {
        let nothing = self.0.bytes.load(Ordering::Relaxed) == 0;
        self.0.progress.finish(TASK, nothing.then(|| "unchanged".to_owned()));
    }

    pub(super) fn add(&self, bytes: u64) {
        let bytes = self.0.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.0.progress.advance(TASK, bytes);
    }

    pub(super) fn fail(&self, error: ContextError) {
        if let Ok(mut failure) = self.0.failure.lock() {
            failure.get_or_insert(error);
        }
    }
}

/// What a build may read.
#[derive(Clone, Debug)]
pub(super) struct Files {
    context: PathBuf,
    filter: Filter,
    inputs: Inputs,
    sent: Sent,
}

impl Files {
    pub(super) fn new(job: &Job<'_>, sent: Sent) -> Self {
        let context = job.spec.context.clone();
        Self { context, filter: job.prepared.filter(), inputs: job.inputs.clone(), sent }
    }

    fn source(&self, wish: &Wish) -> Result<Source, Status> {
        match wish.folder.as_str() {
            "dockerfile" => {
                let mut files = vec![(self.inputs.name.clone(), self.inputs.dockerfile.clone())];
                files.extend(self.inputs.ignore.clone());
                Ok(Source::Memory(files))
            }
            "context" | "" => {
                let (root, filter) = (self.context.clone(), self.filter(wish)?);
                Ok(Source::Context { root, filter, is_told: !wish.is_for_ignore_file() })
            }
            other => Err(Status::not_found(format!("no access allowed to dir {other:?}"))),
        }
    }

    fn filter(&self, wish: &Wish) -> Result<Filter, Status> {
        let malformed = |error| Status::invalid_argument(format!("{error}"));
        // Builders read the ignore file before they know what it leaves out, maybe itself.
        if wish.is_for_ignore_file() {
            return Ok(Filter::new([]).only(Patterns::new(&wish.follow).map_err(malformed)?));
        }
        let mut filter = self.filter.clone();
        if !wish.exclude.is_empty() {
            filter = filter.and_not(Patterns::new(&wish.exclude).map_err(malformed)?);
        }
        if wish.include.is_empty() && wish.follow.is_empty() {
            return Ok(filter);
        }
        let mut include = wish.include.clone();
        include.extend(follow(&self.context, &wish.follow));
        if include.iter().any(|path| path == ".") {
            return Ok(filter);
        }
        Ok(filter.only(Patterns::new(&include).map_err(malformed)?))
    }
}

/// What a request asks for, from its metadata.
#[derive(Debug)]
struct Wish {
    folder: String,
    include: Vec<String>,
    exclude: Vec<String>,
    follow: Vec<String>,
}

impl Wish {
    fn is_for_ignore_file(&self) -> bool {
        self.follow == [".dockerignore"] && self.exclude.is_empty()
    }

    fn read(metadata: &MetadataMap) -> Self {
        let all = |key: &str| -> Vec<String> {
            let encoded = metadata.get(format!("{key}-encoded")).is_some_and(|flag| flag.as_bytes() == b"1");
            let values =
                metadata.get_all(key).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            if encoded { values.map(|value| decode(&value)).collect() } else { values.collect() }
        };
        Self {
            folder: all("dir-name").pop().unwrap_or_default(),
            include: all("include-patterns"),
            exclude: all("exclude-patterns"),
            follow: all("followpaths"),
        }
    }
}

/// Undoes the escaping of a URL's query: how newer builders send what is not ASCII.
fn decode(text: &str) -> String {
    let pair = format!("v={}", text.replace('&', "%26"));
    url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

type Packets = ReceiverStream<Result<Packet, Status>>;

#[tonic::async_trait]
impl FileSync for Files {
    type DiffCopyStream = Packets;
    type TarStreamStream = Packets;

    async fn diff_copy(&self, request: Request<Streaming<Packet>>) -> Result<Response<Packets>, Status> {
        let wish = Wish::read(request.metadata());
        let (sender, receiver) = mpsc::channel(QUEUE);
        let files = self.clone();
        let source = tokio::task::spawn_blocking(move || files.source(&wish)).await;
        let source = source.map_err(|error| Status::internal(error.to_string()))??;
        tokio::spawn(serve(source, self.sent.clone(), request.into_inner(), sender));
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    async fn tar_stream(&self, _: Request<Streaming<Packet>>) -> Result<Response<Packets>, Status> {
        Err(Status::unimplemented("files are sent by DiffCopy"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ascii_comes_escaped() {
        let mut metadata = MetadataMap::new();
        metadata.insert("dir-name", "context".parse().unwrap());
        metadata.append("followpaths", "caf%C3%A9+1%26%3D".parse().unwrap());
        metadata.insert("followpaths-encoded", "1".parse().unwrap());
        metadata.append("exclude-patterns", "a%20b".parse().unwrap());
        let wish = Wish::read(&metadata);
        assert_eq!((wish.follow, wish.exclude), (vec!["café 1&=".to_owned()], vec!["a%20b".to_owned()]));
    }
}
