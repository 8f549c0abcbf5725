//! Uploads: at once, in chunks, as a stream, or not at all because another repository has the blob.

use super::blobs::parse_digest;
use super::failure::{Code, Failure};
use super::name::{Name, Sha256Digest, UploadId};
use super::range;
use super::reply::{self, Response, UPLOAD_UUID};
use super::route::{parse_repository, query};
use super::service::{IDLE, blocking, drain};
use super::storage::{Finish, Session, Storage};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONTENT_RANGE, HeaderMap, HeaderValue, LOCATION, RANGE};
use hyper::{Request, StatusCode};
use std::io;
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;
use tokio::sync::mpsc::{self, Sender};

/// Pieces of a body between the socket and the disk.
const PIECES: usize = 8;
type Guard = OwnedMutexGuard<Session>;

pub(super) async fn start(storage: &Arc<Storage>, name: Name, request: Request<Incoming>) -> Result<Response, Failure> {
    let parameters = request.uri().query();
    let digest = query(parameters, "digest").map(|text| parse_digest(&text)).transpose()?;
    let mount = query(parameters, "mount").map(|text| parse_digest(&text)).transpose()?;
    let from = query(parameters, "from").map(|text| parse_repository(&text)).transpose()?;
    if let (Some(digest), Some(from)) = (mount, from) {
        let (to, wanted) = (name.clone(), digest.clone());
        if blocking(storage, move |storage| storage.mount_blob(&to, &wanted, &from)).await? {
            return Ok(reply::blob_created(&name, &digest));
        }
    }
    let to = name.clone();
    let session = blocking(storage, move |storage| storage.start_upload(&to)).await?.lock_owned().await;
    let Some(digest) = digest else { return Ok(accepted(StatusCode::ACCEPTED, &name, &session)) };
    match receive(session, request.into_body()).await {
        (Ok(()), Some(session)) => complete(storage, name, session, digest).await,
        (Err(failure), Some(session)) => {
            // Nobody knows of this session, so nobody can go on with it.
            discard(storage, session).await?;
            Err(failure)
        }
        (Err(failure), None) => Err(failure),
        (Ok(()), None) => Err(io::Error::other("the writer of an upload is gone").into()),
    }
}

pub(super) async fn status(storage: &Arc<Storage>, name: Name, id: &str) -> Result<Response, Failure> {
    let session = find(storage, &name, id).await?;
    Ok(accepted(StatusCode::NO_CONTENT, &name, &session))
}

pub(super) async fn append(
    storage: &Arc<Storage>,
    name: Name,
    id: &str,
    request: Request<Incoming>,
) -> Result<Response, Failure> {
    let session = take(storage, &name, id, request).await?;
    Ok(accepted(StatusCode::ACCEPTED, &name, &session))
}

pub(super) async fn finish(
    storage: &Arc<Storage>,
    name: Name,
    id: &str,
    request: Request<Incoming>,
) -> Result<Response, Failure> {
    let digest = query(request.uri().query(), "digest");
    let digest = digest.ok_or_else(|| Failure::new(Code::DigestInvalid, "the digest is missing in the query"));
    let digest = match digest.and_then(|text| parse_digest(&text)) {
        Ok(digest) => digest,
        Err(failure) => {
            drain(request).await;
            return Err(failure);
        }
    };
    let session = take(storage, &name, id, request).await?;
    complete(storage, name, session, digest).await
}

pub(super) async fn cancel(storage: &Arc<Storage>, name: Name, id: &str) -> Result<Response, Failure> {
    let session = find(storage, &name, id).await?;
    discard(storage, session).await?;
    Ok(reply::empty(StatusCode::NO_CONTENT))
}

/// Waits for the session, so that of two requests for one upload the second sees what the first did.
async fn find(storage: &Arc<Storage>, name: &Name, id: &str) -> Result<Guard, Failure> {
    let unknown = || Failure::new(Code::BlobUploadUnknown, "there is no such upload").detail(id);
    let parsed = UploadId::parse(id).ok_or_else(unknown)?;
    let name = name.clone();
    let session = blocking(storage, move |storage| storage.find_upload(&name, &parsed)).await?;
    let session = session.ok_or_else(unknown)?.lock_owned().await;
    if session.is_closed() { Err(unknown()) } else { Ok(session) }
}

