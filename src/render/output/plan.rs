//! What would have to change in a folder. Changes nothing.

use super::record::{Files, RECORD, Record, hash};
use super::{Artifact, OutputError};
use crate::util::fs::{self, FileError};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// The most bytes of a file that is compared; a longer one was not written by shipit.
const LIMIT: u64 = 64 * 1024 * 1024;
/// Reading begins to pay on several threads.
const MANY: usize = 256;

/// What differs between a folder and what it is to hold. All lists are in the order of their paths.
#[derive(Debug)]
pub struct Changes<'a> {
    pub(super) out: PathBuf,
    pub added: Vec<Change<'a>>,
    pub changed: Vec<Change<'a>>,
    pub removed: Vec<Change<'a>>,
    /// The number of files that are as they are to be.
    pub unchanged: usize,
    /// Those of `changed` that somebody edited since they were written: their edits are lost.
    pub edited: Vec<String>,
    /// No longer produced, but edited since they were written: they are left alone from now on.
    pub released: Vec<String>,
    pub(super) before: Record,
    pub(super) after: Record,
}

/// A file that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<'a> {
    pub path: String,
    /// What is in the folder; `None` for a new file.
    pub before: Option<String>,
    /// What is to be there; `None` for a file that goes.
    pub after: Option<&'a str>,
}

impl Changes<'_> {
    /// Whether the folder holds what it is to hold. An outdated list alone is no change.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// Compares a folder, which may be absent, with the files that it is to hold.
pub fn plan<'a>(out: &Path, artifacts: &'a [Artifact]) -> Result<Changes<'a>, OutputError> {
    let wanted = wanted(artifacts)?;
    not_a_link(out)?;
    if out.exists() && !out.is_dir() {
        return Err(OutputError::NotAFolder { path: out.to_owned() });
    }
    let before = Record::read(out)?;
    let gone: Vec<&str> = [&before.files, &before.unfinished]
        .iter()
        .flat_map(|files| files.keys())
        .map(String::as_str)
        .filter(|path| !wanted.contains_key(path))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut folders = BTreeSet::new();
    for path in wanted.keys().chain(&gone) {
        check_folders(out, path, &mut folders)?;
    }
    let wanted: Vec<(&str, Option<&'a str>)> = wanted
        .into_iter()
        .map(|(path, text)| (path, Some(text)))
        .chain(gone.into_iter().map(|path| (path, None)))
        .collect();
    let seen = look(out, &wanted);
    let mut changes = Changes {
        out: out.to_owned(),
        added: Vec::new(),
        changed: Vec::new(),
        removed: Vec::new(),
        unchanged: 0,
        edited: Vec::new(),
        released: Vec::new(),
        after: Record::new(Files::new(), Files::new()),
        before,
    };
    let mut foreign = Vec::new();
    for seen in seen {
        changes.take(seen?, &mut foreign);
    }
    if foreign.is_empty() { Ok(changes) } else { Err(OutputError::Foreign { out: out.to_owned(), paths: foreign }) }
}

/// One path: what is wanted there, what is there.
struct Seen<'a> {
    path: String,
    after: Option<&'a str>,
    /// Of what is wanted.
    hash: Option<String>,
    before: Option<Vec<u8>>,
}

impl<'a> Changes<'a> {
    fn take(&mut self, seen: Seen<'a>, foreign: &mut Vec<String>) {
        let Seen { path, after, hash: hash_after, before } = seen;
        if let Some(hash) = hash_after {
            self.after.files.insert(path.clone(), hash);
        }
        let is_same = before.as_deref().zip(after).is_some_and(|(before, after)| before == after.as_bytes());
        let is_own = |bytes: &[u8]| self.before.wrote(&path, &hash(bytes));
        let is_edited = !is_same && before.as_deref().is_some_and(|before| !is_own(before));
        let before = before.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        match (&before, after) {
            (None, None) => {}
            (Some(_), Some(_)) if is_same => self.unchanged += 1,
            (Some(_), Some(_)) if !self.before.lists(&path) => foreign.push(path),
            (Some(_), Some(_)) => {
                if is_edited {
                    self.edited.push(path.clone());
                }
                self.changed.push(Change { path, before, after });
            }
            (Some(_), None) if is_edited => self.released.push(path),
            (Some(_), None) => self.removed.push(Change { path, before, after }),
            (None, Some(_)) => self.added.push(Change { path, before, after }),
        }
    }
}

