//! The containers of a Compose project: how they are, and what they said last.

use super::http::read_capped;
use super::{Engine, EngineError};
use hyper::Method;
use hyper::header::HeaderMap;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use url::form_urlencoded;

/// The most bytes of a log that are read.
const LOG_LIMIT: usize = 256 * 1024;

/// A container of a Compose project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    pub id: String,
    /// The service that it belongs to.
    pub service: String,
    /// `created`, `running`, `restarting`, `exited`, ….
    pub state: String,
    /// In the engine's words: `Up 3 seconds (healthy)`, `Exited (1) 2 seconds ago`.
    pub status: String,
    /// Ports of the container and of the machine.
    pub ports: Vec<(u16, u16)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    id: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    state: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    ports: Vec<Port>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Port {
    private_port: u16,
    public_port: Option<u16>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inspected {
    state: Option<Inspection>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inspection {
    health: Option<Health>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Health {
    #[serde(default)]
    log: Option<Vec<HealthCheck>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HealthCheck {
    #[serde(default)]
    output: String,
}

impl Engine {
    /// The containers of a project in the order of their services, without those of `run`.
    ///
    /// # Errors
    /// The engine does not answer.
    pub async fn project(&self, project: &str) -> Result<Vec<Container>, EngineError> {
        let filters = json!({ "label": [format!("com.docker.compose.project={project}")] }).to_string();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("all", "1")
            .append_pair("filters", &filters)
            .finish();
        let act = format!("look at the containers of `{project}`");
        let listed: Vec<Listed> = self.http.json(&act, &format!("/containers/json?{query}")).await?;
        let is_one_off = |listed: &Listed| {
            listed.labels.get("com.docker.compose.oneoff").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        };
        let mut containers: Vec<Container> = listed
            .into_iter()
            .filter(|listed| !is_one_off(listed))
            .map(|mut listed| Container {
                service: listed.labels.remove("com.docker.compose.service").unwrap_or_default(),
                id: listed.id,
                state: listed.state,
                status: listed.status,
                ports: ports(&listed.ports),
            })
            .collect();
        containers.sort_by(|one, other| (&one.service, &one.id).cmp(&(&other.service, &other.id)));
        Ok(containers)
    }

    /// What a container wrote last, at most so many lines.
    ///
    /// # Errors
    /// The engine does not answer, or has no such container any more.
    pub async fn last_lines(&self, container: &str, lines: usize) -> Result<Vec<String>, EngineError> {
        let act = "read the log of a container";
        let path = format!("/containers/{container}/logs?stdout=1&stderr=1&tail={lines}");
        let reply = self.http.send(act, Method::GET, &path, HeaderMap::new(), super::empty()).await?;
        let bytes = read_capped(reply, LOG_LIMIT).await.map_err(|error| EngineError::closed(act, error))?;
        let text = unframed(&bytes);
        let all: Vec<String> = String::from_utf8_lossy(&text).lines().map(str::to_owned).collect();
        Ok(all[all.len().saturating_sub(lines)..].to_vec())
    }

    /// What the last health check of a container said.
    ///
    /// # Errors
    /// The engine does not answer, or has no such container any more.
    pub async fn health_output(&self, container: &str) -> Result<Option<String>, EngineError> {
        let act = "look at the health of a container";
        let inspected: Inspected = self.http.json(act, &format!("/containers/{container}/json")).await?;
        let log = inspected.state.and_then(|state| state.health).and_then(|health| health.log).unwrap_or_default();
        let last = log.into_iter().next_back().map(|check| check.output.trim().to_owned());
        Ok(last.filter(|output| !output.is_empty()))
    }
}

fn ports(listed: &[Port]) -> Vec<(u16, u16)> {
    let mut ports: Vec<(u16, u16)> =
        listed.iter().filter_map(|port| Some((port.private_port, port.public_port?))).collect();
    // One for each family of addresses.
    ports.sort_unstable();
    ports.dedup();
    ports
}

/// Takes the frames away that carry both streams; a container with a terminal has none.
fn unframed(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut rest = bytes;
    while let [stream @ 0..=2, 0, 0, 0, a, b, c, d, after @ ..] = rest {
        let _ = stream;
        let length = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX).min(after.len());
        text.extend_from_slice(&after[..length]);
        rest = &after[length..];
    }
    text.extend_from_slice(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_a_log_are_taken_away() {
        assert_eq!(unframed(b"\x01\0\0\0\0\0\0\x02a\n\x02\0\0\0\0\0\0\x02b\n"), b"a\nb\n");
        assert_eq!(unframed(b"plain\n"), b"plain\n");
    }
}
