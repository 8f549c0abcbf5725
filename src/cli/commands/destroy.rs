//! `shipit destroy`: takes down what `shipit deploy` started.

use super::r#do;
use crate::cli::arguments::{ClusterArguments, DataFormat, ParameterArguments, ProgressKind};
use crate::cli::{Cx, Exit, run};
use crate::ops;
use std::io::{BufRead as _, IsTerminal as _};

/// Stop what was deployed and remove it, from Docker or from a Kubernetes cluster
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit destroy                       asks first
  shipit destroy --yes                 for scripts
  shipit destroy --yes --volumes       the data too

Images stay where they are, in the engine and in the registries.")]
pub(crate) struct Args {
    /// Only this environment
    #[arg(long, value_name = "NAME")]
    environment: Vec<String>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Remove volumes too, with all data in them
    #[arg(long)]
    volumes: bool,
    /// What standard output gets
    #[arg(long, value_enum, default_value_t)]
    format: DataFormat,
    /// How progress is shown: a live tree on a terminal, else plain lines; or JSON lines, or only failures
    #[arg(long, value_enum, default_value_t)]
    progress: ProgressKind,
    #[command(flatten)]
    cluster: ClusterArguments,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    if !args.yes
        && let Err(error) = confirm(cx, args)
    {
        return cx.fail(error);
    }
    let steps = match args.environment.as_slice() {
        [] => vec!["destroy".to_owned()],
        names => {
            let loaded = ops::load(&cx.load_request());
            match loaded.and_then(|loaded| ops::deployment_steps(&loaded.application, names, true)) {
                Ok(steps) => steps,
                Err(error) => return cx.fail(error),
            }
        }
    };
    let run = r#do::Args {
        steps,
        list: false,
        dry_run: false,
        jobs: None,
        fail_fast: false,
        format: args.format,
        progress: args.progress,
        log_file: None,
        report: None,
        volumes: args.volumes,
        cluster: args.cluster.clone(),
        shown: Some("shipit destroy".to_owned()),
        parameters: ParameterArguments { no_input: true, ..ParameterArguments::default() },
    };
    run::run(cx, &run)
}

/// Asks whoever sits at the terminal; without one nothing is destroyed.
fn confirm(cx: &Cx, args: &Args) -> Result<(), ops::Error> {
    let loaded = ops::load(&cx.load_request())?;
    let name = &loaded.application.name;
    if !cx.terminal || !std::io::stdin().is_terminal() {
        let message = format!("nobody can be asked whether `{name}` is to be destroyed");
        return Err(ops::Error::invalid("not-confirmed", message, "add `--yes` if that is meant"));
    }
    let what = if args.volumes { "and all data in its volumes" } else { "volumes stay" };
    cx.say(&format!("Take `{name}` down ({what})? Type `yes`:"));
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && answer.trim().eq_ignore_ascii_case("yes") {
        return Ok(());
    }
    Err(ops::Error::invalid("not-confirmed", "nothing was destroyed", "type `yes`, or add `--yes`"))
}
