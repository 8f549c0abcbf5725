//! A layer's tar, byte for byte as it came, out of the files that it was unpacked to.
//!
//! Docker keeps beside each unpacked layer what is needed for that (github.com/vbatts/tar-split,
//! `tar/storage`): one JSON object a line, gzipped. An entry is either bytes of the tar (headers and
//! padding, in base64) or the name of a file whose content comes next. Its checksums are not read:
//! who reads a layer computes the digest of all of it anyway.

use super::beneath::Beneath;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};

/// The longest line that is read, in bytes: bounds what a layer takes of memory.
const LINE_LIMIT: u64 = 4 << 20;
/// Bytes of the list that are unpacked at once.
const BUFFER: usize = 64 * 1024;

const FILE: u8 = 1;
const BYTES: u8 = 2;

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(rename = "type")]
    kind: u8,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    /// In base64: a name that is not UTF-8.
    #[serde(borrow, default)]
    name_raw: Option<Cow<'a, str>>,
    #[serde(default)]
    size: u64,
    #[serde(borrow, default)]
    payload: Option<Cow<'a, str>>,
    position: u64,
}

/// Reads the tar.
#[derive(Debug)]
pub(super) struct TarSplit<R> {
    entries: BufReader<MultiGzDecoder<R>>,
    files: Beneath,
    line: Vec<u8>,
    bytes: Vec<u8>,
    /// How many of `bytes` were given out.
    given: usize,
    /// A file and how many bytes of it are still to come.
    file: Option<(File, u64)>,
    position: u64,
    ended: bool,
}

impl<R: Read> TarSplit<R> {
    /// `list` is the gzipped list, `files` the folder with what was unpacked.
    pub(super) fn new(list: R, files: Beneath) -> Self {
        let entries = BufReader::with_capacity(BUFFER, MultiGzDecoder::new(list));
        let (line, bytes) = (Vec::new(), Vec::new());
        Self { entries, files, line, bytes, given: 0, file: None, position: 0, ended: false }
    }

    /// Goes on to the next entry, if there is one.
    fn next(&mut self) -> io::Result<()> {
        self.line.clear();
        let length = (&mut self.entries).take(LINE_LIMIT).read_until(b'\n', &mut self.line)?;
        if length == 0 {
            self.ended = true;
            return Ok(());
        }
        if self.line.last() != Some(&b'\n') && length as u64 == LINE_LIMIT {
            return Err(odd("an entry of it is longer than 4 MiB"));
        }
        let entry: Entry = serde_json::from_slice(&self.line).map_err(odd)?;
        if entry.position != self.position {
            return Err(odd("an entry of it is missing"));
        }
        self.position += 1;
        match entry.kind {
            BYTES => {
                self.given = 0;
                self.bytes.clear();
                STANDARD.decode_vec(entry.payload.unwrap_or_default().as_bytes(), &mut self.bytes).map_err(odd)?;
            }
            // Folders, links and empty files: their header is all there is.
            FILE if entry.size == 0 => {}
            FILE => {
                let name = match (entry.name_raw, entry.name) {
                    (Some(raw), _) => STANDARD.decode(raw.as_bytes()).map_err(odd)?,
                    (None, name) => name.unwrap_or_default().into_owned().into_bytes(),
                };
                let opened = self.files.file(&name, entry.size);
                let file = opened.map_err(|error| {
                    let name = crate::util::text::sanitize(&String::from_utf8_lossy(&name)).into_owned();
                    io::Error::new(error.kind(), format!("its file `{name}`: {error}"))
                })?;
                self.file = Some((file, entry.size));
            }
            _ => return Err(odd("an entry of it is of an unknown kind")),
        }
        Ok(())
    }
}

impl<R: Read> Read for TarSplit<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.ended && !buffer.is_empty() {
            if self.given < self.bytes.len() {
                let length = buffer.len().min(self.bytes.len() - self.given);
                buffer[..length].copy_from_slice(&self.bytes[self.given..self.given + length]);
                self.given += length;
                return Ok(length);
            }
            if let Some((file, left)) = &mut self.file {
                let most = usize::try_from(*left).unwrap_or(usize::MAX).min(buffer.len());
                let length = file.read(&mut buffer[..most])?;
                if length == 0 {
                    return Err(odd("a file of it became shorter"));
                }
                *left -= length as u64;
                if *left == 0 {
                    self.file = None;
                }
                return Ok(length);
            }
            self.next()?;
        }
        Ok(0)
    }
}

fn odd(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn gzip(text: &str) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(text.as_bytes()).unwrap();
        writer.finish().unwrap()
    }

    fn read(list: &[u8]) -> io::Result<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "content").unwrap();
        std::fs::write(folder.path().join("\u{e9}"), "more").unwrap();
        let mut text = String::new();
        TarSplit::new(list, Beneath::open(folder.path()).unwrap()).read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn bytes_and_files_come_in_order() {
        let list = r#"{"type":2,"payload":"aGVhZCA=","position":0}
{"type":1,"name":"a","size":7,"payload":"AAAAAAAAAAA=","position":1}
{"type":2,"payload":"IG1pZCA=","position":2}
{"type":1,"name":"gone/","payload":null,"position":3}
{"type":1,"name_raw":"w6k=","size":4,"payload":"AAAAAAAAAAA=","position":4}
{"type":2,"payload":"","position":5}
{"type":2,"payload":"IGVuZA==","position":6}
"#;
        assert_eq!(read(&gzip(list)).unwrap(), "head content mid more end");
        assert_eq!(read(&gzip("")).unwrap(), "");
    }

    #[test]
    fn a_list_that_is_not_whole_is_an_error() {
        let good = "{\"type\":2,\"payload\":\"aGVhZCA=\",\"position\":0}\n";
        let long = format!("{{\"type\":2,\"payload\":\"{}\",\"position\":0}}\n", "A".repeat(4 << 20));
        for bad in [
            "{\"type\":2,\"payload\":\"aGVhZCA=\",\"position\":1}\n",
            "{\"type\":3,\"payload\":\"aGVhZCA=\",\"position\":0}\n",
            "{\"type\":2,\"payload\":\"*\",\"position\":0}\n",
            "{\"type\":1,\"name\":\"a\",\"size\":8,\"position\":0}\n",
            "{\"type\":1,\"name\":\"b\",\"size\":1,\"position\":0}\n",
            "{\"type\":1,\"size\":1,\"position\":0}\n",
            "{\"type\":2,\"payl",
            long.as_str(),
        ] {
            assert!(read(&gzip(bad)).is_err(), "{}", &bad[..bad.len().min(60)]);
        }
        let whole = gzip(good);
        assert!(read(&whole[..whole.len() - 4]).is_err(), "a cut stream");
        assert!(read(good.as_bytes()).is_err(), "no gzip");
    }
}
