//! The folder that files are published to.

use crate::manifest::Diagnostic;
use crate::ops::Error;
use crate::render::Artifact;
use crate::render::output::{self, Changes, OutputError};
use crate::util::FailureClass;
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
    let lost = changes.edited.iter().map(|path| {
        Diagnostic::warning("edited-file", format!("`{path}` was edited by hand, and is written anew"))
            .help("keep edits in the file of `[publish] patch`, or in a template: both outlast publishing")
    });
    let left = changes.released.iter().map(|path| {
        Diagnostic::warning("edited-file", format!("`{path}` is not needed any more, but was edited: it is left"))
            .help("remove it, or keep it: it is yours from now on")
    });
    lost.chain(left).collect()
}

fn failure(error: OutputError) -> Error {
    let help = Some(error.help().to_owned());
    let message = match &error {
        OutputError::Busy { .. } => return Error::Locked(error.to_string()),
        OutputError::File(error) => format!("{error}: {}", error.source),
        other => other.to_string(),
    };
    Error::Failed { class: FailureClass::Permanent, message, help }
}
