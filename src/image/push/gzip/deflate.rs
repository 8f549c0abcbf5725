//! One block of input to bytes that stand anywhere in a deflate stream.
//!
//! libdeflate compresses better and faster than the zlibs, but makes whole streams only. A block's
//! stream is joined to the next by taking back that its last deflate block is the last and by ending
//! it on a byte, so that all blocks together are one stream: several gzip members one after another
//! would do too, but readers that stop after the first would lose files without a word.

use super::last_block::last_block;
use libdeflater::{CompressionLvl, Compressor};
use std::io;

/// The level of libdeflate. Part of the output's identity.
///
/// Measured on 99 MB of shared libraries in blocks of 256 KiB on one quiet core: level 2 leaves 0.400
/// of the size at 151 MB/s, 3 0.397 at 139, 4 0.395 at 127, 5 0.388 at 111, 6 0.386 at 94. zlib-rs
/// 0.6 leaves 0.416 at level 3 (102 MB/s) and 0.405 at level 6 (62), which is what Docker sends. Finding
/// the last deflate block costs a quarter of the compressor's instructions.
const LEVEL: i32 = 3;

/// Compresses blocks, each for itself.
pub(super) struct Deflate {
    compressor: Compressor,
    stored: Compressor,
}

impl Deflate {
    pub(super) fn new() -> Self {
        let level = |level| Compressor::new(CompressionLvl::new(level).expect("libdeflate has levels 0 to 12"));
        Self { compressor: level(LEVEL), stored: level(0) }
    }

    /// Gives deflate blocks that end on a byte; the last of them ends the stream if `last`.
    pub(super) fn block(&mut self, data: &[u8], last: bool) -> io::Result<Vec<u8>> {
        let compressor = if shrinks(data) { &mut self.compressor } else { &mut self.stored };
        let mut out = vec![0; compressor.deflate_compress_bound(data.len())];
        let length = compressor.deflate_compress(data, &mut out).map_err(io::Error::other)?;
        out.truncate(length);
        if !last {
            go_on(&mut out)?;
        }
        // Much of the room is left over, and blocks wait for those before them.
        out.shrink_to_fit();
        Ok(out)
    }
}

/// Makes a stream one that another can follow: as `Z_SYNC_FLUSH` leaves it.
fn go_on(stream: &mut Vec<u8>) -> io::Result<()> {
    let found = last_block(stream).ok_or_else(|| io::Error::other("the compressor made no deflate stream"))?;
    stream[found.begins / 8] &= !(1 << (found.begins % 8));
    // An empty stored block: three bits of zero, zeros up to the next byte, the length and its
    // complement (RFC 1951, 3.2.4). The bits behind a stream's end are zero already.
    stream.resize((found.ends + 3).div_ceil(8), 0);
    stream.extend([0, 0, 0xff, 0xff]);
    Ok(())
}

/// Whether deflating is worth the time: false for what is compressed or encrypted already.
///
/// Looks at how evenly the bytes of four samples are spread; text, machine code and most data use
/// few values often.
fn shrinks(data: &[u8]) -> bool {
    const SAMPLE: usize = 4096;
    if data.len() < 4 * SAMPLE {
        return true;
    }
    let step = (data.len() - SAMPLE) / 3;
    (0..4).any(|index| {
        let mut counts = [0u32; 256];
        for byte in &data[index * step..index * step + SAMPLE] {
            counts[usize::from(*byte)] += 1;
        }
        // The sum of squares is about SAMPLE²/256 + SAMPLE for random bytes; integers only, so that
        // every machine decides alike.
        let squares: u64 = counts.iter().map(|count| u64::from(*count) * u64::from(*count)).sum();
        squares > ((SAMPLE * SAMPLE) / 256 + 2 * SAMPLE) as u64
    })
}

#[cfg(test)]
mod tests {
    use super::super::BLOCK;
    use super::super::tests::noise;
    use super::*;

    #[test]
    fn text_and_sparse_data_are_deflated() {
        assert!(shrinks(&b"the quick brown fox ".repeat(4000)));
        assert!(shrinks(&vec![0; BLOCK]));
        let mut mixed = noise(BLOCK, 3);
        assert!(!shrinks(&mixed));
        mixed[..BLOCK / 2].fill(0);
        assert!(shrinks(&mixed));
    }
}
