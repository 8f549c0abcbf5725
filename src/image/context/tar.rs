//! A context as a tar that is made while it is sent, for engines that take one whole.
//!
//! Owner and group are 0, hard links are files of their own, links stay links. The time of change
//! is kept in whole seconds: web servers derive validators from it and the size, so that one
//! time for all would let two contents of a file pass for the same; the engine's cache ignores it.

use super::walk::{Entry, Filter, Kind, Walk};
use super::{ContextError, open_regular};
use bytes::{Bytes, BytesMut};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tar::{Builder, EntryType, Header};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// How much is handed on at once, in bytes.
const CHUNK: usize = 256 * 1024;

/// What to put into the tar.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    pub context: PathBuf,
    pub filter: Filter,
    /// Files that are not in the context, or take the place of those that are: path and content.
    pub extra: Vec<(String, Vec<u8>)>,
}

/// Why a stream ended early; the body of a request cannot carry it.
#[derive(Clone, Debug, Default)]
pub struct Failure(Arc<Mutex<Option<ContextError>>>);

impl Failure {
    pub fn take(&self) -> Option<ContextError> {
        self.0.lock().ok()?.take()
    }
}

/// Starts to make the tar on a thread of its own, which ends when the stream is dropped.
pub fn stream(contents: Contents) -> (ReceiverStream<io::Result<Bytes>>, Failure) {
    let (sender, receiver) = mpsc::channel(4);
    let failure = Failure::default();
    let slot = failure.clone();
    tokio::task::spawn_blocking(move || {
        let pipe = Pipe { sender: sender.clone(), buffer: BytesMut::with_capacity(CHUNK) };
        if let Err(error) = write(&contents, pipe) {
            // A closed channel means that nobody wants the rest.
            let _ = sender.blocking_send(Err(io::Error::other(error.to_string())));
            if let Ok(mut slot) = slot.0.lock() {
                *slot = Some(error);
            }
        }
    });
    (ReceiverStream::new(receiver), failure)
}

/// Writes the whole tar.
///
/// # Errors
/// A file cannot be read or changes meanwhile; something in the context cannot be sent.
pub fn write(contents: &Contents, to: impl Write) -> Result<(), ContextError> {
    let mut tar = Builder::new(to);
    for (path, content) in &contents.extra {
        let mut header = header(EntryType::Regular, 0o644, 0);
        header.set_size(content.len() as u64);
        tar.append_data(&mut header, path, content.as_slice()).map_err(|error| failed("send", path, error))?;
    }
    for entry in Walk::new(&contents.context, contents.filter.clone()) {
        let entry = entry?;
        if !contents.extra.iter().any(|(path, _)| *path == entry.path) {
            append(&mut tar, &contents.context, &entry)?;
        }
    }
    let mut to = tar.into_inner().map_err(|error| failed("send", ".", error))?;
    to.flush().map_err(|error| failed("send", ".", error))
}

fn append(tar: &mut Builder<impl Write>, context: &Path, entry: &Entry) -> Result<(), ContextError> {
    let path = &entry.path;
    let seconds = u64::try_from(entry.modified / 1_000_000_000).unwrap_or(0);
    let sent = match &entry.kind {
        Kind::Folder => {
            // With the slash the engine's cache knows it as what `docker build` sends.
            let path = format!("{path}/");
            tar.append_data(&mut header(EntryType::Directory, entry.mode, seconds), path, io::empty())
        }
        Kind::Link { target } => tar.append_link(&mut header(EntryType::Symlink, 0o777, seconds), path, target),
        Kind::Special(kind) => return Err(ContextError::Special { path: path.clone(), kind }),
        Kind::File { .. } => {
            let file = open_regular(&context.join(path)).map_err(|error| failed("read", path, error))?;
            let size = file.metadata().map_err(|error| failed("read", path, error))?.len();
            let mut header = header(EntryType::Regular, entry.mode, seconds);
            header.set_size(size);
            let mut file = Exact { file, left: size, changed: None };
            let sent = tar.append_data(&mut header, path, &mut file);
            if let Some(how) = file.changed {
                return Err(ContextError::Changed { path: path.clone(), how });
            }
            sent
        }
    };
    sent.map_err(|error| failed("send", path, error))
}

fn failed(act: &'static str, path: &str, error: io::Error) -> ContextError {
    ContextError::Io { act, path: path.to_owned(), error }
}

fn header(kind: EntryType, mode: u32, seconds: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_mtime(seconds);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    header
}

/// Reads as many bytes as a file was said to have, or fails.
struct Exact {
    file: File,
    left: u64,
    changed: Option<&'static str>,
}

impl Read for Exact {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        let how = match self.left.checked_sub(count as u64) {
            None => "grew",
            Some(left) if count == 0 && left > 0 => "shrank",
            Some(left) => {
                self.left = left;
                return Ok(count);
            }
        };
        self.changed = Some(how);
        Err(io::Error::other(how))
    }
}

struct Pipe {
    sender: mpsc::Sender<io::Result<Bytes>>,
    buffer: BytesMut,
}

impl Write for Pipe {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(data);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.buffer, BytesMut::with_capacity(CHUNK)).freeze();
        self.sender.blocking_send(Ok(chunk)).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}
