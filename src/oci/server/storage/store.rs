//! Opening the folder: the lock, what a crash left behind, and the state that requests share.

use super::files::{self, explain};
use super::layout::Layout;
use super::upload::Sessions;
use std::fs::{File, Metadata, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How long an upload may rest before the next start removes it.
const UPLOAD_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// How long the lock is tried for: who only asks for the [`holder`] has it for a moment too.
const PATIENCE: Duration = Duration::from_millis(250);

/// The folder of a registry, held by this process until it is dropped.
#[derive(Debug)]
pub struct Storage {
    pub(super) layout: Layout,
    pub(super) sessions: Sessions,
    /// Serialises what changes links, so that a manifest's parts cannot go while it is put.
    changes: Mutex<()>,
    lock: File,
}

impl Storage {
    /// Opens or creates the folder, takes its lock and clears away what a killed process left.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::ResourceBusy`] where another process holds the folder; the message names
    /// the process. Else whatever the file system refuses, with the file's path.
    pub fn open(root: &Path) -> io::Result<Self> {
        let layout = Layout::new(root);
        files::create_folder(root)?;
        let lock = lock(&layout)?;
        files::create_folder(&layout.temporary_folder())?;
        let storage = Self { layout, sessions: Sessions::default(), changes: Mutex::default(), lock };
        storage.clear_away()?;
        Ok(storage)
    }

    /// Whether the folder is still where it was when it was opened.
    pub fn is_there(&self) -> bool {
        let identity = |metadata: Metadata| (metadata.dev(), metadata.ino());
        let held = self.lock.metadata().map(identity);
        held.ok() == self.layout.lock().symlink_metadata().map(identity).ok()
    }

    pub(super) fn changing(&self) -> MutexGuard<'_, ()> {
        // The guarded value is empty: a panic cannot have left it half changed.
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn clear_away(&self) -> io::Result<()> {
        let temporary = self.layout.temporary_folder();
        for name in files::names(&temporary)? {
            files::remove(&temporary.join(name))?;
        }
        let now = SystemTime::now();
        for name in self.layout.repositories()? {
            let uploads = self.layout.uploads(&name);
            for id in files::names(&uploads)? {
                let path = uploads.join(id);
                let Some(metadata) = files::present(path.metadata()).map_err(explain("read", &path))? else { continue };
                // A clock that went back makes no upload old.
                let age = metadata.modified().ok().and_then(|time| now.duration_since(time).ok());
                if age.is_some_and(|age| age > UPLOAD_AGE) {
                    files::remove(&path)?;
                }
            }
        }
        Ok(())
    }
}

/// The process that holds a registry's folder; 0 if it did not say which. `None`: nobody does.
pub fn holder(root: &Path) -> Option<u32> {
    let mut file = File::open(Layout::new(root).lock()).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            Some(holder.trim().parse().unwrap_or(0))
        }
        Ok(()) | Err(TryLockError::Error(_)) => None,
    }
}

fn lock(layout: &Layout) -> io::Result<File> {
    let path = layout.lock();
    let mut file = files::private()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(explain("open", &path))?;
    let deadline = Instant::now() + PATIENCE;
    let locked = loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(5));
            }
            locked => break locked,
        }
    };
    match locked {
        Ok(()) => {}
        Err(TryLockError::Error(error)) => return Err(explain("lock", &path)(error)),
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            let holder = holder.trim().parse::<u32>().map_or(String::new(), |id| format!(" (process {id})"));
            let message =
                format!("the local registry in `{}` is in use by another shipit{holder}", layout.root().display());
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, message));
        }
    }
    let write = |file: &mut File| {
        file.set_len(0)?;
        writeln!(file, "{}", std::process::id())
    };
    write(&mut file).map_err(explain("write", &path))?;
    Ok(file)
}
