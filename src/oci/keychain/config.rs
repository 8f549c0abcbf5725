//! One file of credentials: its entries for a host. Entries of other hosts may be broken.

use super::error::KeychainError;
use super::position;
use crate::oci::error::excerpt;
use crate::util::Secret;
use base64::Engine as _;
use serde_json::Value;
use std::fmt;

/// The user name with which helpers say that the secret is an identity token.
const TOKEN_USER: &str = "<token>";

/// A file (or a variable) as it was read.
pub(super) struct Config {
    /// How messages call it.
    name: String,
    text: Secret,
    json: Value,
}

/// Credentials without their origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Password { username: String, password: Secret },
    IdentityToken(Secret),
}

/// A helper that a file names, and whether for this host or for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HelperName(pub(super) String);

impl Config {
    pub(super) fn parse(name: String, text: String) -> Result<Self, KeychainError> {
        let text = Secret::new(text);
        let json: Value = if text.expose().trim().is_empty() {
            Value::Object(serde_json::Map::new())
        } else {
            // The library's message repeats what stands there.
            serde_json::from_str(text.expose()).map_err(|error| KeychainError::Malformed {
                place: format!("{name}:{}:{}", error.line(), error.column()),
                what: "this is not JSON".to_owned(),
            })?
        };
        let config = Self { name, text, json };
        if !config.json.is_object() {
            return Err(config.malformed(&[], "an object is expected here"));
        }
        for key in ["auths", "credHelpers"] {
            if config.json.get(key).is_some_and(|value| !value.is_object() && !value.is_null()) {
                return Err(config.malformed(&[key], &format!("`{key}` is a map from hosts, and this is none")));
            }
        }
        Ok(config)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The helper for a host: `credHelpers`, else `credsStore`.
    pub(super) fn helper(&self, keys: &Keys) -> Result<Option<HelperName>, KeychainError> {
        if let Some(helpers) = self.json.get("credHelpers").and_then(Value::as_object)
            && let Some(key) = keys.best(helpers.keys().map(String::as_str))
        {
            return self.helper_name(helpers.get(key), &["credHelpers", key]);
        }
        self.helper_name(self.json.get("credsStore"), &["credsStore"])
    }

    fn helper_name(&self, value: Option<&Value>, path: &[&str]) -> Result<Option<HelperName>, KeychainError> {
        match value {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(name)) if name.is_empty() => Ok(None),
            Some(Value::String(name)) if is_helper_name(name) => Ok(Some(HelperName(name.clone()))),
            Some(Value::String(name)) => Err(KeychainError::HelperName {
                place: self.place(path),
                name: excerpt(name).chars().take(64).collect(),
            }),
            Some(_) => Err(self.malformed(path, "the name of a credential helper is a string")),
        }
    }

    /// What `auths` holds for a host; an entry without credentials is none.
    pub(super) fn auth(&self, keys: &Keys) -> Result<Option<Found>, KeychainError> {
        let Some(auths) = self.json.get("auths").and_then(Value::as_object) else { return Ok(None) };
        let Some(key) = keys.best(auths.keys().map(String::as_str)) else { return Ok(None) };
        let path = ["auths", key];
        let Some(entry) = auths.get(key).filter(|entry| !entry.is_null()) else { return Ok(None) };
        if !entry.is_object() {
            return Err(self.malformed(&path, "the entry of a host is a map, and this is none"));
        }
        let text = |field: &str| match entry.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.malformed(&["auths", key, field], &format!("`{field}` is a string"))),
        };
        if let Some(token) = text("identitytoken")? {
            return Ok(Some(Found::IdentityToken(Secret::new(token))));
        }
        if let Some(auth) = text("auth")? {
            let wrong = || self.malformed(&["auths", key, "auth"], "`auth` is not the base64 form of `user:password`");
            let (username, password) = decode(auth).ok_or_else(wrong)?;
            return Ok(Some(found(username, password)));
        }
        match (text("username")?, text("password")?) {
            (Some(username), Some(password)) => Ok(Some(found(username.to_owned(), Secret::new(password)))),
            _ => Ok(None),
        }
    }

    fn malformed(&self, path: &[&str], what: &str) -> KeychainError {
        KeychainError::Malformed { place: self.place(path), what: what.to_owned() }
    }

    fn place(&self, path: &[&str]) -> String {
        let (line, column) = position::find(self.text.expose(), path);
        format!("{}:{line}:{column}", self.name)
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config").field("name", &self.name).finish_non_exhaustive()
    }
}

pub(super) fn found(username: String, password: Secret) -> Found {
    if username == TOKEN_USER { Found::IdentityToken(password) } else { Found::Password { username, password } }
}

fn decode(auth: &str) -> Option<(String, Secret)> {
    let engine = base64::engine::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new()
            .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
    );
    let bytes = engine.decode(auth.trim()).ok()?;
    let pair = Secret::new(String::from_utf8(bytes).ok()?);
    let (username, password) = pair.expose().split_once(':')?;
    // Docker pads with NUL.
    Some((username.to_owned(), Secret::new(password.trim_end_matches('\0'))))
}

/// `^[A-Za-z0-9._-]+$`: it becomes a part of a program's name.
fn is_helper_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// The names under which a host's entry may stand.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    /// Lower case; the first is the one that helpers are asked for.
    hosts: Vec<String>,
    repository: Option<String>,
}

impl Keys {
    pub(super) fn new(endpoint: &str, repository: Option<&str>) -> Self {
        let host = endpoint.to_ascii_lowercase();
        let hub = ["index.docker.io", "docker.io", "registry-1.docker.io"];
        let hosts = if hub.contains(&host.as_str()) { hub.map(str::to_owned).to_vec() } else { vec![host] };
        Self { hosts, repository: repository.map(str::to_owned) }
    }

    /// What a helper is asked for.
    pub(super) fn server(&self) -> &str {
        if self.hosts.len() > 1 { "https://index.docker.io/v1/" } else { &self.hosts[0] }
    }

    /// The key that names the host, or (Podman) the longest one that names the repository or a
    /// part of its path.
    fn best<'a>(&self, keys: impl Iterator<Item = &'a str>) -> Option<&'a str> {
        keys.filter_map(|key| Some((self.rank(key)?, key))).max_by_key(|(rank, _)| *rank).map(|(_, key)| key)
    }

    fn rank(&self, key: &str) -> Option<usize> {
        let (url, rest) = match key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")) {
            Some(rest) => (true, rest),
            None => (false, key),
        };
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let order = self.hosts.iter().position(|own| own.eq_ignore_ascii_case(host))?;
        let path = path.trim_end_matches('/');
        if url || matches!(path, "" | "v1" | "v2") {
            // As it is written before with a scheme, the host's first name before its others.
            return Some(2 * (self.hosts.len() - order) - usize::from(url && self.hosts.len() == 1));
        }
        let repository = self.repository.as_deref()?;
        let rest = repository.strip_prefix(path)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(100 + path.len())
    }
}
