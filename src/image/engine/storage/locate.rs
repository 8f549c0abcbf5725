//! Where an engine says that its images lie, if that is on this machine.

use super::{Classic, ContentStore};
use crate::image::engine::dial::Dialer;
use crate::image::engine::{Engine, EngineKind};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// An engine's images in a folder of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    Classic(Classic),
    Containerd(ContentStore),
}

/// What `GET /info` has of it.
#[derive(Deserialize)]
struct Info {
    #[serde(rename = "Driver", default)]
    driver: String,
    #[serde(rename = "DriverStatus", default)]
    status: Option<Vec<Vec<String>>>,
    #[serde(rename = "DockerRootDir", default)]
    root: PathBuf,
}

impl Storage {
    /// `root` is the engine's `DockerRootDir`, `driver` its storage driver.
    ///
    /// # Errors
    /// Why it cannot be read, a phrase.
    pub fn classic(root: &Path, driver: &str) -> Result<Self, String> {
        Classic::open(root, driver).map(Self::Classic)
    }

    /// # Errors
    /// Why it cannot be read, a phrase.
    pub fn containerd(root: &Path) -> Result<Self, String> {
        ContentStore::open(root).map(Self::Containerd)
    }

    fn open(info: &Info) -> Result<Self, String> {
        if !info.root.is_absolute() {
            return Err("the engine does not say where it keeps images".to_owned());
        }
        // Docker's own word for it, since version 23.
        let snapshots = |status: &Vec<String>| status.iter().any(|word| word.starts_with("io.containerd.snapshotter."));
        if info.status.iter().flatten().any(snapshots) {
            Self::containerd(&info.root)
        } else {
            Self::classic(&info.root, &info.driver)
        }
    }
}

impl Engine {
    /// The engine's image store, where this process may read it. A unix socket may lead to another
    /// machine all the same; then the folder is not here, or does not have the images.
    ///
    /// # Errors
    /// Why not, a phrase: it is no fault, [`export`](Engine::export) works everywhere.
    pub async fn storage(&self) -> Result<Storage, String> {
        if self.describe().kind != EngineKind::Docker {
            return Err("the engine is not Docker".to_owned());
        }
        if !matches!(self.http.dialer, Dialer::Unix(_)) {
            return Err("the engine is not reached through a unix socket".to_owned());
        }
        let info: Info =
            self.http.json("ask the engine where it keeps images", "/info").await.map_err(|error| error.to_string())?;
        tokio::task::spawn_blocking(move || Storage::open(&info)).await.map_err(|error| error.to_string())?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_words_tell_which_store_it_has() {
        let root = tempfile::tempdir().unwrap();
        for folder in [
            "image/overlay2/imagedb/content/sha256",
            "overlay2",
            "containerd/daemon/io.containerd.content.v1.content/blobs/sha256",
        ] {
            std::fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        let open = |driver: &str, status: serde_json::Value| {
            let info = serde_json::json!({"Driver": driver, "DriverStatus": status, "DockerRootDir": root.path()});
            Storage::open(&serde_json::from_value(info).unwrap())
        };
        let classic = open("overlay2", serde_json::json!([["Backing Filesystem", "extfs"]]));
        assert!(matches!(classic, Ok(Storage::Classic(_))), "{classic:?}");
        let containerd = open("overlayfs", serde_json::json!([["driver-type", "io.containerd.snapshotter.v1"]]));
        assert!(matches!(containerd, Ok(Storage::Containerd(_))), "{containerd:?}");
        assert!(open("btrfs", serde_json::Value::Null).is_err());
        assert!(Storage::open(&serde_json::from_str("{}").unwrap()).is_err());
    }
}
