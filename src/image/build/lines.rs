//! Cuts what a builder prints into lines that can be shown: bounded, valid, secrets masked.

use crate::util::{RedactStream, Redactor};

/// A longer line is shown in several pieces, in bytes: less than what a report shows of one line.
const PIECE: usize = 4000;

/// The output of one step, which arrives in pieces that end anywhere.
#[derive(Debug)]
pub(super) struct Lines {
    /// The beginning of a character whose end has not come yet.
    unfinished: Vec<u8>,
    /// Holds back what may be the beginning of a secret: masking pieces one by one would miss it.
    stream: RedactStream,
}

impl Lines {
    pub(super) fn new(redactor: &Redactor) -> Self {
        Self { unfinished: Vec::new(), stream: redactor.stream() }
    }

    /// Takes a piece in and gives what can be shown by now.
    pub(super) fn push(&mut self, piece: &[u8], show: impl FnMut(&str)) {
        let joined;
        let bytes = if self.unfinished.is_empty() {
            piece
        } else {
            joined = [std::mem::take(&mut self.unfinished).as_slice(), piece].concat();
            joined.as_slice()
        };
        let (whole, unfinished) = bytes.split_at(bytes.len() - unfinished_length(bytes));
        self.unfinished = unfinished.to_vec();
        let shown = self.stream.push(&String::from_utf8_lossy(whole));
        cut(&shown, show);
    }

    /// Gives what was held back.
    pub(super) fn finish(&mut self, mut show: impl FnMut(&str)) {
        let rest = std::mem::take(&mut self.unfinished);
        let shown = self.stream.push(&String::from_utf8_lossy(&rest));
        cut(&shown, &mut show);
        cut(&self.stream.finish(), show);
    }
}

fn cut(text: &str, mut show: impl FnMut(&str)) {
    for line in text.split_inclusive('\n') {
        let mut line = line.trim_end_matches(['\r', '\n']);
        while line.len() > PIECE {
            let (piece, rest) = line.split_at(line.floor_char_boundary(PIECE));
            show(piece);
            line = rest;
        }
        show(line);
    }
}

/// How many bytes at the end may become a character with what comes next.
fn unfinished_length(bytes: &[u8]) -> usize {
    let tail = &bytes[bytes.len().saturating_sub(4)..];
    // Where a character begins: not a byte of the form 10xxxxxx.
    let Some(start) = tail.iter().rposition(|byte| byte & 0xc0 != 0x80) else { return 0 };
    match std::str::from_utf8(&tail[start..]) {
        Err(error) if error.error_len().is_none() => tail.len() - start,
        Ok(_) | Err(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::Secret;

    fn lines(pieces: &[&[u8]], redactor: &Redactor) -> Vec<String> {
        let mut shown = Vec::new();
        let mut lines = Lines::new(redactor);
        for piece in pieces {
            lines.push(piece, |line| shown.push(line.to_owned()));
        }
        lines.finish(|line| shown.push(line.to_owned()));
        shown
    }

    #[test]
    fn lines_come_whole_whatever_the_pieces() {
        let text = "one\r\n\ntwo ü€😀\n50%\r100%\nlast".as_bytes();
        let expect = ["one", "", "two ü€😀", "50%\r100%", "last"];
        for size in [1, 2, 3, 5, 100] {
            assert_eq!(lines(&text.chunks(size).collect::<Vec<_>>(), &Redactor::default()), expect, "{size}");
        }
        assert_eq!(lines(&[b"a\xff\xc3", b"b\xe2\x82"], &Redactor::default()), ["a\u{fffd}\u{fffd}b\u{fffd}"]);
    }

    #[test]
    fn a_line_without_end_is_shown_in_pieces_and_not_held() {
        let mut lines = Lines::new(&Redactor::default());
        let (mut shown, mut longest) = (0, 0);
        for _ in 0..1000 {
            lines.push(&[b'x'; 10_000], |line| {
                shown += line.len();
                longest = longest.max(line.len());
            });
        }
        assert!(shown > 9_900_000, "{shown}");
        lines.finish(|line| shown += line.len());
        assert_eq!((shown, longest), (10_000_000, PIECE));
    }

    #[test]
    fn a_secret_is_masked_wherever_a_line_is_cut() {
        let redactor = Redactor::default();
        let _ = redactor.add(&Secret::new("hunter2"));
        let text = "hunter2".repeat(40_000);
        for size in [7, 1000, 65_536, 300_000] {
            let shown = lines(&text.as_bytes().chunks(size).collect::<Vec<_>>(), &redactor).concat();
            assert_eq!(shown, "***".repeat(40_000), "{size}");
        }
    }
}
