//! Whether what runs pods is where it should be. As `kubectl rollout status` decides
//! (`kubectl/pkg/polymorphichelpers/rollout_status.go`), and the same for jobs.

use super::object::{condition, holds, number, text};
use serde_json::Value;

/// What can be said of a workload at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Ready,
    /// What is still missing.
    Waiting(String),
    /// It will not get there by itself.
    Failed(String),
}

/// Whether objects of a kind are waited for.
pub(super) fn is_awaited(kind: &str) -> bool {
    matches!(kind, "Deployment" | "StatefulSet" | "DaemonSet" | "Job")
}

pub(super) fn judge(object: &Value) -> Verdict {
    let kind = text(object, "/kind").unwrap_or_default();
    let is_seen = number(object, "/metadata/generation") <= number(object, "/status/observedGeneration");
    match kind {
        "Job" => judge_job(object),
        _ if !is_seen => Verdict::Waiting("not yet looked at by the cluster".to_owned()),
        "Deployment" => judge_deployment(object),
        "StatefulSet" => judge_stateful_set(object),
        "DaemonSet" => judge_daemon_set(object),
        _ => Verdict::Ready,
    }
}

fn judge_deployment(object: &Value) -> Verdict {
    if let Some(condition) = condition(object, "Progressing")
        && text(condition, "/reason") == Some("ProgressDeadlineExceeded")
    {
        return Verdict::Failed("made no progress within its time (`progressDeadlineSeconds`)".to_owned());
    }
    if let Some(condition) = condition(object, "ReplicaFailure").filter(|_| holds(object, "ReplicaFailure")) {
        let said = text(condition, "/message").unwrap_or("its pods cannot be created");
        return Verdict::Failed(format!("gets no pods: {said}"));
    }
    let wanted = wanted(object);
    let (updated, all) = (number(object, "/status/updatedReplicas"), number(object, "/status/replicas"));
    let available = number(object, "/status/availableReplicas");
    if updated < wanted {
        Verdict::Waiting(format!("{updated} of {wanted} pods are new"))
    } else if all > updated {
        Verdict::Waiting(format!("{} old pods are still there", all - updated))
    } else if available < updated {
        Verdict::Waiting(format!("{available} of {updated} pods are available"))
    } else {
        Verdict::Ready
    }
}

fn judge_stateful_set(object: &Value) -> Verdict {
    if text(object, "/spec/updateStrategy/type") == Some("OnDelete") {
        return Verdict::Ready;
    }
    let wanted = wanted(object);
    let (ready, updated) = (number(object, "/status/readyReplicas"), number(object, "/status/updatedReplicas"));
    let partition = number(object, "/spec/updateStrategy/rollingUpdate/partition");
    if ready < wanted {
        Verdict::Waiting(format!("{ready} of {wanted} pods are ready"))
    } else if updated < wanted - partition {
        Verdict::Waiting(format!("{updated} of {} pods are new", wanted - partition))
    } else if partition == 0 && text(object, "/status/updateRevision") != text(object, "/status/currentRevision") {
        Verdict::Waiting("its pods are being replaced".to_owned())
    } else {
        Verdict::Ready
    }
}

fn judge_daemon_set(object: &Value) -> Verdict {
    let wanted = number(object, "/status/desiredNumberScheduled");
    let updated = number(object, "/status/updatedNumberScheduled");
    let available = number(object, "/status/numberAvailable");
    if updated < wanted {
        Verdict::Waiting(format!("{updated} of {wanted} pods are new"))
    } else if available < wanted {
        Verdict::Waiting(format!("{available} of {wanted} pods are available"))
    } else {
        Verdict::Ready
    }
}

