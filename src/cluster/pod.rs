//! Why a pod does not start, as its status tells.

use super::object::{condition, list, number, text};
use serde_json::Value;

/// What keeps a pod from running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hindrance {
    pub(super) kind: HindranceKind,
    /// The container, where it is one's.
    pub(super) container: Option<String>,
    /// In words, e.g. `its image cannot be pulled (ImagePullBackOff): …`.
    pub(super) why: String,
    /// The container ran before: its last log is that of its predecessor.
    pub(super) ran_before: bool,
}

/// How long a hindrance may last before it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HindranceKind {
    /// No time makes it better.
    Final,
    /// Something that the container is made of is missing or wrong; others may just be making it.
    Setup,
    /// The image does not come; the registry may only be slow.
    Pull,
    /// It ends again and again; what it needs may come up yet. With the number of its restarts.
    Crash(i64),
    /// No node has room for it; nodes may be added.
    Unschedulable,
}

/// What keeps a pod from running, the worst first.
pub(super) fn hindrance(pod: &Value) -> Option<Hindrance> {
    let containers = ["/status/initContainerStatuses", "/status/containerStatuses"];
    let statuses = containers.iter().flat_map(|pointer| list(pod, pointer));
    statuses.filter_map(of_container).chain(of_pod(pod)).min_by_key(|found| found.kind)
}

fn of_container(status: &Value) -> Option<Hindrance> {
    let reason = text(status, "/state/waiting/reason")?;
    let restarts = number(status, "/restartCount");
    let (kind, what) = match reason {
        "InvalidImageName" => (HindranceKind::Final, "the name of its image is wrong"),
        "ErrImageNeverPull" => (HindranceKind::Final, "its image is not on the node and may not be pulled"),
        "ImagePullBackOff" | "ErrImagePull" | "ImageInspectError" | "RegistryUnavailable" => {
            (HindranceKind::Pull, "its image cannot be pulled")
        }
        "CreateContainerConfigError" => (HindranceKind::Setup, "what it is configured with is missing or wrong"),
        "CreateContainerError" | "RunContainerError" | "PreCreateHookError" | "PostStartHookError" => {
            (HindranceKind::Setup, "its container cannot be started")
        }
        "CrashLoopBackOff" => (HindranceKind::Crash(restarts), "it ends again and again"),
        _ => return None,
    };
    let mut why = format!("{what} ({reason})");
    if let Some(message) = text(status, "/state/waiting/message").filter(|_| reason != "CrashLoopBackOff") {
        why.push_str(&format!(": {message}"));
    }
    if let Some(ended) = status.pointer("/lastState/terminated") {
        let code = number(ended, "/exitCode");
        match text(ended, "/reason") {
            Some("Error" | "Completed") | None => why.push_str(&format!(", last with exit status {code}")),
            Some("OOMKilled") => why.push_str(", last because it took more memory than it may (OOMKilled)"),
            Some(reason) => why.push_str(&format!(", last with {reason} ({code})")),
        }
    }
    let container = text(status, "/name").map(str::to_owned);
    Some(Hindrance { kind, container, why, ran_before: restarts > 0 })
}

fn of_pod(pod: &Value) -> Option<Hindrance> {
    let scheduled = condition(pod, "PodScheduled")?;
    let is_stuck = text(scheduled, "/status") == Some("False") && text(scheduled, "/reason") == Some("Unschedulable");
    let message = text(scheduled, "/message").unwrap_or("no node takes it");
    let why = format!("no node takes it (Unschedulable): {message}");
    is_stuck.then_some(Hindrance { kind: HindranceKind::Unschedulable, container: None, why, ran_before: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(status: Value, expect: Option<(HindranceKind, &str)>) {
        let found = hindrance(&json!({ "status": status }));
        assert_eq!(found.as_ref().map(|found| (found.kind, found.why.as_str())), expect);
    }

    #[test]
    fn a_pod_says_what_keeps_it() {
        let waiting = |reason: &str, message: &str| {
            json!({ "containerStatuses": [{ "name": "web", "restartCount": 0,
                "state": { "waiting": { "reason": reason, "message": message } } }] })
        };
        check(json!({ "containerStatuses": [{ "state": { "running": {} } }] }), None);
        check(waiting("ContainerCreating", ""), None);
        check(
            waiting("ImagePullBackOff", "Back-off pulling image \"x\""),
            Some((HindranceKind::Pull, "its image cannot be pulled (ImagePullBackOff): Back-off pulling image \"x\"")),
        );
        check(
            waiting("CreateContainerConfigError", "secret \"web\" not found"),
            Some((
                HindranceKind::Setup,
                "what it is configured with is missing or wrong (CreateContainerConfigError): secret \"web\" not found",
            )),
        );
        let crash = |ended: Value| {
            json!({ "containerStatuses": [{ "name": "web", "restartCount": 3, "lastState": { "terminated": ended },
                "state": { "waiting": { "reason": "CrashLoopBackOff", "message": "back-off 40s" } } }] })
        };
        check(
            crash(json!({ "exitCode": 2, "reason": "Error" })),
            Some((HindranceKind::Crash(3), "it ends again and again (CrashLoopBackOff), last with exit status 2")),
        );
        check(
            crash(json!({ "exitCode": 137, "reason": "OOMKilled" })),
            Some((
                HindranceKind::Crash(3),
                "it ends again and again (CrashLoopBackOff), last because it took more memory than it may (OOMKilled)",
            )),
        );
        check(
            json!({ "conditions": [{ "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
                "message": "0/3 nodes are available" }] }),
            Some((HindranceKind::Unschedulable, "no node takes it (Unschedulable): 0/3 nodes are available")),
        );
    }
}
