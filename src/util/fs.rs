//! Files that are written whole or not at all, and read with a bound. Every error names the file and the act.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What could not be done with which file.
#[derive(Debug, thiserror::Error)]
#[error("cannot {act} `{}`", path.display())]
pub struct FileError {
    /// An infinitive, e.g. `read`.
    pub act: &'static str,
    pub path: PathBuf,
    pub source: io::Error,
}

impl FileError {
    pub fn new(act: &'static str, path: &Path, source: io::Error) -> Self {
        Self { act, path: path.to_owned(), source }
    }

    pub fn is_not_found(&self) -> bool {
        self.source.kind() == io::ErrorKind::NotFound
    }
}

/// How the name of a file that is not finished begins and ends.
const UNFINISHED: (&str, &str) = (".shipit-", ".tmp");

/// Removes what a [`write_atomic`] left in a folder when its process was killed. Only for who is
/// alone to write there.
pub fn remove_unfinished(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_unfinished =
            name.to_str().is_some_and(|name| name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1));
        if is_unfinished && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            // What stays behind only takes room.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Replaces `path` by a file with these bytes: whoever reads sees the old content or the new one.
///
/// The file has the permissions `mode` (less the umask) from the moment it exists, so a secret is
/// never readable for others. A symbolic link at `path` is replaced, not followed. The folder must
/// exist. The content is on the disk when this returns.
pub fn write_atomic(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    write(path, bytes, mode, true)?;
    sync_folder(parent(path))
}

/// Replaces a file so that others see it whole, old or new, without waiting for the disk: after a crash
/// of the machine it may be damaged. For what can be found out again.
pub fn replace(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    write(path, bytes, mode, false)
}

fn write(path: &Path, bytes: &[u8], mode: u32, is_synced: bool) -> Result<(), FileError> {
    let folder = parent(path);
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED.0)
        .suffix(UNFINISHED.1)
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)
        .map_err(|source| FileError::new("create a temporary file beside", path, source))?;
    file.write_all(bytes).map_err(|source| FileError::new("write", path, source))?;
    if is_synced {
        file.as_file().sync_all().map_err(|source| FileError::new("write", path, source))?;
    }
    file.persist(path).map_err(|error| FileError::new("replace", path, error.error))?;
    Ok(())
}

/// Makes a folder that only its owner can enter, with its parents; an existing one is left as it is.
pub fn create_private_dir(path: &Path) -> Result<(), FileError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|source| FileError::new("create the folder", path, source))
}

/// Takes all permissions of group and others away. Returns the mode it had if anything was changed.
pub fn make_private(path: &Path) -> Result<Option<u32>, FileError> {
    let metadata = path.symlink_metadata().map_err(|source| FileError::new("look at", path, source))?;
    let mode = metadata.permissions().mode() & 0o7777;
    if metadata.is_symlink() || mode & 0o077 == 0 {
        return Ok(None);
    }
    std::fs::set_permissions(path, Permissions::from_mode(mode & 0o700))
        .map_err(|source| FileError::new("change the permissions of", path, source))?;
    Ok(Some(mode))
}

/// What [`read`] found.
#[derive(Debug)]
pub struct Content {
    pub bytes: Vec<u8>,
    /// The permission bits.
    pub mode: u32,
}

/// Reads a regular file of at most `limit` bytes. A pipe, a socket or a device is refused without
/// waiting for anybody to write to it.
pub fn read(path: &Path, limit: u64) -> Result<Content, FileError> {
    let fail = |source| FileError::new("read", path, source);
    // Opening a pipe for reading would wait for a writer.
    let nonblocking = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(nonblocking).open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if metadata.is_dir() {
        return Err(fail(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder")));
    }
    if !metadata.is_file() {
        return Err(fail(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(limit)).unwrap_or(0));
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(fail)?;
    if bytes.len() as u64 > limit {
        let message = format!("it has {} bytes, the limit is {limit}", metadata.len().max(bytes.len() as u64));
        return Err(fail(io::Error::new(io::ErrorKind::FileTooLarge, message)));
    }
    Ok(Content { bytes, mode: metadata.permissions().mode() & 0o7777 })
}

fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn sync_folder(folder: &Path) -> Result<(), FileError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| FileError::new("sync the folder", folder, source))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().mode() & 0o777
    }

    #[test]
    fn a_file_is_replaced_whole_with_its_mode_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        std::fs::write(&path, "old").unwrap();
        write_atomic(&path, b"new", 0o600).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_is_replaced_and_its_target_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        std::fs::write(&target, "mine").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write_atomic(&link, b"new", 0o644).unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"mine");
        assert!(!link.is_symlink());
    }

    #[test]
    fn a_failed_write_names_the_file_and_keeps_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("occupied");
        std::fs::create_dir(&path).unwrap();
        let error = write_atomic(&path, b"new", 0o600).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot replace `{}`", path.display()));
        assert!(path.is_dir());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let error = write_atomic(&folder.path().join("no/such"), b"", 0o600).unwrap_err();
        assert!(error.is_not_found());
    }

    #[test]
    fn private_means_that_only_the_owner_may() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        create_private_dir(&path).unwrap();
        create_private_dir(&path).unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o700, 0o700));
        assert_eq!(make_private(&path).unwrap(), None);
        std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        assert_eq!(make_private(&path).unwrap(), Some(0o755));
        assert_eq!(mode(&path), 0o700);
    }

    #[test]
    fn reading_is_bounded_and_only_of_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap().bytes, b"12345");
        let error = read(&path, 4).unwrap_err();
        assert_eq!(error.source.to_string(), "it has 5 bytes, the limit is 4");
        assert_eq!(read(folder.path(), 4).unwrap_err().source.to_string(), "it is a folder");
        assert!(read(&folder.path().join("none"), 4).unwrap_err().is_not_found());
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        assert_eq!(read(&pipe, 4).unwrap_err().source.to_string(), "it is not a regular file");
    }
}
