//! Docker's contexts: named engines in the folder of `config.json`.
//!
//! Layout as in docker/cli `cli/context/store`: `contexts/meta/<sha256 of the name>/meta.json` and
//! `contexts/tls/<sha256 of the name>/docker/{ca,cert,key}.pem`.

use super::EngineError;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// Where a context leads.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) address: String,
    pub(super) tls: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Config {
    #[serde(default, rename = "currentContext")]
    current_context: Option<String>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default, rename = "Endpoints")]
    endpoints: Endpoints,
}

#[derive(Default, Deserialize)]
struct Endpoints {
    docker: Option<DockerEndpoint>,
}

#[derive(Deserialize)]
struct DockerEndpoint {
    #[serde(default, rename = "Host")]
    host: String,
    #[serde(default, rename = "SkipTLSVerify")]
    skip_tls_verify: bool,
}

/// `currentContext` of `config.json`; `None` where there is no file or nothing in it.
pub(super) fn current(config_dir: &Path) -> Result<Option<String>, EngineError> {
    let path = config_dir.join("config.json");
    let wrong = |reason: String| EngineError::Settings { path: path.display().to_string(), reason };
    match std::fs::read(&path) {
        Ok(text) => {
            // The parser's words have a place but no content: the file holds credentials.
            let config: Config = serde_json::from_slice(&text).map_err(|error| {
                wrong(format!("it is not the JSON of Docker (line {}, column {})", error.line(), error.column()))
            })?;
            Ok(config.current_context.filter(|name| !name.is_empty()))
        }
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// The engine's address in the context `name`.
pub(super) fn endpoint(config_dir: &Path, name: &str, origin: &str) -> Result<Endpoint, EngineError> {
    let wrong = |reason: String| EngineError::Context { name: name.to_owned(), origin: origin.to_owned(), reason };
    let id: String = Sha256::digest(name.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let path = config_dir.join("contexts/meta").join(&id).join("meta.json");
    let text = match std::fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(wrong(format!("there is no such context in `{}`", config_dir.display())));
        }
        Err(error) => return Err(wrong(format!("cannot read `{}`: {error}", path.display()))),
    };
    let meta: Meta = serde_json::from_slice(&text).map_err(|error| wrong(format!("`{}`: {error}", path.display())))?;
    let Some(docker) = meta.endpoints.docker.filter(|docker| !docker.host.is_empty()) else {
        return Err(wrong("it names no Docker engine".to_owned()));
    };
    let tls = Some(config_dir.join("contexts/tls").join(&id).join("docker")).filter(|folder| folder.is_dir());
    if docker.skip_tls_verify && tls.is_some() {
        return Err(wrong("it skips the check of the engine's certificate, which shipit never does".to_owned()));
    }
    Ok(Endpoint { address: docker.host, tls })
}
