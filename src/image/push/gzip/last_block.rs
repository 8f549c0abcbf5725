//! Finds the last block of a deflate stream (RFC 1951): the bits of the stream are walked, and nothing
//! is inflated.
//!
//! Streams are joined by clearing the bit that calls their last block the last, and only the bits
//! before a block tell where it begins.

/// Where the last block of a stream lies, in bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LastBlock {
    /// The place of the bit that says "last" (`BFINAL`).
    pub(super) begins: usize,
    /// The first bit behind the block.
    pub(super) ends: usize,
}

/// `None`: this is no whole deflate stream.
pub(super) fn last_block(stream: &[u8]) -> Option<LastBlock> {
    let mut bits = Bits { stream, next: 0, buffer: 0, count: 0 };
    loop {
        let begins = bits.place();
        let is_last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => skip_stored(&mut bits)?,
            1 => skip_codes(&mut bits, &literals(&FIXED_LITERALS)?, &distances(&[5; 30])?)?,
            2 => {
                let (lengths, literal_codes) = code_lengths(&mut bits)?;
                let (literal_lengths, distance_lengths) = lengths.split_at(literal_codes);
                skip_codes(&mut bits, &literals(literal_lengths)?, &distances(distance_lengths)?)?;
            }
            _ => return None,
        }
        if is_last {
            return Some(LastBlock { begins, ends: bits.place() });
        }
    }
}

/// The code lengths of literals and lengths in blocks with fixed codes (RFC 1951, 3.2.6).
const FIXED_LITERALS: [u8; 288] = {
    let mut lengths = [8; 288];
    let mut symbol = 144;
    while symbol < 280 {
        lengths[symbol] = if symbol < 256 { 9 } else { 7 };
        symbol += 1;
    }
    lengths
};

/// The order in which the lengths of the code lengths' own codes are written (RFC 1951, 3.2.7).
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The longest code (RFC 1951, 3.2.7).
const LONGEST: usize = 15;

/// Codes up to this length are looked up at once.
const DIRECT: u32 = 10;

/// The bits of a stream, least significant first.
struct Bits<'a> {
    stream: &'a [u8],
    /// The byte that is put into the buffer next.
    next: usize,
    buffer: u64,
    count: u32,
}

impl Bits<'_> {
    /// Bits that were taken so far.
    fn place(&self) -> usize {
        self.next * 8 - self.count as usize
    }

    /// Fills the buffer with 56 bits or more, or with all that there are.
    #[inline]
    fn fill(&mut self) {
        if let Some(word) = self.stream.get(self.next..).and_then(<[u8]>::first_chunk) {
            self.buffer |= u64::from_le_bytes(*word) << self.count;
            let bytes = (63 - self.count) / 8;
            self.next += bytes as usize;
            self.count += bytes * 8;
            // What does not count yet is read again.
            self.buffer &= u64::MAX >> (64 - self.count);
        } else {
            while self.count <= 56 && self.next < self.stream.len() {
                self.buffer |= u64::from(self.stream[self.next]) << self.count;
                self.next += 1;
                self.count += 8;
            }
        }
    }

    /// Takes bits that are in the buffer; `None` where the stream has ended before.
    #[inline]
    fn drop(&mut self, bits: u32) -> Option<()> {
        self.count = self.count.checked_sub(bits)?;
        self.buffer >>= bits;
        Some(())
    }

    /// The next bits, 32 at most.
    fn take(&mut self, bits: u32) -> Option<usize> {
        self.fill();
        let value = self.buffer & ((1 << bits) - 1);
        self.drop(bits)?;
        Some(value as usize)
    }
}

/// What follows a code in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Follows {
    /// The next code.
    Code,
    /// A distance; of a distance: the next code.
    Distance,
    /// The next block.
    Block,
    /// Nothing: no such symbol may be in a stream.
    Nothing,
}

/// A code and what belongs to it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Bits of the code and its extra bits.
    bits: u8,
    follows: Follows,
}

const NO_ENTRY: Entry = Entry { bits: 0, follows: Follows::Nothing };

