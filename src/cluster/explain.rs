//! Why something does not start: what its pod says, what happened to it, its last words.

use super::catalogue::collection;
use super::object::{list, number, text};
use super::pod::Hindrance;
use super::{Cluster, ObjectRef};
use crate::util::text::percent_encode;
use serde_json::Value;
use std::collections::BTreeSet;

/// How much of a log is shown, in lines.
const LAST_LINES: usize = 20;
/// How many events are shown.
const LAST_EVENTS: usize = 5;

/// What is known of something that does not start. It quotes logs, which may hold secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub object: ObjectRef,
    pub why: String,
    /// The pod that was looked at.
    pub pod: Option<String>,
    /// What keeps it, in words.
    pub pod_says: Option<String>,
    /// Warnings of the cluster, the newest last.
    pub events: Vec<String>,
    /// The last lines of its log.
    pub log: Vec<String>,
}

impl Trouble {
    pub(super) fn new(object: &ObjectRef, why: String) -> Self {
        let object = object.clone();
        Self { object, why, pod: None, pod_says: None, events: Vec::new(), log: Vec::new() }
    }

    /// Looks at the pod. What may not be looked at is left out: the trouble itself is the message.
    pub(super) async fn find_out(
        &mut self,
        cluster: &Cluster,
        workload: &Value,
        pod: Option<&Value>,
        found: Option<&Hindrance>,
    ) {
        let Some(namespace) = text(workload, "/metadata/namespace") else { return };
        self.pod_says = found.map(|found| found.why.clone());
        let name = pod.and_then(|pod| text(pod, "/metadata/name"));
        self.pod = name.map(str::to_owned);
        self.events = cluster.events(namespace, &self.object.name, name).await;
        if let (Some(pod), Some(name)) = (pod, name) {
            let container = found.and_then(|found| found.container.clone()).or_else(|| unready(pod));
            let ran_before = found.is_some_and(|found| found.ran_before);
            self.log = cluster.last_lines(namespace, name, container.as_deref(), ran_before).await;
        }
    }
}

/// The container that is not ready.
fn unready(pod: &Value) -> Option<String> {
    let is_unready = |status: &&Value| status.pointer("/ready") == Some(&Value::Bool(false));
    let found = list(pod, "/status/containerStatuses").iter().find(is_unready)?;
    text(found, "/name").map(str::to_owned)
}

impl Cluster {
    /// The last warnings about a pod, or about a workload and its replica sets.
    async fn events(&self, namespace: &str, workload: &str, pod: Option<&str>) -> Vec<String> {
        let path = collection("v1", Some(namespace), "events");
        let path = format!("{path}?fieldSelector={}&limit=500", percent_encode("type=Warning"));
        let Ok(found) = self.get(&path, "list events").await else { return Vec::new() };
        let about = |event: &&Value| {
            let name = text(event, "/involvedObject/name").unwrap_or_default();
            match pod {
                Some(pod) => name == pod,
                None => name == workload || name.strip_prefix(workload).is_some_and(|rest| rest.starts_with('-')),
            }
        };
        let mut events: Vec<&Value> = list(&found, "/items").iter().filter(about).collect();
        events.sort_by_key(|event| {
            text(event, "/lastTimestamp").or(text(event, "/eventTime")).unwrap_or_default().to_owned()
        });
        let mut seen = BTreeSet::new();
        let mut lines: Vec<String> = Vec::new();
        for event in events.into_iter().rev() {
            let message = text(event, "/message").unwrap_or_default().trim();
            if seen.insert(message) && lines.len() < LAST_EVENTS {
                let times = match number(event, "/count") {
                    0 | 1 => String::new(),
                    times => format!(" ({times} times)"),
                };
                lines.push(format!("{}: {message}{times}", text(event, "/reason").unwrap_or("Warning")));
            }
        }
        lines.reverse();
        lines
    }

    async fn last_lines(&self, namespace: &str, pod: &str, container: Option<&str>, before: bool) -> Vec<String> {
        let pods = collection("v1", Some(namespace), "pods");
        let mut path = format!("{pods}/{}/log?tailLines={LAST_LINES}", percent_encode(pod));
        if let Some(container) = container {
            path.push_str(&format!("&container={}", percent_encode(container)));
        }
        let earlier = format!("{path}&previous=true");
        let text = match self.text(if before { &earlier } else { &path }, "read logs").await {
            Err(_) if before => self.text(&path, "read logs").await,
            read => read,
        };
        text.map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default()
    }
}
