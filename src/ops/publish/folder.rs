//! The folder that files are published to.

use crate::environment::compose::env_file::ENV_FILE;
use crate::manifest::Diagnostic;
use crate::ops::Error;
use crate::render::Artifact;
use crate::render::output::{self, Changes, OutputError};
use crate::util::FailureClass;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// What the folder is called, beside the manifest.
pub const PUBLISH_FOLDER: &str = "publish";

/// Where files go: as asked for, else beside the manifest.
pub fn publish_folder(asked: Option<&Path>, root: &Path) -> PathBuf {
    asked.map_or_else(|| root.join(PUBLISH_FOLDER), Path::to_path_buf)
}

/// What would change in the folder. Changes nothing.
pub fn plan_folder<'a>(out: &Path, artifacts: &'a [Artifact]) -> Result<Changes<'a>, Error> {
    output::plan(out, artifacts).map_err(failure)
}

/// Writes the files: all of them or none.
pub fn write_folder<'a>(out: &Path, artifacts: &'a [Artifact]) -> Result<Changes<'a>, Error> {
    output::write(out, artifacts).map_err(failure)
}

/// What became, or would become, of edits in files that are written by shipit.
pub fn edit_warnings(changes: &Changes<'_>) -> Vec<Diagnostic> {
    // What is edited in `.env` stays there: only what it lacks is added.
    let is_kept = |path: &&String| path.rsplit('/').next() == Some(ENV_FILE);
    let lost = changes.edited.iter().filter(|path| !is_kept(path)).map(|path| {
        Diagnostic::warning("edited-file", format!("`{path}` was edited by hand, and is written anew"))
            .help("keep edits in the file of `[publish] patch`, or in a template: both outlast publishing")
    });
    let left = changes.released.iter().map(|path| {
        Diagnostic::warning("edited-file", format!("`{path}` is not needed any more, but was edited: it is left"))
            .help("remove it, or keep it: it is yours from now on")
    });
    lost.chain(left).collect()
}

/// A place that cannot be written to is a wrong one: nothing was touched.
fn failure(error: OutputError) -> Error {
    let help = Some(error.help().to_owned());
    let message = match &error {
        OutputError::Busy { .. } => return Error::Locked(error.to_string()),
        OutputError::Link { .. } | OutputError::NotAFolder { .. } => {
            return Error::invalid("bad-output", error.to_string(), error.help());
        }
        OutputError::File(source) => format!("{source}: {}", source.source),
        other => other.to_string(),
    };
    if let OutputError::File(source) = &error
        && matches!(source.source.kind(), ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied)
    {
        return Error::invalid("bad-output", message, error.help());
    }
    Error::Failed { class: FailureClass::Permanent, message, help }
}