/// A Huffman code (RFC 1951, 3.2.2).
struct Code {
    /// By the next bits of the stream; without bits where the code is longer, or there is none.
    direct: [Entry; 1 << DIRECT],
    /// How many codes there are of each length.
    counts: [u16; LONGEST + 1],
    /// The codes in their order, and what they stand for.
    ordered: Vec<(Entry, u16)>,
}

/// The code of literals and lengths.
fn literals(lengths: &[u8]) -> Option<Code> {
    Code::new(lengths, |symbol| match symbol {
        0..=255 => (Follows::Code, 0),
        256 => (Follows::Block, 0),
        257..=264 | 285 => (Follows::Distance, 0),
        265..=284 => (Follows::Distance, ((symbol - 261) / 4) as u8),
        _ => (Follows::Nothing, 0),
    })
}

/// The code of distances.
fn distances(lengths: &[u8]) -> Option<Code> {
    Code::new(lengths, |symbol| match symbol {
        0..=3 => (Follows::Distance, 0),
        4..=29 => (Follows::Distance, (symbol / 2 - 1) as u8),
        _ => (Follows::Nothing, 0),
    })
}

impl Code {
    /// `of` gives what follows a symbol, and how many extra bits it has.
    fn new(lengths: &[u8], of: impl Fn(usize) -> (Follows, u8)) -> Option<Self> {
        let mut counts = [0u16; LONGEST + 1];
        for length in lengths {
            *counts.get_mut(usize::from(*length))? += 1;
        }
        counts[0] = 0;
        let (mut codes, mut places) = ([0u32; LONGEST + 2], [0usize; LONGEST + 2]);
        for length in 1..=LONGEST {
            codes[length + 1] = (codes[length] + u32::from(counts[length])) << 1;
            places[length + 1] = places[length] + usize::from(counts[length]);
        }
        let mut ordered = vec![(NO_ENTRY, 0); places[LONGEST + 1]];
        let mut direct = [NO_ENTRY; 1 << DIRECT];
        for (symbol, length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            let bits = u32::from(*length);
            let (follows, extra) = of(symbol);
            let entry = Entry { bits: length + extra, follows };
            let code = codes[usize::from(*length)];
            codes[usize::from(*length)] += 1;
            ordered[places[usize::from(*length)]] = (entry, symbol as u16);
            places[usize::from(*length)] += 1;
            if bits <= DIRECT {
                // Codes come with their first bit first, the index has it last.
                let first = (code.reverse_bits() >> (32 - bits)) as usize;
                for place in direct.get_mut(first..)?.iter_mut().step_by(1 << bits) {
                    *place = entry;
                }
            }
        }
        Some(Self { direct, counts, ordered })
    }

    /// Takes the next code and its extra bits.
    #[inline]
    fn take(&self, bits: &mut Bits<'_>) -> Option<Follows> {
        let entry = self.direct[(bits.buffer & ((1 << DIRECT) - 1)) as usize];
        let entry = if entry.bits == 0 { self.search(bits.buffer)?.0 } else { entry };
        bits.drop(u32::from(entry.bits))?;
        Some(entry.follows)
    }

    /// The code that the buffer begins with and its symbol, found bit by bit.
    #[inline(never)]
    fn search(&self, buffer: u64) -> Option<(Entry, u16)> {
        let (mut code, mut first, mut place) = (0, 0, 0);
        for length in 1..=LONGEST {
            code = code << 1 | (buffer >> (length - 1)) as u32 & 1;
            let count = u32::from(self.counts[length]);
            if code < first + count {
                return self.ordered.get(place + (code - first) as usize).copied();
            }
            place += count as usize;
            first = (first + count) << 1;
        }
        None
    }
}

fn skip_stored(bits: &mut Bits<'_>) -> Option<()> {
    let header = bits.place().div_ceil(8);
    let length = u16::from_le_bytes(*bits.stream.get(header..)?.first_chunk()?);
    let next = header + 4 + usize::from(length);
    *bits = Bits { stream: bits.stream, next, buffer: 0, count: 0 };
    (next <= bits.stream.len()).then_some(())
}

