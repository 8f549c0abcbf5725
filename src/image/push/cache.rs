//! What earlier pushes found out: which compressed layer a layer becomes, and which manifest an image.
//!
//! Losing it loses time only. A file that is damaged or of another version is ignored and written
//! anew; everything in it is a statement on content that never changes, so it cannot be out of date.

use super::content::{ImageContent, LayerRef, Manifest};
use super::error::PushError;
use super::gzip;
use crate::oci::{Digest, Endpoint, Repository};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const VERSION: u32 = 1;
/// What was not used for so many runs is forgotten.
const KEEP_RUNS: u64 = 200;
/// What is found out meanwhile is written with the next save.
const SAVE_EVERY: Duration = Duration::from_secs(1);
/// Repositories that are remembered for a layer, for each registry.
const KEEP_PLACES: usize = 4;

/// The folder `.shipit/cache`. One process at a time writes to it (the caller holds shipit's lock).
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    file: Stored,
    images: HashMap<String, Arc<ImageContent>>,
    changed: bool,
    saved: Option<Instant>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    compressor: String,
    /// Counts runs, for forgetting without a clock.
    run: u64,
    /// By diff id.
    layers: BTreeMap<String, StoredLayer>,
    /// The last run that used an image's file, by its name.
    images: BTreeMap<String, u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredLayer {
    digest: String,
    size: u64,
    tar_size: u64,
    used: u64,
    /// Repositories that had the compressed layer, by endpoint.
    #[serde(default)]
    places: BTreeMap<String, Vec<String>>,
}

#[derive(Serialize, Deserialize)]
struct StoredImage {
    version: u32,
    compressor: String,
    root: StoredManifest,
    children: Vec<StoredManifest>,
    small: Vec<String>,
    layers: Vec<StoredLayerRef>,
}

#[derive(Serialize, Deserialize)]
struct StoredManifest {
    media_type: String,
    digest: String,
    text: String,
}

#[derive(Serialize, Deserialize)]
struct StoredLayerRef {
    digest: String,
    size: u64,
    diff_id: Option<String>,
}

