//! Reads a manifest and makes an application of it.

use super::{Error, locate};
use crate::manifest::{self, Diagnostic, Diagnostics, Severity, Source};
use crate::model::{self, AppKind, Application};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to load.
#[derive(Clone, Debug)]
pub struct LoadRequest {
    /// As given with `-f`.
    pub file: Option<PathBuf>,
    pub profile: Option<String>,
    /// The current folder, absolute.
    pub current: PathBuf,
}

/// An application and where it came from.
#[derive(Debug)]
pub struct Loaded {
    pub application: Application,
    /// The manifest's folder, absolute.
    pub root: PathBuf,
    pub warnings: Vec<Diagnostic>,
}

/// What `check` found.
#[derive(Debug)]
pub struct Checked {
    /// Errors and warnings in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
    /// One line, e.g. ``apphost.toml is fine: 2 apps, 1 registry``.
    pub summary: String,
}

/// Finds, reads, parses and lowers the manifest. Reports every mistake in it at once.
pub fn load(request: &LoadRequest) -> Result<Loaded, Error> {
    let located = locate(request.file.as_deref(), &request.current)?;
    let source = read(&located.path, &located.display)?;
    let default_name = located.root.file_name().map_or_else(|| "app".to_owned(), |name| name.to_string_lossy().into_owned());
    let mut problems = Diagnostics::default();
    let application = model::load(&source, located.format, request.profile.as_deref(), &default_name, &mut problems);
    match application {
        Some(application) if !problems.has_errors() => {
            Ok(Loaded { application, root: located.root, warnings: problems.into_sorted() })
        }
        _ => Err(problems.into()),
    }
}

/// Loads the manifest and looks at the folders and files that it names. Starts nothing.
pub fn check(request: &LoadRequest) -> Result<Checked, Error> {
    let loaded = load(request)?;
    let mut diagnostics = loaded.warnings;
    diagnostics.extend(super::contexts::check_paths(&loaded.application, &loaded.root));
    diagnostics.extend(super::plan::check(&loaded.application));
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map_or(0, |label| label.span.start));
    let summary = summary(&loaded.application, &diagnostics);
    Ok(Checked { diagnostics, summary })
}

fn read(path: &Path, display: &str) -> Result<Arc<Source>, Error> {
    let bytes = manifest::read_file(path, display).map_err(Error::from)?;
    Ok(Arc::new(manifest::decode(display, bytes).map_err(Error::from)?))
}

fn summary(application: &Application, diagnostics: &[Diagnostic]) -> String {
    let built = application.apps.values().filter(|app| matches!(app.kind, AppKind::Dockerfile(_))).count();
    let warnings = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Warning).count();
    let mut text = format!(
        "{} is fine: {}, {} to build, {}, {}",
        application.source.name,
        count(application.apps.len(), "app", "apps"),
        built,
        count(application.registries.len(), "registry", "registries"),
        count(application.params.len(), "parameter", "parameters"),
    );
    if warnings > 0 {
        text.push_str(&format!(" ({})", count(warnings, "warning", "warnings")));
    }
    text
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
