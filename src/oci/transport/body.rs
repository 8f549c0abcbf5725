//! Bodies in both directions: uploads that are hashed and watched, answers that are bounded.

use super::fault::{self, Fault};
use crate::oci::digest::Hasher;
use crate::oci::error::ErrorKind;
use crate::oci::{Blob, Error};
use crate::util::Progress;
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// How much of a blob is handed over at once.
const CHUNK: usize = 128 * 1024;
/// Bytes of an answer that come in a millisecond on the slowest line.
const SLOWEST: usize = 16;

/// A blob, or the rest of it, as the body of a request. Every try opens it anew.
#[derive(Clone)]
pub(in crate::oci) struct Payload {
    pub(in crate::oci) blob: Blob,
    /// Where the registry wants us to go on.
    pub(in crate::oci) offset: u64,
    pub(in crate::oci) progress: Progress,
    pub(in crate::oci) sent: Sent,
}

/// Bytes that went out, over all tries.
#[derive(Clone, Debug, Default)]
pub(in crate::oci) struct Sent(Arc<Mutex<u64>>);

/// What the sender of a body and its watcher share.
#[derive(Clone, Debug)]
pub(super) struct Flow(Arc<Mutex<FlowState>>);

#[derive(Debug)]
struct FlowState {
    started: Instant,
    /// When the network last took something.
    last: Instant,
    /// It is our own source that is awaited: no fault of the network.
    reading: bool,
    handed: u64,
    whole: bool,
    failure: Option<Error>,
}

impl Sent {
    pub(in crate::oci) fn bytes(&self) -> u64 {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, bytes: usize) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += bytes as u64;
    }
}

