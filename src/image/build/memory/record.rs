//! The file that says what was built from what: `<app>.json`, the latest builds first.
//!
//! Losing it loses time only; what is damaged or of another version is ignored.

use crate::util::fs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const VERSION: u32 = 1;
/// Builds of one app with different settings that are remembered: profiles, tags.
const KEPT: usize = 4;
/// Many files may have changed a moment before a build.
const LIMIT: u64 = 8 * 1024 * 1024;
/// How far the file system's clock may be behind ours: it moves in the kernel's ticks.
const SKEW: Duration = Duration::from_millis(100);

/// Where builds are remembered: a folder that one run at a time writes to.
#[derive(Clone, Debug)]
pub struct BuildMemory {
    folder: PathBuf,
}

/// One build that went well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    /// Of all that is not a file of the context, as a digest.
    pub(super) settings: String,
    /// The digest of the context's listing.
    pub(super) listing: String,
    /// The digests of the files that had changed a moment before.
    pub(super) recent: BTreeMap<String, String>,
    /// The images that it came from, and their ids.
    pub(super) images: BTreeMap<String, String>,
    /// Whether the ids were the same before the build and after it. Else only the names count.
    pub(super) confirmed: bool,
    /// The engine's own id.
    pub(super) engine: String,
    /// The id of the result.
    pub(super) image: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    builds: Vec<Record>,
}

impl BuildMemory {
    /// `folder` is made when something is remembered. What a killed run left unfinished in it is
    /// removed: the caller holds shipit's lock.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        fs::remove_unfinished(&folder);
        Self { folder }
    }

    /// The last build of an app with these settings.
    pub(super) fn find(&self, app: &str, settings: &str) -> Option<Record> {
        self.read(app).into_iter().find(|record| record.settings == settings)
    }

    /// Keeps a build in the place of the last one with its settings. What cannot be kept is forgotten.
    pub(super) fn keep(&self, app: &str, record: Record) {
        let mut builds = self.read(app);
        if builds.contains(&record) {
            return;
        }
        builds.retain(|other| other.settings != record.settings);
        builds.insert(0, record);
        builds.truncate(KEPT);
        let bytes = serde_json::to_vec(&File { version: VERSION, builds }).expect("texts can always be written");
        let path = self.path(app);
        let now = SystemTime::now();
        // Without it the next run asks the builder.
        let _ = fs::create_private_dir(&self.folder).and_then(|()| fs::replace(&path, &bytes, 0o600));
        let is_behind = || {
            let written = path.metadata().and_then(|metadata| metadata.modified()).unwrap_or(UNIX_EPOCH);
            now.duration_since(written).is_ok_and(|behind| behind > SKEW)
        };
        // Whether a file changed a moment ago cannot be told by such a clock.
        if is_behind() {
            let _ = std::fs::remove_file(&path);
        }
    }

    fn read(&self, app: &str) -> Vec<Record> {
        let Ok(content) = fs::read(&self.path(app), LIMIT) else { return Vec::new() };
        let file = serde_json::from_slice::<File>(&content.bytes).ok().filter(|file| file.version == VERSION);
        file.map(|file| file.builds).unwrap_or_default()
    }

    fn path(&self, app: &str) -> PathBuf {
        self.folder.join(format!("{app}.json"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(settings: &str, image: &str) -> Record {
        Record {
            settings: settings.to_owned(),
            listing: "l".to_owned(),
            recent: BTreeMap::new(),
            images: BTreeMap::from([("docker.io/library/a:1".to_owned(), "sha256:1".to_owned())]),
            confirmed: true,
            engine: "e".to_owned(),
            image: image.to_owned(),
        }
    }

    #[test]
    fn the_last_build_of_each_setting_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let memory = BuildMemory::new(folder.path().join("builds"));
        assert_eq!(memory.find("api", "s"), None);
        memory.keep("api", record("s", "one"));
        memory.keep("api", record("t", "two"));
        memory.keep("api", record("s", "three"));
        assert_eq!(memory.find("api", "s"), Some(record("s", "three")));
        assert_eq!(memory.find("api", "t"), Some(record("t", "two")));
        assert_eq!(memory.find("web", "s"), None);
        for settings in ["1", "2", "3"] {
            memory.keep("api", record(settings, "x"));
        }
        assert_eq!(memory.find("api", "t"), None);
        assert_eq!(memory.find("api", "s"), Some(record("s", "three")));
    }

    #[test]
    fn what_is_damaged_or_of_another_version_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let unfinished = folder.path().join(".shipit-x.tmp");
        std::fs::write(&unfinished, "{").unwrap();
        let memory = BuildMemory::new(folder.path());
        assert!(!unfinished.exists());
        memory.keep("api", record("s", "one"));
        let path = folder.path().join("api.json");
        let good = std::fs::read_to_string(&path).unwrap();
        let zeros = "\0".repeat(good.len());
        for bad in [&good.replace("\"version\":1", "\"version\":2"), &good[1..], "", &zeros] {
            std::fs::write(&path, bad).unwrap();
            assert_eq!(memory.find("api", "s"), None, "{bad}");
        }
        std::fs::write(&path, good).unwrap();
        assert!(memory.find("api", "s").is_some());
    }
}
