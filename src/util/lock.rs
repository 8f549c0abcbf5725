//! One run at a time: a file that the kernel locks, and that says who holds it; or a folder, which
//! cannot say it.
//!
//! The kernel frees the lock when its holder ends, however it ends. The file itself stays.

use super::fs::FileError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often a waiting run looks whether the lock is free.
const POLL: Duration = Duration::from_millis(50);

/// The most that is read of what a holder wrote about itself.
const HOLDER_LIMIT: u64 = 16 * 1024;

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub pid: u32,
    pub host: String,
    /// What was run, without values that may be secret, e.g. `shipit do push`.
    pub command: String,
    /// Since when, as the caller writes times.
    pub started: String,
}

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it; `holder` is `None` if it did not say who it is.
    #[error("another run holds the lock `{}`{}", path.display(), describe(holder.as_ref()))]
    Held { path: PathBuf, holder: Option<Holder> },
    #[error(transparent)]
    File(#[from] FileError),
}

impl Holder {
    /// This process on this machine.
    pub fn this_process(command: impl Into<String>, started: impl Into<String>) -> Self {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname")
            .or_else(|_| std::fs::read_to_string("/etc/hostname"))
            .map_or_else(|_| "unknown host".to_owned(), |name| name.trim().to_owned());
        Self { pid: std::process::id(), host, command: command.into(), started: started.into() }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pid, host, command, started } = self;
        write!(f, "process {pid} on {host}, `{command}`, since {started}")
    }
}

impl Lock {
    /// Takes the lock, waiting at most `patience` for another holder. Blocks the thread. The file
    /// is made if it is absent; its folder must exist.
    pub fn acquire(path: &Path, holder: &Holder, patience: Duration) -> Result<Self, LockError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(|source| FileError::new("open the lock", path, source))?;
        match wait(&file, patience) {
            Ok(true) => {}
            Ok(false) => return Err(LockError::Held { path: path.to_owned(), holder: read_holder(&file) }),
            Err(source) => return Err(FileError::new("lock", path, source).into()),
        }
        let lock = Self { file };
        lock.sign(holder).map_err(|source| FileError::new("write", path, source))?;
        Ok(lock)
    }

    fn sign(&self, holder: &Holder) -> std::io::Result<()> {
        let mut file = &self.file;
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(&serde_json::to_vec(holder)?)
    }
}

/// A folder that is kept for this process until this is dropped. Leaves no file in it.
#[derive(Debug)]
pub struct FolderLock {
    _folder: File,
}

impl FolderLock {
    /// Takes the lock of a folder, waiting at most `patience` for another holder. Blocks the thread.
    /// A file system that cannot lock folders (NFS) keeps nobody out.
    pub fn acquire(path: &Path, patience: Duration) -> Result<Self, LockError> {
        let folder = File::open(path).map_err(|source| FileError::new("open the folder", path, source))?;
        match wait(&folder, patience) {
            Ok(false) => Err(LockError::Held { path: path.to_owned(), holder: None }),
            Ok(true) | Err(_) => Ok(Self { _folder: folder }),
        }
    }
}

/// Whether the lock was free before `patience` was at its end.
fn wait(file: &File, patience: Duration) -> std::io::Result<bool> {
    let deadline = Instant::now() + patience;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(source)) => return Err(source),
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        std::thread::sleep(POLL.min(left));
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Only tidiness: the kernel frees the lock when the file is closed, whatever it holds.
        let _ = self.file.set_len(0);
    }
}

fn read_holder(mut file: &File) -> Option<Holder> {
    let mut text = Vec::new();
    file.rewind().ok()?;
    file.take(HOLDER_LIMIT).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn describe(holder: Option<&Holder>) -> String {
    holder.map_or_else(String::new, |holder| format!(": {holder}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(pid: u32) -> Holder {
        Holder {
            pid,
            host: "mill".to_owned(),
            command: "shipit do push".to_owned(),
            started: "2026-01-02 03:04:05".to_owned(),
        }
    }

    #[test]
    fn a_second_run_is_told_who_holds_the_lock_and_the_next_one_gets_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = Lock::acquire(&path, &holder(7), Duration::ZERO).unwrap();
        let error = Lock::acquire(&path, &holder(8), Duration::ZERO).unwrap_err();
        let text = format!(
            "another run holds the lock `{}`: process 7 on mill, `shipit do push`, since 2026-01-02 03:04:05",
            path.display()
        );
        assert_eq!(error.to_string(), text);
        drop(first);
        assert_eq!(std::fs::read(&path).unwrap(), b"");
        Lock::acquire(&path, &holder(8), Duration::ZERO).unwrap();
    }

    #[test]
    fn a_patient_run_gets_the_lock_when_it_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = Lock::acquire(&path, &holder(7), Duration::ZERO).unwrap();
        let waiting = std::thread::spawn({
            let path = path.clone();
            move || Lock::acquire(&path, &holder(8), Duration::from_secs(20)).is_ok()
        });
        drop(first);
        assert!(waiting.join().unwrap());
    }

    #[test]
    fn a_folder_is_for_one_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::acquire(folder.path(), Duration::ZERO).unwrap();
        let error = FolderLock::acquire(folder.path(), Duration::ZERO).unwrap_err();
        assert_eq!(error.to_string(), format!("another run holds the lock `{}`", folder.path().display()));
        drop(first);
        FolderLock::acquire(folder.path(), Duration::ZERO).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_dead_run_left_in_the_file_does_not_hold_anybody_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        std::fs::write(&path, serde_json::to_vec(&holder(1)).unwrap()).unwrap();
        Lock::acquire(&path, &holder(8), Duration::ZERO).unwrap();
    }
}
