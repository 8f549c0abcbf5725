//! One transfer of fsutil's protocol, as the sender (tonistiigi/fsutil `send.go`).
//!
//! All entries are announced in order, the n-th has the number n; the engine asks for numbers and gets
//! the content in pieces. Several files are on their way at once; nothing is held but their pieces.

use super::file_sync::Sent;
use super::index::Index;
use crate::image::context::walk::{Entry, Filter, Kind, Walk};
use crate::image::context::{ContextError, open_regular};
use bollard_buildkit_proto::fsutil::types::packet::PacketType;
use bollard_buildkit_proto::fsutil::types::{Packet, Stat};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;
use tonic::{Status, Streaming};

/// Files that are read at once.
const READERS: usize = 4;
/// Bytes in one packet.
const PIECE: usize = 32 * 1024;

// Go's file modes, os.FileMode.
const GO_FOLDER: u32 = 1 << 31;
const GO_LINK: u32 = 1 << 27;
const GO_SET_USER: u32 = 1 << 23;
const GO_SET_GROUP: u32 = 1 << 22;
const GO_STICKY: u32 = 1 << 20;

type Sender = mpsc::Sender<Result<Packet, Status>>;

/// What is sent.
pub(super) enum Source {
    /// `is_told`: whether people want to know of it.
    Context {
        root: PathBuf,
        filter: Filter,
        is_told: bool,
    },
    Memory(Vec<(String, Vec<u8>)>),
}

/// Serves one transfer to its end; the engine closes it by going away.
pub(super) async fn serve(source: Source, sent: Sent, mut requests: Streaming<Packet>, sender: Sender) {
    let is_told = matches!(source, Source::Context { is_told: true, .. });
    if is_told {
        sent.begin();
    }
    let source = Arc::new(source);
    let index = Arc::new(Mutex::new(Index::default()));
    let announcing = tokio::task::spawn_blocking({
        let (source, sent, index, sender) = (source.clone(), sent.clone(), index.clone(), sender.clone());
        move || announce(&source, &sent, &index, &sender)
    });
    // Numbers are taken as they come, however many: an engine that could not ask would not read either.
    let (wanted, asked_for) = std::sync::mpsc::channel();
    let asked_for = Arc::new(Mutex::new(asked_for));
    for _ in 0..READERS {
        let (source, sent, index, sender) = (source.clone(), sent.clone(), index.clone(), sender.clone());
        let asked_for = asked_for.clone();
        tokio::task::spawn_blocking(move || answer(&source, &sent, &index, &asked_for, &sender));
    }
    while let Ok(Some(packet)) = requests.message().await {
        match packet.r#type() {
            PacketType::PacketReq => {
                if wanted.send(packet.id).is_err() {
                    break;
                }
            }
            PacketType::PacketFin => {
                let _ = sender.send(Ok(of_type(PacketType::PacketFin))).await;
                break;
            }
            PacketType::PacketErr | PacketType::PacketStat | PacketType::PacketData => break,
        }
    }
    let _ = announcing.await;
    if is_told {
        sent.end();
    }
}

/// Sends the content of the files whose numbers come in, until no more can.
fn answer(source: &Source, sent: &Sent, index: &Mutex<Index>, asked_for: &Mutex<Receiver<u32>>, sender: &Sender) {
    let next = || asked_for.lock().ok()?.recv().ok();
    while let Some(id) = next() {
        let found = index.lock().ok().and_then(|index| index.file(id));
        let Some((path, size)) = found else {
            let _ = sender.blocking_send(Err(Status::invalid_argument("there is no such file")));
            return;
        };
        if !content(source, sent, sender, id, &path, size) {
            return;
        }
    }
}

