//! What is wrong with an image's name.

use crate::oci::digest::DigestError;

/// Why a text is not a name of the grammar. Holds no more of the text than what is wrong, and
/// nothing at all where the text may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    #[error("the endpoint is empty")]
    EndpointEmpty,
    #[error("the endpoint has a scheme, `{scheme}://`")]
    EndpointScheme { scheme: String },
    #[error("the endpoint has a path, `{path}`")]
    EndpointPath { path: String },
    #[error("the endpoint holds a user name or a password")]
    EndpointUserinfo,
    #[error("`{port}` is not a port")]
    EndpointPort { port: String },
    #[error("the endpoint has an empty part between its dots")]
    EndpointEmptyLabel,
    #[error("`{label}` cannot be a part of a host name")]
    EndpointLabel { label: String },
    #[error("`{address}` is not an IPv6 address")]
    EndpointAddress { address: String },
    #[error("an IPv6 address of an endpoint has no zone, as `{zone}`")]
    EndpointZone { zone: String },
    #[error("an IPv6 address stands in square brackets")]
    EndpointBrackets,
    #[error("the name says no registry")]
    NoEndpoint,
    #[error("the repository is empty")]
    RepositoryEmpty,
    #[error("repository must be lowercase: `{repository}`")]
    RepositoryUppercase { repository: String },
    #[error("repository has {length} characters; the limit is 255")]
    RepositoryTooLong { length: usize },
    #[error("repository has an empty part")]
    RepositoryEmptyComponent,
    #[error("`{component}` cannot be a part of a repository")]
    RepositoryComponent { component: String },
    #[error("a repository cannot be 64 hexadecimal digits: that is an identifier of an image")]
    RepositoryIdentifier,
    #[error("the tag is empty")]
    TagEmpty,
    #[error("tag has {length} characters; the limit is 128")]
    TagTooLong { length: usize },
    #[error("a tag cannot begin with `{character}`")]
    TagStart { character: char },
    #[error("a tag cannot hold `{character}`")]
    TagCharacter { character: char },
    #[error(transparent)]
    Digest(#[from] DigestError),
    #[error("not a name of an image")]
    Format,
}

impl ReferenceError {
    /// What to write instead, in the imperative.
    pub fn help(&self) -> &'static str {
        match self {
            Self::EndpointEmpty | Self::NoEndpoint => {
                "write the registry's host, such as `ghcr.io` or `localhost:5000`"
            }
            Self::EndpointScheme { .. } => {
                "leave the scheme out: write the host and, where it is not the usual one, the port"
            }
            Self::EndpointPath { .. } => "write the host alone here, and the path as the registry's `repository`",
            Self::EndpointUserinfo => {
                "write the host alone; give `username` and `password` to the registry as parameters"
            }
            Self::EndpointPort { .. } => "write a number from 1 to 65535 after the `:`",
            Self::EndpointEmptyLabel | Self::EndpointLabel { .. } => {
                "write letters, digits and `-` between single dots; no part begins or ends with `-`"
            }
            Self::EndpointAddress { .. } | Self::EndpointBrackets => {
                "write an IPv6 address in square brackets, such as `[::1]:5000`"
            }
            Self::EndpointZone { .. } => "leave out the `%` and what follows it",
            Self::RepositoryEmpty | Self::RepositoryEmptyComponent => {
                "write parts with single slashes between them, such as `owner/shop/api`"
            }
            Self::RepositoryUppercase { .. } => "write the repository in lower case",
            Self::RepositoryTooLong { .. } => "choose a shorter repository",
            Self::RepositoryComponent { .. } => {
                "write lower-case letters and digits, separated by one `.`, one or two `_`, or any number of `-`"
            }
            Self::RepositoryIdentifier => "choose a name that is not 64 hexadecimal digits",
            Self::TagEmpty | Self::TagTooLong { .. } | Self::TagStart { .. } | Self::TagCharacter { .. } => {
                "write letters, digits, `_`, `.` and `-`, at most 128, the first one a letter, a digit or `_`"
            }
            Self::Digest(_) => "write `sha256:` and 64 hexadecimal digits in lower case",
            Self::Format => "write `host/repository:tag` or `host/repository@sha256:…`",
        }
    }
}

/// A piece of the user's text for a message: short and harmless.
pub(super) fn excerpt(text: &str) -> String {
    let clean = crate::util::text::sanitize(text);
    match clean.char_indices().nth(64) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.into_owned(),
    }
}
