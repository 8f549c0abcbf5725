//! Why a folder cannot be written.

use crate::util::fs::FileError;
use crate::util::text;
use std::path::PathBuf;

/// What keeps a folder from being written; nothing in it was changed.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    #[error("{} that shipit did not write {} in the way in `{}`: {}", if paths.len() == 1 { "a file" } else { "files" }, if paths.len() == 1 { "is" } else { "are" }, out.display(), text::list(paths.iter().map(String::as_str)))]
    Foreign { out: PathBuf, paths: Vec<String> },
    #[error("`{}` is a symbolic link, which is not followed", path.display())]
    Link { path: PathBuf },
    #[error("`{}` is not a folder", path.display())]
    NotAFolder { path: PathBuf },
    #[error("`{}` is not a file", path.display())]
    NotAFile { path: PathBuf },
    #[error("the list of written files `{}` cannot be used: {reason}", path.display())]
    Record { path: PathBuf, reason: String },
    #[error("`{path}` is no path below a folder: {reason}")]
    Path { path: String, reason: &'static str },
    #[error("another run writes `{}`", path.display())]
    Busy { path: PathBuf },
    #[error(transparent)]
    File(#[from] FileError),
}

impl OutputError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Foreign { .. } => "move what is there away, or choose another folder with `-o`",
            Self::Link { .. } => "remove it, or name with `-o` the folder that it leads to",
            Self::NotAFolder { .. } | Self::NotAFile { .. } => "remove it, or choose another folder with `-o`",
            Self::Record { .. } => "restore it, or remove the whole folder and publish again",
            Self::Path { .. } => "rename what the file is named after",
            Self::Busy { .. } => "wait until it has ended, or stop it",
            Self::File(_) => "make room or give the permission, or choose another folder with `-o`",
        }
    }
}
