//! Files that only their owner can read, and writes that survive a crash.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Says what was done to which file when it failed; the kind stays.
pub(super) fn explain<'a>(act: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> io::Error + 'a {
    move |error| io::Error::new(error.kind(), format!("cannot {act} `{}`: {error}", path.display()))
}

/// Creates a folder and its parents, mode 0700, durably.
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    if let Some(parent) = parent {
        create_folder(parent)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !path.is_dir() => {
            Err(explain("create", path)(error))
        }
        Ok(()) | Err(_) => parent.map_or(Ok(()), sync_folder),
    }
}

/// Options for a file of mode 0600.
pub(super) fn private() -> OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Writes a file whole or not at all, through `temporary`.
pub(super) fn write_whole(temporary: &Path, target: &Path, content: &[u8]) -> io::Result<()> {
    let write = || {
        let mut file = private().write(true).create_new(true).open(temporary)?;
        file.write_all(content)?;
        file.sync_all()
    };
    let written = write().map_err(explain("write", temporary)).and_then(|()| move_into_place(temporary, target));
    if written.is_err() {
        let _ = std::fs::remove_file(temporary);
    }
    written
}

/// Renames a synced file to where it belongs, durably.
pub(super) fn move_into_place(temporary: &Path, target: &Path) -> io::Result<()> {
    let folder = target.parent().expect("every target lies in a folder of the storage");
    create_folder(folder)?;
    std::fs::rename(temporary, target).map_err(explain("create", target))?;
    sync_folder(folder)
}

/// Makes changes of a folder's entries durable. Only Unix can do that.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path).and_then(|folder| folder.sync_all()).map_err(explain("sync", path))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Removes a file; `false` where there was none.
pub(super) fn remove(path: &Path) -> io::Result<bool> {
    present(std::fs::remove_file(path)).map(|removed| removed.is_some()).map_err(explain("remove", path))
}

/// Reads a small file; `None` where there is none.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    present(std::fs::read(path)).map_err(explain("read", path))
}

/// The names in a folder, in order; none where there is no folder.
pub(super) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let Some(entries) = present(std::fs::read_dir(folder)).map_err(explain("read", folder))? else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for entry in entries {
        // Names that are not UTF-8 are not ours.
        names.extend(entry.map_err(explain("read", folder))?.file_name().into_string().ok());
    }
    names.sort_unstable();
    Ok(names)
}

/// Takes "not there" out of the errors.
pub(super) fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}
