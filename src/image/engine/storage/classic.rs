//! Docker's own image store (`imagedb` and `layerdb`), as all versions since 1.10 have it.

use super::beneath::Beneath;
use super::tar_split::TarSplit;
use crate::oci::Digest;
use crate::util::fs;
use bytes::Bytes;
use serde::Deserialize;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The longest configuration that is read, in bytes.
const CONFIG_LIMIT: u64 = 8 << 20;
/// The longest name of a layer's folder.
const NAME_LIMIT: u64 = 256;

/// How a storage driver lays out what it unpacks: its folder, and the files in the folder of one layer.
struct Driver {
    name: &'static str,
    layers: &'static str,
    files: &'static str,
}

/// Drivers whose folders can be read without a mount. In `vfs` a layer's folder has the files of
/// those below it too, which nobody asks it for.
const DRIVERS: &[Driver] = &[
    Driver { name: "overlay2", layers: "overlay2", files: "diff" },
    Driver { name: "vfs", layers: "vfs/dir", files: "" },
];

/// An engine's image store in a folder of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classic {
    root: PathBuf,
    driver: usize,
}

/// An image as it is stored.
#[derive(Clone, Debug)]
pub struct StoredImage {
    /// Has the image's id as its digest.
    pub config: Bytes,
    /// The lowest first.
    pub layers: Vec<StoredLayer>,
}

/// A layer of an image.
#[derive(Clone, Debug)]
pub struct StoredLayer {
    /// The digest that its tar has if nothing is damaged.
    pub diff_id: Digest,
    /// The digest of it and all layers below (OCI image specification, "Layer `ChainID`").
    chain_id: Digest,
}

#[derive(Deserialize)]
struct Config {
    rootfs: RootFs,
}

#[derive(Deserialize)]
struct RootFs {
    #[serde(default)]
    diff_ids: Option<Vec<String>>,
}

impl Classic {
    /// The store of an engine with this storage driver; `root` is its `DockerRootDir`.
    ///
    /// # Errors
    /// Why it cannot be read, a phrase.
    pub fn open(root: &Path, driver: &str) -> Result<Self, String> {
        let known = DRIVERS.iter().position(|known| known.name == driver);
        let driver = known.ok_or_else(|| format!("its storage driver is `{}`", crate::util::text::sanitize(driver)))?;
        let storage = Self { root: root.to_owned(), driver };
        for folder in [storage.images(), storage.root.join(DRIVERS[driver].layers)] {
            // Opened, not only looked at: a folder that may not be read is as good as none.
            std::fs::read_dir(&folder).map_err(|error| format!("`{}`: {error}", folder.display()))?;
        }
        Ok(storage)
    }

    /// The image with this id.
    ///
    /// # Errors
    /// It is not here, may not be read, or is not what it should be.
    pub fn image(&self, id: &Digest) -> io::Result<StoredImage> {
        let config = self.small(&self.images().join(id.hex()), CONFIG_LIMIT)?;
        if Digest::of(&config) != *id {
            return Err(odd("its configuration has another digest"));
        }
        let Config { rootfs } = serde_json::from_slice(&config).map_err(odd)?;
        let mut layers: Vec<StoredLayer> = Vec::new();
        for diff_id in rootfs.diff_ids.unwrap_or_default() {
            let diff_id: Digest = diff_id.parse().map_err(odd)?;
            let chain_id = match layers.last() {
                Some(below) => Digest::of(format!("{} {diff_id}", below.chain_id)),
                None => diff_id.clone(),
            };
            layers.push(StoredLayer { diff_id, chain_id });
        }
        Ok(StoredImage { config: config.into(), layers })
    }

    /// The tar of a layer. It may fail at any byte, and its digest may be another than the layer's.
    ///
    /// # Errors
    /// It is not here, or may not be read.
    pub fn layer(&self, layer: &StoredLayer) -> io::Result<impl Read + Send + use<>> {
        let Driver { name, layers, files } = &DRIVERS[self.driver];
        let entry = self.root.join("image").join(name).join("layerdb/sha256").join(layer.chain_id.hex());
        let folder = self.small(&entry.join("cache-id"), NAME_LIMIT)?;
        let folder = std::str::from_utf8(&folder).map_err(odd)?.trim();
        if folder.is_empty() || !folder.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(odd("the name of its folder makes no sense"));
        }
        let list = named(&entry.join("tar-split.json.gz"), File::open)?;
        let files = named(&self.root.join(layers).join(folder).join(files), Beneath::open)?;
        Ok(TarSplit::new(list, files))
    }

    fn images(&self) -> PathBuf {
        self.root.join("image").join(DRIVERS[self.driver].name).join("imagedb/content/sha256")
    }

    fn small(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        named(path, |path| fs::read(path, limit).map(|content| content.bytes).map_err(|error| error.source))
    }
}

/// Errors that name the file.
fn named<'a, T>(path: &'a Path, open: impl FnOnce(&'a Path) -> io::Result<T>) -> io::Result<T> {
    open(path).map_err(|error| io::Error::new(error.kind(), format!("`{}`: {error}", path.display())))
}

fn odd(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
