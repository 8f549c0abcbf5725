//! Credentials for pulling, where the manifest has them: a configuration of Docker's own that only
//! the Compose tool reads.

use super::prepare::failure;
use crate::environment::compose::{Composition, filled};
use crate::model::{Name, RegistryKind};
use crate::ops::run::Run;
use crate::pipeline::Failure;
use crate::util::fs::{self, FileError};
use crate::util::{FailureClass, Secret};
use base64::Engine as _;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The most bytes of a configuration.
const LIMIT: u64 = 4 * 1024 * 1024;
/// How Docker's configuration calls Docker Hub.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// What one registry is signed in to with.
pub(super) struct Login {
    endpoint: String,
    username: String,
    password: Secret,
}

/// The logins that the manifest has for the registries of an environment's apps. Those that Docker's
/// own configuration has are found by the Compose tool itself.
pub(super) fn logins(
    run: &Run,
    environment: &Name,
    composition: &Composition,
    values: &BTreeMap<String, String>,
) -> Result<Vec<Login>, Failure> {
    let mut logins: Vec<Login> = Vec::new();
    for app in crate::environment::apps(&run.application, environment) {
        let Some(registry) = app.registries.first().and_then(|name| run.application.registries.get(name.get_ref()))
        else {
            continue;
        };
        let Some(resolved) = run.resolved.registries.get(&registry.name) else { continue };
        if matches!(registry.kind, RegistryKind::Local { .. })
            || logins.iter().any(|it| it.endpoint == resolved.endpoint)
        {
            continue;
        }
        let endpoint = resolved.endpoint.clone();
        let pull = composition.pulls.iter().find(|pull| pull.registry == registry.name);
        match (pull.map(|pull| &pull.login), &resolved.login) {
            (Some(None), _) | (None, None) => {}
            (Some(Some((username, password))), _) => {
                let known = |text| filled(text, values).ok_or_else(unknown);
                logins.push(Login { endpoint, username: known(username)?, password: Secret::new(known(password)?) });
            }
            (None, Some(login)) => {
                logins.push(Login { endpoint, username: login.username.clone(), password: login.password.clone() });
            }
        }
    }
    Ok(logins)
}

fn unknown() -> Failure {
    let message = "the credentials for pulling are not known in this run";
    Failure::new(FailureClass::Permanent, message).help("use parameters for them")
}

/// Writes the configuration: the user's own, with these logins in it. `None`: the user's own will do.
pub(super) fn write(run: &Run, folder: &Path, logins: &[Login]) -> Result<Option<PathBuf>, Failure> {
    let private = folder.join("docker");
    if logins.is_empty() {
        // Those of an earlier time, if there were any; the folders beside them are links.
        match std::fs::remove_dir_all(&private) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(failure(&FileError::new("remove", &private, source)));
            }
            _ => return Ok(None),
        }
    }
    let own = own_folder(run);
    let mut config: Map<String, Value> = own
        .as_ref()
        .and_then(|own| fs::read(&own.join("config.json"), LIMIT).ok())
        .and_then(|content| serde_json::from_slice(&content.bytes).ok())
        .unwrap_or_default();
    for login in logins {
        let key = if login.endpoint == "docker.io" { DOCKER_HUB } else { login.endpoint.as_str() };
        let auth = format!("{}:{}", login.username, login.password.expose());
        let auth = base64::engine::general_purpose::STANDARD.encode(auth);
        table(&mut config, "auths").insert(key.to_owned(), json!({ "auth": auth }));
        // A helper of the user's would be asked first.
        if config.contains_key("credsStore") || config.contains_key("credHelpers") {
            table(&mut config, "credHelpers").insert(key.to_owned(), json!(""));
        }
    }
    fs::create_private_dir(&private).map_err(|error| failure(&error))?;
    let content = Value::Object(config).to_string();
    fs::write_atomic(&private.join("config.json"), content.as_bytes(), 0o600).map_err(|error| failure(&error))?;
    if let Some(own) = own {
        // Plugins, one of which may be Compose itself, and contexts are found beside the configuration.
        for name in ["cli-plugins", "contexts"] {
            let (from, to) = (own.join(name), private.join(name));
            if from.is_dir() && to.symlink_metadata().is_err() {
                // Without it what is looked for is not found, and that is said then.
                let _ = std::os::unix::fs::symlink(from, to);
            }
        }
    }
    Ok(Some(private))
}

/// Where the user's own configuration is.
pub(super) fn own_folder(run: &Run) -> Option<PathBuf> {
    let settings = run.engine_settings();
    settings.config_dir.clone().or_else(|| Some(settings.home.as_ref()?.join(".docker")))
}

fn table<'c>(config: &'c mut Map<String, Value>, key: &str) -> &'c mut Map<String, Value> {
    let entry = config.entry(key.to_owned()).or_insert_with(|| json!({}));
    if !entry.is_object() {
        *entry = json!({});
    }
    entry.as_object_mut().expect("it was made an object")
}
