//! Which credentials a host has: the sources in their order.

use super::config::{Config, Found, HelperName, Keys};
use super::error::KeychainError;
use super::helper;
use crate::oci::error::excerpt;
use crate::oci::{Endpoint, Login, Repository};
use crate::util::fs;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;

/// The most that is read of a file of credentials, in bytes.
const FILE_LIMIT: u64 = 4 * 1024 * 1024;

/// Where credentials are looked for: what the environment says, read by the caller.
#[derive(Clone, Debug, Default)]
pub struct KeychainSources {
    /// `DOCKER_AUTH_CONFIG`: the content of a `config.json`.
    pub docker_auth_config: Option<String>,
    /// `DOCKER_CONFIG`: the folder of `config.json`, instead of `~/.docker`.
    pub docker_config: Option<PathBuf>,
    /// `HOME`.
    pub home: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`: Podman's `containers/auth.json` is below it.
    pub xdg_runtime_dir: Option<PathBuf>,
    /// `PATH` for credential helpers; `None`: this process' own.
    pub helper_path: Option<OsString>,
    /// How long a helper may take; `None`: 30 seconds.
    pub helper_timeout: Option<Duration>,
}

/// Credentials by host. Files are read once, each helper is asked once for each host. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Keychain(Arc<Inner>);

/// What a helper said, the same for all who ask.
type Asked = Arc<OnceCell<Result<Option<Found>, KeychainError>>>;

#[derive(Debug)]
struct Inner {
    sources: KeychainSources,
    configs: OnceLock<Vec<Result<Config, KeychainError>>>,
    asked: Mutex<BTreeMap<(String, String), Asked>>,
}

impl Keychain {
    pub fn new(sources: KeychainSources) -> Self {
        Self(Arc::new(Inner { sources, configs: OnceLock::new(), asked: Mutex::default() }))
    }

    /// The credentials for a registry, and for one of its repositories (Podman keeps some by
    /// repository). [`Login::Anonymous`] where no source has any.
    ///
    /// # Errors
    ///
    /// A source before the one that has them is broken: it could have others.
    pub async fn login(&self, endpoint: &Endpoint, repository: Option<&Repository>) -> Result<Login, KeychainError> {
        let keys = Keys::new(endpoint.as_str(), repository.map(Repository::as_str));
        for config in self.configs() {
            let config = config.as_ref().map_err(Clone::clone)?;
            if let Some(helper) = config.helper(&keys)?
                && let Some(found) = self.ask(&helper, keys.server()).await?
            {
                return Ok(login(found, format!("docker-credential-{}", helper.0)));
            }
            if let Some(found) = config.auth(&keys)? {
                return Ok(login(found, format!("{} (auths)", config.name())));
            }
        }
        Ok(Login::Anonymous)
    }

    /// Reads the files, and what they say of a host, without asking a helper: finds early what
    /// [`login`](Self::login) would stop at.
    ///
    /// # Errors
    ///
    /// As those of `login`, but for helpers.
    pub fn check(&self, endpoint: &Endpoint) -> Result<(), KeychainError> {
        let keys = Keys::new(endpoint.as_str(), None);
        for config in self.configs() {
            let config = config.as_ref().map_err(Clone::clone)?;
            // What the helper or the entry has comes before the files that follow.
            if config.helper(&keys)?.is_some() || config.auth(&keys)?.is_some() {
                break;
            }
        }
        Ok(())
    }

    fn configs(&self) -> &[Result<Config, KeychainError>] {
        self.0.configs.get_or_init(|| self.read())
    }

    async fn ask(&self, helper: &HelperName, server: &str) -> Result<Option<Found>, KeychainError> {
        let cell = {
            let mut asked = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
            asked.entry((helper.0.clone(), server.to_owned())).or_default().clone()
        };
        let KeychainSources { helper_path, helper_timeout, .. } = &self.0.sources;
        let limit = helper_timeout.unwrap_or(Duration::from_secs(30));
        cell.get_or_init(|| helper::ask(helper, server, helper_path.as_ref(), limit)).await.clone()
    }

    fn read(&self) -> Vec<Result<Config, KeychainError>> {
        let KeychainSources { docker_auth_config, docker_config, home, xdg_runtime_dir, .. } = &self.0.sources;
        let mut configs = Vec::new();
        if let Some(text) = docker_auth_config.as_ref().filter(|text| !text.trim().is_empty()) {
            configs.push(Config::parse("DOCKER_AUTH_CONFIG".to_owned(), text.clone()));
        }
        let docker = docker_config.clone().or_else(|| home.as_ref().map(|home| home.join(".docker")));
        let podman = xdg_runtime_dir.as_ref().map(|folder| folder.join("containers/auth.json"));
        for path in docker.map(|folder| folder.join("config.json")).into_iter().chain(podman) {
            configs.extend(read_file(&path, home.as_deref()).transpose());
        }
        configs
    }
}

/// `None` where there is no file.
fn read_file(path: &Path, home: Option<&Path>) -> Result<Option<Config>, KeychainError> {
    let name = match home.and_then(|home| path.strip_prefix(home).ok()) {
        Some(below) => format!("~/{}", below.display()),
        None => path.display().to_string(),
    };
    let name = excerpt(&name);
    match fs::read(path, FILE_LIMIT) {
        Ok(content) => match String::from_utf8(content.bytes) {
            Ok(text) => Config::parse(name, text).map(Some),
            Err(_) => Err(KeychainError::Malformed { place: name, what: "this is not UTF-8".to_owned() }),
        },
        Err(error) if matches!(error.source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(KeychainError::Unreadable { file: name, cause: excerpt(&error.source.to_string()) }),
    }
}

fn login(found: Found, origin: String) -> Login {
    match found {
        Found::Password { username, password } => Login::Password { username, password, origin },
        Found::IdentityToken(token) => Login::IdentityToken { token, origin },
    }
}
