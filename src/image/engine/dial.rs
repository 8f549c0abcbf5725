//! One way to an engine, whatever the transport: dial, and get bytes in both directions.

use super::EngineError;
use super::tls;
use crate::util::process::{Command, Piped};
use rustls::ClientConfig;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TLS_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection to an engine.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// How an engine is reached.
#[derive(Clone, Debug)]
pub(super) enum Dialer {
    Unix(PathBuf),
    Tcp { host: String, port: u16, tls: Option<Arc<ClientConfig>> },
    Ssh(Ssh),
}

/// `ssh://[user@]host[:port][/socket]`: the engine's own `docker system dial-stdio` at the other end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ssh {
    user: Option<String>,
    host: String,
    port: Option<u16>,
    socket: Option<String>,
}

/// The files of a TLS client: `ca.pem`, `cert.pem`, `key.pem` in one folder.
pub(super) type TlsFolder = Option<PathBuf>;

impl Dialer {
    /// Reads an address as `DOCKER_HOST` has it. With `tls`, a `tcp` address is spoken to in TLS.
    pub(super) fn parse(address: &str, origin: &str, tls: &TlsFolder) -> Result<Self, EngineError> {
        let bad = |reason: &str| EngineError::Address {
            value: hide_password(address),
            origin: origin.to_owned(),
            reason: reason.to_owned(),
        };
        let (scheme, rest) = address.split_once("://").ok_or_else(|| bad("it has no scheme such as `unix://`"))?;
        match scheme {
            "unix" | "fd" if rest.is_empty() => Err(bad("the path of the socket is missing")),
            "unix" => Ok(Self::Unix(PathBuf::from(rest))),
            "tcp" | "http" | "https" => {
                let (host, port) = host_and_port(rest, if tls.is_some() { 2376 } else { 2375 }).map_err(bad)?;
                let tls = match (tls, scheme) {
                    (Some(folder), _) => Some(tls::client(folder).map_err(|reason| EngineError::Tls {
                        address: hide_password(address),
                        origin: origin.to_owned(),
                        reason,
                    })?),
                    (None, "https") => return Err(bad("TLS needs DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH")),
                    (None, _) => None,
                };
                Ok(Self::Tcp { host, port, tls })
            }
            "ssh" => Ssh::parse(address).map(Self::Ssh).map_err(bad),
            "npipe" => Err(bad("Windows pipes are not supported; run shipit in WSL with its unix socket")),
            "fd" => Err(bad("`fd://` is where an engine listens, not an address of it")),
            _ => Err(bad("known schemes are `unix`, `tcp` and `ssh`")),
        }
    }

    pub(super) async fn dial(&self) -> io::Result<Box<dyn Io>> {
        match self {
            Self::Unix(path) => Ok(Box::new(UnixStream::connect(path).await?)),
            Self::Tcp { host, port, tls } => {
                let connecting = TcpStream::connect((host.as_str(), *port));
                let stream = tokio::time::timeout(CONNECT_TIMEOUT, connecting).await??;
                stream.set_nodelay(true)?;
                match tls {
                    None => Ok(Box::new(stream)),
                    Some(config) => {
                        let handshake = tls::connect(config.clone(), host, stream);
                        Ok(Box::new(tokio::time::timeout(TLS_TIMEOUT, handshake).await??))
                    }
                }
            }
            Self::Ssh(ssh) => Ok(Box::new(ssh.dial()?)),
        }
    }
}

impl Ssh {
    fn parse(address: &str) -> Result<Self, &'static str> {
        let url = url::Url::parse(address).map_err(|_| "it is not a URL")?;
        if url.password().is_some() {
            return Err("a password in the address is not supported; use a key");
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("the host is missing")?;
        // What starts with `-` would be an option of ssh.
        if host.starts_with('-') || url.username().starts_with('-') {
            return Err("the host or the user starts with `-`");
        }
        let user = (!url.username().is_empty()).then(|| url.username().to_owned());
        let socket = (!matches!(url.path(), "" | "/")).then(|| url.path().to_owned());
        Ok(Self { user, host: host.to_owned(), port: url.port(), socket })
    }

    fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["-T".to_owned(), "-o".to_owned(), "ConnectTimeout=10".to_owned()];
        arguments.extend(["-o".to_owned(), "BatchMode=yes".to_owned()]);
        if let Some(user) = &self.user {
            arguments.extend(["-l".to_owned(), user.clone()]);
        }
        if let Some(port) = self.port {
            arguments.extend(["-p".to_owned(), port.to_string()]);
        }
        arguments.extend(["--".to_owned(), self.host.clone(), "docker".to_owned()]);
        if let Some(socket) = &self.socket {
            let quoted = socket.replace('\'', r"'\''");
            arguments.push(format!("--host='unix://{quoted}'"));
        }
        arguments.extend(["system".to_owned(), "dial-stdio".to_owned()]);
        arguments
    }

    fn dial(&self) -> io::Result<Piped> {
        // Not with the kind of the error: that ssh is missing does not mean that a socket is.
        Command::new("ssh").args(self.arguments()).pipe().map_err(|error| io::Error::other(chain(&error)))
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

fn host_and_port(text: &str, default_port: u16) -> Result<(String, u16), &'static str> {
    let text = text.trim_end_matches('/');
    if text.contains('/') || text.contains('@') {
        return Err("only a host and a port may follow `tcp://`");
    }
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(':') && (!host.contains(':') || host.starts_with('[')) => {
            (host, port.parse().map_err(|_| "the port is not a number up to 65535")?)
        }
        _ => (text, default_port),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    // As Docker has it: no host means this machine.
    Ok((if host.is_empty() { "127.0.0.1" } else { host }.to_owned(), port))
}

/// An address without what may be a password: it goes into messages.
pub(super) fn hide_password(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme && address[scheme + 3..at].contains(':') => {
            let user = address[scheme + 3..at].split(':').next().unwrap_or_default();
            format!("{}://{user}:***@{}", &address[..scheme], &address[at + 1..])
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(address: &str) -> String {
        Dialer::parse(address, "DOCKER_HOST", &None).unwrap_err().to_string()
    }

    #[test]
    fn an_address_is_understood_or_refused_with_the_reason() {
        let tcp = |address| match Dialer::parse(address, "x", &None).unwrap() {
            Dialer::Tcp { host, port, .. } => (host, port),
            other => panic!("{other:?}"),
        };
        assert_eq!(tcp("tcp://box:1234"), ("box".to_owned(), 1234));
        assert_eq!(tcp("tcp://box"), ("box".to_owned(), 2375));
        assert_eq!(tcp("tcp://[::1]:99"), ("::1".to_owned(), 99));
        assert_eq!(tcp("tcp://:2375"), ("127.0.0.1".to_owned(), 2375));
        assert!(error("npipe:////./pipe/docker_engine").contains("Windows pipes"));
        assert!(error("/var/run/docker.sock").contains("no scheme"));
        assert!(error("tcp://box:70000").contains("port"));
        assert!(error("gopher://x").contains("known schemes"));
        assert!(error("ssh://-oProxyCommand=evil/").contains("is not an engine's address"));
    }

    #[test]
    fn a_password_in_an_address_is_not_repeated() {
        let text = error("ssh://me:hunter2@box");
        assert!(!text.contains("hunter2") && text.contains("me:***@box"), "{text}");
    }

    #[test]
    fn ssh_runs_the_engines_own_relay() {
        let ssh = Ssh::parse("ssh://me@box:2222/run/user/1000/docker.sock").unwrap();
        assert_eq!(
            ssh.arguments().join(" "),
            "-T -o ConnectTimeout=10 -o BatchMode=yes -l me -p 2222 -- box docker \
             --host='unix:///run/user/1000/docker.sock' system dial-stdio"
        );
    }
}