/// The files by their paths, which do not get into each other's way.
fn wanted(artifacts: &[Artifact]) -> Result<BTreeMap<&str, &str>, OutputError> {
    let fail = |path: &str, reason| OutputError::Path { path: path.to_owned(), reason };
    let mut wanted = BTreeMap::new();
    for Artifact { path, text } in artifacts {
        check_path(path).map_err(|reason| fail(path, reason))?;
        if wanted.insert(path.as_str(), text.as_str()).is_some() {
            return Err(fail(path, "two files have it"));
        }
    }
    for path in wanted.keys() {
        if folders_of(path).any(|folder| wanted.contains_key(folder)) {
            return Err(fail(path, "one of its folders is a file"));
        }
    }
    Ok(wanted)
}

/// Why a text is no path of a file below a folder.
pub(super) fn check_path(path: &str) -> Result<(), &'static str> {
    if path.contains(['\\', '\0']) {
        return Err("it has a character that no file has in every system");
    }
    if path == RECORD {
        return Err("it is the list of what was written");
    }
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err("it has an empty part, `.` or `..`");
    }
    Ok(())
}

/// `a` and `a/b` of `a/b/c`.
pub(super) fn folders_of(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// Refuses a folder that is elsewhere than its name says: who makes the link, e.g. in a repository,
/// need not be who publishes.
pub(super) fn not_a_link(out: &Path) -> Result<(), OutputError> {
    // With a slash at its end a name means what the link leads to.
    let path: PathBuf = out.components().collect();
    if path.is_symlink() { Err(OutputError::Link { path }) } else { Ok(()) }
}

/// Refuses what stands where a folder is to be; `known` has those that were looked at.
fn check_folders<'p>(out: &Path, path: &'p str, known: &mut BTreeSet<&'p str>) -> Result<(), OutputError> {
    for folder in folders_of(path) {
        if !known.insert(folder) {
            continue;
        }
        let path = out.join(folder);
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => return Err(OutputError::Link { path }),
            Ok(metadata) if !metadata.is_dir() => return Err(OutputError::NotAFolder { path }),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(source) => return Err(FileError::new("look at", &path, source).into()),
        }
    }
    Ok(())
}

/// Reads what is there, on several threads where there is much.
fn look<'a>(out: &Path, wanted: &[(&str, Option<&'a str>)]) -> Vec<Result<Seen<'a>, OutputError>> {
    let see = |(path, after): &(&str, Option<&'a str>)| {
        let hash = after.map(|text| hash(text.as_bytes()));
        read(&out.join(path)).map(|before| Seen { path: (*path).to_owned(), after: *after, hash, before })
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    if wanted.len() < MANY || threads == 1 {
        return wanted.iter().map(see).collect();
    }
    std::thread::scope(|scope| {
        let parts: Vec<_> = wanted
            .chunks(wanted.len().div_ceil(threads))
            .map(|part| scope.spawn(move || part.iter().map(see).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("reading a file does not panic")).collect()
    })
}

/// The content of a file, `None` if it is absent. A link is not followed.
fn read(path: &Path) -> Result<Option<Vec<u8>>, OutputError> {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => Err(OutputError::Link { path: path.to_owned() }),
        Ok(metadata) if !metadata.is_file() => Err(OutputError::NotAFile { path: path.to_owned() }),
        Ok(_) => Ok(Some(fs::read(path, LIMIT)?.bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FileError::new("look at", path, source).into()),
    }
}
