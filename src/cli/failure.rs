//! From an error to what the user reads and to the exit status.

use super::{Cx, Exit};
use crate::manifest::{Diagnostic, Severity};
use crate::ops;
use crate::util::{FailureClass, text};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::io::Write as _;

pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Help and version go to standard output; a wrong command line gets what is wrong and the usage line.
pub(super) fn usage(error: &clap::Error) -> Exit {
    if let Some(message) = unknown_command(error) {
        return refused_arguments(&message);
    }
    // Nobody is left to be told that the output is closed.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::OK,
        _ => Exit::INVALID,
    }
}

/// What to write instead of a command that there is not: people try the names of steps.
fn unknown_command(error: &clap::Error) -> Option<String> {
    let ContextValue::String(word) = error.get(ContextKind::InvalidSubcommand)? else { return None };
    let shown = text::sanitize(word);
    let help = match word.as_str() {
        "help" => "write `shipit --help`".to_owned(),
        "push" | "build" => format!("`{word}` is a step: write `shipit do {word}`"),
        _ if ["push-", "build-", "login-"].iter().any(|prefix| word.starts_with(prefix)) => {
            format!("write `shipit do {shown}` if that is a step; `shipit do --list` shows them")
        }
        _ => match text::nearest(word, COMMANDS.iter().copied()) {
            Some(near @ ("push" | "build")) => format!("did you mean `shipit do {near}`?"),
            Some(near) => format!("did you mean `shipit {near}`?"),
            None => "`shipit --help` shows the commands, `shipit do --list` the steps".to_owned(),
        },
    };
    Some(format!("there is no command `{shown}`\n  help: {help}"))
}

/// The commands, and steps that are taken for some.
const COMMANDS: &[&str] = &[
    "do",
    "check",
    "params",
    "graph",
    "init",
    "doctor",
    "registry",
    "publish",
    "templates",
    "schema",
    "completions",
    "push",
    "build",
];

/// For what is wrong before there is a [`Cx`].
pub(super) fn refused_arguments(message: &str) -> Exit {
    let _ = writeln!(std::io::stderr().lock(), "error: {message}");
    Exit::INVALID
}

pub(super) fn show(cx: &Cx, error: ops::Error) -> Exit {
    match error {
        ops::Error::Invalid(diagnostics) => {
            cx.show_diagnostics(diagnostics);
            Exit::INVALID
        }
        ops::Error::Locked(message) => {
            cx.say(&format!("error: {message}"));
            cx.say("  help: wait until it has ended, or stop it");
            Exit::LOCKED
        }
        ops::Error::Failed { class, message, help } => {
            cx.say(&format!("error: {message}"));
            if let Some(help) = help {
                cx.say(&format!("  help: {help}"));
            }
            status(class)
        }
    }
}

/// The exit status of a single failure.
pub(crate) fn status(class: FailureClass) -> Exit {
    match class {
        FailureClass::Refused => Exit::REFUSED,
        FailureClass::Passing => Exit::PASSING,
        FailureClass::Permanent => Exit::FAILED,
    }
}
