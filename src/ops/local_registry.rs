//! The registry of `kind = "local"`: where it is, whether it runs, starting and stopping it.
//!
//! Serving itself is the business of `oci::server`. The process that serves holds a lock on the
//! folder and writes down its address, so that every other run finds it.

use super::Error;
use crate::oci::server::{self, Contents, Server};
use crate::util::process::{self, Command};
use crate::util::{FailureClass, fs};
use serde::{Deserialize, Serialize};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// The first port that is tried when neither the manifest nor an earlier run names one.
const FIRST_PORT: u16 = 5005;
/// How many ports from there on are tried.
const PORTS: u16 = 100;
const ADDRESS_FILE: &str = "server.json";
/// How long a server that was started by a push goes on without a request.
pub const IDLE_MINUTES: u32 = 240;
/// How long a server that was just started may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(5);

/// How long a port that the manifest asks for is waited for: a server whose folder was removed
/// notices it in a moment.
const PORT_PATIENCE: Duration = Duration::from_secs(2);

/// A local registry: a folder and, perhaps, a port that the manifest asks for.
#[derive(Clone, Debug)]
pub struct LocalRegistry {
    folder: PathBuf,
    port: Option<u16>,
    /// The port that was chosen, kept from others until somebody serves on it.
    reserved: Arc<Mutex<Option<TcpListener>>>,
}

/// Who serves a folder now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum RegistryStatus {
    Running { pid: u32, port: u16 },
    Stopped,
}

#[derive(Deserialize, Serialize)]
struct Address {
    pid: u32,
    port: u16,
}

