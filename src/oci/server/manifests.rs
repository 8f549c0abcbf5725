//! Manifests: kept byte for byte, taken only when everything that they refer to is there.

use super::document::Document;
use super::failure::{Code, Failure};
use super::name::{ManifestReference, Name, Sha256Digest};
use super::reply::{self, CONTENT_DIGEST, Response, SUBJECT};
use super::service::{blocking, drain};
use super::storage::{Flaw, Storage};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION};
use hyper::{Request, StatusCode};
use std::sync::Arc;

/// The largest manifest, in bytes: what the specification asks of every registry.
const LIMIT: usize = 4 * 1024 * 1024;

pub(super) async fn get(storage: &Arc<Storage>, name: Name, text: &str) -> Result<Response, Failure> {
    let reference = ManifestReference::parse(text).ok_or_else(|| manifest_unknown(text))?;
    let pulled = blocking(storage, move |storage| storage.manifest(&name, &reference)).await?;
    let pulled = pulled.ok_or_else(|| manifest_unknown(text))?;
    let length = pulled.bytes.len();
    let mut response = reply::bytes(StatusCode::OK, pulled.bytes.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(CONTENT_TYPE, reply::value(&pulled.media_type));
    headers.insert(CONTENT_DIGEST, reply::digest_value(&pulled.digest));
    Ok(response)
}

pub(super) async fn put(
    storage: &Arc<Storage>,
    name: Name,
    text: &str,
    request: Request<Incoming>,
) -> Result<Response, Failure> {
    let reference = ManifestReference::parse(text).ok_or_else(|| invalid_reference(text))?;
    let content_type = content_type(&request)?;
    let bytes = read(request).await?;
    let document = Document::parse(content_type.as_deref(), &bytes)
        .map_err(|problem| Failure::new(Code::ManifestInvalid, problem))?;
    let tag = match reference {
        ManifestReference::Tag(tag) => Some(tag),
        ManifestReference::Digest(expected) => {
            let actual = Sha256Digest::of(&bytes);
            if actual != expected {
                let message = format!("the manifest has the digest {actual}, not {expected}");
                return Err(Failure::new(Code::DigestInvalid, message).detail(actual.to_string()));
            }
            None
        }
    };
    let subject = document.subject.clone();
    let to = name.clone();
    let stored = blocking(storage, move |storage| storage.put_manifest(&to, tag.as_ref(), &document, &bytes)).await?;
    let digest = stored.map_err(refuse)?;
    let mut response = reply::empty(StatusCode::CREATED);
    let headers = response.headers_mut();
    headers.insert(LOCATION, reply::value(&format!("/v2/{}/manifests/{digest}", name.as_str())));
    headers.insert(CONTENT_DIGEST, reply::digest_value(&digest));
    if let Some(subject) = subject {
        headers.insert(SUBJECT, reply::digest_value(&subject));
    }
    Ok(response)
}

pub(super) async fn delete(storage: &Arc<Storage>, name: Name, text: &str) -> Result<Response, Failure> {
    let reference = ManifestReference::parse(text).ok_or_else(|| manifest_unknown(text))?;
    let removed = blocking(storage, move |storage| storage.remove_manifest(&name, &reference)).await?;
    removed.then(|| reply::empty(StatusCode::ACCEPTED)).ok_or_else(|| manifest_unknown(text))
}

async fn read(request: Request<Incoming>) -> Result<Bytes, Failure> {
    let too_large =
        || Failure::new(Code::SizeInvalid, "a manifest has at most 4 MiB").status(StatusCode::PAYLOAD_TOO_LARGE);
    if request.body().size_hint().lower() > LIMIT as u64 {
        drain(request).await;
        return Err(too_large());
    }
    match Limited::new(request.into_body(), LIMIT).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(error) => Err(Failure::new(Code::ManifestInvalid, format!("the body ended early: {error}"))),
    }
}

/// The media type without parameters such as `charset`; absent is allowed, garbage is not.
fn content_type(request: &Request<Incoming>) -> Result<Option<String>, Failure> {
    let Some(header) = request.headers().get(CONTENT_TYPE) else { return Ok(None) };
    let refuse = |_| Failure::new(Code::ManifestInvalid, "the content type is not ASCII");
    let text = header.to_str().map_err(refuse)?;
    let media_type = text.split(';').next().unwrap_or_default().trim();
    Ok((!media_type.is_empty()).then(|| media_type.to_owned()))
}

fn refuse(flaw: Flaw) -> Failure {
    match flaw {
        Flaw::Missing(digest) => {
            Failure::new(Code::ManifestBlobUnknown, format!("the repository does not have {digest}"))
                .detail(digest.to_string())
        }
        Flaw::Size(digest, size) => {
            Failure::new(Code::SizeInvalid, format!("{digest} has {size} bytes, which is not what the manifest says"))
                .detail(digest.to_string())
        }
    }
}

fn invalid_reference(text: &str) -> Failure {
    let code = if text.contains(':') { Code::DigestInvalid } else { Code::TagInvalid };
    Failure::new(code, "this is neither a tag nor a SHA-256 digest").detail(text)
}

fn manifest_unknown(text: &str) -> Failure {
    Failure::new(Code::ManifestUnknown, "the repository does not have this manifest").detail(text)
}
