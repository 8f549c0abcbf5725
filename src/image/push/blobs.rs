//! An image out of containerd's content store, where its blobs lie as a registry has them.
//!
//! Brings into one place what an export of the image would have, so that `layout` finds the same in
//! both. Compressed layers are sent from the store's own files, without a copy.

use super::archive::{Contents, Packing};
use super::compress;
use super::content::{Layer, Parsed};
use super::direct::going_on;
use super::layout::Seen;
use super::source::Request;
use super::spool::Spooled;
use super::workshop::Workshop;
use crate::image::engine::storage::ContentStore;
use crate::oci::Digest;
use crate::oci::digest::Hasher;
use bytes::Bytes;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The longest manifest or configuration that is read, in bytes.
const SMALL_LIMIT: u64 = 8 << 20;
/// More blobs than any image has.
const BLOB_LIMIT: usize = 100_000;

/// What there is of an image in the store. A blob that is missing may not be needed: an engine often
/// has one platform of many.
pub(super) fn gather(
    store: &ContentStore,
    workshop: &Workshop,
    request: &Request,
    stop: &AtomicBool,
) -> io::Result<Contents<Seen>> {
    let mut contents = Contents::default();
    let mut waiting = vec![request.sought.id.clone()];
    let mut met = BTreeSet::new();
    while let Some(digest) = waiting.pop() {
        going_on(stop)?;
        if !met.insert(digest.clone()) || met.len() > BLOB_LIMIT {
            continue;
        }
        let (mut file, size) = match store.blob(&digest) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let mut start = [0; 4];
        let length = file.read_at(&mut start, 0)?;
        if start.first() == Some(&b'{') && size <= SMALL_LIMIT {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            if Digest::of(&bytes) != digest {
                return Err(damaged(&digest));
            }
            // A configuration is none of these and names nothing.
            if let Ok(Parsed { config, layers, manifests, .. }) = serde_json::from_slice(&bytes) {
                for described in config.iter().chain(layers.iter().flatten()).chain(manifests.iter().flatten()) {
                    waiting.push(described.digest().map_err(io::Error::other)?);
                }
            }
            contents.add_blob(&digest, Bytes::from(bytes));
            continue;
        }
        let packing = Packing::of(&start[..length]);
        let is_wanted = request.known.is_none() || request.wanted.contains(&digest);
        let seen = match packing {
            Packing::Gzip | Packing::Zstd if is_wanted => {
                Seen::Taken(Arc::new(as_it_is(file, packing, &digest, stop)?))
            }
            Packing::Gzip | Packing::Zstd => Seen::Skipped { size, packing, name: Some(digest.clone()) },
            Packing::Tar if request.wanted.contains(&digest) => {
                let ready = workshop.ready(&digest).map_or_else(|| compressed(workshop, file, &digest, stop), Ok);
                Seen::Taken(ready?)
            }
            Packing::Tar => Seen::Skipped { size, packing, name: Some(digest.clone()) },
        };
        contents.add_layer(&digest, seen);
    }
    Ok(contents)
}

fn compressed(workshop: &Workshop, file: File, digest: &Digest, stop: &AtomicBool) -> io::Result<Arc<Layer>> {
    let layer = workshop.compress(&mut Stopping { inner: file, stop })?;
    if layer.tar.as_ref().is_none_or(|(tar, _)| tar != digest) {
        return Err(damaged(digest));
    }
    let layer = Arc::new(layer);
    workshop.keep(&layer);
    Ok(layer)
}

fn as_it_is(mut file: File, packing: Packing, digest: &Digest, stop: &AtomicBool) -> io::Result<Layer> {
    let mut hash = Hasher::default();
    compress::copy(&mut file, |piece| {
        hash.update(piece);
        going_on(stop)
    })?;
    let size = hash.length();
    if hash.finish() != *digest {
        return Err(damaged(digest));
    }
    Ok(Layer { data: Spooled::of(file, digest.clone(), size), packing, tar: None })
}

struct Stopping<'a, R> {
    inner: R,
    stop: &'a AtomicBool,
}

impl<R: Read> Read for Stopping<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        going_on(self.stop)?;
        self.inner.read(buffer)
    }
}

fn damaged(digest: &Digest) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the content of {digest} has another digest"))
}