impl LocalRegistry {
    pub fn new(folder: PathBuf, port: Option<u16>) -> Self {
        Self { folder, port, reserved: Arc::default() }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it holds, whether it is being served or not.
    pub fn contents(&self) -> Result<Contents, Error> {
        server::contents(&self.folder).map_err(|error| permanent(error.to_string()))
    }

    /// Whether a process serves the folder, and where.
    pub fn status(&self) -> RegistryStatus {
        match (server::holder(&self.folder), self.address()) {
            (Some(holder), Some(Address { pid, port })) if holder == pid => RegistryStatus::Running { pid, port },
            _ => RegistryStatus::Stopped,
        }
    }

    /// The port that it is, or will be, reached at: the running server's, the manifest's, that of
    /// the last time if it is free, else the first free one from 5005 on. Nobody else gets the port
    /// as long as this value lives.
    pub fn reserve_port(&self) -> Result<u16, Error> {
        if let RegistryStatus::Running { port, .. } = self.status() {
            return match self.port {
                Some(wanted) if wanted != port => Err(Error::Failed {
                    class: FailureClass::Permanent,
                    message: format!("the local registry runs on port {port}, the manifest asks for {wanted}"),
                    help: Some("run `shipit registry stop` and try again".to_owned()),
                }),
                _ => Ok(port),
            };
        }
        let listener = match self.port {
            Some(port) => listen_patiently(port).map_err(|error| bind_failure(&error, port))?,
            None => {
                let last = self.address().map(|address| address.port);
                let mut candidates = last.into_iter().chain(FIRST_PORT..FIRST_PORT + PORTS);
                candidates
                    .find_map(|port| listen(port).ok())
                    .ok_or_else(|| permanent(format!("no free port from {FIRST_PORT} to {}", FIRST_PORT + PORTS - 1)))?
            }
        };
        let address = listener.local_addr().map_err(|error| permanent(format!("a socket has no address: {error}")))?;
        *self.reserved.lock().unwrap_or_else(PoisonError::into_inner) = Some(listener);
        Ok(address.port())
    }

    fn take_reserved(&self) -> Option<TcpListener> {
        self.reserved.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Serves the folder until `shutdown`, or until there was no request for `idle`; `ready` is
    /// called with the address. `listener`: a socket that was inherited, else the port is taken.
    pub async fn serve(
        &self,
        port: u16,
        listener: Option<TcpListener>,
        idle: Option<Duration>,
        shutdown: CancellationToken,
        ready: impl FnOnce(SocketAddr),
    ) -> Result<(), Error> {
        fs::create_private_dir(&self.folder).map_err(|error| permanent(error.to_string()))?;
        let server = match listener.or_else(|| self.take_reserved()) {
            Some(listener) => Server::listening(&self.folder, listener),
            None => Server::bind(&self.folder, (Ipv4Addr::LOCALHOST, port).into()),
        };
        let server = server.map_err(|error| bind_failure(&error, port))?;
        let server = server.ending_when_idle(idle);
        let address = server.local_addr();
        let text =
            serde_json::to_vec(&Address { pid: std::process::id(), port: address.port() }).expect("numbers are JSON");
        fs::write_atomic(&self.folder.join(ADDRESS_FILE), &text, 0o600)
            .map_err(|error| permanent(error.to_string()))?;
        ready(address);
        server.serve(shutdown).await.map_err(|error| permanent(format!("the local registry stopped: {error}")))
    }

    /// Makes sure that a process serves the folder at `port`. If there is none, this program
    /// (`program`) is started with `registry serve`; it outlives this process. Gives its id.
    pub async fn ensure(&self, port: u16, program: &Path) -> Result<Option<u32>, Error> {
        match self.status() {
            RegistryStatus::Running { port: running, .. } if running == port => return Ok(None),
            RegistryStatus::Running { port: running, .. } => {
                return Err(permanent(format!("the local registry moved to port {running} in the meantime")));
            }
            RegistryStatus::Stopped => {}
        }
        let listener = match self.take_reserved() {
            Some(listener) => listener,
            None => listen(port).map_err(|error| bind_failure(&error, port))?,
        };
        let command = Command::new(program).args(["registry", "serve", "--folder"]).arg(&self.folder);
        let command = command.args(["--port", &port.to_string(), "--idle", &IDLE_MINUTES.to_string(), "--inherited"]);
        let pid = command
            .detach(OwnedFd::from(listener))
            .map_err(|error| permanent(format!("the local registry did not start: {error}")))?;
        let deadline = tokio::time::Instant::now() + START_LIMIT;
        while tokio::time::Instant::now() < deadline {
            if matches!(self.status(), RegistryStatus::Running { port: running, .. } if running == port) {
                return Ok(Some(pid));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(Error::Failed {
            class: FailureClass::Permanent,
            message: format!("the local registry did not answer on port {port} within {} s", START_LIMIT.as_secs()),
            help: Some("run `shipit registry serve` to see why".to_owned()),
        })
    }

    /// Ends the process that serves the folder. `false`: there was none.
    pub async fn stop(&self) -> Result<bool, Error> {
        let RegistryStatus::Running { pid, .. } = self.status() else { return Ok(false) };
        process::terminate(pid).map_err(|error| permanent(format!("process {pid} cannot be stopped: {error}")))?;
        let deadline = tokio::time::Instant::now() + START_LIMIT;
        while self.status() != RegistryStatus::Stopped {
            if tokio::time::Instant::now() > deadline {
                return Err(permanent(format!("process {pid} did not stop within {} s", START_LIMIT.as_secs())));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(true)
    }

    fn address(&self) -> Option<Address> {
        let content = fs::read(&self.folder.join(ADDRESS_FILE), 4096).ok()?;
        serde_json::from_slice(&content.bytes).ok()
    }
}

fn listen(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

fn listen_patiently(port: u16) -> io::Result<TcpListener> {
    let deadline = Instant::now() + PORT_PATIENCE;
    loop {
        match listen(port) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(50));
            }
            listened => return listened,
        }
    }
}

fn permanent(message: String) -> Error {
    Error::failed(FailureClass::Permanent, message)
}

fn bind_failure(error: &io::Error, port: u16) -> Error {
    match error.kind() {
        io::ErrorKind::AddrInUse => Error::Failed {
            class: FailureClass::Permanent,
            message: format!("port {port} is taken by another program"),
            help: Some("set another `port` for the local registry in the manifest".to_owned()),
        },
        io::ErrorKind::ResourceBusy => Error::Locked(error.to_string()),
        _ => permanent(format!("the local registry cannot listen on port {port}: {error}")),
    }
}
