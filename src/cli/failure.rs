//! From an error to what the user reads and to the exit status.

use super::{Cx, Exit};
use crate::manifest::{Diagnostic, Severity};
use crate::ops;
use crate::util::FailureClass;
use clap::error::ErrorKind;
use std::io::Write as _;

pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Help and version go to standard output; a wrong command line gets what is wrong and the usage line.
pub(super) fn usage(error: &clap::Error) -> Exit {
    // Nobody is left to be told that the output is closed.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::OK,
        _ => Exit::INVALID,
    }
}

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
