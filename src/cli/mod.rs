//! Arguments, terminal, exit status: the only code that prints, reads the environment or exits.

mod arguments;
mod commands;
mod cx;
mod env_vars;
mod exit;
mod failure;
mod listing;
mod outputs;
mod prompt;
pub mod report;
mod run;
mod settings;
pub mod signals;
pub mod terminal;

pub(crate) use cx::Cx;
pub(crate) use exit::Exit;
pub(crate) use failure::has_errors;

use arguments::{Arguments, Command};
use clap::Parser as _;
use std::process::ExitCode;

/// Runs the program: parses the command line, runs the command, gives its exit status.
pub fn main() -> ExitCode {
    let arguments = match settings::bounded_arguments().map(Arguments::try_parse_from) {
        Ok(Ok(arguments)) => arguments,
        Ok(Err(error)) => return failure::usage(&error).into(),
        Err(message) => return failure::refused_arguments(&message).into(),
    };
    terminal::install_panic_hook();
    let cx = match Cx::new(&arguments.global) {
        Ok(cx) => cx,
        Err(message) => return failure::refused_arguments(&message).into(),
    };
    dispatch(&cx, &arguments.command).into()
}

fn dispatch(cx: &Cx, command: &Command) -> Exit {
    match command {
        Command::Do(args) => commands::r#do::run(cx, args),
        Command::Check(args) => commands::check::run(cx, args),
        Command::Params(args) => commands::params::run(cx, args),
        Command::Graph(args) => commands::graph::run(cx, args),
        Command::Init(args) => commands::init::run(cx, args),
        Command::Doctor(args) => commands::doctor::run(cx, args),
        Command::Registry(args) => commands::registry::run(cx, args),
        Command::Publish(args) => commands::publish::run(cx, args),
        Command::Templates(args) => commands::templates::run(cx, args),
        Command::Schema(args) => commands::schema::run(cx, args),
        Command::Completions(args) => commands::completions::run(cx, args),
    }
}

/// Runs a future to its end on a runtime of its own. What it left behind on threads is not waited for.
pub(crate) fn runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("an operating system that starts a process starts a thread too");
    let result = runtime.block_on(work);
    runtime.shutdown_background();
    result
}