/// The code lengths at the beginning of a block with codes of its own, and how many of them are those
/// of literals and lengths.
fn code_lengths(bits: &mut Bits<'_>) -> Option<(Vec<u8>, usize)> {
    let literals = bits.take(5)? + 257;
    let all = literals + bits.take(5)? + 1;
    let mut own = [0; 19];
    for place in &ORDER[..bits.take(4)? + 4] {
        own[*place] = bits.take(3)? as u8;
    }
    let code = Code::new(&own, |_| (Follows::Code, 0))?;
    let mut lengths = Vec::with_capacity(all);
    while lengths.len() < all {
        bits.fill();
        let (entry, symbol) = code.search(bits.buffer)?;
        bits.drop(u32::from(entry.bits))?;
        let (length, times) = match symbol {
            0..=15 => (symbol as u8, 1),
            16 => (*lengths.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            _ => (0, 11 + bits.take(7)?),
        };
        lengths.resize(lengths.len() + times, length);
    }
    (lengths.len() == all).then_some((lengths, literals))
}

/// Walks to the end of a block. A literal or length takes 20 bits at most, a distance 28.
fn skip_codes(bits: &mut Bits<'_>, literals: &Code, distances: &Code) -> Option<()> {
    loop {
        if bits.count < 48 {
            bits.fill();
        }
        match literals.take(bits)? {
            Follows::Code => {}
            Follows::Block => return Some(()),
            Follows::Nothing => return None,
            Follows::Distance => match distances.take(bits)? {
                Follows::Distance => {}
                Follows::Code | Follows::Block | Follows::Nothing => return None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use libdeflater::{CompressionLvl, Compressor};
    use proptest::prelude::*;

    fn stream(data: &[u8], level: i32) -> Vec<u8> {
        let mut compressor = Compressor::new(CompressionLvl::new(level).unwrap());
        let mut out = vec![0; compressor.deflate_compress_bound(data.len())];
        let length = compressor.deflate_compress(data, &mut out).unwrap();
        out.truncate(length);
        out
    }

    /// What `begins` must be: without this bit the stream goes on, with it it ends.
    fn check(stream: &[u8]) {
        let found = last_block(stream).unwrap();
        assert_eq!(found.ends.div_ceil(8), stream.len());
        let inflate = |stream: &[u8]| {
            let mut out = Vec::with_capacity(8 << 20);
            let mut inflate = flate2::Decompress::new(false);
            inflate.decompress_vec(stream, &mut out, flate2::FlushDecompress::None).map(|status| (status, out))
        };
        let (status, whole) = inflate(stream).unwrap();
        assert_eq!(status, flate2::Status::StreamEnd);
        let mut open = stream.to_vec();
        assert_ne!(open[found.begins / 8] >> (found.begins % 8) & 1, 0);
        open[found.begins / 8] ^= 1 << (found.begins % 8);
        let (status, text) = inflate(&open).unwrap();
        assert_ne!(status, flate2::Status::StreamEnd);
        assert!(text == whole);
    }

    #[test]
    fn a_program_at_every_level() {
        let program = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let middle = program.len() / 2;
        for level in 0..=12 {
            check(&stream(&program[middle..middle + 2_000_000], level));
        }
    }

    #[test]
    fn the_shortest_streams() {
        for text in ["", "a", "abc", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
            for level in 0..=12 {
                check(&stream(text.as_bytes(), level));
            }
        }
    }

    #[test]
    fn a_stream_that_is_cut_off_has_no_last_block() {
        let stream = stream(&b"to be or not to be, that is the question ".repeat(40), 6);
        for length in 0..stream.len() {
            assert_eq!(last_block(&stream[..length]), None, "{length} of {} bytes", stream.len());
        }
    }

    proptest! {
        #[test]
        fn any_text(text in prop::collection::vec(0u8..=20, 0..3000), level in 0i32..=12) {
            check(&stream(&text, level));
        }

        /// Codes that get longer and longer: the rarest symbols have more bits than are looked up at once.
        #[test]
        fn symbols_that_are_rare_and_rarer(seed in any::<u64>()) {
            let mut state = seed | 1;
            let text: Vec<u8> = std::iter::repeat_with(|| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 20).leading_zeros() as u8 * 3
            }).take(20_000).collect();
            check(&stream(&text, 6));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            last_block(&bytes);
        }
    }
}