fn of_type(kind: PacketType) -> Packet {
    Packet { r#type: kind.into(), ..Packet::default() }
}

/// Sends an entry for everything there is, and an empty one at the end.
fn announce(source: &Source, sent: &Sent, index: &Mutex<Index>, sender: &Sender) {
    let announce = |stat: Stat, size: Option<u64>| -> bool {
        if let Ok(mut index) = index.lock() {
            index.push(&stat.path, size);
        }
        let packet = Packet { stat: Some(stat), ..of_type(PacketType::PacketStat) };
        sender.blocking_send(Ok(packet)).is_ok()
    };
    match source {
        Source::Memory(files) => {
            for (path, content) in files {
                let size = content.len() as u64;
                let mod_time = time_of(content);
                let stat = Stat { path: path.clone(), mode: 0o644, size: size as i64, mod_time, ..Stat::default() };
                if !announce(stat, Some(size)) {
                    return;
                }
            }
        }
        Source::Context { root, filter, is_told: _ } => {
            for entry in Walk::new(root, filter.clone()) {
                let stat = match entry.and_then(stat) {
                    Ok(stat) => stat,
                    Err(error) => return give_up(sent, sender, error),
                };
                let size = (stat.mode & (GO_FOLDER | GO_LINK) == 0).then(|| stat.size.unsigned_abs());
                if !announce(stat, size) {
                    return;
                }
            }
        }
    }
    let _ = sender.blocking_send(Ok(of_type(PacketType::PacketStat)));
}

/// A time that stands for a content, in nanoseconds since 1970: the engine takes a file whose size,
/// mode and time are the same for the one that it kept.
fn time_of(content: &[u8]) -> i64 {
    let digest = Sha256::digest(content);
    let number =
        |range: std::ops::Range<usize>| digest[range].iter().fold(0, |number, byte| number << 8 | i64::from(*byte));
    // Until 2038: what every file system can keep.
    number(0..4) % (1 << 31) * 1_000_000_000 + number(4..8) % 1_000_000_000
}

fn stat(entry: Entry) -> Result<Stat, ContextError> {
    let mut mode = entry.mode & 0o777;
    for (bit, go) in [(0o4000, GO_SET_USER), (0o2000, GO_SET_GROUP), (0o1000, GO_STICKY)] {
        if entry.mode & bit != 0 {
            mode |= go;
        }
    }
    let mut stat = Stat { path: entry.path, mod_time: entry.modified, ..Stat::default() };
    match entry.kind {
        Kind::Folder => mode |= GO_FOLDER,
        Kind::File { size } => stat.size = i64::try_from(size).unwrap_or(i64::MAX),
        Kind::Link { target } => {
            mode = GO_LINK | 0o777;
            stat.size = target.len() as i64;
            stat.linkname = target;
        }
        Kind::Special(kind) => return Err(ContextError::Special { path: stat.path, kind }),
    }
    stat.mode = mode;
    Ok(stat)
}

/// Ends the transfer, and with it the build; the cause is kept for the message.
fn give_up(sent: &Sent, sender: &Sender, error: ContextError) {
    let status = Status::internal(error.to_string());
    sent.fail(error);
    let _ = sender.blocking_send(Err(status));
}

/// Sends the content of one file and an empty piece at its end. `false` where nobody wants more.
fn content(source: &Source, sent: &Sent, sender: &Sender, id: u32, path: &str, size: u64) -> bool {
    let piece = |data: Vec<u8>| {
        let packet = Packet { id, data, ..of_type(PacketType::PacketData) };
        sender.blocking_send(Ok(packet)).is_ok()
    };
    match source {
        Source::Memory(files) => {
            let content = files.iter().find(|(name, _)| name == path).map(|(_, content)| content.as_slice());
            for data in content.unwrap_or_default().chunks(PIECE) {
                if !piece(data.to_vec()) {
                    return false;
                }
            }
        }
        Source::Context { root, .. } => match read(root, path, size, sent, &piece) {
            Ok(true) => {}
            Ok(false) => return false,
            Err(error) => {
                give_up(sent, sender, error);
                return false;
            }
        },
    }
    piece(Vec::new())
}

/// `false` where nobody wants the rest.
fn read(
    root: &Path,
    path: &str,
    size: u64,
    sent: &Sent,
    piece: &dyn Fn(Vec<u8>) -> bool,
) -> Result<bool, ContextError> {
    let failed = |error| ContextError::Io { act: "read", path: path.to_owned(), error };
    let changed = |how| ContextError::Changed { path: path.to_owned(), how };
    let mut file = open_regular(&root.join(path)).map_err(failed)?;
    let mut left = size;
    loop {
        let mut data = vec![0; PIECE];
        let count = file.read(&mut data).map_err(failed)?;
        if count == 0 {
            return if left == 0 { Ok(true) } else { Err(changed("shrank")) };
        }
        left = left.checked_sub(count as u64).ok_or_else(|| changed("grew"))?;
        data.truncate(count);
        if !piece(data) {
            return Ok(false);
        }
        sent.add(count as u64);
    }
}
