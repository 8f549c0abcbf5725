//! `shipit do`: runs steps of the pipeline and everything that they depend on.

use crate::cli::arguments::{ClusterArguments, DataFormat, ParameterArguments, ProgressKind};
use crate::cli::{Cx, Exit, run};
use std::path::PathBuf;

/// Run steps of the pipeline and everything they depend on
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit do push                         build every image and push it
  shipit do push-api build-worker        only what these two need
  shipit do --list                       the steps that there are
  shipit do push --dry-run               what would run, in order
  shipit do push --format json           images and digests for programs
  shipit do push --param tag=1.4.2
  shipit do push --progress plain --log-file push.log")]
pub(crate) struct Args {
    /// Steps, for example `push`, `build-api`, `push-api`
    #[arg(value_name = "STEP", required_unless_present = "list")]
    pub(crate) steps: Vec<String>,
    /// List the steps instead of running any
    #[arg(long)]
    pub(crate) list: bool,
    /// Show what would run, in order and what at once, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Steps at once [default: the number of CPUs, at least 4]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// Start nothing new after the first failure
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// What standard output gets
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DataFormat,
    /// How progress is shown: a live tree on a terminal, else plain lines; or JSON lines, or only failures
    #[arg(long, value_enum, default_value_t)]
    pub(crate) progress: ProgressKind,
    /// Also write everything that happens to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) log_file: Option<PathBuf>,
    /// Write a report of the run, .json or .html
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Volumes go too; only `shipit destroy` says so.
    #[arg(skip)]
    pub(crate) volumes: bool,
    /// Which cluster; only `shipit deploy` and `shipit destroy` say so.
    #[arg(skip)]
    pub(crate) cluster: ClusterArguments,
    /// What was typed, where it was another command.
    #[arg(skip)]
    pub(crate) shown: Option<String>,
    #[command(flatten)]
    pub(crate) parameters: ParameterArguments,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    run::run(cx, args)
}
