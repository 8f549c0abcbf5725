//! Reads what an engine's `save` sends, in one pass and on a blocking thread.
//!
//! Three forms are known: Docker's until version 24 (`<id>/layer.tar`), the OCI layout that Docker
//! sends since then (`blobs/sha256/…`), and Podman's (`<diff id>.tar`). Layers are handed to a
//! visitor as they come; the few small files that say what the layers are for are kept. No entry's
//! name ever becomes a path on this machine. What the files mean is for `layout`.

use crate::oci::Digest;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::mpsc;

/// The longest configuration that is read, in bytes.
const CONFIG_LIMIT: u64 = 8 << 20;
/// The longest `manifest.json` or `index.json` that is read, in bytes.
const MANIFEST_LIMIT: u64 = 4 << 20;
/// All small files of an archive together, in bytes.
const FILES_LIMIT: u64 = 256 << 20;
/// The headers of one entry with all their extensions, in bytes.
const HEADER_LIMIT: u64 = 1 << 20;
/// More entries than any engine writes.
const ENTRY_LIMIT: usize = 1 << 20;

/// The bytes of an engine's `save`.
pub type SaveStream = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// How the bytes of a layer are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Tar,
    Gzip,
    Zstd,
}

impl Packing {
    /// By the first four bytes.
    pub(super) fn of(start: &[u8]) -> Self {
        match start {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            _ => Self::Tar,
        }
    }
}

/// A layer that is at hand in the archive.
#[derive(Debug)]
pub(super) struct LayerEntry {
    /// Bytes in the archive.
    pub(super) size: u64,
    pub(super) packing: Packing,
    /// The digest of these bytes as the entry's name has it. Not verified.
    pub(super) name: Option<Digest>,
}

/// What there is in an archive, by the entries' names; a layer stands for what the visitor made of it.
#[derive(Debug)]
pub(super) struct Contents<L> {
    pub(super) files: BTreeMap<String, Bytes>,
    pub(super) layers: BTreeMap<String, L>,
    links: BTreeMap<String, String>,
}

impl<L> Default for Contents<L> {
    fn default() -> Self {
        Self { files: BTreeMap::new(), layers: BTreeMap::new(), links: BTreeMap::new() }
    }
}

impl<L> Contents<L> {
    /// Adds a small file as an OCI layout has it.
    pub(super) fn add_blob(&mut self, digest: &Digest, bytes: Bytes) {
        self.files.insert(blob_path(digest), bytes);
    }

    /// Adds a layer as an OCI layout has it.
    pub(super) fn add_layer(&mut self, digest: &Digest, layer: L) {
        self.layers.insert(blob_path(digest), layer);
    }

    /// The layer at `path`, which may be a link.
    pub(super) fn layer(&self, path: &str) -> Option<&L> {
        let path = normal("", path)?;
        let target = self.links.get(&path).unwrap_or(&path);
        self.layers.get(target)
    }

    /// The small file at `path`, which may be a link.
    pub(super) fn file(&self, path: &str) -> Option<&Bytes> {
        let path = normal("", path)?;
        let target = self.links.get(&path).unwrap_or(&path);
        self.files.get(target)
    }

    /// The file in the layout's blobs that has this digest.
    pub(super) fn blob(&self, digest: &Digest) -> Option<&Bytes> {
        self.files.get(&blob_path(digest))
    }
}

/// Where an OCI layout keeps a blob.
pub(super) fn blob_path(digest: &Digest) -> String {
    format!("blobs/sha256/{}", digest.hex())
}

/// Why an archive cannot be used; becomes part of a message.
#[derive(Debug, thiserror::Error)]
pub(super) enum ArchiveError {
    #[error("{0}")]
    Form(String),
    /// What was to be done with a layer failed.
    #[error(transparent)]
    Visit(io::Error),
}

fn form<T>(reason: impl Into<String>) -> Result<T, ArchiveError> {
    Err(ArchiveError::Form(reason.into()))
}

