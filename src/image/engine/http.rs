//! HTTP to an engine: one connection for each request, errors with the engine's words.

use super::EngineError;
use super::dial::Dialer;
use crate::util::text;
use bytes::Bytes;
use futures_util::Stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::HeaderMap;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use std::io;
use std::time::Duration;
use tokio_util::task::AbortOnDropHandle;

/// The most that is read of an error, in bytes, and shown, in characters.
const ERROR_READ: usize = 64 * 1024;
const ERROR_SHOWN: usize = 512;
/// The most that is read of an answer that is held whole.
const ANSWER_READ: usize = 8 * 1024 * 1024;

/// What is sent with a request.
pub(crate) type Upload = UnsyncBoxBody<Bytes, io::Error>;

/// Nothing to send.
pub(crate) fn empty() -> Upload {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// A body of unknown length.
pub(crate) fn streamed(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Upload {
    use futures_util::StreamExt as _;
    StreamBody::new(stream.map(|chunk| chunk.map(Frame::data))).boxed_unsync()
}

/// Requests to one engine.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    pub(super) dialer: Dialer,
    /// `/v1.41`, or nothing before the version is known.
    pub(super) prefix: String,
}

/// An answer; dropping it ends the connection, and with it what the engine does for it.
#[derive(Debug)]
pub(crate) struct Reply {
    response: Response<Incoming>,
    connection: AbortOnDropHandle<()>,
}

impl Http {
    /// Sends a request whose path is below the API's version; an answer that is an error becomes one.
    pub(crate) async fn send(
        &self,
        act: &str,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Upload,
    ) -> Result<Reply, EngineError> {
        let stream =
            self.dialer.dial().await.map_err(|error| EngineError::closed(act, super::error::reason(&error)))?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| EngineError::closed(act, error))?;
        let connection = AbortOnDropHandle::new(tokio::spawn(async move {
            // Its error is the error of the request as well.
            let _ = connection.with_upgrades().await;
        }));
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() =
            format!("{}{path}", self.prefix).parse().map_err(|error| EngineError::nonsense(act, error))?;
        *request.headers_mut() = headers;
        request.headers_mut().insert(hyper::header::HOST, hyper::header::HeaderValue::from_static("docker"));
        let response = sender.send_request(request).await.map_err(|error| EngineError::closed(act, cause(&error)))?;
        let reply = Reply { response, connection };
        let status = reply.response.status();
        if status.is_success() || status == StatusCode::SWITCHING_PROTOCOLS {
            Ok(reply)
        } else {
            Err(reply.into_error(act).await)
        }
    }

    /// A request without a body whose answer is short and comes soon.
    pub(crate) async fn ask(&self, act: &str, method: Method, path: &str) -> Result<Reply, EngineError> {
        const LIMIT: Duration = Duration::from_secs(60);
        match tokio::time::timeout(LIMIT, self.send(act, method, path, HeaderMap::new(), empty())).await {
            Ok(answer) => answer,
            Err(_) => Err(EngineError::Silent { act: act.to_owned(), seconds: LIMIT.as_secs() }),
        }
    }

    pub(crate) async fn json<T: DeserializeOwned>(&self, act: &str, path: &str) -> Result<T, EngineError> {
        let reply = self.ask(act, Method::GET, path).await?;
        let bytes = read_capped(reply, ANSWER_READ).await.map_err(|error| EngineError::closed(act, error))?;
        serde_json::from_slice(&bytes).map_err(|error| EngineError::nonsense(act, error))
    }
}

impl Reply {
    pub(crate) fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next piece of the body.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, hyper::Error> {
        while let Some(frame) = self.response.body_mut().frame().await {
            if let Ok(data) = frame?.into_data() {
                return Ok(Some(data));
            }
        }
        Ok(None)
    }

    /// The connection itself, after `101 Switching Protocols`, and what keeps it.
    pub(crate) async fn upgrade(self) -> Result<(hyper::upgrade::Upgraded, AbortOnDropHandle<()>), hyper::Error> {
        Ok((hyper::upgrade::on(self.response).await?, self.connection))
    }

    pub(crate) fn is_upgrade(&self) -> bool {
        self.response.status() == StatusCode::SWITCHING_PROTOCOLS
    }

    async fn into_error(self, act: &str) -> EngineError {
        #[derive(serde::Deserialize)]
        struct Message {
            message: String,
        }
        let status = self.response.status();
        let body = read_capped(self, ERROR_READ).await.unwrap_or_default();
        let message = match serde_json::from_slice::<Message>(&body) {
            Ok(message) => message.message,
            Err(_) => String::from_utf8_lossy(&body).into_owned(),
        };
        let message = text::sanitize(message.trim());
        let message = match message.char_indices().nth(ERROR_SHOWN) {
            Some((end, _)) => format!("{}…", &message[..end]),
            None if message.is_empty() => status.canonical_reason().unwrap_or("no reason").to_owned(),
            None => message.into_owned(),
        };
        EngineError::Answer { act: act.to_owned(), status: status.as_u16(), message }
    }
}

/// Reads a body, at most `limit` bytes of it.
pub(crate) async fn read_capped(mut reply: Reply, limit: usize) -> Result<Vec<u8>, hyper::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = reply.chunk().await? {
        body.extend_from_slice(&chunk[..chunk.len().min(limit - body.len())]);
        if body.len() == limit {
            break;
        }
    }
    Ok(body)
}

/// The innermost cause: the outer ones say only that something failed.
pub(crate) fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    let io = error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof);
    if io || error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_incomplete_message) {
        return "its answer is not whole".to_owned();
    }
    error.to_string()
}
