//! A folder of files that are written together: whole or not at all, and nothing but what changed.
//!
//! A list in the folder ([`RECORD`]) says which files were written by whom: what is no longer
//! produced is removed, what somebody else put there is left alone. [`plan()`] looks and changes
//! nothing; [`write`](fn@write) plans and applies, one process at a time.

mod apply;
mod diff;
mod error;
mod plan;
mod record;

pub use error::OutputError;
pub use plan::{Change, Changes, plan};
pub use record::RECORD;

use crate::util::lock::{FolderLock, LockError};
use std::path::Path;
use std::time::Duration;

/// A file to be written: a relative path with `/`, and all of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    pub path: String,
    pub text: String,
}

/// How long another process is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes the folder hold these files, and no others that an earlier call wrote. Makes the folder if
/// it is absent. On an error everything is as it was.
pub fn write<'a>(out: &Path, artifacts: &'a [Artifact]) -> Result<Changes<'a>, OutputError> {
    plan::not_a_link(out)?;
    let made = apply::make_folder(out)?;
    let written = write_locked(out, artifacts);
    if written.is_err() {
        apply::remove_folders(&made);
    }
    written
}

fn write_locked<'a>(out: &Path, artifacts: &'a [Artifact]) -> Result<Changes<'a>, OutputError> {
    let _lock = FolderLock::acquire(out, PATIENCE).map_err(|error| match error {
        LockError::Held { path, .. } => OutputError::Busy { path },
        LockError::File(error) => OutputError::File(error),
    })?;
    apply::remove_leftovers(out);
    let changes = plan(out, artifacts)?;
    apply::apply(&changes)?;
    Ok(changes)
}

#[cfg(test)]
mod tests;
