//! Starts a project and waits for it; takes it down.

use super::prepare::{Deployment, folder};
use super::remote;
use super::settle::{Verdict, judge};
use super::tool::Tool;
use crate::environment::compose::{COMPOSE_FILE, project_name};
use crate::image::engine::{Container, Engine};
use crate::model::{Endpoint, Name, Scheme};
use crate::ops::actions;
use crate::ops::run::Run;
use crate::pipeline::{Failure, StepContext, StepOutput};
use crate::util::FailureClass;
use crate::util::process::Command;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// How much of a service's log is shown when it fails, in lines.
const LAST_LINES: usize = 20;
/// How long one that others wait for is looked at, until it is seen what is wrong with it.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at the containers.
const PERIOD: Duration = Duration::from_millis(500);
/// How long services may take; those with a health check end their own time sooner.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// Where a service that was deployed is reached.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Address {
    pub environment: String,
    pub app: String,
    pub url: String,
}

/// Starts what changed and waits until every service is healthy.
pub(in crate::ops) async fn up(run: &Run, name: &Name, cx: &StepContext) -> Result<StepOutput, Failure> {
    let tool = Tool::find().await?;
    let engine = run.engine().await?;
    let environment = &run.application.environments[name];
    let project = project_name(&run.application, environment);
    let folder = folder(run.state(), &run.application, name);
    let prepared = run.deployment(name);
    let command = || tool.project(run, engine.describe(), &folder, &project, &prepared).until(cx.cancel.clone());
    let ended = stream(run, command().args(["up", "--detach", "--remove-orphans"]), cx).await;
    let changed: Vec<&String> = prepared.changed.iter().collect();
    let ended = match (ended, changed.is_empty()) {
        (Ok(()), false) => {
            let again = ["up", "--detach", "--no-deps", "--force-recreate"];
            stream(run, command().args(again).args(changed), cx).await
        }
        (ended, _) => ended,
    };
    if cx.cancel.is_cancelled() {
        return Err(Failure::new(FailureClass::Permanent, "cancelled"));
    }
    let jobs: BTreeSet<String> =
        run.application.apps.values().filter(|app| app.job.is_some()).map(|app| app.name.to_string()).collect();
    if let Err(failure) = ended {
        let here = shown(run, &folder, tool);
        return Err(reason(run, engine, &project, &jobs, &here, failure, cx).await);
    }
    let here = shown(run, &folder, tool);
    let containers = settle(run, engine, &project, &jobs, &here, cx).await?;
    forget_files(&folder, &prepared);
    cx.progress.notice(format!("logs: {here} logs"));
    for app in crate::environment::apps(&run.application, name).filter(|app| app.job.is_some()) {
        if containers.iter().all(|container| container.service != app.name.as_str()) {
            cx.progress.notice(format!("`{0}` is a job; to start it: {here} run --rm {0}", app.name));
        }
    }
    let addresses = addresses(run, name, engine, &containers);
    let services: BTreeSet<&str> = containers.iter().map(|container| container.service.as_str()).collect();
    let summary = match addresses.as_slice() {
        [] if services.len() == 1 => "1 service".to_owned(),
        [] => format!("{} services", services.len()),
        several => several.iter().map(|it| format!("{} {}", it.app, it.url)).collect::<Vec<_>>().join(", "),
    };
    run.keep_addresses(addresses);
    Ok(StepOutput { summary: Some(summary), ..StepOutput::default() })
}

/// Removes the files of earlier deployments, which may hold secrets; no container has them any more.
fn forget_files(folder: &Path, prepared: &Deployment) {
    let Ok(entries) = std::fs::read_dir(folder.join("files")) else { return };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| !prepared.files.contains(path)) {
        // One that stays is in nobody's way.
        let _ = std::fs::remove_file(path);
    }
}

