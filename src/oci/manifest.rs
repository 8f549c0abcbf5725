//! Manifests: asked for, pulled, pushed; and the list of tags. Their content is the caller's business.

use super::error::{ErrorKind, excerpt};
use super::transport::{Answer, Call, Content, Fault, Scopes};
use super::{Descriptor, Digest, Error, ManifestContent, Registry, Repository, Tag};
use crate::util::Progress;
use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, LINK};
use reqwest::{Method, StatusCode};

/// OCI image specification and Docker's "Image Manifest V2, Schema 2".
const MEDIA_TYPES: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";
/// What the distribution specification lets a registry refuse beyond.
const MANIFEST_LIMIT: usize = 4 * 1024 * 1024;
const PAGES: usize = 1000;

pub(super) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");

impl Registry {
    /// The manifest's descriptor, or `None` where the registry answers 404 (and only then).
    ///
    /// `reference` is a tag or a digest.
    pub async fn manifest_descriptor(
        &self,
        repository: &Repository,
        reference: &str,
        progress: &Progress,
    ) -> Result<Option<Descriptor>, Error> {
        let what = format!("look up `{reference}` in {}", self.place(repository));
        self.look_up(repository, reference, progress).await.map_err(|error| error.while_doing(&what))
    }

    pub async fn pull_manifest(
        &self,
        repository: &Repository,
        reference: &str,
        progress: &Progress,
    ) -> Result<ManifestContent, Error> {
        let what = format!("read the manifest `{reference}` of {}", self.place(repository));
        let pulled = async {
            let found = self.get_manifest(repository, reference, progress).await?;
            found.ok_or_else(|| Error::permanent(ErrorKind::NotFound, "the registry does not have it"))
        };
        pulled.await.map_err(|error: Error| error.while_doing(&what))
    }

    /// Puts a manifest under a tag or a digest; the registry's digest is compared with ours.
    ///
    /// A tag that must not be moved and has this manifest already is no error. Where the registry
    /// lacks blobs, [`Error::missing_blobs`] names them.
    pub async fn push_manifest(
        &self,
        repository: &Repository,
        reference: &str,
        media_type: &str,
        bytes: Bytes,
        progress: &Progress,
    ) -> Result<Digest, Error> {
        let what = format!("push the manifest `{reference}` to {}", self.place(repository));
        self.put_manifest(repository, reference, media_type, bytes, progress).await.map_err(|error| match error.kind {
            // Says everything by itself.
            ErrorKind::ImmutableTag => error,
            _ => error.while_doing(&what),
        })
    }

    /// The tags of a repository; none where the registry does not know it. What is no tag is left out.
    pub async fn list_tags(&self, repository: &Repository, progress: &Progress) -> Result<Vec<Tag>, Error> {
        let what = format!("list the tags of {}", self.place(repository));
        self.get_tags(repository, progress).await.map_err(|error| error.while_doing(&what))
    }

    async fn look_up(
        &self,
        repository: &Repository,
        reference: &str,
        progress: &Progress,
    ) -> Result<Option<Descriptor>, Error> {
        let url = self.url(&format!("{repository}/manifests/{reference}"), progress).await?;
        let call = Call::new(Method::HEAD, url, Scopes::pull(repository), progress).header(ACCEPT, MEDIA_TYPES);
        let answer = self.send(&call).await?;
        match answer.status {
            StatusCode::NOT_FOUND => return Ok(None),
            status if status.is_success() => {}
            StatusCode::METHOD_NOT_ALLOWED => {}
            _ => return Err(self.transport().unexpected(&answer)),
        }
        // `content-length` of an answer to HEAD is what GET would send.
        let size = answer.header(CONTENT_LENGTH).and_then(|size| size.parse().ok());
        let digest = answer.header(&CONTENT_DIGEST).and_then(|digest| digest.parse::<Digest>().ok());
        if let (true, Some(size), Some(digest)) = (answer.status.is_success(), size, digest) {
            compare(&digest, reference)?;
            return Ok(Some(Descriptor { media_type: media_type_of(&answer), digest, size }));
        }
        let found = self.get_manifest(repository, reference, progress).await?;
        Ok(found.map(|manifest| manifest.descriptor))
    }

