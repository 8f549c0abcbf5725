//! Finds the engine and agrees with it on a version of the API.

use super::context_store;
use super::dial::{Dialer, TlsFolder, hide_password};
use super::error::reason;
use super::http::{Http, Reply, empty};
use super::identity::{Identity, Info};
use super::{EngineError, Tried};
use hyper::Method;
use hyper::header::HeaderMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

/// The newest version of the API that is spoken: Docker 29.
const NEWEST_API: (u32, u32) = (1, 52);
/// The oldest: Docker 19.03, the first with BuildKit over a session.
const OLDEST_API: (u32, u32) = (1, 40);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// What decides which engine is used; `cli` fills it from the environment.
#[derive(Clone, Debug, Default)]
pub struct EngineSettings {
    /// `DOCKER_HOST`
    pub docker_host: Option<String>,
    /// `DOCKER_CONTEXT`
    pub docker_context: Option<String>,
    /// `DOCKER_CONFIG`; default: `.docker` in `home`.
    pub config_dir: Option<PathBuf>,
    /// `DOCKER_TLS_VERIFY` is set and not empty.
    pub tls_verify: bool,
    /// `DOCKER_CERT_PATH`; default: `config_dir`.
    pub cert_path: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`
    pub runtime_dir: Option<PathBuf>,
    /// `HOME`
    pub home: Option<PathBuf>,
}

/// An engine that answers. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Engine {
    pub(crate) http: Http,
    info: EngineInfo,
    /// Filled by the first who asks.
    pub(super) bridge: Arc<OnceCell<bool>>,
    pub(super) identity: Option<Identity>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    Docker,
    Podman,
}

impl std::fmt::Display for EngineKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Docker => "Docker",
            Self::Podman => "Podman",
        })
    }
}

/// What an engine is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineInfo {
    pub kind: EngineKind,
    /// The engine's own version, e.g. `28.2.2`.
    pub version: String,
    /// The version of the API that is spoken with it, e.g. `1.41`.
    pub api_version: String,
    pub os: String,
    /// As in a platform, e.g. `amd64`.
    pub architecture: String,
    /// Whether it has BuildKit; else the classic builder builds.
    pub buildkit: bool,
    /// E.g. `unix:///var/run/docker.sock`.
    pub address: String,
    /// Where the address came from, e.g. `DOCKER_HOST`.
    pub origin: String,
}

/// A place to look for an engine.
#[derive(Clone, Debug)]
struct Candidate {
    dialer: Dialer,
    address: String,
    origin: String,
}

impl Engine {
    /// Finds the engine: `DOCKER_HOST`, `DOCKER_CONTEXT`, the current Docker context, else the usual
    /// sockets of Docker and Podman, the first that answers.
    ///
    /// # Errors
    /// No engine answers, the address makes no sense, or the engine is too old.
    pub async fn connect(settings: &EngineSettings) -> Result<Self, EngineError> {
        let mut tried = Vec::new();
        for candidate in candidates(settings)? {
            match ping(&candidate).await {
                Ok(answer) => return Self::agree(candidate, &answer).await,
                Err(failed) => tried.push(failed),
            }
        }
        Err(EngineError::Unreachable(tried))
    }

    /// What the engine is, and where it was found.
    pub fn describe(&self) -> &EngineInfo {
        &self.info
    }

    async fn agree(candidate: Candidate, ping: &Reply) -> Result<Self, EngineError> {
        let Candidate { dialer, address, origin } = candidate;
        let header = |name: &str| ping.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let podman = ping.headers().contains_key("libpod-api-version");
        let theirs = header("api-version");
        let api = version(theirs).ok_or_else(|| {
            EngineError::nonsense("talk to the engine", format!("`{theirs}` is not a version of its API"))
        })?;
        if api < OLDEST_API {
            let minimum = format!("{}.{}", OLDEST_API.0, OLDEST_API.1);
            return Err(EngineError::TooOld { address, version: theirs.to_owned(), minimum });
        }
        let api = api.min(NEWEST_API);
        let api_version = format!("{}.{}", api.0, api.1);
        let http = Http { dialer, prefix: format!("/v{api_version}") };
        // Engines start programs to answer `/version`, and for `/info` as well: one of them is enough.
        let told = if podman { None } else { Info::of(&http).await };
        let (version, os, architecture) = match &told {
            Some(info) => (info.version.clone(), info.os.clone(), info.architecture().to_owned()),
            None => {
                let act = "ask the engine for its version";
                let system: bollard::models::SystemVersion = http.json(act, "/version").await?;
                let os = system.os.unwrap_or_else(|| "linux".to_owned());
                (system.version.unwrap_or_default(), os, system.arch.unwrap_or_default())
            }
        };
        let info = EngineInfo {
            kind: if podman { EngineKind::Podman } else { EngineKind::Docker },
            version,
            api_version,
            // Engines before 23 have it but do not name it as their default builder.
            buildkit: !podman && os == "linux",
            os,
            architecture,
            address,
            origin,
        };
        let identity = told.as_ref().and_then(Info::identity);
        Ok(Self { http, info, bridge: Arc::default(), identity })
    }
}

