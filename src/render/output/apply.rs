//! Makes the changes of a plan: everything is staged beside its place, then renamed into it.
//!
//! A failure before the first rename leaves nothing behind; one between renames is rolled back. A
//! process that is killed between them leaves a list that says what it was about to do, so that the
//! next run takes its files for its own. Contents are not forced to the disk one by one, which takes
//! seconds for thousands; the list is, and a file that a power failure emptied is written again.

use super::OutputError;
use super::plan::{Changes, folders_of};
use super::record::{RECORD, Record};
use crate::util::fs::{self, FileError};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How the name of a folder with staged files begins and ends.
const STAGING: (&str, &str) = (".shipit-publish-", ".tmp");

/// Makes a folder and those above it. Returns those that it made, the deepest last.
pub(super) fn make_folder(path: &Path) -> Result<Vec<PathBuf>, OutputError> {
    let missing: Vec<&Path> = path
        .ancestors()
        .take_while(|folder| !folder.as_os_str().is_empty() && folder.symlink_metadata().is_err())
        .collect();
    let mut made = Vec::new();
    for folder in missing.into_iter().rev() {
        match std::fs::create_dir(folder) {
            Ok(()) => made.push(folder.to_owned()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => {
                remove_folders(&made);
                return Err(match source.kind() {
                    io::ErrorKind::NotADirectory => {
                        let file = folder.ancestors().find(|folder| folder.is_file()).unwrap_or(folder);
                        OutputError::NotAFolder { path: file.to_owned() }
                    }
                    _ => FileError::new("create the folder", folder, source).into(),
                });
            }
        }
    }
    if path.is_dir() { Ok(made) } else { Err(OutputError::NotAFolder { path: path.to_owned() }) }
}

/// Removes folders that are empty.
pub(super) fn remove_folders(made: &[PathBuf]) {
    for folder in made.iter().rev() {
        // One that somebody put something into stays.
        let _ = std::fs::remove_dir(folder);
    }
}

/// Removes what a killed process staged. Only for who holds the lock.
pub(super) fn remove_leftovers(out: &Path) {
    fs::remove_unfinished(out);
    let Ok(entries) = std::fs::read_dir(out) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_staging = name.to_str().is_some_and(|name| name.starts_with(STAGING.0) && name.ends_with(STAGING.1));
        if is_staging && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            // What stays behind only takes room.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Applies a plan; the folder exists.
pub(super) fn apply(changes: &Changes<'_>) -> Result<(), OutputError> {
    let out = &changes.out;
    if changes.is_empty() {
        if changes.before != changes.after {
            changes.after.write(out)?;
        }
        return Ok(());
    }
    let staging = tempfile::Builder::new()
        .prefix(STAGING.0)
        .suffix(STAGING.1)
        .tempdir_in(out)
        .map_err(|source| FileError::new("create a temporary folder in", out, source))?;
    let writes: Vec<(&str, &str)> = [&changes.added, &changes.changed]
        .into_iter()
        .flatten()
        .filter_map(|change| Some((change.path.as_str(), change.after?)))
        .collect();
    for (number, (path, text)) in writes.iter().enumerate() {
        stage(&staging.path().join(number.to_string()), text)
            .map_err(|source| FileError::new("write", &out.join(path), source))?;
    }
    // What a run that was killed was about to write stays known until it is written or removed.
    let mut unfinished = changes.before.unfinished.clone();
    let hash = |path: &str| changes.after.files.get(path).cloned();
    unfinished.extend(writes.iter().filter_map(|(path, _)| Some(((*path).to_owned(), hash(path)?))));
    Record::new(changes.before.files.clone(), unfinished).write(out)?;
    let mut placing = Placing { out, staging: staging.path(), done: Vec::new() };
    match placing.place(changes, &writes) {
        Ok(()) => Ok(()),
        Err(error) => {
            placing.roll_back(&changes.before);
            Err(error.into())
        }
    }
}

fn stage(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

/// What was done, to be undone in the opposite order.
enum Done {
    FolderMade(PathBuf),
    FolderRemoved(PathBuf),
    Added(PathBuf),
    /// A place, and where its old content is.
    Replaced(PathBuf, PathBuf),
}

struct Placing<'a> {
    out: &'a Path,
    staging: &'a Path,
    done: Vec<Done>,
}

impl Placing<'_> {
    fn place(&mut self, changes: &Changes<'_>, writes: &[(&str, &str)]) -> Result<(), FileError> {
        for (number, (path, _)) in writes.iter().enumerate() {
            self.make_folders(path)?;
            let place = self.out.join(path);
            if number >= changes.added.len() {
                self.keep(&place, number, Keep::Copy)?;
            }
            std::fs::rename(self.staging.join(number.to_string()), &place)
                .map_err(|source| FileError::new("write", &place, source))?;
            if number < changes.added.len() {
                self.done.push(Done::Added(place));
            }
        }
        for (number, change) in changes.removed.iter().enumerate() {
            self.keep(&self.out.join(&change.path), writes.len() + number, Keep::Move)?;
            self.remove_empty_folders(&change.path);
        }
        changes.after.write(self.out)
    }

    /// Puts the old content of a place aside.
    fn keep(&mut self, place: &Path, number: usize, keep: Keep) -> Result<(), FileError> {
        let aside = self.staging.join(format!("{number}.old"));
        let kept = match keep {
            // Linked, so that there is no moment without the file; some file systems cannot.
            Keep::Copy => std::fs::hard_link(place, &aside).or_else(|_| std::fs::copy(place, &aside).map(|_| ())),
            Keep::Move => std::fs::rename(place, &aside),
        };
        kept.map_err(|source| FileError::new("replace", place, source))?;
        self.done.push(Done::Replaced(place.to_owned(), aside));
        Ok(())
    }

    fn make_folders(&mut self, path: &str) -> Result<(), FileError> {
        for folder in folders_of(path) {
            let folder = self.out.join(folder);
            match std::fs::create_dir(&folder) {
                Ok(()) => self.done.push(Done::FolderMade(folder)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(FileError::new("create the folder", &folder, source)),
            }
        }
        Ok(())
    }

    fn remove_empty_folders(&mut self, path: &str) {
        for folder in folders_of(path).rev() {
            let folder = self.out.join(folder);
            // One with something in it stays.
            if std::fs::remove_dir(&folder).is_err() {
                return;
            }
            self.done.push(Done::FolderRemoved(folder));
        }
    }

    /// Makes everything as it was, as far as that can be done: what fails is finished by the next
    /// run, for which the list stays that says what was about to be written.
    fn roll_back(&mut self, before: &Record) {
        let mut is_undone = true;
        while let Some(done) = self.done.pop() {
            let undone = match done {
                Done::FolderMade(folder) => std::fs::remove_dir(folder),
                Done::FolderRemoved(folder) => std::fs::create_dir(folder),
                Done::Added(place) => std::fs::remove_file(place),
                Done::Replaced(place, aside) => std::fs::rename(aside, place),
            };
            is_undone &= undone.is_ok();
        }
        if is_undone {
            // The list may stay: it only names more than there is.
            let _ = match before.files.is_empty() && before.unfinished.is_empty() {
                true => std::fs::remove_file(self.out.join(RECORD)).map_err(|error| error.to_string()),
                false => before.write(self.out).map_err(|error| error.to_string()),
            };
        }
    }
}

enum Keep {
    Copy,
    Move,
}
