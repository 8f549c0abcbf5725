//! The paths that were announced to the engine, small enough for millions.

/// Paths by the order in which they were added: about the length of a file's name and 32 bytes each.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Every folder once.
    folders: Vec<String>,
    /// The folders from the root to the one of the last path, as indices.
    way: Vec<u32>,
    /// All file names, one behind the other.
    names: String,
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    folder: u32,
    start: usize,
    length: u16,
    /// Of a file, in bytes.
    size: Option<u64>,
}

impl Index {
    /// Paths come parents first, a folder's content in one piece.
    pub(super) fn push(&mut self, path: &str, size: Option<u64>) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.folder(folder);
        let start = self.names.len();
        self.names.push_str(name);
        let length = u16::try_from(name.len()).expect("file names have at most 255 bytes");
        self.slots.push(Slot { folder, start, length, size });
    }

    /// The path and size of the file with this number; `None` where it is no file.
    pub(super) fn file(&self, id: u32) -> Option<(String, u64)> {
        let slot = self.slots.get(usize::try_from(id).ok()?)?;
        let name = &self.names[slot.start..slot.start + usize::from(slot.length)];
        let folder = &self.folders[slot.folder as usize];
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        Some((path, slot.size?))
    }

    fn folder(&mut self, folder: &str) -> u32 {
        while let Some(last) = self.way.last() {
            let known = &self.folders[*last as usize];
            if known == folder {
                return *last;
            }
            if known.is_empty() || folder.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('/')) {
                break;
            }
            self.way.pop();
        }
        let new = u32::try_from(self.folders.len()).expect("there are fewer folders than numbers of files");
        self.folders.push(folder.to_owned());
        self.way.push(new);
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_come_back_by_their_number() {
        let paths = ["a", "b", "b/c", "b/c/d", "b/e", "b-x", "b-x/y", "z"];
        let mut index = Index::default();
        for path in paths {
            index.push(path, Some(path.len() as u64));
        }
        index.push("zz", None);
        for (id, path) in paths.iter().enumerate() {
            assert_eq!(index.file(id as u32), Some(((*path).to_owned(), path.len() as u64)));
        }
        assert_eq!(index.file(8), None, "a folder has no content");
        assert_eq!(index.file(99), None);
        assert_eq!(index.folders, ["", "b", "b/c", "b-x"], "each folder is kept once");
    }
}
