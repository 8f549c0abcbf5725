//! What is wrong with a context, found before anything is built and without touching anything.

use super::ContextError;
use super::ignore::IgnoreFile;
use super::inputs::{Project, show};
use super::scan::{Scan, scan};
use super::walk::Filter;
use crate::image::BuildSpec;
use std::collections::HashMap;
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
    /// Through `..` or a link; what is written as an absolute path elsewhere is meant.
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

/// So many builds are worth a thread.
const SHARE: usize = 64;

/// All that is wrong with the input of a build. Looks through the whole context but reads no file of it.
pub fn check(spec: &BuildSpec) -> Vec<ContextProblem> {
    let (problems, ignore) = Project::of(spec).check(spec);
    if problems.is_empty() { check_contents(spec, ignore.as_ref()).0 } else { problems }
}

/// The part of [`check`] that does not look through the contexts: its cost does not grow with them.
/// Gives the problems of each build, in the order of the builds.
pub fn check_paths(specs: &[BuildSpec]) -> Vec<Vec<ContextProblem>> {
    let Some(first) = specs.first() else { return Vec::new() };
    let project = Project::of(first);
    let mut places: HashMap<(&Path, &Path), usize> = HashMap::new();
    let mut distinct: Vec<&BuildSpec> = Vec::new();
    let indices: Vec<usize> = specs
        .iter()
        .map(|spec| {
            *places.entry((&spec.context, &spec.dockerfile)).or_insert_with(|| {
                distinct.push(spec);
                distinct.len() - 1
            })
        })
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(distinct.len().div_ceil(SHARE));
    let problems: Vec<Vec<ContextProblem>> = std::thread::scope(|scope| {
        let shares = distinct.chunks(distinct.len().div_ceil(threads));
        let workers: Vec<_> = shares
            .map(|share| scope.spawn(|| share.iter().map(|spec| project.check(spec).0).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("looking at files does not panic")).collect()
    });
    indices.into_iter().map(|index| problems[index].clone()).collect()
}

/// What a build may send, or what keeps it from being built. Warnings come with the former.
pub(crate) fn prepare(spec: &BuildSpec) -> Result<Prepared, Vec<ContextProblem>> {
    let (problems, ignore) = Project::of(spec).check(spec);
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
