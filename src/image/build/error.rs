//! Why there is no image.

use super::dockerfile;
use super::run::Job;
use super::words::{self, Said};
use crate::image::context::{ContextError, ContextProblem};
use crate::image::engine::EngineError;
use crate::util::FailureClass;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Nothing was sent. Every mistake that was found.
    #[error("{}", describe(.0))]
    Context(Vec<ContextProblem>),
    /// The context could not be sent to its end.
    #[error(transparent)]
    Sending(ContextError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The engine tried, and says why it failed.
    #[error("{message}{}", place(dockerfile, *line))]
    Failed {
        /// The engine's words without its wrapping.
        message: String,
        /// Relative to the project, if it is in it.
        dockerfile: PathBuf,
        /// From 1, where it is known.
        line: Option<usize>,
        help: Option<String>,
        class: FailureClass,
    },
    #[error("the build needs BuildKit for {what}, and the engine builds without it")]
    NeedsBuildKit { what: &'static str },
    #[error("the engine says that the build is done but names no image")]
    NoImage,
}

impl BuildError {
    pub fn class(&self) -> FailureClass {
        match self {
            // What was built is lost with the engine that built it; it may have been the cause.
            Self::Engine(EngineError::Closed { .. } | EngineError::Silent { .. }) => FailureClass::Permanent,
            Self::Engine(error) => error.class(),
            Self::Failed { class, .. } => *class,
            Self::Sending(error) => error.class(),
            Self::Context(_) | Self::NeedsBuildKit { .. } | Self::NoImage => FailureClass::Permanent,
        }
    }

    pub fn help(&self) -> Option<String> {
        match self {
            Self::Context(problems) => problems.iter().find_map(|problem| problem.help.clone()),
            Self::Sending(error) => error.help(),
            Self::Engine(error) => error.help(),
            Self::Failed { help, .. } => help.clone(),
            Self::NeedsBuildKit { what } => {
                Some(format!("use Docker 19.03 or Podman 4 or newer as the engine, or do without {what}"))
            }
            Self::NoImage => None,
        }
    }

    /// From what the engine said at the end of a build, or instead of one. `step` is what it was at,
    /// as it calls it.
    pub(super) fn failed(engine_words: &str, job: &Job<'_>, step: Option<&str>) -> Self {
        let Job { spec, inputs, .. } = job;
        let dockerfile = spec.dockerfile.strip_prefix(&spec.project).unwrap_or(&spec.dockerfile).to_owned();
        let Said { message, line, help, class } = words::read(engine_words, step);
        let line = line.or_else(|| dockerfile::line_of(&inputs.text(), step?));
        Self::Failed { message, dockerfile, line, help, class }
    }
}

fn describe(problems: &[ContextProblem]) -> String {
    let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    messages.join("\n")
}

fn place(dockerfile: &std::path::Path, line: Option<usize>) -> String {
    line.map(|line| format!(" ({}:{line})", dockerfile.display())).unwrap_or_default()
}