/// Reads the whole archive; `visit` gets each layer and may leave bytes of it unread.
pub(super) fn read<R: Read, L>(
    stream: R,
    mut visit: impl FnMut(&LayerEntry, &mut dyn Read) -> io::Result<L>,
) -> Result<Contents<L>, ArchiveError> {
    let allowance = Arc::new(AtomicU64::new(HEADER_LIMIT));
    let mut archive = tar::Archive::new(Limited { stream, left: Arc::clone(&allowance) });
    let mut contents = Contents::default();
    let mut kept = 0;
    for (count, entry) in archive.entries().map_err(cut)?.enumerate() {
        let mut entry = entry.map_err(cut)?;
        if count > ENTRY_LIMIT {
            return form("it has more than a million entries");
        }
        allowance.store(u64::MAX, Ordering::Relaxed);
        let written = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        let Some(path) = normal("", &written) else {
            return form(format!("an entry is named `{}`", shown(&written)));
        };
        if kind.is_symlink() || kind.is_hard_link() {
            let link = entry.link_name_bytes().unwrap_or_default();
            let link = String::from_utf8_lossy(&link).into_owned();
            let folder = if kind.is_symlink() { path.rsplit_once('/').map_or("", |(folder, _)| folder) } else { "" };
            let Some(target) = normal(folder, &link) else {
                return form(format!("the link `{}` leads to `{}`, out of the archive", shown(&path), shown(&link)));
            };
            contents.links.insert(path, target);
        } else if kind.is_file() || kind.is_contiguous() {
            if contents.files.contains_key(&path) || contents.layers.contains_key(&path) {
                return form(format!("it has `{}` twice", shown(&path)));
            }
            read_file(&path, &mut entry, &mut visit, &mut contents, &mut kept)?;
        } else if !kind.is_dir() && !kind.is_pax_global_extensions() {
            return form(format!("`{}` is neither a file, a folder nor a link", shown(&path)));
        }
        // The entry's rest counts as content, not as the next one's headers.
        io::copy(&mut entry, &mut io::sink()).map_err(cut)?;
        allowance.store(HEADER_LIMIT, Ordering::Relaxed);
    }
    if !contents.files.contains_key("manifest.json") && !contents.files.contains_key("index.json") {
        return form("it ends before its manifest");
    }
    Ok(contents)
}

fn read_file<L>(
    path: &str,
    entry: &mut tar::Entry<'_, impl Read>,
    visit: &mut impl FnMut(&LayerEntry, &mut dyn Read) -> io::Result<L>,
    contents: &mut Contents<L>,
    kept: &mut u64,
) -> Result<(), ArchiveError> {
    let size = entry.size();
    let blob = path.strip_prefix("blobs/sha256/");
    let name =
        blob.or_else(|| path.strip_suffix(".tar")).and_then(|hex| format!("sha256:{hex}").parse::<Digest>().ok());
    if blob.is_some() && name.is_none() {
        return form(format!("`{}` is not named by a digest", shown(path)));
    }
    let is_file = path.ends_with(".json") && !path.contains('/');
    if !is_file && blob.is_none() && !path.ends_with(".tar") {
        return Ok(());
    }
    let mut start = [0; 512];
    let length = fill(entry, &mut start).map_err(cut)?;
    let start = &start[..length];
    let is_json = start.first() == Some(&b'{') && start.get(257..262) != Some(b"ustar");
    if is_file || (blob.is_some() && is_json) {
        let limit = if path == "manifest.json" || path == "index.json" { MANIFEST_LIMIT } else { CONFIG_LIMIT };
        *kept += size;
        if size > limit || *kept > FILES_LIMIT {
            return form(format!("`{}` has {size} bytes, more than any engine writes", shown(path)));
        }
        let mut bytes = start.to_vec();
        entry.read_to_end(&mut bytes).map_err(cut)?;
        if (bytes.len() as u64) < size {
            return Err(cut(io::ErrorKind::UnexpectedEof.into()));
        }
        let bytes = Bytes::from(bytes);
        if let (Some(name), Some(_)) = (&name, blob)
            && Digest::of(&bytes) != *name
        {
            return form(format!("the content of `{}` has another digest", shown(path)));
        }
        contents.files.insert(path.to_owned(), bytes);
        return Ok(());
    }
    let packing = Packing::of(start);
    let mut whole = Whole { inner: start.chain(entry), left: size };
    let layer = visit(&LayerEntry { size, packing, name }, &mut whole).map_err(visited)?;
    contents.layers.insert(path.to_owned(), layer);
    Ok(())
}

