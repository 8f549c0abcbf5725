//! What a context holds, in one number: whether anything of it has changed since it was looked at.
//!
//! Reads no file but those that changed a moment before: a file that changes twice within what its
//! file system can tell apart looks the same both times (git calls its index "racily clean" then).

use super::walk::{Entry, Filter, Kind, Walk};
use super::{ContextError, open_regular};
use crate::util::text;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::Path;

/// The most that is read of files that changed a moment ago, in bytes, all together.
const READ_LIMIT: u64 = 256 * 1024 * 1024;

/// A file that changed so shortly before it was looked at may change again and look the same, in
/// nanoseconds: what the coarsest file system can tell apart, and one whose times have an end that
/// only a finer clock gives. That is the kernel's tick, with room for a server's clock.
const COARSE: i64 = 2_000_000_000;
const FINE: i64 = 250_000_000;
const FINE_UNIT: i64 = 10_000_000;

/// A context at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    /// Of paths, types, modes and the targets of links; of files size, times and inode too.
    pub(crate) digest: String,
    /// The files that changed a moment before, with their sizes.
    recent: Vec<(String, u64)>,
}

impl Listing {
    /// Walks all that `filter` lets through. `now`: nanoseconds since 1970.
    ///
    /// # Errors
    /// Something cannot be looked at, or cannot be sent to a builder.
    pub(crate) fn take(context: &Path, filter: Filter, now: i64) -> Result<Self, ContextError> {
        let mut hash = Sha256::new();
        let mut recent = Vec::new();
        let mut line = Vec::new();
        for entry in Walk::new(context, filter) {
            let entry = entry?;
            line.clear();
            describe(&entry, &mut line)?;
            hash.update(&line);
            if let Kind::File { size } = entry.kind
                && is_recent(entry.modified, entry.changed, now)
            {
                recent.push((entry.path, size));
            }
        }
        Ok(Self { digest: text::hex(&hash.finalize()), recent })
    }

    /// The digests of the contents of the recent files; `None` where they are too large to read.
    ///
    /// # Errors
    /// A file cannot be read.
    pub(crate) fn recent_contents(&self, context: &Path) -> io::Result<Option<BTreeMap<String, String>>> {
        let total = self.recent.iter().map(|(_, size)| *size).fold(0, u64::saturating_add);
        if total > READ_LIMIT {
            return Ok(None);
        }
        let digests = self.recent.iter().map(|(path, _)| Ok((path.clone(), digest_of(context, path)?)));
        digests.collect::<io::Result<_>>().map(Some)
    }
}

fn is_recent(modified: i64, changed: i64, now: i64) -> bool {
    let moment = if changed % FINE_UNIT == 0 { COARSE } else { FINE };
    modified.max(changed) >= now - moment
}

/// The digest of a file's content.
///
/// # Errors
/// The file is not there, is no regular file or cannot be read.
pub(crate) fn digest_of(context: &Path, path: &str) -> io::Result<String> {
    let mut file = open_regular(&context.join(path))?.take(READ_LIMIT);
    let mut hash = Sha256::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(text::hex(&hash.finalize())),
            count => hash.update(&piece[..count]),
        }
    }
}

