//! The folder and the files that a build names: whether they are there, of the right type and in the
//! project. Does not look through the folder.

use super::ignore::{IgnoreFile, IgnoreFileError};
use super::{ContextProblem, Place, ProblemKind};
use crate::image::BuildSpec;
use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const MOVE: &str = "move it below the manifest's folder, or write its absolute path";

/// Where a project really is; found once for all its builds.
#[derive(Debug)]
pub(super) struct Project {
    real: Option<PathBuf>,
    /// The folders that contexts are in, and where they really are: many contexts share one.
    folders: Mutex<HashMap<PathBuf, Option<PathBuf>>>,
}

/// Finds fault with one path.
struct Finder<'a> {
    spec: &'a BuildSpec,
    place: Place,
    problems: &'a mut Vec<ContextProblem>,
}

impl Finder<'_> {
    fn add(&mut self, kind: ProblemKind, message: String, help: &str) {
        let (place, help) = (self.place.clone(), Some(help.to_owned()));
        self.problems.push(ContextProblem { place, kind, message, help });
    }

    /// What is at a path, links followed, and whether it is a link; `missing` and `help` tell that
    /// there is nothing.
    fn metadata(&mut self, path: &Path, missing: &str, help: &str, readable: &str) -> Option<(Metadata, bool)> {
        let own = path.symlink_metadata();
        let is_link = own.as_ref().is_ok_and(Metadata::is_symlink);
        let shown = show(self.spec, path);
        match if is_link { path.metadata() } else { own } {
            Ok(metadata) => return Some((metadata, is_link)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.add(ProblemKind::Missing, format!("{missing} {shown}"), help);
            }
            Err(error) => self.add(ProblemKind::Unreadable, format!("cannot look at {shown}: {error}"), readable),
        }
        None
    }
}

impl Project {
    pub(super) fn of(spec: &BuildSpec) -> Self {
        Self { real: spec.project.canonicalize().ok(), folders: Mutex::default() }
    }

    /// What is wrong with a build of the project, and the ignore file that counts for it.
    pub(super) fn check(&self, spec: &BuildSpec) -> (Vec<ContextProblem>, Option<IgnoreFile>) {
        let mut problems = Vec::new();
        self.check_context(spec, &mut problems);
        let is_inside = spec.dockerfile.parent() == Some(&spec.context);
        // The default Dockerfile is in the context: without one, the other message says it all.
        if problems.is_empty() || !spec.dockerfile.starts_with(&spec.context) {
            self.check_dockerfile(spec, is_inside, &mut problems);
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

    fn check_context(&self, spec: &BuildSpec, problems: &mut Vec<ContextProblem>) {
        let (path, readable) = (&spec.context, "make the folder readable");
        let mut finder = Finder { spec, place: Place::Context, problems };
        let help = "make the folder or correct the path";
        let Some((metadata, is_link)) = finder.metadata(path, "there is no folder", help, readable) else { return };
        if !metadata.is_dir() {
            let message = format!("{} is not a folder", show(spec, path));
            finder.add(ProblemKind::WrongType, message, "name the folder that it is in");
        } else if let Some(place) = self.outside(spec, path, is_link) {
            let place = place.display();
            let message = format!("the context {} is outside of the project: it is `{place}`", show(spec, path));
            finder.add(ProblemKind::OutsideProject, message, MOVE);
        } else if let Err(error) = std::fs::read_dir(path) {
            finder.add(ProblemKind::Unreadable, format!("cannot list {}: {error}", show(spec, path)), readable);
        }
    }

    /// `is_inside`: it lies directly in the context, which is in the project.
    fn check_dockerfile(&self, spec: &BuildSpec, is_inside: bool, problems: &mut Vec<ContextProblem>) {
        let (path, readable) = (&spec.dockerfile, "make the file readable");
        let mut finder = Finder { spec, place: Place::Dockerfile, problems };
        let help = "write the file or name another with `dockerfile = \"…\"`";
        let Some((metadata, is_link)) = finder.metadata(path, "there is no Dockerfile", help, readable) else { return };
        let place = || if is_inside && !is_link { None } else { self.outside(spec, path, is_link) };
        if !metadata.is_file() {
            let what = if metadata.is_dir() { "a folder" } else { "not a regular file" };
            let message = format!("the Dockerfile {} is {what}", show(spec, path));
            finder.add(ProblemKind::WrongType, message, "name the file itself");
        } else if let Some(place) = place() {
            let place = place.display();
            let message = format!("the Dockerfile {} is outside of the project: it is `{place}`", show(spec, path));
            finder.add(ProblemKind::OutsideProject, message, MOVE);
        } else {
            match is_blank(path) {
                Ok(false) => {}
                Ok(true) => {
                    let message = format!("the Dockerfile {} is empty", show(spec, path));
                    finder.add(ProblemKind::Empty, message, "start it with `FROM`");
                }
                Err(error) => {
                    finder.add(ProblemKind::Unreadable, format!("cannot read {}: {error}", show(spec, path)), readable);
                }
            }
        }
    }

    /// Where a path really is, if that is neither in the project nor at a place that the manifest
    /// names by an absolute path.
    fn outside(&self, spec: &BuildSpec, path: &Path, is_link: bool) -> Option<PathBuf> {
        let real = self.real(path, is_link)?;
        if self.real.as_ref().is_some_and(|project| real.starts_with(project)) {
            return None;
        }
        let mut allowed = vec![&spec.project];
        for place in [&spec.context, &spec.dockerfile] {
            if !allowed.iter().any(|above| place.starts_with(above)) {
                allowed.push(place);
            }
        }
        let is_in = |place: &&PathBuf| place.canonicalize().is_ok_and(|place| real.starts_with(place));
        (!allowed.iter().skip(1).any(is_in)).then_some(real)
    }

    /// Where a path really is.
    fn real(&self, path: &Path, is_link: bool) -> Option<PathBuf> {
        let (Some(folder), Some(name), false) = (path.parent(), path.file_name(), is_link) else {
            return path.canonicalize().ok();
        };
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = match folders.get(folder) {
            Some(known) => known.as_ref(),
            None => folders.entry(folder.to_owned()).or_insert_with(|| folder.canonicalize().ok()).as_ref(),
        };
        folder.map(|folder| folder.join(name))
    }
}

/// Whether a file has nothing but white space at its beginning; no Dockerfile begins with much of it.
fn is_blank(path: &Path) -> io::Result<bool> {
    let mut beginning = [0; 4096];
    let length = File::open(path)?.read(&mut beginning)?;
    Ok(beginning[..length].trim_ascii().is_empty())
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

/// A path as people know it: relative to the project, in backticks.
pub(super) fn show(spec: &BuildSpec, path: &Path) -> String {
    let path = match path.strip_prefix(&spec.project) {
        Ok(relative) if relative.as_os_str().is_empty() => Path::new("."),
        Ok(relative) => relative,
        Err(_) => path,
    };
    format!("`{}`", path.display())
}