impl Cache {
    /// Reads what there is in `folder`, which is made if it is missing.
    pub(super) fn open(folder: &Path) -> Result<Self, PushError> {
        let images = folder.join("images");
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&images)
            .map_err(|source| PushError::file("create the folder", &images, source))?;
        for folder in [folder, &images] {
            crate::util::fs::remove_unfinished(folder);
        }
        let mut file = fs::read(folder.join("layers.json"))
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Stored>(&bytes).ok())
            .filter(|file| file.version == VERSION && file.compressor == gzip::IDENTITY)
            .unwrap_or_default();
        file.version = VERSION;
        gzip::IDENTITY.clone_into(&mut file.compressor);
        file.run += 1;
        Ok(Self { folder: folder.to_owned(), state: Mutex::new(State { file, ..State::default() }) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The compressed form of the layer with this diff id.
    pub(super) fn layer(&self, diff_id: &Digest) -> Option<LayerRef> {
        let mut state = self.state();
        let run = state.file.run;
        let layer = state.file.layers.get_mut(diff_id.as_str())?;
        layer.used = run;
        let digest = layer.digest.parse().ok()?;
        Some(LayerRef { digest, size: layer.size, diff_id: Some(diff_id.clone()) })
    }

    /// The size of the tar with this diff id.
    pub(super) fn tar_size(&self, diff_id: &Digest) -> Option<u64> {
        self.state().file.layers.get(diff_id.as_str()).map(|layer| layer.tar_size)
    }

    pub(super) fn remember_layer(&self, diff_id: &Digest, tar_size: u64, digest: &Digest, size: u64) {
        let mut state = self.state();
        let used = state.file.run;
        let entry = StoredLayer { digest: digest.to_string(), size, tar_size, used, places: BTreeMap::new() };
        if state.file.layers.get(diff_id.as_str()).is_none_or(|old| old.digest != entry.digest || old.size != size) {
            state.file.layers.insert(diff_id.to_string(), entry);
            state.changed = true;
        }
    }

    /// Repositories of the registry that had this layer.
    pub(super) fn places(&self, diff_id: &Digest, endpoint: &Endpoint) -> Vec<Repository> {
        let state = self.state();
        let places = state.file.layers.get(diff_id.as_str()).and_then(|layer| layer.places.get(endpoint.as_str()));
        places.into_iter().flatten().filter_map(|place| place.parse().ok()).collect()
    }

    pub(super) fn remember_place(&self, diff_id: &Digest, endpoint: &Endpoint, repository: &Repository) {
        let mut state = self.state();
        let Some(layer) = state.file.layers.get_mut(diff_id.as_str()) else { return };
        let places = layer.places.entry(endpoint.as_str().to_owned()).or_default();
        if places.iter().any(|place| place == repository.as_str()) {
            return;
        }
        places.insert(0, repository.as_str().to_owned());
        places.truncate(KEEP_PLACES);
        state.changed = true;
    }

    pub(super) fn forget_place(&self, diff_id: &Digest, endpoint: &Endpoint, repository: &Repository) {
        let mut state = self.state();
        let layer = state.file.layers.get_mut(diff_id.as_str());
        if let Some(places) = layer.and_then(|layer| layer.places.get_mut(endpoint.as_str())) {
            places.retain(|place| place != repository.as_str());
            state.changed = true;
        }
    }

    /// What is pushed for an image. Its manifests have the digests that they are said to have.
    pub(super) fn image(&self, name: &str) -> Option<Arc<ImageContent>> {
        let known = self.state().images.get(name).cloned();
        let image = match known {
            Some(image) => image,
            None => Arc::new(read_image(&self.image_path(name))?),
        };
        let mut state = self.state();
        let run = state.file.run;
        if state.file.images.insert(name.to_owned(), run).is_none() {
            state.changed = true;
        }
        state.images.insert(name.to_owned(), Arc::clone(&image));
        Some(image)
    }

    pub(super) fn remember_image(&self, name: &str, image: &Arc<ImageContent>) -> Result<(), PushError> {
        if let Some(stored) = stored(image) {
            let path = self.image_path(name);
            let bytes = serde_json::to_vec(&stored).expect("strings and numbers can always be written");
            write_whole(&path, &bytes).map_err(|source| PushError::file("write", &path, source))?;
        }
        let mut state = self.state();
        let run = state.file.run;
        state.images.insert(name.to_owned(), Arc::clone(image));
        state.file.images.insert(name.to_owned(), run);
        state.changed = true;
        Ok(())
    }

    /// Writes what has changed, if that was not done a moment ago: a run of a thousand images must
    /// not write the whole file for each.
    pub(super) fn save_soon(&self) -> Result<(), PushError> {
        if self.state().saved.is_some_and(|saved| saved.elapsed() < SAVE_EVERY) {
            return Ok(());
        }
        self.save()
    }

    /// Writes what has changed and forgets what was not used for long.
    pub(super) fn save(&self) -> Result<(), PushError> {
        let mut state = self.state();
        if !state.changed {
            return Ok(());
        }
        let oldest = state.file.run.saturating_sub(KEEP_RUNS);
        state.file.layers.retain(|_, layer| layer.used >= oldest);
        state.file.images.retain(|name, used| {
            if *used < oldest {
                // What stays behind only takes room.
                let _ = fs::remove_file(self.image_path(name));
            }
            *used >= oldest
        });
        let bytes = serde_json::to_vec(&state.file).expect("strings and numbers can always be written");
        let path = self.folder.join("layers.json");
        write_whole(&path, &bytes).map_err(|source| PushError::file("write", &path, source))?;
        state.changed = false;
        state.saved = Some(Instant::now());
        Ok(())
    }

    fn image_path(&self, name: &str) -> PathBuf {
        self.folder.join("images").join(format!("{name}.json"))
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        // What could not be remembered is found out again next time.
        let _ = self.save();
    }
}

fn stored(image: &ImageContent) -> Option<StoredImage> {
    let text = |bytes: &Bytes| String::from_utf8(bytes.to_vec()).ok();
    let manifest = |manifest: &Manifest| {
        let (media_type, digest) = (manifest.media_type.clone(), manifest.digest.to_string());
        Some(StoredManifest { media_type, digest, text: text(&manifest.bytes)? })
    };
    let layer = |layer: &LayerRef| StoredLayerRef {
        digest: layer.digest.to_string(),
        size: layer.size,
        diff_id: layer.diff_id.as_ref().map(Digest::to_string),
    };
    Some(StoredImage {
        version: VERSION,
        compressor: gzip::IDENTITY.to_owned(),
        root: manifest(&image.root)?,
        children: image.children.iter().map(manifest).collect::<Option<_>>()?,
        small: image.small.iter().map(text).collect::<Option<_>>()?,
        layers: image.layers.iter().map(layer).collect(),
    })
}

fn read_image(path: &Path) -> Option<ImageContent> {
    let stored: StoredImage = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    if stored.version != VERSION || stored.compressor != gzip::IDENTITY {
        return None;
    }
    let manifest = |stored: StoredManifest| {
        let manifest = Manifest::new(stored.media_type, stored.text);
        (manifest.digest.as_str() == stored.digest).then_some(manifest)
    };
    let layer = |stored: StoredLayerRef| {
        let diff_id = stored.diff_id.map(|digest| digest.parse()).transpose().ok()?;
        Some(LayerRef { digest: stored.digest.parse().ok()?, size: stored.size, diff_id })
    };
    let image = ImageContent {
        root: manifest(stored.root)?,
        children: stored.children.into_iter().map(manifest).collect::<Option<_>>()?,
        small: stored.small.into_iter().map(Bytes::from).collect(),
        layers: stored.layers.into_iter().map(layer).collect::<Option<_>>()?,
    };
    let texts = || image.children.iter().chain([&image.root]).map(|manifest| &manifest.bytes);
    let named = |digest: &Digest| texts().any(|text| text.windows(71).any(|part| part == digest.as_str().as_bytes()));
    let all_named = image.small.iter().all(|small| named(&Digest::of(small)))
        && image.layers.iter().all(|layer| named(&layer.digest))
        && image.children.iter().all(|child| named(&child.digest));
    all_named.then_some(image)
}

/// Replaces a file so that another process sees it whole, old or new. After a crash of the machine
/// it may be damaged, which is noticed when it is read; waiting for the disk would cost every push.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    crate::util::fs::write_atomic(path, bytes, 0o600).map_err(|error| error.source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::push::archive::Packing;
    use crate::image::push::content;

    fn sample() -> ImageContent {
        let layer = LayerRef { digest: Digest::of("z"), size: 3, diff_id: Some(Digest::of("d")) };
        content::image(&Bytes::from_static(b"{\"a\":1}"), vec![(layer, Packing::Gzip)])
    }

    #[test]
    fn what_was_saved_is_known_to_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        let (endpoint, place) = ("localhost:5000".parse().unwrap(), "a/b".parse().unwrap());
        cache.remember_layer(&Digest::of("d"), 10, &Digest::of("z"), 3);
        cache.remember_place(&Digest::of("d"), &endpoint, &place);
        cache.remember_image("one", &Arc::new(sample())).unwrap();
        cache.save().unwrap();

        let cache = Cache::open(folder.path()).unwrap();
        assert_eq!(cache.layer(&Digest::of("d")).map(|layer| (layer.digest, layer.size)), Some((Digest::of("z"), 3)));
        assert_eq!(cache.tar_size(&Digest::of("d")), Some(10));
        assert_eq!(cache.places(&Digest::of("d"), &endpoint), [place]);
        assert_eq!(cache.image("one").as_deref(), Some(&sample()));
        assert_eq!(cache.image("two"), None);
    }

    #[test]
    fn damaged_or_foreign_files_are_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path()).unwrap();
        cache.remember_layer(&Digest::of("d"), 10, &Digest::of("z"), 3);
        cache.remember_image("one", &Arc::new(sample())).unwrap();
        cache.save().unwrap();
        for (file, from, to) in [
            ("layers.json", "\"version\":1", "\"version\":2"),
            ("layers.json", "gzip 256k", "gzip 128k"),
            ("layers.json", "{", "["),
            ("images/one.json", "\"version\":1", "\"version\":2"),
            ("images/one.json", "schemaVersion", "schemaversion"),
            ("images/one.json", "{", ""),
        ] {
            let path = folder.path().join(file);
            let good = fs::read_to_string(&path).unwrap();
            assert!(good.contains(from), "{file} has no {from}");
            fs::write(&path, good.replacen(from, to, 1)).unwrap();
            let cache = Cache::open(folder.path()).unwrap();
            let missing = if file == "layers.json" {
                cache.layer(&Digest::of("d")).is_none()
            } else {
                cache.image("one").is_none()
            };
            assert!(missing, "{file} with {to}");
            fs::write(&path, good).unwrap();
        }
    }
}
