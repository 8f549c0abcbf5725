//! What BuildKit may ask of its caller during a build: files, secrets, credentials, a sign of life.
//!
//! `POST /session` becomes a connection on which the engine is the client and shipit serves gRPC
//! (moby/buildkit `session`). Files leave the disk only when the engine asks for them: one that it
//! kept from the last build with the same shared key is not sent again.

mod answers;
mod file_sync;
mod index;
mod inputs;
mod send;

pub(super) use file_sync::Sent;
pub(super) use inputs::Inputs;

use super::run::Job;
use crate::image::engine::{EngineError, empty};
use answers::{Credentials, Healthy, SecretValues};
use bollard_buildkit_proto::health::health_server::HealthServer;
use bollard_buildkit_proto::moby::buildkit::secrets::v1::secrets_server::SecretsServer;
use bollard_buildkit_proto::moby::filesync::packet::file_sync_server::FileSyncServer;
use bollard_buildkit_proto::moby::filesync::v1::auth_server::AuthServer;
use file_sync::Files;
use futures_util::{StreamExt, stream};
use hyper::Method;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use sha2::{Digest, Sha256};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::sync::{CancellationToken, DropGuard, WaitForCancellationFutureOwned};
use tokio_util::task::AbortOnDropHandle;
use tonic::transport::Server;
use tonic::transport::server::Connected;

const METHODS: [&str; 4] = [
    "/moby.filesync.v1.FileSync/DiffCopy",
    "/moby.buildkit.secrets.v1.Secrets/GetSecret",
    "/moby.filesync.v1.Auth/Credentials",
    "/grpc.health.v1.Health/Check",
];

/// An open session; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) sent: Sent,
    /// Ends the handed over connection: the server runs that in a task of its own, which knows
    /// nothing of the server's end.
    _open: DropGuard,
    _server: AbortOnDropHandle<()>,
    _connection: AbortOnDropHandle<()>,
}

impl Session {
    /// # Errors
    /// The engine has no sessions, or goes away.
    pub(super) async fn open(job: &Job<'_>) -> Result<Self, EngineError> {
        const ACT: &str = "open a build session";
        let id = format!("{:032x}", rand::random::<u128>());
        let headers = headers(&id, &shared_key(job));
        let reply = job.engine.http.send(ACT, Method::POST, "/session", headers, empty()).await?;
        if !reply.is_upgrade() {
            return Err(EngineError::nonsense(ACT, "the connection was not handed over"));
        }
        let (upgraded, connection) = reply.upgrade().await.map_err(|error| EngineError::closed(ACT, error))?;
        let sent = Sent::new(job.progress);
        let server = Server::builder()
            .add_service(FileSyncServer::new(Files::new(job, sent.clone())))
            .add_service(SecretsServer::new(SecretValues::new(&job.spec.build_secrets)))
            .add_service(AuthServer::new(Credentials::new(job.credentials)))
            .add_service(HealthServer::new(Healthy));
        let closing = CancellationToken::new();
        let closed = Box::pin(closing.clone().cancelled_owned());
        let connection_to_serve = Connection { io: TokioIo::new(upgraded), closed };
        let only = stream::iter([Ok::<_, io::Error>(connection_to_serve)]).chain(stream::pending());
        let server = AbortOnDropHandle::new(tokio::spawn(async move {
            // Where it fails, the engine ends the build and says so.
            let _ = server.serve_with_incoming(only).await;
        }));
        Ok(Self { id, sent, _open: closing.drop_guard(), _server: server, _connection: connection })
    }
}

/// The name under which the engine keeps the files for the next build of the same app.
fn shared_key(job: &Job<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(job.spec.project.as_os_str().as_encoded_bytes());
    hash.update([0]);
    hash.update(job.spec.name.as_bytes());
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn headers(id: &str, shared_key: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut add = |name: &'static str, value: &str| {
        let value = HeaderValue::from_str(value).expect("ids and method names are plain ASCII");
        headers.append(HeaderName::from_static(name), value);
    };
    add("connection", "Upgrade");
    add("upgrade", "h2c");
    add("x-docker-expose-session-uuid", id);
    add("x-docker-expose-session-name", "shipit");
    add("x-docker-expose-session-sharedkey", shared_key);
    for method in METHODS {
        add("x-docker-expose-session-grpc-method", method);
    }
    headers
}

/// The connection that was handed over. It is at its end when the session is.
struct Connection {
    io: TokioIo<Upgraded>,
    closed: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.closed.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.io).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        if self.closed.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.io).poll_write(cx, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
