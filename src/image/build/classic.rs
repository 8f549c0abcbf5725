//! A build by the classic builder, and by Podman: the whole context goes there as a tar.

use super::lines::Lines;
use super::output::{Output, failure};
use super::run::Job;
use super::{BuildError, dockerfile, query};
use crate::image::context::tar::{self, Contents};
use crate::image::context::walk::{Entry, Kind, Walk};
use crate::image::engine::{EngineError, EngineInfo, EngineKind, streamed};
use crate::util::{Progress, Unit};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use bollard::models::{BuildInfo, BuildInfoAux};
use futures_util::StreamExt;
use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use sha2::{Digest, Sha256};
use std::path::Component;

const TASK: &str = "context";

/// Builds and returns the image's id.
pub(super) async fn build(job: &Job<'_>) -> Result<String, BuildError> {
    if !job.spec.build_secrets.is_empty() && !takes_secrets(job.engine.describe()) {
        return Err(BuildError::NeedsBuildKit { what: "`build-secrets`" });
    }
    let (mut contents, dockerfile) = contents(job)?;
    let secrets = secrets(job, &mut contents);
    let mut more = vec![("version", "1")];
    more.extend(secrets.as_deref().map(|secrets| ("secrets", secrets)));
    let path = query::path(job, &dockerfile, &more);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-tar"));
    if let Some(config) = registry_config(job).await {
        headers.insert(HeaderName::from_static("x-registry-config"), config);
    }

    job.progress.start(TASK, "sending the context", Unit::Bytes, None);
    let (stream, failed) = tar::stream(contents);
    let progress = job.progress.clone();
    let mut sent = 0;
    let body = streamed(stream.inspect(move |chunk| {
        sent += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        progress.advance(TASK, sent);
    }));
    let reply = job.engine.http.send("build the image", Method::POST, &path, headers, body).await;
    job.progress.finish(TASK, None);
    match reply {
        Ok(reply) => {
            read(job, Output::new(reply)).await.map_err(|error| failed.take().map_or(error, BuildError::Sending))
        }
        // The cause on this side says more than that the connection broke.
        Err(error) => match (failed.take(), leading_out(job, &error)) {
            (Some(error), _) => Err(BuildError::Sending(error)),
            (None, Some(words)) => Err(BuildError::failed(&words, job, None)),
            (None, None) => Err(job.refused(error)),
        },
    }
}

/// The tar, and what the Dockerfile is called in it.
///
/// A Dockerfile that the ignore file leaves out is sent all the same, and so is the ignore file: the
/// engine reads them and takes them out before it copies anything. One that is elsewhere goes in
/// under a name of its own, with a line in the ignore file to the same effect.
fn contents(job: &Job<'_>) -> Result<(Contents, String), BuildError> {
    let spec = job.spec;
    let inside = spec.dockerfile.strip_prefix(&spec.context).ok();
    // `../Dockerfile` begins in the context but is not in it.
    let inside = inside.filter(|path| path.components().all(|part| matches!(part, Component::Normal(_))));
    let inside = inside.and_then(|path| path.to_str()).filter(|_| !spec.dockerfile.is_symlink());
    let ignored = |path: &str| job.prepared.ignore.as_ref().is_some_and(|ignore| ignore.patterns.is_ignored(path));
    let mut contents = Contents { context: spec.context.clone(), filter: job.prepared.filter(), extra: Vec::new() };
    if let Some(path) = inside.filter(|path| !ignored(path)) {
        return Ok((contents, path.to_owned()));
    }
    let ignore_file = || std::fs::read(spec.context.join(".dockerignore")).ok();
    // Engines know no other ignore file. In a folder, the folder would stay.
    if let Some(path) = inside.filter(|path| job.inputs.ignore.is_none() && !path.contains('/')) {
        contents.extra.push((path.to_owned(), job.inputs.dockerfile.clone()));
        if let Some(text) = ignore_file().filter(|_| ignored(".dockerignore")) {
            contents.extra.push((".dockerignore".to_owned(), text));
        }
        return Ok((contents, path.to_owned()));
    }
    // The name follows from the content: the engine's cache holds as long as it is the same.
    let digest: String = Sha256::digest(&job.inputs.dockerfile).iter().take(10).map(|b| format!("{b:02x}")).collect();
    let name = format!(".dockerfile.{digest}");
    let ignore_file = if ignored(".dockerignore") { None } else { ignore_file() };
    let mut ignore_file = ignore_file.unwrap_or_else(|| b".dockerignore".to_vec());
    ignore_file.extend_from_slice(format!("\n{name}\n").as_bytes());
    contents.extra = vec![(name.clone(), job.inputs.dockerfile.clone()), (".dockerignore".to_owned(), ignore_file)];
    Ok((contents, name))
}

/// Podman takes secrets as files of the tar, and moves them out of the context before it builds. What
/// does not know of them would build them into the image.
fn takes_secrets(engine: &EngineInfo) -> bool {
    let major = engine.version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    engine.kind == EngineKind::Podman && major.is_some_and(|major| major >= 4)
}

/// Adds the secrets to the tar and says to Podman where they are.
fn secrets(job: &Job<'_>, contents: &mut Contents) -> Option<String> {
    let mut secrets = Vec::new();
    for (id, secret) in &job.spec.build_secrets {
        let name = format!(".shipit-secret-{:016x}", rand::random::<u64>());
        secrets.push(format!("id={id},src={name}"));
        contents.extra.push((name, secret.expose().as_bytes().to_vec()));
    }
    (!secrets.is_empty()).then(|| serde_json::Value::from(secrets).to_string())
}