/// One entry as bytes that no other entry has: its type says how many numbers and texts follow.
fn describe(entry: &Entry, line: &mut Vec<u8>) -> Result<(), ContextError> {
    let Entry { path, kind, mode, modified, changed, inode } = entry;
    let (mode, modified, changed) = (u64::from(*mode), modified.cast_unsigned(), changed.cast_unsigned());
    let (numbers, target): (&[u64], _) = match kind {
        // The times of a folder change with what is left out; what is in it is listed itself.
        Kind::Folder => (&[1, mode], None),
        Kind::File { size } => (&[2, mode, *size, modified, changed, *inode], None),
        Kind::Link { target } => (&[3], Some(target)),
        Kind::Special(kind) => return Err(ContextError::Special { path: path.clone(), kind }),
    };
    numbers.iter().for_each(|number| line.extend_from_slice(&number.to_le_bytes()));
    for text in std::iter::once(path).chain(target) {
        line.extend_from_slice(&(text.len() as u64).to_le_bytes());
        line.extend_from_slice(text.as_bytes());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::time::{Duration, UNIX_EPOCH};

    fn take(folder: &Path) -> Listing {
        Listing::take(folder, Filter::new([]), 0).unwrap()
    }

    /// Whether `change` is seen, and that nothing is where nothing changed.
    fn check(what: &str, is_seen: bool, change: impl Fn(&Path)) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("sub/empty")).unwrap();
        fs::write(root.join("a"), "one").unwrap();
        fs::write(root.join("sub/b"), "two").unwrap();
        symlink("a", root.join("link")).unwrap();
        let before = take(root);
        assert_eq!(take(root), before, "{what}");
        // Past the granularity of the file system's clock.
        std::thread::sleep(Duration::from_millis(15));
        change(root);
        assert_eq!(take(root).digest != before.digest, is_seen, "{what}");
    }

    #[test]
    fn every_change_is_seen() {
        check("content", true, |root| fs::write(root.join("a"), "three").unwrap());
        check("content of the same size and time", true, |root| {
            let time = fs::metadata(root.join("a")).unwrap().modified().unwrap();
            fs::write(root.join("a"), "eno").unwrap();
            fs::File::options().write(true).open(root.join("a")).unwrap().set_modified(time).unwrap();
        });
        check("time", true, |root| {
            let file = fs::File::options().write(true).open(root.join("a")).unwrap();
            file.set_modified(UNIX_EPOCH + Duration::from_secs(1)).unwrap();
        });
        check("mode", true, |root| fs::set_permissions(root.join("a"), Permissions::from_mode(0o700)).unwrap());
        check("mode of a folder", true, |root| {
            fs::set_permissions(root.join("sub"), Permissions::from_mode(0o700)).unwrap();
        });
        check("new file", true, |root| fs::write(root.join("sub/c"), "").unwrap());
        check("new folder", true, |root| fs::create_dir(root.join("sub/c")).unwrap());
        check("file gone", true, |root| fs::remove_file(root.join("sub/b")).unwrap());
        check("folder gone", true, |root| fs::remove_dir(root.join("sub/empty")).unwrap());
        check("new name", true, |root| fs::rename(root.join("a"), root.join("b")).unwrap());
        check("link", true, |root| {
            fs::remove_file(root.join("link")).unwrap();
            symlink("b", root.join("link")).unwrap();
        });
        check("a file where a link was", true, |root| {
            fs::remove_file(root.join("link")).unwrap();
            fs::write(root.join("link"), "a").unwrap();
        });
        check("what is never sent", false, |root| fs::create_dir(root.join(".shipit")).unwrap());
        check("a look at it", false, |root| drop(fs::read(root.join("a")).unwrap()));
    }

    #[test]
    fn the_content_of_what_changed_a_moment_ago_counts() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("old"), "x").unwrap();
        let time = fs::metadata(folder.path().join("old")).unwrap().modified().unwrap();
        let later = time + Duration::from_secs(5);
        fs::write(folder.path().join("new"), "y").unwrap();
        fs::File::options().write(true).open(folder.path().join("new")).unwrap().set_modified(later).unwrap();
        let now = i64::try_from(later.duration_since(UNIX_EPOCH).unwrap().as_nanos()).unwrap();
        let listing = Listing::take(folder.path(), Filter::new([]), now).unwrap();
        let contents = listing.recent_contents(folder.path()).unwrap().unwrap();
        assert_eq!(contents.keys().collect::<Vec<_>>(), ["new"]);
        assert_eq!(contents["new"], text::hex(&Sha256::digest("y")));
        fs::write(folder.path().join("new"), "z").unwrap();
        assert_ne!(listing.recent_contents(folder.path()).unwrap().unwrap(), contents);
    }

    #[test]
    fn a_moment_is_longer_where_the_clock_is_coarser() {
        let second = 1_000_000_000;
        let now = 100 * second + 7;
        let fine = |ago: i64| is_recent(0, now - ago, now);
        assert!(fine(second / 10) && !fine(second));
        assert!(is_recent(0, 99 * second, now) && !is_recent(0, 97 * second, now));
        // A time that somebody set.
        assert!(is_recent(now + 1, now - 50 * second, now));
    }
}
