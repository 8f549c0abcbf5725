//! Opens files below a folder whose names come from an image.
//!
//! An image may hold any names and any links. No link is followed, `..` leads nowhere, and nothing but
//! a regular file is opened: opening a device or a pipe may do something.

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const FILE: OFlags =
    OFlags::RDONLY.union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

/// A folder, and the one below it that was used last: names come folder by folder.
#[derive(Debug)]
pub(super) struct Beneath {
    root: OwnedFd,
    last: Option<(Vec<u8>, OwnedFd)>,
}

impl Beneath {
    /// The path of the folder itself is the engine's own and may have links.
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        Ok(Self { root: rustix::fs::open(root, FOLDER, Mode::empty())?, last: None })
    }

    /// The regular file of this name and size.
    pub(super) fn file(&mut self, name: &[u8], size: u64) -> io::Result<File> {
        let (folder, file) = match name.iter().rposition(|byte| *byte == b'/') {
            Some(slash) => (&name[..slash], &name[slash + 1..]),
            None => (&b""[..], name),
        };
        if matches!(file, b"" | b"." | b"..") {
            return Err(odd("it is not the name of a file"));
        }
        let folder = self.folder(folder)?;
        let found = rustix::fs::statat(folder, file, AtFlags::SYMLINK_NOFOLLOW)?;
        if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile {
            return Err(odd("it is not a regular file"));
        }
        let opened = File::from(rustix::fs::openat(folder, file, FILE, Mode::empty())?);
        let metadata = opened.metadata()?;
        if !metadata.is_file() || metadata.len() != size {
            return Err(odd("it is not the file that was stored"));
        }
        Ok(opened)
    }

    fn folder(&mut self, path: &[u8]) -> io::Result<&OwnedFd> {
        if self.last.as_ref().is_none_or(|(last, _)| last != path) {
            let mut folder = None;
            for part in path.split(|byte| *byte == b'/') {
                match part {
                    b"" | b"." => {}
                    b".." => return Err(odd("its name has `..`")),
                    part => {
                        let above = folder.as_ref().unwrap_or(&self.root);
                        folder = Some(rustix::fs::openat(above, part, FOLDER.union(OFlags::NOFOLLOW), Mode::empty())?);
                    }
                }
            }
            let Some(folder) = folder else { return Ok(&self.root) };
            self.last = Some((path.to_owned(), folder));
        }
        Ok(self.last.as_ref().map_or(&self.root, |(_, folder)| folder))
    }
}

fn odd(reason: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Read as _;
    use std::os::unix::fs::symlink;

    #[test]
    fn nothing_outside_and_nothing_but_files_is_opened() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "12345").unwrap();
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        fs::create_dir_all(path("usr/lib")).unwrap();
        fs::write(path("usr/lib/a"), "12345").unwrap();
        fs::write(path("top"), "12345").unwrap();
        symlink(outside.path(), path("out")).unwrap();
        symlink("usr/lib", path("in")).unwrap();
        symlink("a", path("usr/lib/link")).unwrap();
        symlink(outside.path().join("secret"), path("usr/lib/secret")).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, path("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();

        let mut files = Beneath::open(root.path()).unwrap();
        for good in ["usr/lib/a", "./usr//lib/./a", "/usr/lib/a", "top", "./top"] {
            let mut text = String::new();
            files.file(good.as_bytes(), 5).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "12345", "{good}");
        }
        for bad in [
            "usr/lib/b",
            "usr/lib",
            "usr/lib/",
            "usr/lib/..",
            "usr/lib/../lib/a",
            "out/secret",
            "in/a",
            "usr/lib/link",
            "usr/lib/secret",
            "../secret",
            "pipe",
            "",
            "/",
            "usr/lib/a\0b",
        ] {
            assert!(files.file(bad.as_bytes(), 5).is_err(), "{bad}");
        }
        assert!(files.file(b"top", 6).is_err(), "a file of another size");
    }
}
