//! Reads a manifest and makes an application of it.

use super::{Error, locate};
use crate::manifest::{self, Diagnostic, Diagnostics, Format, Severity, Source, limits};
use crate::model::{self, AppKind, Application};
use crate::util::fs::{self, FileError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most bytes of a manifest.
const LIMIT: u64 = limits::MANIFEST_SIZE as u64;

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
    let source = read(&located.path, &located.display, located.format)?;
    let default_name =
        located.root.file_name().map_or_else(|| "app".to_owned(), |name| name.to_string_lossy().into_owned());
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
    let mut cannot = Diagnostics::default();
    crate::environment::check(&loaded.application, &mut cannot);
    diagnostics.extend(cannot.into_sorted());
    diagnostics.sort_by_key(|diagnostic| diagnostic.labels.first().map_or(0, |label| label.span.start));
    let summary = summary(&loaded.application, &diagnostics);
    Ok(Checked { diagnostics, summary })
}

fn read(path: &Path, display: &str, format: Format) -> Result<Arc<Source>, Error> {
    let bytes = match fs::read(path, LIMIT) {
        Ok(content) => content.bytes,
        Err(error) => return Err(unreadable(path, display, &error)),
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let help = "run `shipit init` in an empty folder to see what one looks like";
        return Err(Error::invalid("empty-manifest", format!("empty manifest: `{display}`"), help));
    }
    let limit = limits::manifest_size(format, &bytes);
    Ok(Arc::new(manifest::decode_within(display, bytes, limit).map_err(Error::from)?))
}

fn unreadable(path: &Path, display: &str, error: &FileError) -> Error {
    let reason = &error.source;
    let (message, help) = match reason.kind() {
        std::io::ErrorKind::NotFound => (
            format!("there is no file `{display}` (`{}`)", path.display()),
            "check the name after `-f`; without `-f`, apphost.toml, apphost.yaml and apphost.yml are looked for here and in the folders above".to_owned(),
        ),
        std::io::ErrorKind::PermissionDenied => {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = path.metadata().map(|metadata| format!(" (mode {:04o})", metadata.permissions().mode() & 0o7777));
            let mode = mode.unwrap_or_default();
            (format!("`{display}` cannot be read: permission denied{mode}"), format!("allow reading it: `chmod u+r {display}`"))
        }
        std::io::ErrorKind::FileTooLarge => {
            let bytes = path.metadata().map_or(LIMIT + 1, |metadata| metadata.len());
            let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
            return manifest::too_large(display, bytes, limits::MANIFEST_SIZE).into();
        }
        _ => (format!("`{display}` cannot be read: {reason}"), "name a regular file".to_owned()),
    };
    Error::invalid("unreadable-manifest", message, help)
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