fn judge_job(object: &Value) -> Verdict {
    for kind in ["Failed", "FailureTarget"] {
        if let Some(condition) = condition(object, kind).filter(|_| holds(object, kind)) {
            let said = text(condition, "/message").or(text(condition, "/reason")).unwrap_or("it failed");
            return Verdict::Failed(format!("failed: {said}"));
        }
    }
    let is_suspended = object.pointer("/spec/suspend") == Some(&Value::Bool(true));
    if holds(object, "Complete") || is_suspended {
        return Verdict::Ready;
    }
    Verdict::Waiting(match number(object, "/status/active") {
        0 => "has not begun".to_owned(),
        _ => "runs".to_owned(),
    })
}

/// One where nothing is said.
fn wanted(object: &Value) -> i64 {
    object.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(kind: &str, spec: Value, status: Value, expect: &str) {
        let object = json!({ "kind": kind, "metadata": { "generation": 2 }, "spec": spec, "status": status });
        let said = match judge(&object) {
            Verdict::Ready => "ready".to_owned(),
            Verdict::Waiting(what) => format!("waits: {what}"),
            Verdict::Failed(why) => format!("fails: {why}"),
        };
        assert_eq!(said, expect);
    }

    #[test]
    fn a_deployment_is_ready_when_all_its_pods_are_new_and_available() {
        let check = |replicas: i64, status: Value, expect: &str| {
            check("Deployment", json!({ "replicas": replicas }), status, expect);
        };
        let seen = 2;
        check(1, json!({ "observedGeneration": 1, "availableReplicas": 1 }), "waits: not yet looked at by the cluster");
        check(2, json!({ "observedGeneration": seen, "updatedReplicas": 1 }), "waits: 1 of 2 pods are new");
        check(
            1,
            json!({ "observedGeneration": seen, "updatedReplicas": 1, "replicas": 2, "availableReplicas": 1 }),
            "waits: 1 old pods are still there",
        );
        check(
            1,
            json!({ "observedGeneration": seen, "updatedReplicas": 1, "replicas": 1 }),
            "waits: 0 of 1 pods are available",
        );
        check(
            1,
            json!({ "observedGeneration": seen, "updatedReplicas": 1, "replicas": 1, "availableReplicas": 1 }),
            "ready",
        );
        check(0, json!({ "observedGeneration": seen }), "ready");
        let late = json!([{ "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded" }]);
        check(
            1,
            json!({ "observedGeneration": seen, "conditions": late }),
            "fails: made no progress within its time (`progressDeadlineSeconds`)",
        );
        let quota = json!([{ "type": "ReplicaFailure", "status": "True", "message": "exceeded quota: small" }]);
        check(
            1,
            json!({ "observedGeneration": seen, "conditions": quota }),
            "fails: gets no pods: exceeded quota: small",
        );
    }

    #[test]
    fn a_stateful_set_is_ready_when_its_pods_are_of_the_new_revision() {
        let status = |ready: i64, updated: i64, current: &str| {
            json!({ "observedGeneration": 2, "readyReplicas": ready, "updatedReplicas": updated,
                "currentRevision": current, "updateRevision": "db-2" })
        };
        check("StatefulSet", json!({ "replicas": 2 }), status(1, 2, "db-2"), "waits: 1 of 2 pods are ready");
        check("StatefulSet", json!({ "replicas": 2 }), status(2, 1, "db-1"), "waits: 1 of 2 pods are new");
        check("StatefulSet", json!({ "replicas": 2 }), status(2, 2, "db-1"), "waits: its pods are being replaced");
        check("StatefulSet", json!({ "replicas": 2 }), status(2, 2, "db-2"), "ready");
    }

    #[test]
    fn a_job_is_ready_when_it_is_done() {
        let failed = json!([{ "type": "Failed", "status": "True", "message": "Job has reached the specified \
            backoff limit" }]);
        let done = json!([{ "type": "Complete", "status": "True" }]);
        check("Job", json!({}), json!({}), "waits: has not begun");
        check("Job", json!({}), json!({ "active": 1 }), "waits: runs");
        check("Job", json!({}), json!({ "conditions": done }), "ready");
        check(
            "Job",
            json!({}),
            json!({ "conditions": failed }),
            "fails: failed: Job has reached the specified backoff limit",
        );
    }
}