    async fn get_manifest(
        &self,
        repository: &Repository,
        reference: &str,
        progress: &Progress,
    ) -> Result<Option<ManifestContent>, Error> {
        let url = self.url(&format!("{repository}/manifests/{reference}"), progress).await?;
        let mut call = Call::new(Method::GET, url, Scopes::pull(repository), progress).header(ACCEPT, MEDIA_TYPES);
        call.limit = MANIFEST_LIMIT;
        let answer = self.send(&call).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if answer.status != StatusCode::OK {
            return Err(self.transport().unexpected(&answer));
        }
        let digest = Digest::of(&answer.bytes);
        check_header(&answer, &digest, "is")?;
        compare(&digest, reference)?;
        let mut media_type = media_type_of(&answer);
        if !media_type.contains('+') {
            // Some say `application/json` or nothing: the manifest knows better.
            let json: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap_or_default();
            media_type = json.get("mediaType").and_then(|name| name.as_str()).map_or(media_type, excerpt);
        }
        let descriptor = Descriptor { media_type, digest, size: answer.bytes.len() as u64 };
        Ok(Some(ManifestContent { descriptor, bytes: answer.bytes }))
    }

    async fn put_manifest(
        &self,
        repository: &Repository,
        reference: &str,
        media_type: &str,
        bytes: Bytes,
        progress: &Progress,
    ) -> Result<Digest, Error> {
        let digest = Digest::of(&bytes);
        compare(&digest, reference)?;
        let url = self.url(&format!("{repository}/manifests/{reference}"), progress).await?;
        let call = Call::new(Method::PUT, url, Scopes::push(repository), progress)
            .header(CONTENT_TYPE, media_type)
            .content(Content::Bytes(bytes));
        let mut retry = self.transport().retry_within(self.budget());
        loop {
            let fault = match self.transport().attempt(&call).await {
                Ok(answer) => return self.judge_put(repository, reference, digest, &answer, progress).await,
                Err(fault) => fault,
            };
            let lost = is_lost(&fault);
            self.transport().pause(&mut retry, fault, progress).await?;
            if lost && self.holds(repository, reference, &digest, progress).await {
                return Ok(digest);
            }
        }
    }

    async fn judge_put(
        &self,
        repository: &Repository,
        reference: &str,
        digest: Digest,
        answer: &Answer,
        progress: &Progress,
    ) -> Result<Digest, Error> {
        if answer.status.is_success() {
            check_header(answer, &digest, "sent")?;
            let is_named = answer.header(&CONTENT_DIGEST) == Some(digest.as_str());
            // What answers `200` to everything need not be a registry.
            if answer.status == StatusCode::CREATED
                || is_named
                || self.holds(repository, reference, &digest, progress).await
            {
                return Ok(digest);
            }
            let mut error = self.transport().unexpected(answer);
            error.message.push_str(", and does not have the manifest");
            return Err(
                error.help("check that the registry's `endpoint` is a registry, and no web page or login of a network")
            );
        }
        let is_tag = !reference.contains(':');
        let immutable = answer.status == StatusCode::CONFLICT
            || matches!(answer.status.as_u16(), 400 | 405 | 412)
                && answer.speaks_of(&["immutable", "ImageTagAlreadyExists", "TAG_ALREADY_EXISTS"]);
        if is_tag && immutable {
            if self.holds(repository, reference, &digest, progress).await {
                progress.detail(format!("tag `{reference}` is already there"));
                return Ok(digest);
            }
            let message = format!("tag `{reference}` is immutable at {}", self.place(repository));
            let mut error = Error::permanent(ErrorKind::ImmutableTag, message).status(answer.status);
            error.message.push_str(&self.transport().foreign(&answer.bytes, &answer.headers));
            return Err(error.help("push under another tag, or let the registry move this one"));
        }
        let mut error = self.transport().unexpected(answer);
        if answer.speaks_of(&["MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN"]) {
            let digests = digests_in(&answer.bytes);
            let names: Vec<String> = digests.iter().map(|digest| format!("`{digest}`")).collect();
            error.message.push_str(&format!(
                "; it lacks {}",
                if names.is_empty() { "a blob".to_owned() } else { names.join(", ") }
            ));
            error.kind = ErrorKind::MissingBlobs(digests);
        }
        Err(error)
    }

