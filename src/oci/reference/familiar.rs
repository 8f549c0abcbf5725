//! Names as Docker reads them: the registry may be left out, and then it is Docker Hub.
//!
//! For names that others wrote (`FROM` lines, `image = "…"`). Follows the distribution project's
//! `Parse`, `ParseNormalizedNamed` and `ParseAnyReference`.

use super::endpoint::{Endpoint, is_domain_component};
use super::error::{ReferenceError, excerpt};
use super::name::{Reference, Repository, Tag, is_path_component};
use crate::oci::Digest;
use std::fmt;

const HUB: &str = "docker.io";
const HUB_OF_OLD: &str = "index.docker.io";
const OFFICIAL: &str = "library/";

/// A name that fits the grammar, taken apart but not yet completed (`Parse`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Before the first `/`, where it can be a host by its letters. Its port and its address are
    /// not checked: the grammar takes any digits.
    pub domain: Option<String>,
    pub path: String,
    pub tag: Option<Tag>,
    pub digest: Option<Digest>,
}

/// What a text can mean where Docker takes any reference (`ParseAnyReference`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnyReference {
    /// A digest alone, or the 64 digits of an image's id.
    Digest(Digest),
    Name(Reference),
}

/// Reads a name by the grammar alone: `name[:tag][@digest]`, the domain optional.
pub fn parse(text: &str) -> Result<Name, ReferenceError> {
    if text.is_empty() {
        return Err(ReferenceError::RepositoryEmpty);
    }
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) if !rest.is_empty() => (rest, Some(digest)),
        Some(_) => return Err(ReferenceError::Format),
        None => (text, None),
    };
    let (name, tag) = match rest.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (rest, None),
    };
    let (domain, path) = split(name).ok_or_else(|| why_not(name))?;
    let tag = tag.map(str::parse).transpose()?;
    if path.len() > 255 {
        return Err(ReferenceError::RepositoryTooLong { length: path.len() });
    }
    let digest = digest.map(str::parse).transpose()?;
    Ok(Name { domain: domain.map(str::to_owned), path: path.to_owned(), tag, digest })
}

/// Reads a name as Docker's command line does and completes it: `redis` is
/// `docker.io/library/redis`. No tag is added.
pub fn parse_normalized(text: &str) -> Result<Reference, ReferenceError> {
    if is_identifier(text) {
        return Err(ReferenceError::RepositoryIdentifier);
    }
    let (domain, rest) = complete(text);
    let path = rest.split(['@', ':']).next().unwrap_or(&rest);
    if path.chars().any(char::is_uppercase) {
        return Err(ReferenceError::RepositoryUppercase { repository: excerpt(path) });
    }
    let name = parse(&format!("{domain}/{rest}"))?;
    Ok(Reference {
        endpoint: name.domain.as_deref().unwrap_or(HUB).parse::<Endpoint>()?,
        repository: name.path.parse::<Repository>()?,
        tag: name.tag,
        digest: name.digest,
    })
}

/// Reads an id (64 digits), a digest, or a name.
pub fn parse_any(text: &str) -> Result<AnyReference, ReferenceError> {
    let whole = if is_identifier(text) { format!("sha256:{text}") } else { text.to_owned() };
    match whole.parse() {
        Ok(digest) => Ok(AnyReference::Digest(digest)),
        Err(_) => parse_normalized(text).map(AnyReference::Name),
    }
}

/// A reference as Docker shows it: without what Docker would add again.
pub fn familiar(reference: &Reference) -> String {
    let whole = reference.to_string();
    let Some(short) = whole.strip_prefix("docker.io/") else { return whole };
    match short.strip_prefix(OFFICIAL) {
        Some(name) if !reference.repository.as_str()[OFFICIAL.len()..].contains('/') => name.to_owned(),
        _ => short.to_owned(),
    }
}

impl Name {
    /// Domain and path as they were written, without tag and digest.
    pub fn name(&self) -> String {
        self.domain.as_ref().map_or_else(|| self.path.clone(), |domain| format!("{domain}/{}", self.path))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        match &self.digest {
            Some(digest) => write!(f, "@{digest}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for AnyReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digest(digest) => digest.fmt(f),
            Self::Name(reference) => reference.fmt(f),
        }
    }
}

/// Domain and path; the grammar prefers to see a domain.
fn split(name: &str) -> Option<(Option<&str>, &str)> {
    if let Some((domain, path)) = name.split_once('/')
        && is_domain(domain)
        && is_path(path)
    {
        return Some((Some(domain), path));
    }
    is_path(name).then_some((None, name))
}

fn is_path(text: &str) -> bool {
    text.split('/').all(is_path_component)
}

/// Whether the grammar takes it for a host with an optional port.
fn is_domain(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => {
            if address.is_empty() || !address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':') {
                return false;
            }
            (None, rest.strip_prefix(':').or((!rest.is_empty()).then_some("")))
        }
        None => {
            let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
            (Some(host), port)
        }
    };
    host.is_none_or(|host| host.split('.').all(is_domain_component))
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn why_not(name: &str) -> ReferenceError {
    if split(&name.to_lowercase()).is_some() {
        ReferenceError::RepositoryUppercase { repository: excerpt(name) }
    } else {
        ReferenceError::Format
    }
}

/// 64 lower-case hexadecimal digits.
fn is_identifier(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What Docker takes for the domain, and the rest, completed for Docker Hub.
fn complete(text: &str) -> (&str, String) {
    let (domain, rest) = match text.split_once('/') {
        None => return (HUB, format!("{OFFICIAL}{text}")),
        Some((HUB_OF_OLD, rest)) => (HUB, rest),
        Some((first, rest)) if first == "localhost" || first.contains(['.', ':']) => (first, rest),
        Some((first, rest)) if first.chars().any(char::is_uppercase) => (first, rest),
        Some(_) => (HUB, text),
    };
    if domain == HUB && !rest.contains('/') {
        return (domain, format!("{OFFICIAL}{rest}"));
    }
    (domain, rest.to_owned())
}
