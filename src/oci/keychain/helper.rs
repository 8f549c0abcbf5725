//! Credential helpers: `docker-credential-NAME get`, the server on its standard input.

use super::config::{Found, HelperName, found};
use super::error::KeychainError;
use crate::oci::error::excerpt;
use crate::util::Secret;
use std::ffi::OsString;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// The most that is read of what a helper says.
const OUTPUT_LIMIT: u64 = 64 * 1024;

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
    let mut command = tokio::process::Command::new(&program);
    command.arg("get").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => failed("is not installed".to_owned()),
        _ => failed(format!("cannot be run: {}", excerpt(&error.to_string()))),
    })?;
    let talk = async {
        if let Some(mut input) = child.stdin.take() {
            // A helper that does not listen still answers.
            let _ = input.write_all(server.as_bytes()).await;
        }
        let mut output = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            stdout.take(OUTPUT_LIMIT + 1).read_to_end(&mut output).await?;
        }
        if output.len() as u64 > OUTPUT_LIMIT {
            return Ok((output, None));
        }
        let status = child.wait().await?;
        Ok::<_, std::io::Error>((output, Some(status)))
    };
    let (output, status) = tokio::time::timeout(limit, talk)
        .await
        .map_err(|_| failed(format!("did not answer in {}", crate::util::retry::spoken(limit))))?
        .map_err(|error| failed(format!("broke off: {}", excerpt(&error.to_string()))))?;
    let output = Secret::new(String::from_utf8_lossy(&output));
    let Some(status) = status else { return Err(failed("answered more than 64 KiB".to_owned())) };
    if status.success() {
        return read(&output).map_err(|what| failed(what.to_owned()));
    }
    // The words that Docker's helper library has for it.
    if output.expose().to_lowercase().contains("credentials not found") {
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