/// Takes a project down; its volumes only where that was asked for.
pub(in crate::ops) async fn down(run: &Run, name: &Name, cx: &StepContext) -> Result<StepOutput, Failure> {
    let tool = Tool::find().await?;
    let engine = run.engine().await?;
    let environment = &run.application.environments[name];
    let project = project_name(&run.application, environment);
    let folder = folder(run.state(), &run.application, name);
    if !folder.join(COMPOSE_FILE).exists() {
        let left =
            engine.project(&project).await.map_err(|error| actions::failure(error.class(), &error, error.help()))?;
        if left.is_empty() {
            return Ok(StepOutput { cached: true, summary: Some("not deployed".to_owned()), ..StepOutput::default() });
        }
        let message = format!("`{project}` runs, but was not deployed from here");
        let help =
            format!("run `shipit deploy` here first, or take it down where it was deployed: {}", folder.display());
        return Err(Failure::new(FailureClass::Permanent, message).help(help));
    }
    let command =
        tool.project(run, engine.describe(), &folder, &project, &Deployment::default()).until(cx.cancel.clone());
    let mut command = command.args(["down", "--remove-orphans"]);
    if run.deploying.as_ref().is_some_and(|deploying| deploying.volumes) {
        command = command.arg("--volumes");
    }
    stream(run, command, cx).await?;
    Ok(StepOutput { summary: Some(project), ..StepOutput::default() })
}

async fn stream(run: &Run, command: Command, cx: &StepContext) -> Result<(), Failure> {
    let ended = command.stream(&cx.progress, &run.redactor).await;
    let ended = ended.map_err(|error| Failure::from_error(FailureClass::Permanent, &error))?;
    if ended.status.success() {
        return Ok(());
    }
    let mut message = format!("`{}` ended with {}", command.name(), ended.ending());
    let tail = ended.tail[ended.tail.len().saturating_sub(LAST_LINES)..].join("\n");
    for line in essence(&tail) {
        message.push('\n');
        message.push_str(line);
    }
    Err(Failure::new(FailureClass::Permanent, message))
}

async fn settle(
    run: &Run,
    engine: &Engine,
    project: &str,
    jobs: &BTreeSet<String>,
    shown: &str,
    cx: &StepContext,
) -> Result<Vec<Container>, Failure> {
    let began = Instant::now();
    loop {
        let containers =
            engine.project(project).await.map_err(|error| actions::failure(error.class(), &error, error.help()))?;
        match judge(&containers, jobs) {
            Verdict::Ready => return Ok(containers),
            Verdict::Failed(failed) => return Err(explain(run, engine, &failed, shown).await),
            Verdict::Waiting(services) if began.elapsed() > LIMIT => {
                let services: Vec<&str> = services.into_iter().collect();
                let message = format!("{} did not get ready within 15 minutes", services.join(", "));
                let help = format!("look at the log: `{shown} logs {}`", services.join(" "));
                return Err(Failure::new(FailureClass::Permanent, message).help(help));
            }
            Verdict::Waiting(_) => {}
        }
        tokio::select! {
            () = tokio::time::sleep(PERIOD) => {}
            () = cx.cancel.cancelled() => return Err(Failure::new(FailureClass::Permanent, "cancelled")),
        }
    }
}

/// Why the tool failed: it says which container, not why. One that ends at once is between two starts
/// at any moment, so it is looked at more than once.
async fn reason(
    run: &Run,
    engine: &Engine,
    project: &str,
    jobs: &BTreeSet<String>,
    shown: &str,
    failure: Failure,
    cx: &StepContext,
) -> Failure {
    let began = Instant::now();
    loop {
        let containers = engine.project(project).await.unwrap_or_default();
        match judge(&containers, jobs) {
            Verdict::Failed(failed) => {
                let mut explained = explain(run, engine, &failed, shown).await;
                let is_new = |line: &&str| failed.iter().all(|(it, _)| !line.contains(it.service.as_str()));
                for line in essence(&failure.message).into_iter().filter(|line| !is_about_health(line)).filter(is_new) {
                    explained.message.push('\n');
                    explained.message.push_str(line);
                }
                return explained;
            }
            Verdict::Waiting(_) if is_about_health(&failure.message) && began.elapsed() < PATIENCE => {}
            Verdict::Ready | Verdict::Waiting(_) => return failure,
        }
        tokio::select! {
            () = tokio::time::sleep(PERIOD) => {}
            () = cx.cancel.cancelled() => return failure,
        }
    }
}

/// Whether a tool speaks of a service that others wait for, and nothing else.
fn is_about_health(message: &str) -> bool {
    message.contains("is unhealthy") || message.contains("dependency failed to start")
}

