//! Whether what was started runs as it should.

use crate::image::engine::Container;
use std::collections::BTreeSet;

/// Seconds that a service without a health check has to stay up to count.
const STEADY: u32 = 3;

/// What can be said of a project at a moment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict<'a> {
    Ready,
    /// These services are not there yet.
    Waiting(BTreeSet<&'a str>),
    /// What is wrong with these, one of each service.
    Failed(Vec<(&'a Container, String)>),
}

/// Judges the containers of a project; `jobs` are services that run to their end.
pub(super) fn judge<'a>(containers: &'a [Container], jobs: &BTreeSet<String>) -> Verdict<'a> {
    let mut waiting = BTreeSet::new();
    let mut failed: Vec<(&Container, String)> = Vec::new();
    let mut fail = |container: &'a Container, why: String| {
        if failed.iter().all(|(known, _)| known.service != container.service) {
            failed.push((container, why));
        }
    };
    for container in containers {
        let status = container.status.as_str();
        let is_job = jobs.contains(&container.service);
        match container.state.as_str() {
            "running" if status.contains("(unhealthy)") => fail(container, "does not get healthy".to_owned()),
            "running" if is_job || status.contains("(health: starting)") => {
                waiting.insert(container.service.as_str());
            }
            "running" if status.contains("(healthy)") || is_steady(status) => {}
            "running" | "created" => {
                waiting.insert(container.service.as_str());
            }
            "exited" if is_job && status.starts_with("Exited (0)") => {}
            "restarting" => fail(container, "ends again and again".to_owned()),
            _ => fail(container, format!("does not run: {}", status.to_ascii_lowercase())),
        }
    }
    match (failed.is_empty(), waiting.is_empty()) {
        (false, _) => Verdict::Failed(failed),
        (true, true) => Verdict::Ready,
        (true, false) => Verdict::Waiting(waiting),
    }
}

/// Whether a container is up for some seconds.
fn is_steady(status: &str) -> bool {
    let up = status.strip_prefix("Up ").unwrap_or_default();
    match up.split_once(' ') {
        Some((number, unit)) if unit.starts_with("second") => {
            number.parse::<u32>().is_ok_and(|number| number >= STEADY)
        }
        Some(("Less", _)) => false,
        _ => !up.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(service: &str, state: &str, status: &str) -> Container {
        Container {
            service: service.to_owned(),
            state: state.to_owned(),
            status: status.to_owned(),
            ..Container::default()
        }
    }

    #[test]
    fn a_project_is_ready_when_all_of_it_is() {
        let jobs = BTreeSet::from(["job".to_owned()]);
        let judged = |state: &str, status: &str, service: &str| match judge(&[container(service, state, status)], &jobs)
        {
            Verdict::Ready => "ready".to_owned(),
            Verdict::Waiting(_) => "waiting".to_owned(),
            Verdict::Failed(failed) => failed[0].1.clone(),
        };
        assert_eq!(judged("running", "Up 1 second (healthy)", "web"), "ready");
        assert_eq!(judged("running", "Up 1 second (health: starting)", "web"), "waiting");
        assert_eq!(judged("running", "Up 1 minute (unhealthy)", "web"), "does not get healthy");
        assert_eq!(judged("running", "Up Less than a second", "web"), "waiting");
        assert_eq!(judged("running", "Up 2 seconds", "web"), "waiting");
        assert_eq!(judged("running", "Up 3 seconds", "web"), "ready");
        assert_eq!(judged("running", "Up About a minute", "web"), "ready");
        assert_eq!(judged("restarting", "Restarting (1) 1 second ago", "web"), "ends again and again");
        assert_eq!(judged("exited", "Exited (0) 1 second ago", "web"), "does not run: exited (0) 1 second ago");
        assert_eq!(judged("exited", "Exited (0) 1 second ago", "job"), "ready");
        assert_eq!(judged("exited", "Exited (3) 1 second ago", "job"), "does not run: exited (3) 1 second ago");
        assert_eq!(judged("running", "Up 9 seconds", "job"), "waiting");
    }

    #[test]
    fn every_service_that_failed_is_named_once() {
        let containers = [
            container("api", "restarting", "Restarting (1) 1 second ago"),
            container("api", "restarting", "Restarting (1) 1 second ago"),
            container("db", "exited", "Exited (1) 1 second ago"),
            container("web", "created", "Created"),
        ];
        let Verdict::Failed(failed) = judge(&containers, &BTreeSet::new()) else { panic!("two of them failed") };
        let failed: Vec<&str> = failed.iter().map(|(container, _)| container.service.as_str()).collect();
        assert_eq!(failed, ["api", "db"]);
    }
}
