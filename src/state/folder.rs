//! The folder `.shipit` and the files in it.

use super::StateError;
use crate::util::fs::{self, FileError};
use crate::util::lock::{Holder, Lock};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// What the state of runs without a profile is called.
pub const NO_PROFILE: &str = "default";

/// The most bytes that a file of the state may have.
const LIMIT: u64 = 64 * 1024 * 1024;

/// The version that this shipit writes.
pub(super) const VERSION: u64 = 1;

/// The state of one project, and of one profile of it.
#[derive(Debug)]
pub struct State {
    folder: PathBuf,
    profile: String,
    /// Held while a file is read, changed and written; steps do that at the same time.
    pub(super) changing: Mutex<()>,
}

/// A file or folder that others could read; they cannot any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    pub path: PathBuf,
    /// The permissions it had.
    pub mode: u32,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, mode } = self;
        write!(f, "`{}` could be read by others (mode {mode:04o}); they cannot any more", path.display())
    }
}

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

impl State {
    /// The state in `folder` (`.shipit` beside the manifest). Makes nothing: a folder that is not
    /// there holds nothing. Takes the permissions of others away where there are any.
    pub fn open(folder: &Path, profile: Option<&str>) -> Result<(Self, Vec<Warning>), StateError> {
        let state = Self {
            folder: folder.to_owned(),
            profile: profile.unwrap_or(NO_PROFILE).to_owned(),
            changing: Mutex::new(()),
        };
        let mut warnings = Vec::new();
        for path in [folder.to_owned(), state.values_folder(), state.values_file()] {
            if path.is_symlink() {
                return Err(StateError::Link { path });
            }
            match fs::make_private(&path) {
                Ok(None) => {}
                Ok(Some(mode)) => warnings.push(Warning { path, mode }),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok((state, warnings))
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps other runs out until the lock is dropped; waits at most `patience` for one that is
    /// there. Blocks the thread. Makes the folder, with a `.gitignore` that keeps all of it out of git.
    pub fn lock(&self, holder: &Holder, patience: Duration) -> Result<Lock, StateError> {
        // A folder that was there and has another name may be anything: git is to see what is in it.
        let is_ours = self.folder.ends_with(".shipit") || !self.folder.exists();
        fs::create_private_dir(&self.folder)?;
        let ignore = self.folder.join(".gitignore");
        if is_ours && ignore.symlink_metadata().is_err() {
            fs::write_atomic(&ignore, b"*\n", 0o600)?;
        }
        let lock = Lock::acquire(&self.folder.join("lock"), holder, patience)?;
        for folder in [&self.folder, &self.values_folder()] {
            fs::remove_unfinished(folder);
        }
        Ok(lock)
    }

    pub(super) fn images_file(&self) -> PathBuf {
        self.folder.join("images.json")
    }

    pub(super) fn values_folder(&self) -> PathBuf {
        self.folder.join("state")
    }

    pub(super) fn values_file(&self) -> PathBuf {
        self.values_folder().join(format!("{}.json", self.profile))
    }
}

/// Reads a file of the state; one that is not there gives the default.
pub(super) fn read<T: DeserializeOwned + Default>(path: &Path, loss: &'static str) -> Result<T, StateError> {
    let bytes = match fs::read(path, LIMIT) {
        Ok(content) => content.bytes,
        Err(error) if error.is_not_found() => return Ok(T::default()),
        Err(error) => return Err(error.into()),
    };
    let corrupt = |error: serde_json::Error| StateError::Corrupt {
        path: path.to_owned(),
        // Only the place: the file may hold secrets, and the message of a parser repeats values.
        reason: format!("{} in line {}, column {}", describe(&error), error.line(), error.column()),
        loss,
    };
    let Versioned { version } = serde_json::from_slice(&bytes).map_err(corrupt)?;
    if version > VERSION {
        return Err(StateError::Newer { path: path.to_owned(), found: version, known: VERSION });
    }
    serde_json::from_slice(&bytes).map_err(corrupt)
}

/// Replaces a file of the state; only its owner can read it.
pub(super) fn write(path: &Path, content: &serde_json::Value) -> Result<(), FileError> {
    if let Some(folder) = path.parent() {
        fs::create_private_dir(folder)?;
    }
    let text = zeroize::Zeroizing::new(format!("{content:#}\n"));
    fs::write_atomic(path, text.as_bytes(), 0o600)
}

fn describe(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Syntax => "it is not JSON",
        serde_json::error::Category::Data => "it has an unexpected shape",
        serde_json::error::Category::Io => "it cannot be read",
    }
}
