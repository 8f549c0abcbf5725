//! What can go wrong between here and a registry.

use super::Digest;
use crate::util::{FailureClass, text};

/// The most that is shown of a foreign text, in characters.
const EXCERPT: usize = 512;

/// An operation that failed. No text in it is a secret, and every foreign text in it is cleaned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    pub class: FailureClass,
    /// A lower-case phrase: what could not be done, and why.
    pub message: String,
    /// What to do, in the imperative.
    pub help: Option<String>,
    /// The HTTP status that the registry, or its token server, answered last.
    pub status: Option<u16>,
    pub kind: ErrorKind,
}

/// What kind of thing went wrong, for callers that can do something about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No connection, or one that broke.
    Network,
    /// The host's name is not known.
    Name,
    /// Nothing came or went for too long.
    Stalled,
    /// The certificate is not trusted, or the peer does not speak TLS.
    Tls,
    /// The registry answered with a status that means failure.
    Status,
    /// The credentials are missing or wrong, or do not suffice.
    Credentials,
    /// The registry names a token server that it is not trusted with.
    Realm,
    /// The registry sends us where we do not go.
    Redirect,
    /// An address that a registry may not send us to.
    Address,
    /// Content is not what its digest says.
    Digest,
    /// The registry lacks blobs of a manifest, though it said to have them.
    MissingBlobs(Vec<Digest>),
    ImmutableTag,
    /// 404 for something that was to be read.
    NotFound,
    /// The content to push could not be read.
    Source,
    /// An answer that the specification does not allow.
    Protocol,
    /// Credentials on this machine could not be read.
    Keychain,
}

impl Error {
    pub(super) fn new(class: FailureClass, kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { class, message: message.into(), help: None, status: None, kind }
    }

    pub(super) fn permanent(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(FailureClass::Permanent, kind, message)
    }

    pub(super) fn refused(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(FailureClass::Refused, kind, message)
    }

    pub(super) fn passing(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::new(FailureClass::Passing, kind, message)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn status(mut self, status: reqwest::StatusCode) -> Self {
        self.status = Some(status.as_u16());
        self
    }

    /// Says what was being done: `cannot {what}: {message}`.
    pub(super) fn while_doing(mut self, what: &str) -> Self {
        self.message = format!("cannot {what}: {}", self.message);
        self
    }

    /// The blobs that the registry lacks although it said to have them; push them again with
    /// [`Registry::upload_blob`](super::Registry::upload_blob).
    pub fn missing_blobs(&self) -> &[Digest] {
        match &self.kind {
            ErrorKind::MissingBlobs(digests) => digests,
            _ => &[],
        }
    }
}

/// Foreign text for a message: cleaned, on one line, cut.
pub(super) fn excerpt(foreign: &str) -> String {
    let line = foreign.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = text::sanitize(&line);
    match clean.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_cleaned_and_cut() {
        assert_eq!(excerpt("a\u{1b}]0;x\u{7}\n  b"), "a\\u{1b}]0;x\\u{7} b");
        assert_eq!(excerpt(&"x".repeat(600)).chars().count(), EXCERPT + 1);
    }
}
