//! Credential helpers: `docker-credential-NAME get`, the server on its standard input.

use super::config::{Found, HelperName, found};
use super::error::KeychainError;
use crate::oci::error::excerpt;
use crate::util::Secret;
use crate::util::process::{Command, ProcessError};
use std::ffi::OsString;
use std::time::Duration;

/// The most that is read of what a helper says.
const OUTPUT_LIMIT: usize = 64 * 1024;

/// Asks one helper once. `None` where it has nothing for the server. What it prints is a secret
/// whatever it is, and in no message.
pub(super) async fn ask(
    helper: &HelperName,
    server: &str,
    path: Option<&OsString>,
    limit: Duration,
) -> Result<Option<Found>, KeychainError> {
    let program = format!("docker-credential-{}", helper.0);
    let failed = |what: String| KeychainError::Helper { helper: program.clone(), host: server.to_owned(), what };
    let mut command = Command::new(&program).arg("get").stdin(Secret::new(server)).timeout(limit);
    if let Some(path) = path {
        command = command.env("PATH", path);
    }
    let output = command.capture_limit(OUTPUT_LIMIT + 1).output().await.map_err(|error| match error {
        ProcessError::NotFound { .. } => failed("is not installed".to_owned()),
        ProcessError::TimedOut { limit, .. } => {
            failed(format!("did not answer in {}", crate::util::retry::spoken(limit)))
        }
        ProcessError::Start { source, .. } => failed(format!("cannot be run: {}", excerpt(&source.to_string()))),
        ProcessError::Lost { source, .. } => failed(format!("broke off: {}", excerpt(&source.to_string()))),
        ProcessError::NoFolder { .. } | ProcessError::Stopped { .. } => failed(excerpt(&error.to_string())),
    })?;
    let (status, stdout) = (output.status, output.stdout);
    if stdout.len() > OUTPUT_LIMIT {
        return Err(failed("answered more than 64 KiB".to_owned()));
    }
    let answer = Secret::new(String::from_utf8_lossy(&stdout));
    if status.success() {
        return read(&answer).map_err(|what| failed(what.to_owned()));
    }
    // The words that Docker's helper library has for it.
    if answer.expose().to_lowercase().contains("credentials not found") {
        return Ok(None);
    }
    Err(failed(status.code().map_or_else(|| "was killed".to_owned(), |code| format!("failed with status {code}"))))
}

fn read(output: &Secret) -> Result<Option<Found>, &'static str> {
    let json: serde_json::Value = serde_json::from_str(output.expose()).map_err(|_| "answered no JSON")?;
    let text = |name: &str| json.get(name).and_then(serde_json::Value::as_str);
    match (text("Username"), text("Secret")) {
        (Some(username), Some(secret)) if !secret.is_empty() => {
            Ok(Some(found(username.to_owned(), Secret::new(secret))))
        }
        (Some(_), Some(_)) => Ok(None),
        _ => Err("answered without `Username` and `Secret`"),
    }
}
