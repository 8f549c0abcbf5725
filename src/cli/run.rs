//! Runs a plan and shows it: what `shipit do` is made of.

use super::arguments::ProgressKind;
use super::commands::r#do::Args;
use super::report::{
    Cleaner, Clock, Paint, ProgressMode, ReportFormat, ReportSettings, Reports, diagnostics, github, reporters,
};
use super::signals::Signals;
use super::{Cx, Exit, env_vars, listing, outputs, runtime, settings, terminal};
use crate::manifest::Diagnostic;
use crate::ops::{self, Prepared, RunRequest};
use crate::pipeline::{self, ExecuteOptions, Outcome};
use crate::util::Secret;
use serde_json::json;
use std::io;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Fewer jobs than this keep the network waiting, however few CPUs there are.
const FEWEST_JOBS: usize = 4;

pub(super) fn run(cx: &Cx, args: &Args) -> Exit {
    let done = if args.list || args.dry_run { listing::show(cx, args) } else { execute(cx, args) };
    done.unwrap_or_else(|error| cx.fail(error))
}

fn execute(cx: &Cx, args: &Args) -> Result<Exit, ops::Error> {
    let report_settings = report_settings(cx, args)?;
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    let cancel = CancellationToken::new();
    // Before anything is asked: a signal must not leave a terminal that does not echo.
    let signals =
        Signals::listen_early(cancel.clone()).map_err(|error| cannot(&format!("listen for signals: {error}")))?;
    let prompt = settings::prompt(cx, &args.parameters);
    let mut inputs = settings::inputs(cx, &args.parameters);
    inputs.prompt = prompt.as_ref().map(|prompt| prompt as _);
    let prepared = ops::prepare(RunRequest {
        load: cx.load_request(),
        steps: args.steps.clone(),
        inputs,
        engine: settings::engine(),
        keychain: settings::keychain(),
        state: cx.state_folder(),
        program: std::env::current_exe().unwrap_or_else(|_| "shipit".into()),
        command: args.shown.clone().unwrap_or_else(|| format!("shipit do {}", args.steps.join(" "))),
        now: settings::now(),
        builds: cpus.max(FEWEST_JOBS),
        volumes: args.volumes,
        cluster: settings::cluster(&args.cluster),
    })?;
    hide(cx, &prepared.secrets);
    warn(cx, args.progress, prepared.warnings.clone());
    let options = ExecuteOptions {
        jobs: args.jobs.map_or(cpus.max(FEWEST_JOBS), usize::from),
        fail_fast: args.fail_fast,
        ..ExecuteOptions::default()
    };
    signals.run_begins();
    let outcome = follow(cx, &prepared, options, cancel, &report_settings)?;
    let signal = signals.exit_status();
    let is_talking = !matches!(args.progress, ProgressKind::Json | ProgressKind::Quiet);
    outputs::show(cx, args.format, is_talking, &prepared, &outcome);
    Ok(match (outcome.exit_status(), signal) {
        (130, Some(status)) => Exit(status),
        (status, _) => Exit(status),
    })
}

/// Warnings, in the form that standard error has.
fn warn(cx: &Cx, progress: ProgressKind, warnings: Vec<Diagnostic>) {
    match progress {
        ProgressKind::Json => {
            for warning in &warnings {
                cx.say(&json!({"event": "warning", "diagnostic": diagnostics::to_json(warning)}).to_string());
            }
        }
        ProgressKind::Auto | ProgressKind::Tty | ProgressKind::Plain | ProgressKind::Quiet => {
            cx.show_diagnostics(warnings)
        }
    }
}

/// Runs the plan with all its views, until `cancel`.
fn follow(
    cx: &Cx,
    prepared: &Prepared,
    options: ExecuteOptions,
    cancel: CancellationToken,
    report_settings: &ReportSettings,
) -> Result<Outcome, ops::Error> {
    let views = reporters(report_settings, &Clock::start(), Box::new(io::stderr()))
        .map_err(|error| cannot(&format!("{error}: {}", error.source)))?;
    let reports = Reports::start(views, Cleaner::new(cx.redactor()));
    let outcome = runtime(async {
        let outcome = pipeline::execute(prepared.plan.clone(), options, cancel, reports.sender()).await;
        prepared.close().await;
        outcome
    });
    for error in reports.finish(outcome.clone()) {
        cx.say(&format!("warning: {error}: {}", error.source));
    }
    Ok(outcome)
}

fn cannot(what: &str) -> ops::Error {
    ops::Error::failed(crate::util::FailureClass::Permanent, format!("cannot {what}"))
}

fn hide(cx: &Cx, secrets: &[Secret]) {
    for secret in secrets {
        cx.hide(secret);
        if cx.github {
            cx.say_raw(&github::add_mask(secret.expose()));
        }
    }
}

fn report_settings(cx: &Cx, args: &Args) -> Result<ReportSettings, ops::Error> {
    let mut reports = Vec::new();
    if let Some(path) = &args.report {
        let format = ReportFormat::of(path).ok_or_else(|| {
            let message = format!("cannot tell what kind of report `{}` is to be", path.display());
            ops::Error::invalid("report-ending", message, "use a name that ends in `.json` or `.html`")
        })?;
        reports.push((cx.current.join(path), format));
    }
    Ok(ReportSettings {
        progress: match args.progress {
            ProgressKind::Auto if env_vars::flag("CI") => ProgressMode::Plain,
            ProgressKind::Auto => ProgressMode::Auto,
            ProgressKind::Tty => ProgressMode::Tty,
            ProgressKind::Plain => ProgressMode::Plain,
            ProgressKind::Json => ProgressMode::Json,
            ProgressKind::Quiet => ProgressMode::Quiet,
        },
        is_terminal: cx.terminal && env_vars::text("TERM").is_none_or(|term| term != "dumb"),
        paint: Paint { color: cx.color, ascii: !cx.utf8 },
        size: Arc::new(terminal::stderr_size),
        verbosity: cx.verbosity,
        github: cx.github,
        github_summary: env_vars::path("GITHUB_STEP_SUMMARY").filter(|_| cx.github),
        log_file: args.log_file.as_ref().map(|path| cx.current.join(path)),
        reports,
    })
}
