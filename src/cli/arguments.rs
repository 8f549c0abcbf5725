//! The command line as clap reads it. Decides nothing.

use super::commands;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Build, push and deploy several services from one manifest.
#[derive(Debug, Parser)]
#[command(
    name = "shipit",
    version,
    styles = STYLES,
    propagate_version = true,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_long_help = super::env_vars::help(),
    after_help = super::env_vars::EXAMPLES,
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: GlobalArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Do(commands::r#do::Args),
    Deploy(commands::deploy::Args),
    Destroy(commands::destroy::Args),
    Check(commands::check::Args),
    Params(commands::params::Args),
    Graph(commands::graph::Args),
    Init(commands::init::Args),
    Doctor(commands::doctor::Args),
    Registry(commands::registry::Args),
    Publish(commands::publish::Args),
    Templates(commands::templates::Args),
    Schema(commands::schema::Args),
    Completions(commands::completions::Args),
}

/// What every command takes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArguments {
    /// The manifest [default: apphost.toml or apphost.yaml here or in a folder above]
    #[arg(short, long, global = true, value_name = "FILE", action = clap::ArgAction::Append)]
    pub(crate) file: Vec<PathBuf>,
    /// Lay a profile of the manifest over it
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Where the state is kept [default: .shipit beside the manifest]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) state: Option<PathBuf>,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value_t = When::Auto, value_enum, hide_possible_values = false)]
    pub(crate) color: When,
    /// Say more; twice: everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// The CI system to talk to
    #[arg(long, global = true, value_name = "SYSTEM", default_value_t = Ci::Auto, value_enum)]
    pub(crate) ci: Ci,
}

/// Where parameters come from.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Parameters")]
pub(crate) struct ParameterArguments {
    /// Set a parameter; `name=@file` reads it from a file
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(crate) params: Vec<String>,
    /// Read parameters from a TOML, YAML, JSON or .env file; later files win
    #[arg(long, value_name = "FILE")]
    pub(crate) params_file: Vec<PathBuf>,
    /// Never ask for a missing parameter
    #[arg(long)]
    pub(crate) no_input: bool,
}

/// Which cluster a Kubernetes environment is deployed to.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Kubernetes")]
pub(crate) struct ClusterArguments {
    /// Context of the kubeconfig [default: that of the manifest, else the current one]
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// Namespace [default: that of the manifest, else that of the context]
    #[arg(long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Take over what somebody else changed; only `shipit deploy` says so.
    #[arg(skip)]
    pub(crate) force_conflicts: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ci {
    Auto,
    Github,
    None,
}

/// How data is written to standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DataFormat {
    #[default]
    Text,
    Json,
}

/// How a run shows what it does, on standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressKind {
    // Comments for clap would make the help of a command three times as long.
    #[default]
    Auto,
    Tty,
    Plain,
    Json,
    Quiet,
}
