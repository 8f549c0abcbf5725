//! Bytes of a file to text.

use super::{Diagnostic, Source, Span, limits};
use std::sync::Arc;

/// Takes the bytes of a file as UTF-8, with or without a byte order mark.
///
/// # Errors
///
/// A file that is larger than [`limits::FILE_SIZE`], of another encoding or damaged.
pub fn decode(name: impl Into<String>, bytes: Vec<u8>) -> Result<Source, Diagnostic> {
    decode_within(name, bytes, limits::FILE_SIZE)
}

/// The same with another limit.
pub fn decode_within(name: impl Into<String>, bytes: Vec<u8>, limit: usize) -> Result<Source, Diagnostic> {
    let name = name.into();
    if bytes.len() > limit {
        return Err(too_large(&name, bytes.len(), limit));
    }
    if is_utf16(&bytes) {
        let message = format!("`{name}` is encoded in UTF-16, not in UTF-8 (first bytes {})", hex(&bytes));
        return Err(Diagnostic::error("encoding", message).help("save the file as UTF-8"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name, text }),
        Err(error) => Err(not_utf8(name, &error)),
    }
}

/// What is said of a file that has more bytes than `limit`.
pub fn too_large(name: &str, bytes: usize, limit: usize) -> Diagnostic {
    let unit = if limit.is_multiple_of(limits::FILE_SIZE) {
        format!("{} MiB", limit / limits::FILE_SIZE)
    } else {
        format!("{} KiB", limit / 1024)
    };
    let message = format!("`{name}` has {bytes} bytes, more than the limit of {limit} ({unit})");
    Diagnostic::error("too-large", message).help("move what is generated or large into files of its own")
}

fn not_utf8(name: String, error: &std::string::FromUtf8Error) -> Diagnostic {
    let start = error.utf8_error().valid_up_to();
    let bytes = error.as_bytes();
    let message = format!("`{name}` is not valid UTF-8: byte 0x{:02x} at offset {start}", bytes[start]);
    // What is before the bad byte is as long in the text that is shown as it is in the file.
    let source = Arc::new(Source { name, text: String::from_utf8_lossy(bytes).into_owned() });
    let span: Span = start..start + char::REPLACEMENT_CHARACTER.len_utf8();
    Diagnostic::error("encoding", message).within(&source).at(span, "not UTF-8").help("save the file as UTF-8")
}

/// Whether there is a byte order mark of UTF-16, or every other of the first bytes is zero.
fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        [a, b, c, d, ..] => (*a == 0 && *b != 0 && *c == 0 && *d != 0) || (*a != 0 && *b == 0 && *c != 0 && *d == 0),
        _ => false,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(2).map(|byte| format!("0x{byte:02x}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_kept_as_it_is() {
        let text = "\u{feff}name = \"ü\"\r\n";
        assert_eq!(decode("m", text.as_bytes().to_vec()).expect("text").text, text);
        assert_eq!(decode("m", vec![b'a'; limits::FILE_SIZE]).expect("text").text.len(), limits::FILE_SIZE);
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        let error = decode("m", b"a = 1\nb = \"\xff\xfe\"".to_vec()).expect_err("no text");
        assert_eq!(error.message, "`m` is not valid UTF-8: byte 0xff at offset 11");
        assert_eq!(error.labels[0].span, 11..14);
        assert!(decode("m", b"a = \xc3".to_vec()).is_err());
    }

    #[test]
    fn other_encodings_and_large_files_are_refused() {
        assert!(decode("m", b"\xff\xfea\0".to_vec()).expect_err("UTF-16").message.contains("UTF-16"));
        assert!(decode("m", b"a\0b\0".to_vec()).expect_err("UTF-16").message.contains("UTF-16"));
        let large = decode("m", vec![b'a'; limits::FILE_SIZE + 1]).expect_err("too large");
        assert_eq!(large.message, "`m` has 1048577 bytes, more than the limit of 1048576 (1 MiB)");
    }
}
