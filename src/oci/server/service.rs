//! From a request to its handler: who may ask, what is asked, by which method.

use super::failure::{Code, Failure};
use super::reply::{self, API_VERSION, Response};
use super::route::Route;
use super::storage::Storage;
use super::{blobs, lists, manifests, uploads};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::header::{ALLOW, EXPECT, HOST, HeaderValue, ORIGIN};
use hyper::http::uri::Authority;
use hyper::{Method, Request, StatusCode};
use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// The longest silence of a client that is sending.
pub(super) const IDLE: Duration = Duration::from_secs(120);
/// The most that is read of a body that is refused.
const DRAIN: usize = 16 * 1024 * 1024;

pub(super) async fn answer(storage: Arc<Storage>, request: Request<Incoming>) -> Result<Response, Infallible> {
    let answered = match admit(&request) {
        Ok(()) => dispatch(&storage, request).await,
        Err(failure) => Err(failure),
    };
    let mut response = answered.unwrap_or_else(Failure::into_response);
    response.headers_mut().insert(API_VERSION, HeaderValue::from_static("registry/2.0"));
    Ok(response)
}

/// Refuses what a page in a browser could send: a host that only resolves to loopback (DNS
/// rebinding), or a request from another origin.
fn admit(request: &Request<Incoming>) -> Result<(), Failure> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(Failure::new(Code::Denied, "the request must name one host").status(StatusCode::BAD_REQUEST));
    };
    let host = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
    let named = host.as_ref().is_some_and(is_loopback) && request.uri().authority().is_none_or(is_loopback);
    if !named {
        return Err(Failure::new(
            Code::Denied,
            "the local registry answers to `localhost` and loopback addresses only",
        ));
    }
    if request.headers().contains_key(ORIGIN) {
        return Err(Failure::new(Code::Denied, "the local registry does not answer web pages"));
    }
    Ok(())
}

fn is_loopback(authority: &Authority) -> bool {
    let host = authority.host();
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let name = host.eq_ignore_ascii_case("localhost");
    !authority.as_str().contains('@') && (name || address.parse().is_ok_and(|address: IpAddr| address.is_loopback()))
}

async fn dispatch(storage: &Arc<Storage>, request: Request<Incoming>) -> Result<Response, Failure> {
    let route = Route::parse(request.uri().path())?;
    let method = request.method().clone();
    match (route, method) {
        (Route::Base, Method::GET | Method::HEAD) => Ok(reply::json(StatusCode::OK, &serde_json::json!({}))),
        (Route::Base, _) => Err(not_allowed("GET, HEAD")),
        (Route::Catalog, Method::GET) => lists::catalog(storage, &request).await,
        (Route::Catalog, _) => Err(not_allowed("GET")),
        (Route::Tags { name }, Method::GET) => lists::tags(storage, name, &request).await,
        (Route::Tags { .. }, _) => Err(not_allowed("GET")),
        (Route::Referrers { name, digest }, Method::GET) => lists::referrers(storage, name, &digest, &request).await,
        (Route::Referrers { .. }, _) => Err(not_allowed("GET")),
        (Route::Blob { name, digest }, Method::GET) => blobs::get(storage, name, &digest, &request).await,
        (Route::Blob { name, digest }, Method::HEAD) => blobs::head(storage, name, &digest).await,
        (Route::Blob { name, digest }, Method::DELETE) => blobs::delete(storage, name, &digest).await,
        (Route::Blob { .. }, _) => Err(not_allowed("GET, HEAD, DELETE")),
        (Route::Uploads { name }, Method::POST) => uploads::start(storage, name, request).await,
        (Route::Uploads { .. }, _) => Err(not_allowed("POST")),
        (Route::Upload { name, id }, Method::GET) => uploads::status(storage, name, &id).await,
        (Route::Upload { name, id }, Method::PATCH) => uploads::append(storage, name, &id, request).await,
        (Route::Upload { name, id }, Method::PUT) => uploads::finish(storage, name, &id, request).await,
        (Route::Upload { name, id }, Method::DELETE) => uploads::cancel(storage, name, &id).await,
        (Route::Upload { .. }, _) => Err(not_allowed("GET, PATCH, PUT, DELETE")),
        (Route::Manifest { name, reference }, Method::GET | Method::HEAD) => {
            manifests::get(storage, name, &reference).await
        }
        (Route::Manifest { name, reference }, Method::PUT) => manifests::put(storage, name, &reference, request).await,
        (Route::Manifest { name, reference }, Method::DELETE) => manifests::delete(storage, name, &reference).await,
        (Route::Manifest { .. }, _) => Err(not_allowed("GET, HEAD, PUT, DELETE")),
    }
}

fn not_allowed(methods: &'static str) -> Failure {
    Failure::new(Code::Unsupported, "the method is not supported here").header(ALLOW, HeaderValue::from_static(methods))
}

/// Runs work on the file system where it may block.
pub(super) async fn blocking<T: Send + 'static>(
    storage: &Arc<Storage>,
    work: impl FnOnce(&Storage) -> io::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    let storage = storage.clone();
    let result = tokio::task::spawn_blocking(move || work(&storage)).await;
    Ok(result.map_err(io::Error::other)??)
}

/// Reads a body that nobody wants, so that the client sees the answer and not a reset. One that
/// waits for `100 Continue` sends none.
pub(super) async fn drain(request: Request<Incoming>) {
    if request.headers().contains_key(EXPECT) {
        return;
    }
    let (mut body, mut read) = (request.into_body(), 0);
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(IDLE, body.frame()).await {
        read += frame.data_ref().map_or(0, Bytes::len);
        if read > DRAIN {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_are_admitted() {
        for good in ["localhost", "LocalHost:5000", "127.0.0.1:5000", "127.8.8.8", "[::1]:5000"] {
            assert!(is_loopback(&good.parse().unwrap()), "{good}");
        }
        for bad in ["evil.example:5000", "localhost.evil.example", "192.168.0.1", "[2001:db8::1]", "a@localhost"] {
            assert!(!is_loopback(&bad.parse().unwrap()), "{bad}");
        }
    }
}
