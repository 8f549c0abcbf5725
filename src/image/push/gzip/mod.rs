//! Gzip on several threads: one member, and the same bytes whatever the number of threads.
//!
//! The input is cut into blocks of a fixed size. Each block is deflated by itself and ends on a byte;
//! the joined blocks are one deflate stream. Knows nothing of layers or files.

mod deflate;
mod last_block;

use deflate::Deflate;
use flate2::Crc;
use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Bytes of input in one block. Part of the output's identity.
const BLOCK: usize = 256 * 1024;

/// Names the bytes that this module makes of an input; changes when they change.
pub const IDENTITY: &str = "gzip 256k libdeflate-3";

/// Blocks that are under way at once, of all streams together: bounds the memory on a machine with many
/// cores. A block and what becomes of it take less than 600 kB.
const MOST_BLOCKS: usize = 64;

/// Threads that deflate blocks; shared by everything that is compressed in a run.
#[derive(Debug)]
pub struct Pool {
    jobs: Sender<Job>,
    /// Blocks that one stream may have under way.
    blocks: usize,
    under_way: AtomicUsize,
}

struct Job {
    data: Vec<u8>,
    last: bool,
    reply: SyncSender<io::Result<Vec<u8>>>,
}

impl Pool {
    /// Starts `threads` threads (at least one). They end when the pool is dropped.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(threads: usize) -> io::Result<Self> {
        let threads = threads.max(1);
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        for index in 0..threads {
            let queue = Arc::clone(&queue);
            thread::Builder::new().name(format!("gzip-{index}")).spawn(move || work(&queue))?;
        }
        Ok(Self { jobs, blocks: 2 * threads + 2, under_way: AtomicUsize::new(0) })
    }
}

fn work(queue: &Mutex<Receiver<Job>>) {
    let mut deflate = Deflate::new();
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        let result = deflate.block(&job.data, job.last);
        // Nobody waits for the block when the stream was given up.
        let _ = job.reply.send(result);
    }
}

/// Writes gzip to `out`. [`finish`](Self::finish) must be called.
pub struct Writer<'pool, W> {
    pool: &'pool Pool,
    out: W,
    block: Vec<u8>,
    pending: Pending<'pool>,
    crc: Crc,
}

/// The blocks of one stream that are under way, in order; counted as long as it exists.
struct Pending<'pool> {
    pool: &'pool Pool,
    results: VecDeque<Receiver<io::Result<Vec<u8>>>>,
}

impl Pending<'_> {
    fn push(&mut self, result: Receiver<io::Result<Vec<u8>>>) {
        self.pool.under_way.fetch_add(1, Ordering::Relaxed);
        self.results.push_back(result);
    }

    fn pop(&mut self) -> Option<Receiver<io::Result<Vec<u8>>>> {
        let result = self.results.pop_front()?;
        self.pool.under_way.fetch_sub(1, Ordering::Relaxed);
        Some(result)
    }

    fn is_full(&self) -> bool {
        let (own, all) = (self.results.len(), self.pool.under_way.load(Ordering::Relaxed));
        // Who has none under way goes on, however many the others have.
        own >= self.pool.blocks || (own > 0 && all >= MOST_BLOCKS)
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.pool.under_way.fetch_sub(self.results.len(), Ordering::Relaxed);
    }
}

impl<'pool, W: Write> Writer<'pool, W> {
    /// # Errors
    /// When `out` cannot be written to.
    pub fn new(pool: &'pool Pool, mut out: W) -> io::Result<Self> {
        // No name, no time, system unknown (RFC 1952, 2.3).
        out.write_all(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])?;
        let block = Vec::with_capacity(BLOCK);
        Ok(Self { pool, out, block, pending: Pending { pool, results: VecDeque::new() }, crc: Crc::new() })
    }

    /// Compresses what is left and gives `out` back.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.dispatch(true)?;
        while !self.pending.results.is_empty() {
            self.collect()?;
        }
        self.out.write_all(&self.crc.sum().to_le_bytes())?;
        self.out.write_all(&self.crc.amount().to_le_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn dispatch(&mut self, last: bool) -> io::Result<()> {
        while self.pending.is_full() {
            self.collect()?;
        }
        let capacity = if last { 0 } else { BLOCK };
        let data = std::mem::replace(&mut self.block, Vec::with_capacity(capacity));
        self.crc.update(&data);
        let (reply, result) = mpsc::sync_channel(1);
        self.pool.jobs.send(Job { data, last, reply }).map_err(|_| stopped())?;
        self.pending.push(result);
        Ok(())
    }

    fn collect(&mut self) -> io::Result<()> {
        let Some(result) = self.pending.pop() else { return Ok(()) };
        self.out.write_all(&result.recv().map_err(|_| stopped())??)
    }
}