impl Flow {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(FlowState {
            started: now,
            last: now,
            reading: false,
            handed: 0,
            whole: false,
            failure: None,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, FlowState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reading(&self, reading: bool) {
        let mut state = self.lock();
        state.reading = reading;
        state.last = Instant::now();
    }

    /// Why our own side broke the request off.
    pub(super) fn take_failure(&self) -> Option<Error> {
        self.lock().failure.take()
    }

    /// Ends when nothing moved for `idle`, and for somewhat more after the last byte.
    pub(super) async fn stalled(&self, idle: Duration) -> Duration {
        loop {
            let deadline = {
                let state = self.lock();
                let patience = if state.whole { idle + state.tail() } else { idle };
                if !state.reading && state.last.elapsed() >= patience {
                    return patience;
                }
                if state.reading { Instant::now() + idle } else { state.last + patience }
            };
            tokio::time::sleep_until(deadline.into()).await;
        }
    }
}

impl FlowState {
    /// What may pass after the last byte was handed over: up to 4 MiB of it wait in this machine's
    /// buffers, on a slow line at 128 KiB/s; and who took long to take a blob may take as long to
    /// store it.
    fn tail(&self) -> Duration {
        let buffered = self.handed.min(4 * 1024 * 1024);
        (self.last - self.started) + Duration::from_millis(buffered / 131)
    }
}

impl Payload {
    pub(super) fn length(&self) -> u64 {
        self.blob.size - self.offset
    }

    /// Opens the content. It is read from its start, whatever the offset: its digest is computed.
    pub(super) async fn open(&self, flow: &Flow) -> Result<reqwest::Body, Fault> {
        let reader = self.blob.source.open(0).await.map_err(|error| unreadable(&self.blob, &error))?;
        let state = Reading { reader, hasher: Hasher::default(), payload: self.clone(), flow: flow.clone() };
        Ok(reqwest::Body::wrap_stream(stream::try_unfold(state, Reading::next)))
    }
}

struct Reading {
    reader: Box<dyn AsyncRead + Send + Unpin>,
    hasher: Hasher,
    payload: Payload,
    flow: Flow,
}

impl Reading {
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        self.flow.reading(true);
        match self.read().await {
            Ok(Some(chunk)) => {
                self.flow.reading(false);
                self.flow.lock().handed += chunk.len() as u64;
                self.payload.sent.add(chunk.len());
                self.payload.progress.advance(self.payload.blob.digest.as_str(), self.hasher.length());
                Ok(Some((chunk, self)))
            }
            Ok(None) => {
                let mut state = self.flow.lock();
                (state.reading, state.whole, state.last) = (false, true, Instant::now());
                drop(state);
                Ok(None)
            }
            Err(error) => {
                let message = error.message.clone();
                self.flow.lock().failure = Some(error);
                Err(io::Error::other(message))
            }
        }
    }

    /// The next chunk beyond the offset. The last one is not given away before the digest of all
    /// is known to be right.
    async fn read(&mut self) -> Result<Option<Bytes>, Error> {
        let (size, offset) = (self.payload.blob.size, self.payload.offset);
        loop {
            if self.hasher.length() == size {
                return Ok(None);
            }
            let mut buffer = BytesMut::with_capacity(CHUNK);
            let count =
                self.reader.read_buf(&mut buffer).await.map_err(|error| unreadable(&self.payload.blob, &error))?;
            let before = self.hasher.length();
            self.hasher.update(&buffer);
            self.check(count == 0)?;
            let skip = offset.saturating_sub(before).min(count as u64);
            if skip < count as u64 {
                return Ok(Some(buffer.freeze().slice(usize::try_from(skip).expect("it is within a chunk")..)));
            }
        }
    }

    fn check(&self, ended: bool) -> Result<(), Error> {
        let Blob { digest, size, .. } = &self.payload.blob;
        let length = self.hasher.length();
        if length > *size || (ended && length < *size) {
            let word = if length > *size { "more than" } else { "only" };
            return Err(Error::permanent(
                ErrorKind::Source,
                format!("the content of {digest} has {word} {length} of {size} bytes"),
            ));
        }
        if length == *size {
            let found = self.hasher.clone().finish();
            if found != *digest {
                return Err(Error::permanent(
                    ErrorKind::Digest,
                    format!("the content to push is {found}, not {digest}"),
                ));
            }
        }
        Ok(())
    }
}

fn unreadable(blob: &Blob, error: &io::Error) -> Error {
    let cause = crate::oci::error::excerpt(&error.to_string());
    Error::permanent(ErrorKind::Source, format!("the content of {} cannot be read: {cause}", blob.digest))
}

/// Reads an answer's body, at most `limit` bytes of it; the flag says whether that was all. One that
/// comes drop by drop is not waited for either.
pub(super) async fn read_bounded(
    response: &mut reqwest::Response,
    limit: usize,
    idle: Duration,
    host: &str,
) -> Result<(Bytes, bool), Fault> {
    let patience = idle + Duration::from_millis((limit / SLOWEST) as u64);
    let read = tokio::time::timeout(patience, read_chunks(response, limit, idle, host)).await;
    read.unwrap_or_else(|_| Err(Fault::passing(ErrorKind::Stalled, format!("the answer of `{host}` does not end"))))
}

async fn read_chunks(
    response: &mut reqwest::Response,
    limit: usize,
    idle: Duration,
    host: &str,
) -> Result<(Bytes, bool), Fault> {
    let mut body = BytesMut::new();
    while let Some(chunk) = next_chunk(response, idle, host).await? {
        let room = limit - body.len();
        if chunk.len() > room {
            body.extend_from_slice(&chunk[..room]);
            return Ok((body.freeze(), false));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body.freeze(), true))
}

pub(in crate::oci) async fn next_chunk(
    response: &mut reqwest::Response,
    idle: Duration,
    host: &str,
) -> Result<Option<Bytes>, Fault> {
    match tokio::time::timeout(idle, response.chunk()).await {
        Ok(Ok(chunk)) => Ok(chunk),
        Ok(Err(error)) => Err(fault::classify(&error, host, false)),
        Err(_) => Err(fault::stalled(host, idle)),
    }
}
