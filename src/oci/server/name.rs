//! What may stand in a URL, and so in a path of the storage: repositories, tags, digests, uploads.
//!
//! The grammar is the safety of the storage: no value of these types holds `..`, an empty part, a
//! leading dot or anything but ASCII.

use sha2::{Digest as _, Sha256};
use std::fmt;

/// Length limit of a repository's whole path, as in the distribution project's grammar.
const NAME_LIMIT: usize = 255;
const TAG_LIMIT: usize = 128;
const HEX_LENGTH: usize = 64;
const UPLOAD_LENGTH: usize = 32;

/// Path of a repository, e.g. `shop/api`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name(String);

/// `[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tag(String);

/// A SHA-256 digest; other algorithms are refused.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Sha256Digest(String);

/// How a manifest is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ManifestReference {
    Tag(Tag),
    Digest(Sha256Digest),
}

/// A session of uploading: 32 random hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct UploadId(String);

impl Name {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let valid = text.len() <= NAME_LIMIT && text.split('/').all(is_component);
        valid.then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_component(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    let bounded = bytes.first().copied().is_some_and(is_word) && bytes.last().copied().is_some_and(is_word);
    let separated = text
        .split(|c: char| c.is_ascii() && is_word(c as u8))
        .all(|separator| matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|byte| byte == b'-'));
    bounded && separated
}

impl Tag {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let valid = text.len() <= TAG_LIMIT
            && text.bytes().next().is_some_and(is_word)
            && text.bytes().all(|byte| is_word(byte) || matches!(byte, b'.' | b'-'));
        valid.then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Sha256Digest {
    pub(super) fn parse(text: &str) -> Option<Self> {
        text.strip_prefix("sha256:").and_then(Self::from_hex)
    }

    pub(super) fn from_hex(hex: &str) -> Option<Self> {
        is_hex(hex, HEX_LENGTH).then(|| Self(hex.to_owned()))
    }

    pub(super) fn of(bytes: &[u8]) -> Self {
        Self::of_hasher(Sha256::new().chain_update(bytes))
    }

    pub(super) fn of_hasher(hasher: Sha256) -> Self {
        Self(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(super) fn hex(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.0)
    }
}

impl ManifestReference {
    pub(super) fn parse(text: &str) -> Option<Self> {
        Tag::parse(text).map(Self::Tag).or_else(|| Sha256Digest::parse(text).map(Self::Digest))
    }
}

impl UploadId {
    pub(super) fn random() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        is_hex(text, UPLOAD_LENGTH).then(|| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_grammar_of_the_distribution_project() {
        let longest = "a".repeat(NAME_LIMIT);
        for good in ["a", "shop/api", "a.b", "a_b", "a__b", "a-b", "a---b", "0/1", "blobs/uploads", longest.as_str()] {
            assert!(Name::parse(good).is_some(), "{good}");
        }
        let long = "a".repeat(NAME_LIMIT + 1);
        for bad in [
            "",
            "/",
            "a/",
            "/a",
            "a//b",
            "..",
            ".",
            "a/../b",
            "a..b",
            "a___b",
            "-a",
            "a-",
            "_uploads",
            "a/_b",
            "A",
            "a b",
            "a\0",
            "a._b",
            "é",
            "a\\b",
            long.as_str(),
        ] {
            assert!(Name::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn tags_are_safe_file_names() {
        let longest = "t".repeat(TAG_LIMIT);
        for good in ["latest", "v1.0-rc_1", "_x", "A", longest.as_str()] {
            assert!(Tag::parse(good).is_some(), "{good}");
        }
        let long = "t".repeat(TAG_LIMIT + 1);
        for bad in ["", ".", "..", ".x", "-a", "a/b", "a:b", "a b", "ü", long.as_str()] {
            assert!(Tag::parse(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn digests_are_sha256_in_lower_case() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Sha256Digest::of(b"").hex(), empty);
        assert!(Sha256Digest::parse(&format!("sha256:{empty}")).is_some());
        for bad in [empty.to_owned(), format!("sha512:{empty}"), format!("sha256:{}", empty.to_uppercase())] {
            assert!(Sha256Digest::parse(&bad).is_none(), "{bad}");
        }
        assert!(Sha256Digest::parse(&format!("sha256:{}", &empty[1..])).is_none());
    }
}