/// Fails where a stream ends before the entry does.
struct Whole<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        if length == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= length as u64;
        Ok(length)
    }
}

/// Bounds what the tar reader takes for the headers of one entry: a name may be as long as it says.
struct Limited<R> {
    stream: R,
    left: Arc<AtomicU64>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.stream.read(buffer)?;
        let left = self.left.load(Ordering::Relaxed);
        if left != u64::MAX {
            let rest = left
                .checked_sub(length as u64)
                .ok_or_else(|| io::Error::other("an entry's headers are longer than 1 MiB"))?;
            self.left.store(rest, Ordering::Relaxed);
        }
        Ok(length)
    }
}

fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match reader.read(&mut buffer[length..])? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}

/// An error of the tar reader: about the archive, whatever it is.
fn cut(error: io::Error) -> ArchiveError {
    let mut cause: Option<&dyn std::error::Error> = Some(&error);
    let mut deepest = String::new();
    while let Some(error) = cause {
        deepest = error.to_string();
        let is_end =
            error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof);
        if is_end || deepest.contains("failed to read entire block") {
            return ArchiveError::Form("it ends in the middle".to_owned());
        }
        cause = error.source();
    }
    ArchiveError::Form(deepest)
}

/// An error of a visitor: about the archive only where that ended.
fn visited(error: io::Error) -> ArchiveError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => cut(error),
        _ => ArchiveError::Visit(error),
    }
}

/// A path inside the archive, relative to `folder`, without `.` and `..`; `None` where it leads out.
fn normal(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn shown(name: &str) -> String {
    crate::util::text::sanitize(&name.chars().take(200).collect::<String>()).into_owned()
}

/// A stream as a reader, for a blocking thread. The stream is polled by the runtime.
pub(super) struct ChannelReader {
    pieces: mpsc::Receiver<io::Result<Bytes>>,
    piece: Bytes,
    watch: Box<dyn FnMut(u64) + Send>,
    failed: Arc<AtomicBool>,
}

impl ChannelReader {
    /// Starts to read the stream; dropping the reader stops it and drops the stream. `watch` gets
    /// the length of each piece.
    pub(super) fn start(mut stream: SaveStream, watch: impl FnMut(u64) + Send + 'static) -> Self {
        let (sender, pieces) = mpsc::channel(16);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = sender.closed() => return,
                    piece = stream.next() => match piece {
                        None => return,
                        Some(piece) => if sender.send(piece).await.is_err() { return },
                    },
                }
            }
        });
        Self { pieces, piece: Bytes::new(), watch: Box::new(watch), failed: Arc::default() }
    }

    /// Becomes true when the stream itself has failed, which is not the same as a bad archive.
    pub(super) fn failed(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.failed)
    }
}

impl Read for ChannelReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                None => return Ok(0),
                Some(piece) => {
                    self.piece = piece.inspect_err(|_| self.failed.store(true, Ordering::Relaxed))?;
                    (self.watch)(self.piece.len() as u64);
                }
            }
        }
        let length = buffer.len().min(self.piece.len());
        buffer[..length].copy_from_slice(&self.piece.split_to(length));
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_lead_out_of_the_archive() {
        assert_eq!(normal("ab", "../cd/layer.tar").as_deref(), Some("cd/layer.tar"));
        assert_eq!(normal("", "./manifest.json").as_deref(), Some("manifest.json"));
        for bad in ["/etc/passwd", "../x", "a/../../x"] {
            assert_eq!(normal("", bad), None, "{bad}");
        }
    }
}