async fn ping(candidate: &Candidate) -> Result<Reply, Tried> {
    let Candidate { dialer, address, origin } = candidate;
    let failed = |reason: String, denied, missing| Tried {
        address: address.clone(),
        origin: origin.clone(),
        reason,
        denied,
        missing,
    };
    // Dialled apart from the request for the sake of the error's kind.
    match dialer.dial().await {
        Ok(_) => {}
        Err(error) => {
            let denied = error.kind() == std::io::ErrorKind::PermissionDenied;
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            return Err(failed(reason(&error), denied, missing));
        }
    }
    let http = Http { dialer: dialer.clone(), prefix: String::new() };
    let request = http.send("ping the engine", Method::GET, "/_ping", HeaderMap::new(), empty());
    match tokio::time::timeout(ANSWER_TIMEOUT, request).await {
        Ok(Ok(reply)) => Ok(reply),
        Ok(Err(error)) => {
            let denied = matches!(error, EngineError::Answer { status: 401 | 403, .. });
            let reason = match error {
                EngineError::Closed { reason, .. } => reason,
                other => other.to_string(),
            };
            Err(failed(reason, denied, false))
        }
        Err(_) => Err(failed(format!("no answer within {} s", ANSWER_TIMEOUT.as_secs()), false, false)),
    }
}

fn version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn candidates(settings: &EngineSettings) -> Result<Vec<Candidate>, EngineError> {
    let config_dir = settings.config_dir.clone().or_else(|| Some(settings.home.as_ref()?.join(".docker")));
    if let Some(address) = settings.docker_host.as_deref().filter(|host| !host.is_empty()) {
        let tls: TlsFolder = if settings.tls_verify || settings.cert_path.is_some() {
            settings.cert_path.clone().or(config_dir)
        } else {
            None
        };
        return Ok(vec![candidate(address, "DOCKER_HOST", &tls)?]);
    }
    let named = settings.docker_context.clone().filter(|name| !name.is_empty());
    let named = match (named, &config_dir) {
        (Some(name), _) => Some((name, "DOCKER_CONTEXT".to_owned())),
        (None, Some(folder)) => {
            context_store::current(folder)?.map(|name| (name, format!("`{}`", folder.join("config.json").display())))
        }
        (None, None) => None,
    };
    match (named, config_dir) {
        (Some((name, origin)), Some(folder)) if name != "default" => {
            let endpoint = context_store::endpoint(&folder, &name, &origin)?;
            let origin = format!("the Docker context `{name}` from {origin}");
            Ok(vec![candidate(&endpoint.address, &origin, &endpoint.tls)?])
        }
        (Some((name, origin)), None) if name != "default" => {
            let reason = "neither DOCKER_CONFIG nor HOME is set".to_owned();
            Err(EngineError::Context { name, origin, reason })
        }
        _ => Ok(usual_places(settings)),
    }
}

fn candidate(address: &str, origin: &str, tls: &TlsFolder) -> Result<Candidate, EngineError> {
    let dialer = Dialer::parse(address, origin, tls)?;
    Ok(Candidate { dialer, address: hide_password(address), origin: origin.to_owned() })
}

fn usual_places(settings: &EngineSettings) -> Vec<Candidate> {
    let runtime = settings.runtime_dir.as_ref();
    let places = [
        (Some(PathBuf::from("/var/run/docker.sock")), "Docker's usual place"),
        (runtime.map(|folder| folder.join("docker.sock")), "rootless Docker's place in XDG_RUNTIME_DIR"),
        (settings.home.as_ref().map(|home| home.join(".docker/run/docker.sock")), "Docker Desktop's place"),
        (runtime.map(|folder| folder.join("podman/podman.sock")), "Podman's place in XDG_RUNTIME_DIR"),
        (Some(PathBuf::from("/run/podman/podman.sock")), "Podman's usual place"),
    ];
    let places = places.into_iter().filter_map(|(path, origin)| Some((path?, origin)));
    places
        .map(|(path, origin)| Candidate {
            address: format!("unix://{}", path.display()),
            dialer: Dialer::Unix(path),
            origin: origin.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(settings: &EngineSettings) -> Vec<String> {
        candidates(settings).unwrap().into_iter().map(|candidate| candidate.address).collect()
    }

    #[test]
    fn the_environment_wins_over_the_usual_places() {
        let host = EngineSettings { docker_host: Some("tcp://box:1".to_owned()), ..EngineSettings::default() };
        assert_eq!(addresses(&host), ["tcp://box:1"]);
        let empty = EngineSettings {
            docker_host: Some(String::new()),
            docker_context: Some("default".to_owned()),
            runtime_dir: Some("/run/user/7".into()),
            home: Some("/nonexistent".into()),
            ..EngineSettings::default()
        };
        assert_eq!(
            addresses(&empty),
            [
                "unix:///var/run/docker.sock",
                "unix:///run/user/7/docker.sock",
                "unix:///nonexistent/.docker/run/docker.sock",
                "unix:///run/user/7/podman/podman.sock",
                "unix:///run/podman/podman.sock",
            ]
        );
    }
}