/// Appends the body of a request to its session, if it belongs at the session's end.
async fn take(storage: &Arc<Storage>, name: &Name, id: &str, request: Request<Incoming>) -> Result<Guard, Failure> {
    let checked = match find(storage, name, id).await {
        Ok(session) => check_place(&request, name, &session).map(|announced| (session, announced)),
        Err(failure) => Err(failure),
    };
    let (session, announced) = match checked {
        Ok(checked) => checked,
        Err(failure) => {
            drain(request).await;
            return Err(failure);
        }
    };
    let before = session.length();
    let (received, session) = receive(session, request.into_body()).await;
    received?;
    let session = session.ok_or_else(|| io::Error::other("the writer of an upload is gone"))?;
    let count = session.length() - before;
    match announced.filter(|announced| *announced != count) {
        Some(announced) => Err(Failure::new(
            Code::SizeInvalid,
            format!("the chunk was announced with {announced} bytes, but {count} came"),
        )),
        None => Ok(session),
    }
}

/// Compares `Content-Range` with what has arrived; gives the announced length.
fn check_place(request: &Request<Incoming>, name: &Name, session: &Session) -> Result<Option<u64>, Failure> {
    let Some(header) = request.headers().get(CONTENT_RANGE) else { return Ok(None) };
    let range = header.to_str().ok().and_then(range::chunk);
    let range = range.ok_or_else(|| Failure::new(Code::BlobUploadInvalid, "`Content-Range` is `first-last`"))?;
    let length = (range.end() - range.start()).saturating_add(1);
    if *range.start() != session.length() {
        let message = format!("the chunk starts at {}, but {} bytes have arrived", range.start(), session.length());
        let failure = Failure::new(Code::BlobUploadInvalid, message).status(StatusCode::RANGE_NOT_SATISFIABLE);
        return Err(place(name, session).into_iter().fold(failure, |failure, (key, value)| match key {
            Some(key) => failure.header(key, value),
            None => failure,
        }));
    }
    let sent = request.body().size_hint().exact();
    if sent.is_some_and(|sent| sent != length) {
        return Err(Failure::new(Code::SizeInvalid, "`Content-Range` and `Content-Length` disagree"));
    }
    Ok(Some(length))
}

/// Writes a body to a session. The session comes back unless its writer died.
async fn receive(mut session: Guard, body: Incoming) -> (Result<(), Failure>, Option<Guard>) {
    let (sender, receiver) = mpsc::channel(PIECES);
    let writer = tokio::task::spawn_blocking(move || (session.append(receiver), session));
    let fed = feed(body, sender).await;
    match writer.await {
        // The disk's fault is the cause where both went wrong.
        Ok((Err(error), session)) => (Err(error.into()), Some(session)),
        Ok((Ok(()), session)) => (fed, Some(session)),
        Err(error) => (Err(io::Error::other(error).into()), None),
    }
}

async fn feed(mut body: Incoming, sender: Sender<Bytes>) -> Result<(), Failure> {
    let broken = |why: String| Failure::new(Code::BlobUploadInvalid, format!("the body ended early: {why}"));
    loop {
        let frame = tokio::time::timeout(IDLE, body.frame()).await;
        let Some(frame) = frame.map_err(|_| broken("nothing came for two minutes".to_owned()))? else { return Ok(()) };
        let Ok(data) = frame.map_err(|error| broken(error.to_string()))?.into_data() else { continue };
        if sender.send(data).await.is_err() {
            return Ok(()); // The writer gave up and says why.
        }
    }
}

async fn complete(
    storage: &Arc<Storage>,
    name: Name,
    mut session: Guard,
    digest: Sha256Digest,
) -> Result<Response, Failure> {
    let wanted = digest.clone();
    match blocking(storage, move |storage| storage.finish_upload(&mut session, &wanted)).await? {
        Finish::Stored => Ok(reply::blob_created(&name, &digest)),
        Finish::Mismatch(actual) => {
            Err(Failure::new(Code::DigestInvalid, format!("the content has the digest {actual}, not {digest}"))
                .detail(actual.to_string()))
        }
    }
}

async fn discard(storage: &Arc<Storage>, mut session: Guard) -> Result<(), Failure> {
    blocking(storage, move |storage| storage.cancel_upload(&mut session)).await
}

fn accepted(status: StatusCode, name: &Name, session: &Session) -> Response {
    let mut response = reply::empty(status);
    response.headers_mut().extend(place(name, session));
    response
}

/// Where an upload stands. `0-0` is also said of an empty one, as registries have always done.
fn place(name: &Name, session: &Session) -> HeaderMap {
    let range = format!("0-{}", session.length().saturating_sub(1));
    let mut headers = HeaderMap::new();
    headers.insert(LOCATION, reply::upload_location(name, session.id()));
    headers.insert(RANGE, HeaderValue::from_str(&range).expect("digits are visible ASCII"));
    headers.insert(UPLOAD_UUID, reply::upload_id(session.id()));
    headers
}