/// What of a tool's words says why it failed: lines with an error, each once, though docker-compose 1.29
/// says it for the container and for the service. All of them where there is none.
fn essence(words: &str) -> Vec<&str> {
    let mut reasons: Vec<(&str, &str)> = Vec::new();
    for line in words.lines().filter(|line| line.to_ascii_lowercase().contains("error")) {
        let reason = line.strip_prefix("ERROR: for ").and_then(|rest| rest.split_once("  ")).map_or(line, |it| it.1);
        if !line.starts_with("Encountered errors") && !line.ends_with("... error") {
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some(known) => known.1 = line,
                None => reasons.push((reason, line)),
            }
        }
    }
    if reasons.is_empty() { words.lines().collect() } else { reasons.into_iter().map(|(_, line)| line).collect() }
}

/// Why services are not well: what their health checks said, and their last words.
async fn explain(run: &Run, engine: &Engine, failed: &[(&Container, String)], shown: &str) -> Failure {
    let mut messages = Vec::new();
    for (container, why) in failed {
        let mut message = format!("`{}` {why}", container.service);
        let check = engine.health_output(&container.id).await.ok().flatten();
        if let Some(output) = check.filter(|_| why.contains("healthy")) {
            message.push_str(&format!("; its health check says: {}", run.redactor.redact(output.trim())));
        }
        let lines = engine.last_lines(&container.id, LAST_LINES).await.unwrap_or_default();
        message.push_str(if lines.is_empty() { "; it wrote nothing" } else { "; its last lines:" });
        for line in lines {
            message.push_str("\n  ");
            message.push_str(&run.redactor.redact(&line));
        }
        messages.push(message);
    }
    let services: Vec<&str> = failed.iter().map(|(container, _)| container.service.as_str()).collect();
    let help = format!("see all of it with `{shown} logs {}`", services.join(" "));
    Failure::new(FailureClass::Permanent, messages.join("\n")).help(help)
}

/// What a user types before a command of the Compose tool: it finds a project by the folder.
fn shown(run: &Run, folder: &Path, tool: Tool) -> String {
    let folder = folder.strip_prefix(&run.root).unwrap_or(folder).display().to_string();
    let folder =
        if folder.contains([' ', '\'', '"', '$']) { format!("'{}'", folder.replace('\'', "'\\''")) } else { folder };
    format!("cd {folder} && {}", tool.shown())
}

/// Where the external endpoints of the apps are reached.
fn addresses(run: &Run, environment: &Name, engine: &Engine, containers: &[Container]) -> Vec<Address> {
    let host = remote::host(&engine.describe().address);
    let mut addresses = Vec::new();
    for app in crate::environment::apps(&run.application, environment) {
        let own = containers.iter().filter(|container| container.service == app.name.as_str());
        for (inner, outer) in own.flat_map(|container| container.ports.iter().copied()) {
            let is_it = |endpoint: &&Endpoint| {
                let port = endpoint.target_port.as_ref().or(endpoint.port.as_ref()).map(|port| *port.get_ref());
                port.unwrap_or(8080) == inner
            };
            let scheme = app.endpoints.values().find(is_it).map(|endpoint| *endpoint.scheme.get_ref());
            let url = match scheme {
                Some(Scheme::Http | Scheme::Http2 | Scheme::Grpc | Scheme::Ws) => format!("http://{host}:{outer}"),
                Some(Scheme::Https | Scheme::Wss) => format!("https://{host}:{outer}"),
                Some(Scheme::Tcp | Scheme::Udp) | None => format!("{host}:{outer}"),
            };
            addresses.push(Address { environment: environment.to_string(), app: app.name.to_string(), url });
        }
    }
    addresses.sort();
    addresses.dedup();
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_tools_words_those_stay_that_say_why() {
        let words = "Pulling api (localhost:5005/api@sha256:0)...\nStatus: Downloaded newer image for api\n\
                     Creating shop_api_1 ... error\nERROR: for shop_api_1  Cannot start service api: no such file\n\
                     ERROR: for api  Cannot start service api: no such file\n\
                     Encountered errors while bringing up the project.";
        assert_eq!(essence(words), ["ERROR: for api  Cannot start service api: no such file"]);
        assert_eq!(essence("pull access denied\nfor api"), ["pull access denied", "for api"]);
    }
}
