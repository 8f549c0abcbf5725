//! Repository, tag and the whole reference.

use super::endpoint::Endpoint;
use super::error::{ReferenceError, excerpt};
use crate::oci::Digest;
use std::fmt;
use std::str::FromStr;

const REPOSITORY_LIMIT: usize = 255;
const TAG_LIMIT: usize = 128;

/// Path of a repository in its registry, e.g. `owner/shop/api`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Repository(String);

/// `[\w][\w.-]{0,127}`
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

/// `endpoint/repository[:tag][@digest]`; the endpoint is always written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    pub endpoint: Endpoint,
    pub repository: Repository,
    pub tag: Option<Tag>,
    pub digest: Option<Digest>,
}

impl Repository {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Tag {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Repository {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::RepositoryEmpty);
        }
        for component in text.split('/') {
            if component.is_empty() {
                return Err(ReferenceError::RepositoryEmptyComponent);
            }
            if !is_path_component(component) {
                return Err(if is_path_component(&component.to_ascii_lowercase()) {
                    ReferenceError::RepositoryUppercase { repository: excerpt(text) }
                } else {
                    ReferenceError::RepositoryComponent { component: excerpt(component) }
                });
            }
        }
        if text.len() > REPOSITORY_LIMIT {
            return Err(ReferenceError::RepositoryTooLong { length: text.len() });
        }
        Ok(Self(text.to_owned()))
    }
}

/// Runs of lower-case letters and digits with `.`, `_`, `__` or hyphens between them.
pub(super) fn is_path_component(text: &str) -> bool {
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(alphanumeric) || !bytes.last().is_some_and(alphanumeric) {
        return false;
    }
    bytes
        .split(alphanumeric)
        .all(|separator| matches!(separator, b"" | b"." | b"_" | b"__") || separator.iter().all(|byte| *byte == b'-'))
}

impl FromStr for Tag {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let first = text.chars().next().ok_or(ReferenceError::TagEmpty)?;
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if let Some(character) = text.chars().find(|c| !word(*c) && !matches!(c, '.' | '-')) {
            return Err(ReferenceError::TagCharacter { character: visible(character) });
        }
        if !word(first) {
            return Err(ReferenceError::TagStart { character: first });
        }
        if text.len() > TAG_LIMIT {
            return Err(ReferenceError::TagTooLong { length: text.len() });
        }
        Ok(Self(text.to_owned()))
    }
}

/// A character that a message can show.
fn visible(character: char) -> char {
    let mut buffer = [0; 4];
    match crate::util::text::sanitize(character.encode_utf8(&mut buffer)) {
        std::borrow::Cow::Borrowed(_) if !character.is_control() => character,
        _ => char::REPLACEMENT_CHARACTER,
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if let Some((before, _)) = text.split_once("://") {
            return Err(ReferenceError::EndpointScheme { scheme: excerpt(before.rsplit('@').next().unwrap_or("")) });
        }
        let (endpoint, rest) = text.split_once('/').ok_or(ReferenceError::NoEndpoint)?;
        let endpoint = endpoint.parse()?;
        let (name, digest) = match rest.split_once('@') {
            Some((name, digest)) => (name, Some(digest.parse()?)),
            None => (rest, None),
        };
        let (repository, tag) = match name.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag.parse()?)),
            None => (name, None),
        };
        Ok(Self { endpoint, repository: repository.parse()?, tag, digest })
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.endpoint, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_reference_is_said() {
        let long_tag = format!("r.io/a:{}", "t".repeat(129));
        let long_name = format!("r.io/{}", "a".repeat(256));
        let short_digest = format!("r.io/a@sha256:{}", "f".repeat(63));
        for (text, expect) in [
            ("api", "the name says no registry"),
            ("r.io/Uppercase/x", "repository must be lowercase: `Uppercase/x`"),
            ("r.io/a//b", "repository has an empty part"),
            ("r.io/", "the repository is empty"),
            ("r.io/a..b", "`a..b` cannot be a part of a repository"),
            ("r.io/a__ _b", "`a__ _b` cannot be a part of a repository"),
            ("r.io/a___b", "`a___b` cannot be a part of a repository"),
            ("r.io/a:-a", "a tag cannot begin with `-`"),
            ("r.io/a:b/c", "a tag cannot hold `/`"),
            ("r.io/a:", "the tag is empty"),
            ("r.io/a:\u{1b}", "a tag cannot hold `\u{fffd}`"),
            (&long_tag, "tag has 129 characters; the limit is 128"),
            (&long_name, "repository has 256 characters; the limit is 255"),
            (&short_digest, "a sha256 digest has 64 hexadecimal digits, not 63"),
            ("https://r.io/a", "the endpoint has a scheme, `https://`"),
            ("u:hunter2@r.io/a", "the endpoint holds a user name or a password"),
        ] {
            let error = text.parse::<Reference>().expect_err(text);
            assert_eq!(error.to_string(), expect, "{text}");
            assert!(!error.help().is_empty());
        }
    }

    #[test]
    fn a_reference_is_written_as_it_was_read() {
        for text in ["r.io/a", "r.io:80/a/b:v1", "localhost/a", "[::1]:5000/a__b/c---d:_x.y-z"] {
            let whole = format!("{text}@sha256:{}", "0".repeat(64));
            for text in [text, whole.as_str()] {
                assert_eq!(text.parse::<Reference>().expect(text).to_string(), text);
            }
        }
    }
}
