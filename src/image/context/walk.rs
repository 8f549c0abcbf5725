//! Walks a context in the order that builders expect, one folder at a time, and never follows a link.
//!
//! Memory grows with the depth and the widest folder, not with the number of files. A link is yielded
//! as a link wherever it points: its text is sent, never what it leads to.

use super::ContextError;
use super::ignore::{Matches, Patterns};
use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

/// What is left out and what is asked for.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    excludes: Vec<Patterns>,
    includes: Option<Patterns>,
}

/// One thing in a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Relative to the context, `/` between the parts.
    pub path: String,
    pub kind: Kind,
    /// Permission bits with set-user-id, set-group-id and sticky.
    pub mode: u32,
    /// Nanoseconds since 1970.
    pub modified: i64,
    /// When content or mode changed last, as the file system keeps it; nobody can set it back.
    pub changed: i64,
    pub inode: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Folder,
    File {
        size: u64,
    },
    Link {
        target: String,
    },
    /// What no builder can take: `socket`, `pipe`, `device`.
    Special(&'static str),
}

/// Yields the entries of a context, parents before children, names in the order of their bytes.
#[derive(Debug)]
pub struct Walk {
    root: PathBuf,
    filter: Filter,
    frames: Vec<Frame>,
    ready: VecDeque<Result<Entry, ContextError>>,
}

/// A folder that is being walked.
#[derive(Debug)]
struct Frame {
    /// Empty for the root.
    path: String,
    names: std::vec::IntoIter<OsString>,
    /// The folder's own entry where it is only yielded if something below it is.
    withheld: Option<Entry>,
    excluded: Vec<Matches>,
    included: Matches,
}

impl Filter {
    /// Leaves out what any of `excludes` ignores; the state folder `.shipit` always.
    pub fn new(excludes: impl IntoIterator<Item = Patterns>) -> Self {
        let own = Patterns::new(&["**/.shipit".to_owned()]).expect("the pattern is well formed");
        Self { excludes: std::iter::once(own).chain(excludes).collect(), includes: None }
    }

    /// Asks only for what `includes` match and for what is below it.
    pub fn only(mut self, includes: Patterns) -> Self {
        self.includes = Some(includes);
        self
    }

    /// Leaves out more.
    pub fn and_not(mut self, excludes: Patterns) -> Self {
        self.excludes.push(excludes);
        self
    }

    fn wants(&self, frame: &Frame, path: &str) -> bool {
        !self.is_excluded(frame, path)
            && self.includes.as_ref().is_none_or(|includes| includes.is_ignored_below(&frame.included, path))
    }

    fn is_excluded(&self, frame: &Frame, path: &str) -> bool {
        self.excludes.iter().zip(&frame.excluded).any(|(patterns, parent)| patterns.is_ignored_below(parent, path))
    }

    /// Whether a folder that is not wanted itself may hold something that is.
    fn may_want_below(&self, frame: &Frame, path: &str) -> bool {
        let excluded =
            self.excludes.iter().zip(&frame.excluded).any(|(patterns, parent)| {
                patterns.is_ignored_below(parent, path) && !patterns.may_take_back_below(path)
            });
        let asked = self
            .includes
            .as_ref()
            .is_none_or(|includes| includes.is_ignored_below(&frame.included, path) || includes.may_match_below(path));
        !excluded && asked
    }
}

impl Walk {
    pub fn new(root: &Path, filter: Filter) -> Self {
        let mut walk = Self { root: root.to_owned(), filter, frames: Vec::new(), ready: VecDeque::new() };
        let excluded = vec![Matches::default(); walk.filter.excludes.len()];
        walk.enter(String::new(), None, excluded, Matches::default());
        walk
    }