/// Podman (seen with 4.3) refuses a context with a link that leads out of it, and gives no reason.
fn leading_out(job: &Job<'_>, error: &EngineError) -> Option<String> {
    if job.engine.describe().kind != EngineKind::Podman || !matches!(error, EngineError::Answer { status: 500, .. }) {
        return None;
    }
    let links = Walk::new(&job.spec.context, job.prepared.filter()).filter_map(|entry| match entry.ok()? {
        Entry { path, kind: Kind::Link { target }, .. } => Some((path, target)),
        Entry { .. } => None,
    });
    let (path, target) = links.into_iter().find(|(path, target)| leads_out(path, target))?;
    Some(format!("Podman takes no link that leads out of the context: `{path}` leads to `{target}`"))
}

fn leads_out(path: &str, target: &str) -> bool {
    let mut depth = path.matches('/').count();
    !target.starts_with('/')
        && target.split('/').any(|part| match part {
            "" | "." => false,
            ".." if depth == 0 => true,
            ".." => {
                depth -= 1;
                false
            }
            _ => {
                depth += 1;
                false
            }
        })
}

/// Credentials of the registries that the Dockerfile names, and of no other.
async fn registry_config(job: &Job<'_>) -> Option<HeaderValue> {
    let mut config = serde_json::Map::new();
    for host in dockerfile::registries(&job.inputs.text()) {
        if let Some((username, secret)) = job.credentials.credentials(&host).await {
            let key = if host == "docker.io" { "https://index.docker.io/v1/".to_owned() } else { host };
            let login = if username.is_empty() {
                serde_json::json!({ "identitytoken": secret.expose(), "serveraddress": key })
            } else {
                serde_json::json!({ "username": username, "password": secret.expose(), "serveraddress": key })
            };
            config.insert(key, login);
        }
    }
    if config.is_empty() {
        return None;
    }
    let text = serde_json::Value::Object(config).to_string();
    let mut value = HeaderValue::from_str(&URL_SAFE.encode(text)).ok()?;
    value.set_sensitive(true);
    Some(value)
}

async fn read(job: &Job<'_>, mut output: Output) -> Result<String, BuildError> {
    let mut said = Said::default();
    let mut lines = Lines::new(&job.spec.redactor);
    while let Some(message) = output.next().await? {
        if let Some(words) = failure(&message) {
            lines.finish(|line| said.line(line, job.progress));
            return Err(BuildError::failed(words, job, said.step.as_deref()));
        }
        let BuildInfo { stream, aux, status, id: layer, .. } = message;
        if let Some(BuildInfoAux::Default(image)) = aux {
            said.id = image.id.or(said.id);
        }
        if let Some(status) = status {
            job.progress.detail(format!("{} {status}", layer.unwrap_or_default()).trim_start().to_owned());
        }
        lines.push(stream.unwrap_or_default().as_bytes(), |line| said.line(line, job.progress));
    }
    lines.finish(|line| said.line(line, job.progress));
    said.id.ok_or(BuildError::NoImage)
}

/// What a builder's lines tell.
#[derive(Default)]
struct Said {
    id: Option<String>,
    /// The last instruction that began.
    step: Option<String>,
}

impl Said {
    fn line(&mut self, line: &str, progress: &Progress) {
        if let Some(step) = step_of(line) {
            self.step = Some(step.to_owned());
        }
        // Podman names the image in the last line only.
        if let Some(id) = podman_id(line) {
            self.id = Some(id);
        }
        if !line.is_empty() {
            progress.log(line);
        }
    }
}

/// The instruction in `Step 2/3 : RUN make`, or Podman's `[1/2] STEP 2/3: RUN make`.
fn step_of(line: &str) -> Option<&str> {
    let line = line.strip_prefix('[').and_then(|line| line.split_once("] ")).map_or(line, |(_, line)| line);
    let numbered = line.strip_prefix("Step ").or_else(|| line.strip_prefix("STEP "))?;
    let (number, instruction) = numbered.split_once(": ")?;
    number.trim().split('/').all(|number| number.parse::<usize>().is_ok()).then_some(instruction)
}

fn podman_id(line: &str) -> Option<String> {
    let id = line.strip_prefix("Successfully built ").unwrap_or(line).trim();
    (id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| format!("sha256:{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_out_when_it_climbs_above_the_context() {
        let out = [("up", ".."), ("a/b", "../../x"), ("a/b", "c/../../../x")];
        let inside = [("a", "b"), ("a/b", "../x"), ("a/b", "./c/../../x"), ("a", "/etc/passwd"), ("a", "..x")];
        assert!(out.iter().all(|(path, target)| leads_out(path, target)));
        assert!(!inside.iter().any(|(path, target)| leads_out(path, target)));
    }

    #[test]
    fn the_step_is_read_from_dockers_and_from_podmans_lines() {
        assert_eq!(step_of("Step 2/3 : RUN a: b"), Some("RUN a: b"));
        assert_eq!(step_of("STEP 2/3: RUN make"), Some("RUN make"));
        assert_eq!(step_of("[1/2] STEP 2/3: RUN make"), Some("RUN make"));
        assert_eq!(step_of("Step by step: x"), None);
    }
}
