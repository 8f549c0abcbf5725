//! The socket: loopback only, a bounded number of connections, an orderly end.

use super::service;
use super::storage::Storage;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Connections at once; more wait to be accepted.
const CONNECTIONS: usize = 256;
/// How long a client may take for the head of a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long requests that are under way may take when the server is to end.
const GRACE: Duration = Duration::from_secs(5);
/// What a failure to accept (too many open files) is waited out with.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A registry that listens on the loopback interface and keeps its content in a folder.
#[derive(Debug)]
pub struct Server {
    storage: Arc<Storage>,
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes the folder and the port; requests wait until [`serve`](Self::serve). Port 0 takes any.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::InvalidInput`] for an address that is not loopback,
    /// [`io::ErrorKind::ResourceBusy`] where another process holds the folder,
    /// [`io::ErrorKind::AddrInUse`] where the port is taken.
    pub fn bind(root: &Path, address: SocketAddr) -> io::Result<Self> {
        if !address.ip().is_loopback() {
            let message = format!("the local registry cannot listen on `{address}`: that is not a loopback address");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let storage = Storage::open(root)?;
        let listen = || {
            let listener = TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (listener, address) = listen().map_err(|error: io::Error| {
            io::Error::new(error.kind(), format!("the local registry cannot listen on `{address}`: {error}"))
        })?;
        Ok(Self { storage: Arc::new(storage), listener, address })
    }

    /// The address with the port that was taken.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `shutdown`; then lets those under way finish, for at most five seconds.
    ///
    /// # Errors
    ///
    /// When the socket cannot be given to the runtime. Must be called within a tokio runtime.
    pub async fn serve(self, shutdown: CancellationToken) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let connections = Arc::new(Semaphore::new(CONNECTIONS));
        let tasks = TaskTracker::new();
        let abort = CancellationToken::new();
        let _abort_on_drop = abort.clone().drop_guard();
        loop {
            let accept = async {
                let permit = connections.clone().acquire_owned().await.expect("the semaphore is never closed");
                (listener.accept().await, permit)
            };
            let (accepted, permit) = tokio::select! {
                () = shutdown.cancelled() => break,
                accepted = accept => accepted,
            };
            let Ok((stream, _)) = accepted else {
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let connection = converse(stream, self.storage.clone(), shutdown.clone());
            let abort = abort.clone();
            tasks.spawn(async move {
                let _permit = permit;
                let _ended = abort.run_until_cancelled(connection).await;
            });
        }
        drop(listener);
        tasks.close();
        if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
            abort.cancel();
            tasks.wait().await;
        }
        Ok(())
    }
}

/// Serves one connection until the client or the server ends it. A broken connection concerns the
/// client alone, which sees it itself.
async fn converse(stream: TcpStream, storage: Arc<Storage>, shutdown: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| service::answer(storage.clone(), request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let _ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
}