    fn enter(&mut self, path: String, withheld: Option<Entry>, excluded: Vec<Matches>, included: Matches) {
        match list(&self.root.join(&path)) {
            Ok(names) => {
                let names = names.into_iter();
                self.frames.push(Frame { path, names, withheld, excluded, included });
            }
            Err(error) => {
                let path = if path.is_empty() { ".".to_owned() } else { path };
                self.ready.push_back(Err(ContextError::Io { act: "list", path, error }));
            }
        }
    }

    /// Looks at one name of the innermost folder.
    fn visit(&mut self, name: OsString) {
        let frame = self.frames.last().expect("a name comes from a frame");
        let parent = frame.path.clone();
        let Some(name) = name.to_str() else {
            let path = join(&parent, &name.to_string_lossy());
            if self.filter.wants(frame, &path) {
                let path = join(&parent, &name.as_encoded_bytes().escape_ascii().to_string());
                self.ready.push_back(Err(ContextError::Name { path }));
            }
            return;
        };
        let path = join(&parent, name);
        let wanted = self.filter.wants(frame, &path);
        if !wanted && !self.filter.may_want_below(frame, &path) {
            return;
        }
        let metadata = match fs::symlink_metadata(self.root.join(&path)) {
            Ok(metadata) => metadata,
            // Gone since the folder was listed: as if it had never been there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.ready.push_back(Err(ContextError::Io { act: "look at", path, error })),
        };
        if !wanted && !metadata.is_dir() {
            return;
        }
        let entry = match entry(&self.root, path, &metadata) {
            Ok(entry) => entry,
            Err(error) => return self.ready.push_back(Err(error)),
        };
        if wanted {
            self.release_parents();
            self.ready.push_back(Ok(entry.clone()));
        }
        if metadata.is_dir() {
            self.descend(entry, wanted);
        }
    }

    fn descend(&mut self, entry: Entry, wanted: bool) {
        let frame = self.frames.last().expect("the root's frame is the last to go");
        let path = entry.path.clone();
        let excluded = self.filter.excludes.iter().zip(&frame.excluded);
        let excluded = excluded.map(|(patterns, parent)| patterns.matches_below(parent, &path)).collect();
        let includes = self.filter.includes.as_ref();
        let included = includes.map(|patterns| patterns.matches_below(&frame.included, &path)).unwrap_or_default();
        self.enter(path, (!wanted).then_some(entry), excluded, included);
    }

    fn release_parents(&mut self) {
        self.ready.extend(self.frames.iter_mut().filter_map(|frame| frame.withheld.take()).map(Ok));
    }
}

impl Iterator for Walk {
    type Item = Result<Entry, ContextError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Some(ready);
            }
            match self.frames.last_mut()?.names.next() {
                Some(name) => self.visit(name),
                None => {
                    self.frames.pop();
                }
            }
        }
    }
}

fn list(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
    names.sort_unstable();
    Ok(names)
}

fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}/{name}") }
}

fn entry(root: &Path, path: String, metadata: &Metadata) -> Result<Entry, ContextError> {
    let kind = metadata.file_type();
    let kind = if kind.is_dir() {
        Kind::Folder
    } else if kind.is_file() {
        Kind::File { size: metadata.len() }
    } else if kind.is_symlink() {
        let target = match fs::read_link(root.join(&path)) {
            Ok(target) => target,
            Err(error) => return Err(ContextError::Io { act: "read the link", path, error }),
        };
        match target.into_os_string().into_string() {
            Ok(target) => Kind::Link { target },
            Err(_) => return Err(ContextError::Name { path: format!("{path} -> …") }),
        }
    } else if kind.is_socket() {
        Kind::Special("socket")
    } else if kind.is_fifo() {
        Kind::Special("pipe")
    } else {
        Kind::Special("device")
    };
    let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
    let modified = nanoseconds(metadata.mtime(), metadata.mtime_nsec());
    let changed = nanoseconds(metadata.ctime(), metadata.ctime_nsec());
    Ok(Entry { path, kind, mode: metadata.mode() & 0o7777, modified, changed, inode: metadata.ino() })
}
