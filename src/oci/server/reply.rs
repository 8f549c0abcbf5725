//! Answers: the body type that all of them share and the headers that clients look for.

use super::name::{Name, Sha256Digest, UploadId};
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::StatusCode;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use std::io;

pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;
pub(super) type Response = hyper::Response<Body>;

pub(super) const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");
pub(super) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
pub(super) const FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");
pub(super) const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");
pub(super) const UPLOAD_UUID: HeaderName = HeaderName::from_static("docker-upload-uuid");

pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = bytes(status, Bytes::new());
    if status != StatusCode::NO_CONTENT {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(0));
    }
    response
}

pub(super) fn bytes(status: StatusCode, bytes: Bytes) -> Response {
    streamed(status, Full::new(bytes).map_err(|never| match never {}).boxed_unsync())
}

pub(super) fn streamed(status: StatusCode, body: Body) -> Response {
    let mut response = hyper::Response::new(body);
    *response.status_mut() = status;
    response
}

pub(super) fn json(status: StatusCode, value: &serde_json::Value) -> Response {
    let mut response = bytes(status, value.to_string().into());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// `201 Created` for a blob.
pub(super) fn blob_created(name: &Name, digest: &Sha256Digest) -> Response {
    let mut response = empty(StatusCode::CREATED);
    let location = format!("/v2/{}/blobs/{digest}", name.as_str());
    response.headers_mut().insert(LOCATION, value(&location));
    response.headers_mut().insert(CONTENT_DIGEST, digest_value(digest));
    response
}

/// Where the next part of an upload goes. Relative, so that it fits every name of the loopback interface.
pub(super) fn upload_location(name: &Name, id: &UploadId) -> HeaderValue {
    value(&format!("/v2/{}/blobs/uploads/{}", name.as_str(), id.as_str()))
}

pub(super) fn upload_id(id: &UploadId) -> HeaderValue {
    value(id.as_str())
}

pub(super) fn digest_value(digest: &Sha256Digest) -> HeaderValue {
    value(&digest.to_string())
}

/// A header's value from text that the grammar of names keeps to visible ASCII.
pub(super) fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("names, digests and numbers are visible ASCII")
}
