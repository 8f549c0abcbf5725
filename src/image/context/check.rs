//! What is wrong with a context, found before anything is built and without touching anything.

use super::ContextError;
use super::ignore::{IgnoreFile, IgnoreFileError};
use super::scan::{Scan, scan};
use super::walk::Filter;
use crate::image::BuildSpec;
use std::io;
use std::path::{Path, PathBuf};

/// A mistake, or a warning, about the input of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextProblem {
    pub place: Place,
    pub kind: ProblemKind,
    /// A lower-case phrase; paths are relative to the project.
    pub message: String,
    pub help: Option<String>,
}

/// What a problem is about, so that a caller can underline it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The manifest's `context`.
    Context,
    /// The manifest's `dockerfile`.
    Dockerfile,
    /// A line, from 1, of another file, and the text on it that is meant.
    File { path: PathBuf, line: usize, text: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    Missing,
    /// The context is a file, the Dockerfile is a folder.
    WrongType,
    /// Through `..`, an absolute path or a link.
    OutsideProject,
    /// The Dockerfile has no content.
    Empty,
    Unreadable,
    BadPattern,
    /// A socket, a pipe or a device would be sent.
    Special,
    /// A name that is not UTF-8.
    BadName,
    /// A warning: the ignore file leaves nothing.
    NothingLeft,
    /// A warning: a file that usually holds secrets would be sent.
    Sensitive,
}

impl ContextProblem {
    /// Whether a build may go on all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self.kind, ProblemKind::NothingLeft | ProblemKind::Sensitive)
    }
}

/// All that is wrong with the input of a build. Looks through the whole context but reads no file of it.
pub fn check(spec: &BuildSpec) -> Vec<ContextProblem> {
    let (problems, ignore) = check_inputs(spec);
    if problems.is_empty() { check_contents(spec, ignore.as_ref()).0 } else { problems }
}

/// The part of [`check`] that does not look through the context: its cost does not grow with it.
pub fn check_paths(spec: &BuildSpec) -> Vec<ContextProblem> {
    check_inputs(spec).0
}

/// What a build may send, or what keeps it from being built. Warnings come with the former.
pub(crate) fn prepare(spec: &BuildSpec) -> Result<Prepared, Vec<ContextProblem>> {
    let (problems, ignore) = check_inputs(spec);
    if !problems.is_empty() {
        return Err(problems);
    }
    if spec.is_checked {
        return Ok(Prepared { ignore, warnings: Vec::new(), scan: None });
    }
    let (problems, scan) = check_contents(spec, ignore.as_ref());
    let (warnings, problems): (Vec<_>, Vec<_>) = problems.into_iter().partition(ContextProblem::is_warning);
    if problems.is_empty() { Ok(Prepared { ignore, warnings, scan: Some(scan) }) } else { Err(problems) }
}

/// A context that can be sent.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) ignore: Option<IgnoreFile>,
    pub(crate) warnings: Vec<ContextProblem>,
    /// `None` where the context was looked through before.
    pub(crate) scan: Option<Scan>,
}

impl Prepared {
    pub(crate) fn filter(&self) -> Filter {
        filter(self.ignore.as_ref())
    }
}

fn filter(ignore: Option<&IgnoreFile>) -> Filter {
    Filter::new(ignore.map(|ignore| ignore.patterns.clone()))
}

fn check_inputs(spec: &BuildSpec) -> (Vec<ContextProblem>, Option<IgnoreFile>) {
    let mut problems = Vec::new();
    check_context(spec, &mut problems);
    // The default Dockerfile is in the context: without one, the other message says it all.
    if problems.is_empty() || !spec.dockerfile.starts_with(&spec.context) {
        check_dockerfile(spec, &mut problems);
    }
    let ignore = match IgnoreFile::find(spec) {
        Ok(ignore) => ignore,
        // Under a context that is not a folder there is no ignore file either.
        Err(IgnoreFileError::Read { error, .. }) if error.kind() == io::ErrorKind::NotADirectory => None,
        Err(error) => {
            problems.push(ignore_problem(spec, error));
            None
        }
    };
    (problems, ignore)
}

fn check_context(spec: &BuildSpec, problems: &mut Vec<ContextProblem>) {
    let shown = show(spec, &spec.context);
    let mut add = |kind, message: String, help: &str| {
        let help = Some(help.to_owned());
        problems.push(ContextProblem { place: Place::Context, kind, message, help });
    };
    match std::fs::metadata(&spec.context) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            add(ProblemKind::Missing, format!("there is no folder {shown}"), "make the folder or correct the path");
        }
        Err(error) => {
            add(ProblemKind::Unreadable, format!("cannot look at {shown}: {error}"), "make the folder readable");
        }
        Ok(metadata) if !metadata.is_dir() => {
            add(ProblemKind::WrongType, format!("{shown} is not a folder"), "name the folder that it is in");
        }
        Ok(_) => {
            if let Some(place) = outside(spec, &spec.context) {
                let message = format!("the context {shown} is outside of the project: it is `{}`", place.display());
                add(ProblemKind::OutsideProject, message, "move it below the manifest's folder");
            } else if let Err(error) = std::fs::read_dir(&spec.context) {
                add(ProblemKind::Unreadable, format!("cannot list {shown}: {error}"), "make the folder readable");
            }
        }
    }
}

