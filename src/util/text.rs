//! Text from and for people: cleaning foreign strings, finding what was meant.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The most that is shown of one line of foreign text, in bytes.
const LINE_LIMIT: usize = 4096;

/// Makes foreign text safe to show in a terminal: [`escape`], and a line is cut after 4 KiB.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    let escaped = escape(text);
    if escaped.len() <= LINE_LIMIT || escaped.split('\n').all(|line| line.len() <= LINE_LIMIT) {
        return escaped;
    }
    let lines = escaped.split('\n').map(|line| match line.len() {
        ..=LINE_LIMIT => Cow::Borrowed(line),
        _ => Cow::Owned(format!("{}…", &line[..line.floor_char_boundary(LINE_LIMIT)])),
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// Makes what is invisible visible.
///
/// Control characters but `\n` and `\t`, DEL, C1 controls, directional overrides
/// (U+202A–U+202E, U+2066–U+2069), U+2028 and U+2029 become escapes such as `\u{1b}`;
/// `\r\n` becomes `\n`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            clean.push('\n');
        }
        for c in line.strip_suffix('\r').unwrap_or(line).chars() {
            if is_unsafe(c) {
                write!(clean, "\\u{{{:x}}}", u32::from(c)).expect("writing to a String cannot fail");
            } else {
                clean.push(c);
            }
        }
    }
    Cow::Owned(clean)
}

fn is_unsafe(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => true,
        _ => c.is_control(),
    }
}

/// The candidate that is most likely meant by `word`: at most two edits away, or a third of it.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| {
            *distance <= 2.max(candidate.len() / 3) && *distance < candidate.chars().count()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A number of bytes for people, in decimal units with three digits at most: `812 B`, `3.4 MB`.
pub fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if number < 1000 {
        return format!("{number} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let mut value = number as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = if value < 9.95 { 1 } else { 0 };
    format!("{value:.digits$} {}", UNITS[unit])
}

/// `a`, `b` and `c`, each in backticks.
pub fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [head @ .., last] => format!("{} and {last}", head.join(", ")),
    }
}

/// Percent-encodes everything but the unreserved characters (RFC 3986, section 2.3).
pub fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a String cannot fail");
        }
    }
    encoded
}

/// Two lower-case hexadecimal digits a byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        for digit in [byte >> 4, byte & 15] {
            hex.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
        hex
    })
}

/// Eight hexadecimal digits that stand for a text: the beginning of its SHA-256.
pub fn short_hash(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    hex(&Sha256::digest(text)[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_steer_a_terminal() {
        assert_eq!(sanitize("a\u{1b}[31mb\u{202e}c\u{7}"), "a\\u{1b}[31mb\\u{202e}c\\u{7}");
        assert_eq!(sanitize("one\r\ntwo\tthree\n"), "one\ntwo\tthree\n");
        assert_eq!(sanitize("50%\rdone"), "50%\\u{d}done");
        assert_eq!(sanitize(&"x".repeat(5000)).chars().count(), LINE_LIMIT + 1);
    }

    #[test]
    fn bytes_are_shown_in_three_digits() {
        let shown = [0, 999, 1000, 3_440_000, 12_000_000, 999_600_000].map(bytes);
        assert_eq!(shown, ["0 B", "999 B", "1.0 kB", "3.4 MB", "12 MB", "1.0 GB"]);
    }

    #[test]
    fn the_nearest_name_is_found() {
        assert_eq!(nearest("mian", ["main", "other"]), Some("main"));
        assert_eq!(nearest("pubish", ["push", "publish"]), Some("publish"));
        assert_eq!(nearest("Api", ["api"]), Some("api"));
        assert_eq!(nearest("zzz", ["main", "other"]), None);
        assert_eq!(nearest("x", ["a"]), None);
    }

    #[test]
    fn only_unreserved_characters_are_not_percent_encoded() {
        assert_eq!(percent_encode("aZ9-._~ /ö%+"), "aZ9-._~%20%2F%C3%B6%25%2B");
    }
}
