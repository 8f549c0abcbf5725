//! What goes wrong between shipit and an engine.

use crate::util::FailureClass;
use std::io;

/// An address that was tried and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// As in `DOCKER_HOST`, e.g. `unix:///var/run/docker.sock`.
    pub address: String,
    /// Where the address came from, e.g. `DOCKER_HOST`, `the Docker context "work"`.
    pub origin: String,
    pub reason: String,
    /// The address exists but this user may not use it.
    pub denied: bool,
    pub missing: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("{}", describe(.0))]
    Unreachable(Vec<Tried>),
    #[error("`{value}` from {origin} is not an engine's address: {reason}")]
    Address { value: String, origin: String, reason: String },
    #[error("cannot use the Docker context `{name}` from {origin}: {reason}")]
    Context { name: String, origin: String, reason: String },
    /// The files for TLS are missing or wrong.
    #[error("cannot use TLS with the engine at {address} ({origin}): {reason}")]
    Tls { address: String, origin: String, reason: String },
    #[error("cannot read `{path}`: {reason}")]
    Settings { path: String, reason: String },
    #[error("the engine at {address} speaks API {version}, and at least {minimum} is needed")]
    TooOld { address: String, version: String, minimum: String },
    /// The engine answered with an error.
    #[error("cannot {act}: the engine answered {status}: {message}")]
    Answer { act: String, status: u16, message: String },
    #[error("cannot {act}: the engine closed the connection: {reason}")]
    Closed { act: String, reason: String },
    #[error("cannot {act}: the engine did not answer within {seconds} s")]
    Silent { act: String, seconds: u64 },
    #[error("cannot {act}: the engine's answer makes no sense: {reason}")]
    Nonsense { act: String, reason: String },
}

impl EngineError {
    pub(crate) fn closed(act: &str, reason: impl std::fmt::Display) -> Self {
        Self::Closed { act: act.to_owned(), reason: reason.to_string() }
    }

    pub(crate) fn nonsense(act: &str, reason: impl std::fmt::Display) -> Self {
        Self::Nonsense { act: act.to_owned(), reason: reason.to_string() }
    }

    /// An engine that goes away may be back soon.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Unreachable(tried) if tried.iter().any(|tried| tried.denied) => FailureClass::Refused,
            Self::Answer { status: 401 | 403, .. } => FailureClass::Refused,
            Self::Unreachable(_)
            | Self::Address { .. }
            | Self::Context { .. }
            | Self::Tls { .. }
            | Self::Settings { .. }
            | Self::TooOld { .. }
            | Self::Answer { .. }
            | Self::Nonsense { .. } => FailureClass::Permanent,
            Self::Closed { .. } | Self::Silent { .. } => FailureClass::Passing,
        }
    }

    pub fn help(&self) -> Option<String> {
        let help = match self {
            Self::Unreachable(tried) if tried.iter().any(|tried| tried.denied) => {
                "add your user to the `docker` group and log in again, or use a rootless engine"
            }
            Self::Unreachable(tried) if tried.len() == 1 => "start the engine, or correct the address",
            Self::Unreachable(_) => "start Docker or Podman, or say where the engine is with DOCKER_HOST",
            Self::Address { .. } => "write it like unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host",
            Self::Context { .. } => "list the contexts with `docker context ls`, or set DOCKER_HOST",
            Self::Tls { .. } => {
                "put ca.pem, cert.pem and key.pem into the folder that DOCKER_CERT_PATH or the context names"
            }
            Self::Settings { .. } => "correct the file or remove it",
            Self::TooOld { .. } => "update the engine",
            Self::Answer { .. } => return None,
            Self::Closed { .. } => "look whether the engine still runs, and at its log",
            Self::Silent { .. } => "look at the engine's log; restart it if it hangs",
            Self::Nonsense { .. } => "look whether the address is an engine's at all",
        };
        Some(help.to_owned())
    }
}

fn describe(tried: &[Tried]) -> String {
    match tried {
        [] => "no engine found: there is no place to look for one".to_owned(),
        [tried] => format!("cannot reach the engine at {} ({}): {}", tried.address, tried.origin, tried.reason),
        many => {
            let lines = many.iter().map(|tried| format!("\n  {} ({}): {}", tried.address, tried.origin, tried.reason));
            format!("no engine found, tried:{}", lines.collect::<String>())
        }
    }
}

/// The shortest true words for a failed dial.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such socket".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::ConnectionRefused => "connection refused, nothing listens there".to_owned(),
        io::ErrorKind::TimedOut => "no answer within 10 s".to_owned(),
        _ => error.to_string(),
    }
}
