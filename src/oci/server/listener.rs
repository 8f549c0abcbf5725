//! The socket: loopback only, a bounded number of connections, an orderly end.

use super::activity::Activity;
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
/// How often it is looked whether the folder is still there.
const FOLDER_CHECK: Duration = Duration::from_millis(500);
/// What a failure to accept (too many open files) is waited out with.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A registry that listens on the loopback interface and keeps its content in a folder.
#[derive(Debug)]
pub struct Server {
    storage: Arc<Storage>,
    listener: TcpListener,
    address: SocketAddr,
    idle_limit: Option<Duration>,
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
        check(address)?;
        let storage = Storage::open(root)?;
        let listener = TcpListener::bind(address).map_err(|error: io::Error| {
            io::Error::new(error.kind(), format!("the local registry cannot listen on `{address}`: {error}"))
        })?;
        Self::new(storage, listener)
    }

    /// Takes the folder, and a socket that listens already.
    ///
    /// # Errors
    ///
    /// Those of [`bind`](Self::bind), but for the port.
    pub fn listening(root: &Path, listener: TcpListener) -> io::Result<Self> {
        check(listener.local_addr()?)?;
        Self::new(Storage::open(root)?, listener)
    }

    fn new(storage: Storage, listener: TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { storage: Arc::new(storage), listener, address, idle_limit: None })
    }

    /// Lets [`serve`](Self::serve) end by itself after this long without a request.
    #[must_use]
    pub fn ending_when_idle(self, limit: Option<Duration>) -> Self {
        Self { idle_limit: limit, ..self }
    }

    /// The address with the port that was taken.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `shutdown`, or until the folder is removed; then lets those under way finish, for at most five seconds.
    ///
    /// # Errors
    ///
    /// When the socket cannot be given to the runtime. Must be called within a tokio runtime.
    pub async fn serve(self, shutdown: CancellationToken) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let connections = Arc::new(Semaphore::new(CONNECTIONS));
        let tasks = TaskTracker::new();
        let activity = Arc::new(Activity::default());
        let abort = CancellationToken::new();
        let _abort_on_drop = abort.clone().drop_guard();
        loop {
            let accept = async {
                let permit = connections.clone().acquire_owned().await.expect("the semaphore is never closed");
                (listener.accept().await, permit)
            };
            let (accepted, permit) = tokio::select! {
                () = shutdown.cancelled() => break,
                () = activity.idle(self.idle_limit) => break,
                () = gone(&self.storage) => break,
                accepted = accept => accepted,
            };
            let Ok((stream, _)) = accepted else {
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let connection = converse(stream, self.storage.clone(), activity.clone(), shutdown.clone());
            let abort = abort.clone();
            tasks.spawn(async move {
                let _permit = permit;
                let _ended = abort.run_until_cancelled(connection).await;
            });
        }
        drop(listener);
        shutdown.cancel();
        tasks.close();
        if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
            abort.cancel();
            tasks.wait().await;
        }
        Ok(())
    }
}

fn check(address: SocketAddr) -> io::Result<()> {
    if address.ip().is_loopback() {
        return Ok(());
    }
    let message = format!("the local registry cannot listen on `{address}`: that is not a loopback address");
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

/// Ends when the folder is not there any more: nobody would find the registry that still has the port.
async fn gone(storage: &Storage) {
    while storage.is_there() {
        tokio::time::sleep(FOLDER_CHECK).await;
    }
}

/// Serves one connection until the client or the server ends it. A broken connection concerns the
/// client alone, which sees it itself.
async fn converse(stream: TcpStream, storage: Arc<Storage>, activity: Arc<Activity>, shutdown: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let (storage, busy) = (storage.clone(), activity.begin());
        async move {
            let answered = service::answer(storage, request).await;
            drop(busy);
            answered
        }
    });
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
