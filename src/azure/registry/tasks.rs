//! What a registry runs by itself: purges, which are `acr purge` by schedule, and builds.

use super::super::root::Symbols;
use super::super::{Builder, Value};
use crate::model::{
    BaseImageTrigger, CommitEvent, ProvisionedRegistry, RegistryCommitTrigger, RegistryPurge, RegistryTask,
    RegistryTaskPlatform, SourceHost,
};
use serde_json::{Value as Json, json};

pub(super) fn purges(symbols: &mut Symbols, registry: &ProvisionedRegistry) -> Vec<Json> {
    let one = |purge: &RegistryPurge| {
        let symbol = symbols.take(&purge.name.replace('-', "_"));
        json!({
            "command": symbols.take(&format!("{symbol}Steps")),
            "symbol": symbol,
            "name": purge.name,
            "content": steps(purge),
            "disabled": !purge.run.enabled,
            "cpu": purge.run.cpu,
            "timeout": purge.run.timeout,
            "trigger": format!("{}_trigger", purge.name),
            "schedule": purge.schedule,
        })
    };
    registry.purges.iter().map(one).collect()
}

/// The file of a task that purges (Microsoft Learn, "Automatically purge images from an Azure
/// container registry"). Nothing in a filter ends its quotes: that was checked.
fn steps(purge: &RegistryPurge) -> String {
    let filters: String = purge.filters.iter().map(|filter| format!(" --filter '{filter}'")).collect();
    let untagged = if purge.untagged { " --untagged" } else { "" };
    let RegistryPurge { ago, keep, .. } = purge;
    format!("version: v1.1.0\nsteps:\n- cmd: acr purge{filters} --ago {ago} --keep {keep}{untagged}")
}

pub(super) fn tasks(builder: &mut Builder<'_>, symbols: &mut Symbols, registry: &ProvisionedRegistry) -> Vec<Json> {
    registry.tasks.iter().map(|task| one_task(builder, symbols, task)).collect()
}

fn one_task(builder: &mut Builder<'_>, symbols: &mut Symbols, task: &RegistryTask) -> Json {
    let token = task.token.as_ref().map(|token| builder.lower(token).value);
    let images: Vec<Value> = task.images.iter().map(|image| builder.lower(image).value).collect();
    let arguments = arguments(builder, task);
    json!({
        "symbol": symbols.take(&task.name.replace('-', "_")),
        "api_version": api_version(task.platform),
        "name": task.name,
        "disabled": !task.run.enabled,
        "platform": platform(task.platform),
        "cpu": task.run.cpu,
        "timeout": task.run.timeout,
        "context": builder.lower(&task.context).value,
        "token": token.as_ref().map(|token| json!({ "value": token })),
        "dockerfile": builder.lower(&task.dockerfile).value,
        "target": task.target.as_ref().map(|target| json!({ "value": builder.lower(target).value })),
        "images": images,
        "push": task.push,
        "no_cache": task.no_cache,
        "arguments": (!arguments.is_empty()).then_some(Value::Array(arguments)),
        "trigger": trigger(builder, task, token.as_ref()),
    })
}

/// The newest that is no preview, unless only a preview knows the architecture.
fn api_version(platform: RegistryTaskPlatform) -> &'static str {
    match platform.architecture {
        Some("386" | "arm64") => "2025-03-01-preview",
        Some(_) | None => "2019-04-01",
    }
}

fn platform(platform: RegistryTaskPlatform) -> Value {
    let RegistryTaskPlatform { os, architecture, variant } = platform;
    let entries = [("os", Some(os)), ("architecture", architecture), ("variant", variant)];
    Value::object(entries.into_iter().filter_map(|(key, value)| Some((key, Value::from(value?)))))
}

fn arguments(builder: &mut Builder<'_>, task: &RegistryTask) -> Vec<Value> {
    let plain = task.args.iter().map(|(name, value)| (name, value, false));
    let secret = task.secret_args.iter().map(|(name, value)| (name, value, true));
    plain
        .chain(secret)
        .map(|(name, value, is_secret)| {
            Value::object([
                ("name", Value::from(name.as_str())),
                ("value", builder.lower(value).value),
                ("isSecret", Value::from(is_secret)),
            ])
        })
        .collect()
}

/// What starts it by itself; `None`: only people do.
fn trigger(builder: &mut Builder<'_>, task: &RegistryTask, token: Option<&Value>) -> Option<Value> {
    let mut triggers = Vec::new();
    if let Some(commit) = &task.commit {
        triggers.push(("sourceTriggers", Value::Array(vec![source_trigger(builder, task, commit, token)])));
    }
    if let Some(base_image) = task.base_image {
        let kind = match base_image {
            BaseImageTrigger::Runtime => "Runtime",
            BaseImageTrigger::All => "All",
        };
        let entries =
            [("name", Value::from(format!("{}_base_image", task.name))), ("baseImageTriggerType", Value::from(kind))];
        triggers.push(("baseImageTrigger", Value::object(entries)));
    }
    if !task.schedules.is_empty() {
        let timers = task.schedules.iter().enumerate().map(|(index, schedule)| {
            let number = if index == 0 { String::new() } else { format!("_{index}") };
            let name = format!("{}_trigger{number}", task.name);
            Value::object([("name", Value::from(name)), ("schedule", Value::from(schedule.as_str()))])
        });
        triggers.push(("timerTriggers", Value::Array(timers.collect())));
    }
    (!triggers.is_empty()).then(|| Value::object(triggers))
}

fn source_trigger(
    builder: &mut Builder<'_>,
    task: &RegistryTask,
    commit: &RegistryCommitTrigger,
    token: Option<&Value>,
) -> Value {
    let host = match commit.host {
        SourceHost::GitHub => "Github",
        SourceHost::AzureDevOps => "VisualStudioTeamService",
    };
    let mut repository =
        vec![("sourceControlType", Value::from(host)), ("repositoryUrl", builder.lower(&commit.repository).value)];
    if let Some(branch) = &commit.branch {
        repository.push(("branch", builder.lower(branch).value));
    }
    if let Some(token) = token {
        let entries = [("tokenType", Value::from("PAT")), ("token", token.clone())];
        repository.push(("sourceControlAuthProperties", Value::object(entries)));
    }
    let events = commit.events.iter().map(|event| match event {
        CommitEvent::Commit => Value::from("commit"),
        CommitEvent::PullRequest => Value::from("pullrequest"),
    });
    Value::object([
        ("name", Value::from(format!("{}_commit", task.name))),
        ("sourceTriggerEvents", Value::Array(events.collect())),
        ("sourceRepository", Value::object(repository)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RegistryTaskRun;

    #[test]
    fn a_purge_is_a_command_of_acr() {
        let mut purge = RegistryPurge {
            name: "purgeOldImages".to_owned(),
            schedule: "0 1 * * *".to_owned(),
            filters: vec![".*:.*".to_owned()],
            ago: "7d".to_owned(),
            keep: 5,
            untagged: false,
            run: RegistryTaskRun { enabled: true, cpu: None, timeout: None },
        };
        let head = "version: v1.1.0\nsteps:\n- cmd: acr purge";
        assert_eq!(steps(&purge), format!("{head} --filter '.*:.*' --ago 7d --keep 5"));
        purge.filters = vec!["api:.*".to_owned(), r"web:^pr-\d+$".to_owned()];
        purge.untagged = true;
        let filters = r"--filter 'api:.*' --filter 'web:^pr-\d+$'";
        assert_eq!(steps(&purge), format!("{head} {filters} --ago 7d --keep 5 --untagged"));
    }
}
