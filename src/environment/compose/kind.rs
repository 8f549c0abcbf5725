//! The kind `docker-compose`: its files, and what it cannot do.

use super::document::{COMPOSE_FILE, compose};
use super::env_file::{self, ENV_FILE};
use super::project;
use super::variable::Variable;
use crate::azure::Failure;
use crate::environment::{AzureKind, FileCx, FileKind, Files, Kind, apps, place};
use crate::manifest::{Diagnostic, Diagnostics, Span};
use crate::model::{App, Application, Environment, JobTrigger};
use crate::render::Artifact;
use crate::util::fs;

/// The most bytes of a `.env`.
const LIMIT: u64 = 16 * 1024 * 1024;

/// Docker Compose.
#[derive(Debug)]
pub struct Compose;

impl Kind for Compose {
    fn name(&self) -> &'static str {
        "docker-compose"
    }

    fn check(&self, application: &Application, environment: &Environment, problems: &mut Diagnostics) {
        for app in apps(application, &environment.name) {
            check(application, app, problems);
        }
    }

    fn azure(&self) -> Option<&dyn AzureKind> {
        None
    }

    fn files(&self) -> Option<&dyn FileKind> {
        Some(self)
    }
}

impl FileKind for Compose {
    fn files(&self, cx: &FileCx<'_>, environment: &Environment) -> Result<Files, Failure> {
        let composition = compose(cx, environment)?;
        let project = project::project_name(cx.application, environment);
        let variables: Vec<&Variable> = composition.variables.values().collect();
        let path = cx.folder.join(ENV_FILE);
        let existing = match fs::read(&path, LIMIT) {
            Ok(content) => Some(String::from_utf8_lossy(&content.bytes).into_owned()),
            Err(error) if error.is_not_found() => None,
            Err(error) => {
                let message = format!("`{ENV_FILE}` of `{}` cannot be read: {}", environment.name, error.source);
                let diagnostic = Diagnostic::error("env-file", message).within(&cx.application.source);
                let mut problems = Diagnostics::default();
                problems.push(diagnostic.at(environment.span.clone(), "").help("make the file readable, or remove it"));
                return Err(Failure::Invalid(problems));
            }
        };
        let env = match existing {
            Some(existing) => env_file::merged(&existing, &project, &variables),
            None => env_file::fresh(&project, &variables),
        };
        let mut artifacts = composition.artifacts;
        artifacts.push(Artifact { path: COMPOSE_FILE.to_owned(), text: composition.text });
        artifacts.push(Artifact { path: ENV_FILE.to_owned(), text: env });
        Ok(Files { artifacts, warnings: composition.warnings })
    }
}

/// What is declared of an app and does nothing in Compose.
fn check(application: &Application, app: &App, problems: &mut Diagnostics) {
    let mut warn = |code: &'static str, message: String, span: &Span, help: &str| {
        let diagnostic = Diagnostic::warning(code, message).within(&application.source);
        problems.push(diagnostic.at(span.clone(), "").help(help));
    };
    let name = &app.name;
    let nothing = "nothing is to be done if that is meant";
    if let Some(scale) = &app.scale {
        let message = format!("Docker Compose does not scale `{name}` by itself");
        warn("no-effect", message, &scale.span, "write `replicas = …` for a fixed number");
    }
    if let Some(max) = app.replicas.max.as_ref() {
        let min = app.replicas.min.as_ref().map_or(1, |min| *min.get_ref());
        if *max.get_ref() > min && app.scale.is_none() {
            let message = format!("Docker Compose runs {min} of `{name}`, and never more");
            warn("no-effect", message, &max.span(), "write `replicas = …` for a fixed number");
        }
    }
    if let Some(job) = &app.job {
        let start = format!("start it by hand or from cron: `docker compose run --rm {name}`");
        match &job.trigger {
            JobTrigger::Manual => {}
            JobTrigger::Schedule(schedule) => {
                warn(
                    "no-effect",
                    format!("Docker Compose starts `{name}` at no time by itself"),
                    &schedule.span(),
                    &start,
                );
            }
            JobTrigger::Event(_) => {
                warn("no-effect", format!("Docker Compose starts `{name}` at no event"), &job.span, &start);
            }
        }
        let counts = [("timeout", &job.timeout), ("parallelism", &job.parallelism), ("completions", &job.completions)];
        for (key, count) in counts {
            if let Some(count) = count.as_ref().filter(|count| key == "timeout" || *count.get_ref() > 1) {
                warn("no-effect", format!("`{key}` of a job does nothing in Docker Compose"), &count.span(), nothing);
            }
        }
    }
    place::only_azure(application, app, problems);
    let is_in_azure = place::is_in_azure(application, app);
    for domain in app.domains.iter().filter(|_| !is_in_azure) {
        let message = format!("Docker Compose gives `{name}` no domain");
        let diagnostic = Diagnostic::warning("no-effect", message).within(&application.source);
        problems.push(diagnostic.at(domain.span.clone(), "").help("put a reverse proxy in front of it"));
    }
}
