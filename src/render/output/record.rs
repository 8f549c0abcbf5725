//! The list of the files that were written, with what was in them.

use super::OutputError;
use super::plan::check_path;
use crate::util::fs::{self, FileError};
use crate::util::text;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// What the list is called.
pub const RECORD: &str = ".shipit-publish.json";

/// The version that this shipit writes.
const VERSION: u64 = 1;
const LIMIT: u64 = 64 * 1024 * 1024;

/// Paths with the SHA-256 of their content, in hexadecimal digits.
pub(super) type Files = BTreeMap<String, String>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    version: u64,
    pub(super) files: Files,
    /// What a run is about to write, or was when it was killed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) unfinished: Files,
}

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

impl Record {
    pub(super) fn new(files: Files, unfinished: Files) -> Self {
        Self { version: VERSION, files, unfinished }
    }

    /// The list of a folder; an empty one where there is none.
    pub(super) fn read(out: &Path) -> Result<Self, OutputError> {
        let path = out.join(RECORD);
        if path.is_symlink() {
            return Err(OutputError::Link { path });
        }
        let bytes = match fs::read(&path, LIMIT) {
            Ok(content) => content.bytes,
            Err(error) if error.is_not_found() => return Ok(Self::new(Files::new(), Files::new())),
            Err(error) => return Err(error.into()),
        };
        let fail = |reason: String| OutputError::Record { path: path.clone(), reason };
        let Versioned { version } = serde_json::from_slice(&bytes).map_err(|error| fail(error.to_string()))?;
        if version != VERSION {
            return Err(fail(format!("it has version {version}, and this shipit writes version {VERSION}")));
        }
        let record: Self = serde_json::from_slice(&bytes).map_err(|error| fail(error.to_string()))?;
        // Files are removed by this list: it must not lead out of the folder.
        for path in record.files.keys().chain(record.unfinished.keys()) {
            check_path(path).map_err(|reason| fail(format!("`{path}` {reason}")))?;
        }
        Ok(record)
    }

    pub(super) fn write(&self, out: &Path) -> Result<(), FileError> {
        let mut text = serde_json::to_string_pretty(self).expect("a list of texts is plain JSON");
        text.push('\n');
        fs::write_atomic(&out.join(RECORD), text.as_bytes(), 0o644)
    }

    pub(super) fn lists(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.unfinished.contains_key(path)
    }

    /// Whether the content is what was last written at this path.
    pub(super) fn wrote(&self, path: &str, hash: &str) -> bool {
        [&self.files, &self.unfinished].iter().any(|files| files.get(path).is_some_and(|known| known == hash))
    }
}

pub(super) fn hash(bytes: &[u8]) -> String {
    text::hex(&Sha256::digest(bytes))
}
