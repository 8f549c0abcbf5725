//! Looks at the folders and files that builds read, and says what is wrong at the manifest's words.

use crate::image::BuildSpec;
use crate::image::context::{self, ContextProblem, Place};
use crate::manifest::{Diagnostic, Severity, Source, Span};
use crate::model::{App, AppKind, Application, Build, Name};
use crate::util::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How much of an ignore file is read to show a line of it.
const IGNORE_FILE_LIMIT: u64 = 1 << 20;

/// Whether the folders and Dockerfiles of all apps are there. Does not look through the folders.
pub(super) fn check_paths(application: &Application, root: &Path) -> Vec<Diagnostic> {
    let built: Vec<_> = application.apps.values().filter_map(|app| Some((app, build_of(app)?))).collect();
    let specs: Vec<BuildSpec> = built.iter().map(|(app, build)| paths(app, build, root)).collect();
    let found = built.into_iter().zip(context::check_paths(&specs));
    found
        .flat_map(|((app, build), problems)| {
            problems.into_iter().map(|problem| diagnostic(application, app, build, problem))
        })
        .collect()
}

/// The same for the named apps, and whether everything that would be sent can be sent.
pub(super) fn check(application: &Application, root: &Path, apps: &[Name]) -> Vec<Diagnostic> {
    let built: Vec<_> = apps
        .iter()
        .filter_map(|name| application.apps.get(name))
        .filter_map(|app| Some((app, build_of(app)?)))
        .collect();
    let look = |(app, build): &(&App, &Build)| context::check(&paths(app, build, root));
    // Large contexts take a while to be walked through.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let found: Vec<Vec<ContextProblem>> = std::thread::scope(|scope| {
        let shares = built.chunks(built.len().div_ceil(threads).max(1));
        let workers: Vec<_> =
            shares.map(|share| scope.spawn(move || share.iter().map(look).collect::<Vec<_>>())).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("looking at files does not panic")).collect()
    });
    let found = built.into_iter().zip(found);
    found
        .flat_map(|((app, build), problems)| {
            problems.into_iter().map(|problem| diagnostic(application, app, build, problem))
        })
        .collect()
}

pub(super) fn build_of(app: &App) -> Option<&Build> {
    match &app.kind {
        AppKind::Dockerfile(build) => Some(build),
        AppKind::Image { .. } => None,
    }
}

/// Where an app's context and Dockerfile are.
pub(super) fn paths(app: &App, build: &Build, root: &Path) -> BuildSpec {
    let context = join(root, build.context.get_ref());
    let dockerfile = context.join(build.dockerfile.as_ref().map_or("Dockerfile", |path| path.get_ref().as_str()));
    BuildSpec { dockerfile, ..BuildSpec::new(app.name.as_str(), root, context, "") }
}

/// `path` below `root`, without the `.` that people like to begin with.
fn join(root: &Path, path: &str) -> PathBuf {
    root.join(path).components().collect()
}

fn diagnostic(application: &Application, app: &App, build: &Build, problem: ContextProblem) -> Diagnostic {
    let message = format!("{} (app `{}`)", problem.message, app.name);
    let mut diagnostic = Diagnostic::error("context", message);
    if problem.is_warning() {
        diagnostic.severity = Severity::Warning;
    }
    diagnostic.help = problem.help;
    match problem.place {
        Place::Context => diagnostic.within(&application.source).at(build.context.span(), "this folder"),
        Place::Dockerfile => {
            let span = build.dockerfile.as_ref().map_or_else(|| build.context.span(), |path| path.span());
            let label = if build.dockerfile.is_some() { "this file" } else { "this folder's Dockerfile" };
            diagnostic.within(&application.source).at(span, label)
        }
        Place::File { path, line, text } => match line_of(&path, line, &text) {
            Some((source, span)) => diagnostic.within(&source).at(span, "this pattern"),
            None => diagnostic.within(&application.source).at(build.context.span(), "this folder"),
        },
    }
}

/// The text of another file and the place of `text` on its line `line`, counted from 1.
fn line_of(path: &Path, line: usize, text: &str) -> Option<(Arc<Source>, Span)> {
    let content = String::from_utf8(fs::read(path, IGNORE_FILE_LIMIT).ok()?.bytes).ok()?;
    let start: usize = content.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let written = content[start..].lines().next().unwrap_or_default();
    let at = start + written.find(text).unwrap_or_default();
    let span = at..at + text.len().min(written.len());
    Some((Arc::new(Source { name: path.display().to_string(), text: content }), span))
}
