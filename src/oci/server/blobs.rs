//! Blobs: reading them, whole or in part, and removing them.

use super::failure::{Code, Failure};
use super::name::{Name, Sha256Digest};
use super::range::{self, Wanted};
use super::reply::{self, CONTENT_DIGEST, Response};
use super::service::blocking;
use super::storage::Storage;
use futures_util::TryStreamExt as _;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderValue, RANGE};
use hyper::{Request, StatusCode};
use std::io::{Seek as _, SeekFrom};
use std::ops::RangeInclusive;
use std::sync::Arc;
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

/// Bytes that are read at once for an answer.
const CHUNK: usize = 64 * 1024;

pub(super) async fn head(storage: &Arc<Storage>, name: Name, digest: &str) -> Result<Response, Failure> {
    let digest = parse_digest(digest)?;
    let (wanted, unknown) = (digest.clone(), digest.clone());
    let size = blocking(storage, move |storage| storage.blob_size(&name, &wanted)).await?;
    let size = size.ok_or_else(|| blob_unknown(&unknown))?;
    let mut response = reply::empty(StatusCode::OK);
    describe(&mut response, &digest, size);
    Ok(response)
}

pub(super) async fn get(
    storage: &Arc<Storage>,
    name: Name,
    digest: &str,
    request: &Request<Incoming>,
) -> Result<Response, Failure> {
    let digest = parse_digest(digest)?;
    let header = request.headers().get(RANGE).and_then(|header| header.to_str().ok()).map(str::to_owned);
    let wanted = digest.clone();
    let opened = blocking(storage, move |storage| {
        let Some((mut file, size)) = storage.open_blob(&name, &wanted)? else { return Ok(None) };
        let wanted = range::wanted(header.as_deref(), size);
        if let Wanted::Part(range) = &wanted {
            file.seek(SeekFrom::Start(*range.start()))?;
        }
        Ok(Some((file, size, wanted)))
    });
    let (file, size, wanted) = opened.await?.ok_or_else(|| blob_unknown(&digest))?;
    let (status, length) = match &wanted {
        Wanted::Everything => (StatusCode::OK, size),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range.end() - range.start() + 1),
        Wanted::Unsatisfiable => {
            return Err(Failure::new(Code::SizeInvalid, "the blob has no such range")
                .status(StatusCode::RANGE_NOT_SATISFIABLE)
                .header(CONTENT_RANGE, reply::value(&format!("bytes */{size}"))));
        }
    };
    let content = tokio::fs::File::from_std(file).take(length);
    let stream = ReaderStream::with_capacity(content, CHUNK).map_ok(Frame::data);
    let mut response = reply::streamed(status, StreamBody::new(stream).boxed_unsync());
    describe(&mut response, &digest, length);
    if let Wanted::Part(range) = wanted {
        response.headers_mut().insert(CONTENT_RANGE, content_range(&range, size));
    }
    Ok(response)
}

pub(super) async fn delete(storage: &Arc<Storage>, name: Name, digest: &str) -> Result<Response, Failure> {
    let digest = parse_digest(digest)?;
    let wanted = digest.clone();
    let removed = blocking(storage, move |storage| storage.remove_blob(&name, &wanted)).await?;
    removed.then(|| reply::empty(StatusCode::ACCEPTED)).ok_or_else(|| blob_unknown(&digest))
}

pub(super) fn parse_digest(text: &str) -> Result<Sha256Digest, Failure> {
    let refuse = || Failure::new(Code::DigestInvalid, "a digest is `sha256:` and 64 hexadecimal digits").detail(text);
    Sha256Digest::parse(text).ok_or_else(refuse)
}

fn blob_unknown(digest: &Sha256Digest) -> Failure {
    Failure::new(Code::BlobUnknown, "the repository does not have this blob").detail(digest.to_string())
}

fn describe(response: &mut Response, digest: &Sha256Digest, length: u64) {
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_DIGEST, reply::digest_value(digest));
}

fn content_range(range: &RangeInclusive<u64>, size: u64) -> HeaderValue {
    reply::value(&format!("bytes {}-{}/{size}", range.start(), range.end()))
}