    /// Whether the registry has this manifest under this name; "no" where it cannot be told.
    async fn holds(&self, repository: &Repository, reference: &str, digest: &Digest, progress: &Progress) -> bool {
        let found = self.look_up(repository, reference, progress).await;
        found.is_ok_and(|found| found.is_some_and(|descriptor| descriptor.digest == *digest))
    }

    async fn get_tags(&self, repository: &Repository, progress: &Progress) -> Result<Vec<Tag>, Error> {
        let mut url = self.url(&format!("{repository}/tags/list"), progress).await?;
        let mut tags = Vec::new();
        for _ in 0..PAGES {
            let mut call = Call::new(Method::GET, url.clone(), Scopes::pull(repository), progress);
            call.limit = MANIFEST_LIMIT;
            let answer = self.send(&call).await?;
            match answer.status {
                StatusCode::NOT_FOUND => break,
                StatusCode::OK => {}
                _ => return Err(self.transport().unexpected(&answer)),
            }
            let json: serde_json::Value = serde_json::from_slice(&answer.bytes)
                .map_err(|_| Error::permanent(ErrorKind::Protocol, "the registry's list of tags is no JSON"))?;
            let page = json.get("tags").and_then(|tags| tags.as_array());
            tags.extend(page.into_iter().flatten().filter_map(|tag| tag.as_str()?.parse::<Tag>().ok()));
            let Some(next) = answer.header(LINK).and_then(next_page) else { break };
            url = self.transport().resolve(&answer.url, next)?;
        }
        Ok(tags)
    }
}

/// `<…>; rel="next"`
fn next_page(link: &str) -> Option<&str> {
    let (target, parameters) = link.trim_start().strip_prefix('<')?.split_once('>')?;
    parameters.to_ascii_lowercase().contains("next").then_some(target)
}

/// Whether the registry may have done what it was asked, though we do not know.
fn is_lost(fault: &Fault) -> bool {
    fault.error.status.is_none_or(|status| status >= 500)
}

/// A reference that is a digest must be the content's.
fn compare(digest: &Digest, reference: &str) -> Result<(), Error> {
    if reference.contains(':') && digest.as_str() != reference {
        let message = format!("its digest is {digest}, not {}", excerpt(reference));
        return Err(Error::permanent(ErrorKind::Digest, message));
    }
    Ok(())
}

/// A digest that the registry answers must be the one that we computed.
pub(super) fn check_header(answer: &Answer, digest: &Digest, verb: &str) -> Result<(), Error> {
    // Not every field is text; one that is not is a wrong digest all the same.
    match answer.headers.get(&CONTENT_DIGEST).map(|value| String::from_utf8_lossy(value.as_bytes())) {
        Some(other) if other.starts_with("sha256:") && other != digest.as_str() => {
            let message = format!("registry answered digest {}, {verb} {digest}", excerpt(&other));
            Err(Error::permanent(ErrorKind::Digest, message).status(answer.status))
        }
        _ => Ok(()),
    }
}

fn media_type_of(answer: &Answer) -> String {
    excerpt(answer.header(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default())
}

/// The digests that an error's body names.
pub(super) fn digests_in(body: &[u8]) -> Vec<Digest> {
    let text = String::from_utf8_lossy(body);
    let mut found = Vec::new();
    for (start, _) in text.match_indices("sha256:") {
        let digest = text.get(start..start + "sha256:".len() + 64).and_then(|text| text.parse::<Digest>().ok());
        found.extend(digest.filter(|digest| !found.contains(digest)));
    }
    found
}
