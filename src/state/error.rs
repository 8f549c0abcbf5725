//! What can be wrong with what was kept.

use crate::util::fs::FileError;
use crate::util::lock::LockError;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum StateError {
    #[error(transparent)]
    File(#[from] FileError),
    #[error("`{}` cannot be read as state: {reason}", path.display())]
    Corrupt {
        path: PathBuf,
        reason: String,
        /// What is lost when the file is removed.
        loss: &'static str,
    },
    #[error("`{}` was written by a newer shipit (version {found}; this one knows {known})", path.display())]
    Newer { path: PathBuf, found: u64, known: u64 },
    #[error("`{}` is not a folder of this project: it is a symbolic link", path.display())]
    Link { path: PathBuf },
    /// Exit status 5.
    #[error(transparent)]
    Locked(#[from] LockError),
}

impl StateError {
    /// What to do, in the imperative.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::File(_) => None,
            Self::Corrupt { path, loss, .. } => Some(format!("restore `{}`, or remove it: {loss}", path.display())),
            Self::Newer { .. } => Some("update shipit, or use another folder with `--state`".to_owned()),
            Self::Link { path } => {
                Some(format!("remove the link `{}`, or name a folder with `--state`", path.display()))
            }
            Self::Locked(LockError::Held { .. }) => Some("wait for the other run, or end it".to_owned()),
            Self::Locked(LockError::File(_)) => None,
        }
    }

    /// Whether another run holds the lock.
    pub fn is_locked(&self) -> bool {
        matches!(self, Self::Locked(LockError::Held { .. }))
    }
}
