//! A layer from the engine's stream into a spool file, compressed or as it is.

use super::archive::Packing;
use super::content::Layer;
use super::gzip;
use super::spool::Spool;
use crate::oci::digest::Hasher;
use std::io::{self, Read, Write};

/// Bytes that are read at once.
const CHUNK: usize = 128 * 1024;

/// Compresses a tar; computes its diff id and the digest of the result meanwhile.
pub(super) fn compress(pool: &gzip::Pool, spool: &Spool, tar: &mut dyn Read) -> io::Result<Layer> {
    let mut writer = gzip::Writer::new(pool, spool.create()?)?;
    let mut hash = Hasher::default();
    copy(tar, |piece| {
        hash.update(piece);
        writer.write_all(piece)
    })?;
    let size = hash.length();
    Ok(Layer { data: writer.finish()?.finish(), packing: Packing::Gzip, tar: Some((hash.finish(), size)) })
}

/// Keeps a layer that is compressed already.
pub(super) fn keep(spool: &Spool, packing: Packing, data: &mut dyn Read) -> io::Result<Layer> {
    let mut writer = spool.create()?;
    copy(data, |piece| writer.write_all(piece))?;
    Ok(Layer { data: writer.finish(), packing, tar: None })
}

/// Calls `take` with every piece of `data`.
pub(super) fn copy(data: &mut dyn Read, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut piece = vec![0; CHUNK];
    loop {
        match data.read(&mut piece)? {
            0 => return Ok(()),
            length => take(&piece[..length])?,
        }
    }
}
