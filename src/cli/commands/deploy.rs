//! `shipit deploy`: brings every environment that can be deployed up to date.

use super::r#do;
use crate::cli::arguments::{ClusterArguments, DataFormat, ParameterArguments, ProgressKind};
use crate::cli::{Cx, Exit, run};
use crate::ops;
use std::path::PathBuf;

/// Build, push and start the application with Docker Compose or in a Kubernetes cluster
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit deploy                        build, push, start what changed, wait until it is healthy
  shipit deploy --environment local    one environment
  shipit deploy --context staging      into another cluster than the current one
  shipit deploy --dry-run              what would run, in order
  shipit deploy --profile staging      with a state and containers of its own

What is deployed lies in the state folder, in `deploy`; `shipit destroy` takes it down again.")]
pub(crate) struct Args {
    /// Only this environment
    #[arg(long, value_name = "NAME")]
    environment: Vec<String>,
    /// Show what would run, in order and what at once, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Steps at once [default: the number of CPUs, at least 4]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// What standard output gets
    #[arg(long, value_enum, default_value_t)]
    format: DataFormat,
    /// How progress is shown: a live tree on a terminal, else plain lines; or JSON lines, or only failures
    #[arg(long, value_enum, default_value_t)]
    progress: ProgressKind,
    /// Also write everything that happens to a file
    #[arg(long, value_name = "FILE")]
    log_file: Option<PathBuf>,
    /// Write a report of the run, .json or .html
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    cluster: ClusterArguments,
    /// Take over objects and fields that somebody else made or changed
    #[arg(long, help_heading = "Kubernetes")]
    force_conflicts: bool,
    #[command(flatten)]
    parameters: ParameterArguments,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    let steps = match args.environment.as_slice() {
        [] => vec!["deploy".to_owned()],
        names => {
            let loaded = ops::load(&cx.load_request());
            match loaded.and_then(|loaded| ops::deployment_steps(&loaded.application, names, false)) {
                Ok(steps) => steps,
                Err(error) => return cx.fail(error),
            }
        }
    };
    let run = r#do::Args {
        steps,
        list: false,
        dry_run: args.dry_run,
        jobs: args.jobs,
        fail_fast: false,
        format: args.format,
        progress: args.progress,
        log_file: args.log_file.clone(),
        report: args.report.clone(),
        volumes: false,
        cluster: ClusterArguments { force_conflicts: args.force_conflicts, ..args.cluster.clone() },
        shown: Some("shipit deploy".to_owned()),
        parameters: args.parameters.clone(),
    };
    run::run(cx, &run)
}