fn stopped() -> io::Error {
    io::Error::other("a compression thread stopped")
}

impl<W: Write> Write for Writer<'_, W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let length = data.len().min(BLOCK - self.block.len());
        self.block.extend_from_slice(&data[..length]);
        if self.block.len() == BLOCK {
            self.dispatch(false)?;
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        // Where a block ends depends on the input only, never on who flushes.
        Ok(())
    }
}

impl<W> std::fmt::Debug for Writer<'_, W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("pending", &self.pending.results.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Read;

    fn gzip(threads: usize, data: &[u8], piece: usize) -> Vec<u8> {
        let pool = Pool::new(threads).unwrap();
        let mut writer = Writer::new(&pool, Vec::new()).unwrap();
        for piece in data.chunks(piece.max(1)) {
            writer.write_all(piece).unwrap();
        }
        writer.finish().unwrap()
    }

    /// One member only: a reader of the first must see all.
    fn gunzip(data: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        let mut decoder = flate2::bufread::GzDecoder::new(data);
        decoder.read_to_end(&mut text).unwrap();
        assert!(decoder.into_inner().is_empty(), "bytes behind the first member");
        text
    }

    pub(super) fn noise(length: usize, seed: u64) -> Vec<u8> {
        let mut state = seed | 1;
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .take(length)
        .collect()
    }

    #[test]
    fn block_borders_are_not_seen_in_the_text() {
        let text: Vec<u8> = (0..3 * BLOCK + 1).map(|index| (index / 700 % 251) as u8).collect();
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 1] {
            let packed = gzip(3, &text[..length], 100_000);
            assert_eq!(gunzip(&packed), &text[..length]);
            assert_eq!(packed, gzip(1, &text[..length], 4096));
        }
    }

    #[test]
    fn many_streams_at_once_have_few_blocks_under_way() {
        let pool = Pool::new(40).unwrap();
        let text: Vec<u8> = (0..30 * BLOCK).map(|index| (index / 700 % 251) as u8).collect();
        let most = AtomicUsize::new(0);
        thread::scope(|scope| {
            for is_finished in [true, false, true, false] {
                let (pool, text, most) = (&pool, &text, &most);
                scope.spawn(move || {
                    let mut writer = Writer::new(pool, Vec::new()).unwrap();
                    for piece in text.chunks(BLOCK) {
                        writer.write_all(piece).unwrap();
                        most.fetch_max(pool.under_way.load(Ordering::Relaxed), Ordering::Relaxed);
                    }
                    if is_finished {
                        assert!(gunzip(&writer.finish().unwrap()) == *text);
                    }
                });
            }
        });
        let most = most.into_inner();
        assert!((30..MOST_BLOCKS + 4).contains(&most), "{most} blocks");
        assert_eq!(pool.under_way.into_inner(), 0);
    }

    #[test]
    fn what_does_not_shrink_is_stored() {
        let data = noise(2 * BLOCK, 7);
        let packed = gzip(2, &data, BLOCK);
        assert!(packed.len() < data.len() + 200, "{} bytes of {}", packed.len(), data.len());
        assert_eq!(gunzip(&packed), data);
    }

    /// Machine code has what generated data lacks: matches at every distance.
    #[test]
    fn a_real_program_has_one_compressed_form() {
        let mut program = vec![0; 24 * BLOCK];
        let mut file = std::fs::File::open(std::env::current_exe().unwrap()).unwrap();
        file.read_exact(&mut program).unwrap();
        let first = gzip(4, &program, BLOCK);
        for threads in [1, 2, 4, 7] {
            assert!(gzip(threads, &program, 70_000) == first, "{threads} threads make other bytes");
        }
        assert!(gunzip(&first) == program);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_bytes_come_back_and_threads_do_not_matter(
            parts in prop::collection::vec((0usize..200_000, any::<u64>(), any::<bool>()), 0..5),
            piece in 1usize..300_000,
        ) {
            let mut data = Vec::new();
            for (length, seed, random) in parts {
                if random { data.extend(noise(length, seed)) } else { data.resize(data.len() + length, seed as u8) }
            }
            let packed = gzip(4, &data, piece);
            prop_assert_eq!(&packed, &gzip(1, &data, 65_536));
            prop_assert_eq!(gunzip(&packed), data);
        }
    }
}