fn check_dockerfile(spec: &BuildSpec, problems: &mut Vec<ContextProblem>) {
    let shown = show(spec, &spec.dockerfile);
    let mut add = |kind, message: String, help: &str| {
        let help = Some(help.to_owned());
        problems.push(ContextProblem { place: Place::Dockerfile, kind, message, help });
    };
    match std::fs::metadata(&spec.dockerfile) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let help = "write the file or name another with `dockerfile = \"…\"`";
            add(ProblemKind::Missing, format!("there is no Dockerfile {shown}"), help);
        }
        Err(error) => {
            add(ProblemKind::Unreadable, format!("cannot look at {shown}: {error}"), "make the file readable");
        }
        Ok(metadata) if !metadata.is_file() => {
            let what = if metadata.is_dir() { "a folder" } else { "not a regular file" };
            add(ProblemKind::WrongType, format!("the Dockerfile {shown} is {what}"), "name the file itself");
        }
        Ok(_) => {
            if let Some(place) = outside(spec, &spec.dockerfile) {
                let message = format!("the Dockerfile {shown} is outside of the project: it is `{}`", place.display());
                add(ProblemKind::OutsideProject, message, "move it below the manifest's folder");
                return;
            }
            match std::fs::read(&spec.dockerfile) {
                Err(error) => {
                    add(ProblemKind::Unreadable, format!("cannot read {shown}: {error}"), "make the file readable");
                }
                Ok(text) if text.trim_ascii().is_empty() => {
                    add(ProblemKind::Empty, format!("the Dockerfile {shown} is empty"), "start it with `FROM`");
                }
                Ok(_) => {}
            }
        }
    }
}

/// Where a path really is, if that is not in the project.
fn outside(spec: &BuildSpec, path: &Path) -> Option<PathBuf> {
    let real = path.canonicalize().ok()?;
    let project = spec.project.canonicalize().ok()?;
    (!real.starts_with(project)).then_some(real)
}

fn ignore_problem(spec: &BuildSpec, error: IgnoreFileError) -> ContextProblem {
    match error {
        IgnoreFileError::Read { path, error } => ContextProblem {
            place: Place::Context,
            kind: ProblemKind::Unreadable,
            message: format!("cannot read {}: {error}", show(spec, &path)),
            help: Some("make it a readable file".to_owned()),
        },
        IgnoreFileError::Pattern { path, error } => ContextProblem {
            kind: ProblemKind::BadPattern,
            message: format!("{error}: {}, line {}", show(spec, &path), error.line),
            help: Some("close the `[`, or put `\\` before a character that stands for itself".to_owned()),
            place: Place::File { path, line: error.line, text: error.pattern },
        },
    }
}

fn check_contents(spec: &BuildSpec, ignore: Option<&IgnoreFile>) -> (Vec<ContextProblem>, Scan) {
    let mut scan = scan(&spec.context, filter(ignore));
    let mut problems = Vec::new();
    let mut add = |kind, message, help: Option<&str>| {
        let help = help.map(str::to_owned);
        problems.push(ContextProblem { place: Place::Context, kind, message, help });
    };
    let leave_out = ignore.map_or_else(|| "`.dockerignore`".to_owned(), |ignore| show(spec, &ignore.path));
    for (path, what) in &scan.special {
        let path = show(spec, &spec.context.join(path));
        let help = format!("leave it out with a line in {leave_out}");
        add(ProblemKind::Special, format!("{path} is a {what}: it cannot be sent to a builder"), Some(&help));
    }
    for error in scan.errors.drain(..) {
        let kind = match error {
            ContextError::Name { .. } => ProblemKind::BadName,
            ContextError::Io { .. } | ContextError::Special { .. } | ContextError::Changed { .. } => {
                ProblemKind::Unreadable
            }
        };
        add(kind, error.to_string(), error.help().as_deref());
    }
    if let Some(first) = scan.sensitive.first() {
        let others = match scan.sensitive.len() - 1 {
            0 => String::new(),
            count => format!(" and {count} more like it"),
        };
        let path = show(spec, &spec.context.join(first));
        let help = format!("leave it out with a line in {leave_out}, or pass it as a build secret");
        let message = format!("{path}{others} may hold secrets and is sent to the builder");
        add(ProblemKind::Sensitive, message, Some(&help));
    }
    if let Some(ignore) = ignore
        && scan.files == 0
        && scan.special.is_empty()
        && !ignore.patterns.is_empty()
    {
        let message =
            format!("{} leaves nothing of the context {}", show(spec, &ignore.path), show(spec, &spec.context));
        add(ProblemKind::NothingLeft, message, Some("take back what is needed with `!`"));
    }
    (problems, scan)
}

/// A path as people know it: relative to the project, in backticks.
fn show(spec: &BuildSpec, path: &Path) -> String {
    let path = match path.strip_prefix(&spec.project) {
        Ok(relative) if relative.as_os_str().is_empty() => Path::new("."),
        Ok(relative) => relative,
        Err(_) => path,
    };
    format!("`{}`", path.display())
}
