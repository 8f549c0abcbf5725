//! Layers out of the engine's own folder, and out of its archive wherever that does not work.

use super::archives::{Form, Image, Tar, layer, noise, save};
use super::bench::{Bench, Engine, built, one};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shipit::image::engine::storage::Storage;
use shipit::image::push::{Delivered, Pushed};
use shipit::oci::Digest;
use shipit::util::{Progress, Update};
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// An engine's folder as Docker keeps it.
pub(super) struct Folder {
    root: TempDir,
    driver: &'static str,
}

impl Folder {
    pub(super) fn new(driver: &'static str, images: &[&Image]) -> Self {
        let folder = Self { root: TempDir::new().unwrap(), driver };
        for image in images {
            folder.add(image);
        }
        folder
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(super) fn layer(&self, image: &Image, index: usize) -> PathBuf {
        let mut chain: Option<Digest> = None;
        for diff_id in &image.diff_ids()[..=index] {
            chain = Some(chain.map_or_else(|| diff_id.clone(), |below| Digest::of(format!("{below} {diff_id}"))));
        }
        self.path(&format!("image/{}/layerdb/sha256/{}", self.driver, chain.unwrap().hex()))
    }

    /// What a layer was unpacked to.
    pub(super) fn files(&self, image: &Image, index: usize) -> PathBuf {
        let name = fs::read_to_string(self.layer(image, index).join("cache-id")).unwrap();
        match self.driver {
            "overlay2" => self.path(&format!("overlay2/{name}/diff")),
            driver => self.path(&format!("{driver}/dir/{name}")),
        }
    }

    fn config(&self, image: &Image) -> PathBuf {
        self.path(&format!("image/{}/imagedb/content/sha256/{}", self.driver, image.id().hex()))
    }

    fn add(&self, image: &Image) {
        fs::create_dir_all(self.config(image).parent().unwrap()).unwrap();
        fs::write(self.config(image), &image.config).unwrap();
        for (index, tar) in image.layers.iter().enumerate() {
            let entry = self.layer(image, index);
            fs::create_dir_all(&entry).unwrap();
            fs::write(entry.join("cache-id"), &Digest::of(entry.to_string_lossy().as_bytes()).hex()[..32]).unwrap();
            let files = self.files(image, index);
            fs::create_dir_all(&files).unwrap();
            fs::write(entry.join("tar-split.json.gz"), split(tar, &files)).unwrap();
        }
    }

    pub(super) fn storage(&self) -> Storage {
        Storage::classic(self.root.path(), self.driver).unwrap()
    }
}

/// Unpacks the regular files of a tar; gives the list from which the tar can be made again.
fn split(tar: &[u8], files: &Path) -> Vec<u8> {
    let mut list = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let (mut position, mut end) = (0, 0);
    let mut add = |mut entry: serde_json::Value| {
        entry["position"] = position.into();
        position += 1;
        writeln!(list, "{entry}").unwrap();
    };
    let mut archive = tar::Archive::new(tar);
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let (start, size) = (usize::try_from(entry.raw_file_position()).unwrap(), entry.size());
        add(serde_json::json!({"type": 2, "payload": STANDARD.encode(&tar[end..start])}));
        let name = entry.path_bytes().into_owned();
        let mut described = serde_json::json!({"type": 1, "payload": "AAAAAAAAAAA="});
        match std::str::from_utf8(&name) {
            Ok(name) => described["name"] = name.into(),
            Err(_) => described["name_raw"] = STANDARD.encode(&name).into(),
        }
        end = start;
        if size > 0 {
            described["size"] = size.into();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            let path = files.join(std::ffi::OsStr::from_bytes(&name));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
            end = start + usize::try_from(size).unwrap();
        }
        add(described);
    }
    add(serde_json::json!({"type": 2, "payload": STANDARD.encode(&tar[end..])}));
    list.finish().unwrap()
}

fn only(pushed: Pushed) -> Delivered {
    let [outcome] = pushed.outcomes.try_into().expect("there is one destination");
    outcome.result.unwrap()
}

fn image() -> Image {
    let mut tar = Tar::default();
    tar.raw("usr/", tar::EntryType::Directory, b"", "");
    tar.file("usr/one", &noise(300_000, 5));
    tar.raw("usr/link", tar::EntryType::Symlink, b"", "one");
    tar.raw("usr/hard", tar::EntryType::Link, b"", "usr/one");
    tar.raw(".wh.gone", tar::EntryType::Regular, b"", "");
    tar.file("two", &noise(70_001, 6));
    let empty = vec![0; 1024];
    Image::new("x", &[layer("base/file", &noise(500_000, 3)), empty.clone(), tar.finish(), empty])
}

fn engine(image: &[&Image], storage: Option<Storage>) -> Arc<Engine> {
    Arc::new(Engine { storage, ..Engine::new(Form::Legacy, image) })
}

#[tokio::test]
async fn an_image_is_the_same_out_of_the_folder_and_out_of_the_archive() {
    let image = image();
    let bench = Bench::start().await;
    let exported = only(bench.push(&engine(&[&image], None), &image, "exported").await);
    for driver in ["overlay2", "vfs"] {
        let (bench, folder) = (Bench::start().await, Folder::new(driver, &[&image]));
        let engine = engine(&[&image], Some(folder.storage()));
        let read = only(bench.push(&engine, &image, "read").await);
        assert_eq!((&read.digest, read.bytes_sent), (&exported.digest, exported.bytes_sent), "{driver}");
        assert!(engine.exports().is_empty(), "{driver}");
        bench.check("read", "1", &image).await;
    }
}

#[tokio::test]
async fn only_what_is_missing_is_read() {
    let base = layer("base", &noise(200_000, 3));
    let (old, new) = (Image::new("a", &[base.clone(), layer("a", b"a")]), Image::new("b", &[base, layer("b", b"b")]));
    let (bench, folder) = (Bench::start().await, Folder::new("overlay2", &[&old, &new]));
    let engine = engine(&[&old, &new], Some(folder.storage()));
    only(bench.push(&engine, &old, "shop/api").await);
    fs::remove_dir_all(folder.files(&new, 0)).unwrap();
    let second = only(bench.push(&engine, &new, "shop/api").await);
    assert_eq!((second.blobs.already_there, second.blobs.uploaded), (1, 2));
    assert!(engine.exports().is_empty());
    bench.check("shop/api", "1", &new).await;
}

#[tokio::test]
async fn images_of_one_run_share_what_was_read() {
    let base = layer("base", &noise(400_000, 3));
    let images: Vec<Image> =
        ["a", "b", "c"].map(|name| Image::new(name, &[base.clone(), layer(name, name.as_bytes())])).into();
    let images: Vec<&Image> = images.iter().collect();
    let (bench, folder) = (Bench::start().await, Folder::new("overlay2", &images));
    let engine = engine(&images, Some(folder.storage()));
    let pusher = bench.pusher(&engine);
    let pushes = images.iter().enumerate().map(|(index, image)| {
        let (pusher, target) = (&pusher, [bench.destination(&format!("shop/{index}"), &["1"])]);
        async move { only(pusher.push(&one(image), &target, &Progress::none()).await.unwrap()) }
    });
    let delivered = futures_util::future::join_all(pushes).await;
    let large: Vec<_> = delivered.iter().filter(|delivered| delivered.bytes_sent > 300_000).collect();
    assert_eq!(large.len(), 1, "the base is sent once: {delivered:?}");
    assert!(engine.exports().is_empty());
    for (index, image) in images.iter().enumerate() {
        bench.check(&format!("shop/{index}"), "1", image).await;
    }
}

/// What may be wrong with a folder.
type Damage = fn(&Folder, &Image);

const DAMAGES: &[(&str, Damage)] = &[
    ("a file has other content", |folder, image| {
        fs::write(folder.files(image, 2).join("two"), noise(70_001, 9)).unwrap()
    }),
    ("a file is shorter", |folder, image| fs::write(folder.files(image, 2).join("two"), b"x").unwrap()),
    ("a file is gone", |folder, image| fs::remove_file(folder.files(image, 2).join("two")).unwrap()),
    ("a file is a link to one that has its content", |folder, image| {
        let files = folder.files(image, 2);
        fs::rename(files.join("two"), files.join("three")).unwrap();
        symlink("three", files.join("two")).unwrap();
    }),
    ("a folder is a link to one that has its files", |folder, image| {
        let files = folder.files(image, 2);
        fs::rename(files.join("usr"), files.join("lib")).unwrap();
        symlink("lib", files.join("usr")).unwrap();
    }),
    ("a list is cut", |folder, image| {
        let list = folder.layer(image, 0).join("tar-split.json.gz");
        let bytes = fs::read(&list).unwrap();
        fs::write(&list, &bytes[..bytes.len() / 2]).unwrap();
    }),
    ("the name of a folder leads elsewhere", |folder, image| {
        let name = fs::read_to_string(folder.layer(image, 0).join("cache-id")).unwrap();
        fs::write(folder.layer(image, 0).join("cache-id"), format!("../overlay2/{name}")).unwrap();
    }),
    ("a layer is gone", |folder, image| fs::remove_dir_all(folder.layer(image, 1)).unwrap()),
    ("the image is gone", |folder, image| fs::remove_file(folder.config(image)).unwrap()),
    ("the configuration was changed", |folder, image| fs::write(folder.config(image), b"{\"rootfs\":{}}").unwrap()),
];

#[tokio::test]
async fn whatever_is_wrong_with_the_folder_the_engine_is_asked() {
    let image = image();
    for (what, damage) in DAMAGES {
        let (bench, folder) = (Bench::start().await, Folder::new("overlay2", &[&image]));
        damage(&folder, &image);
        let engine = engine(&[&image], Some(folder.storage()));
        let told = Arc::new(Mutex::new(Vec::new()));
        let progress = {
            let told = Arc::clone(&told);
            Progress::new(move |update| match update {
                Update::Detail(text) => told.lock().unwrap().push(text),
                Update::Notice(text) => panic!("{text}"),
                _ => {}
            })
        };
        let target = [bench.destination("shop/api", &["1"])];
        only(bench.pusher(&engine).push(&one(&image), &target, &progress).await.unwrap());
        bench.check("shop/api", "1", &image).await;
        assert_eq!(engine.exports().len(), 1, "{what}");
        let told = told.lock().unwrap();
        assert!(told.iter().any(|text| text.contains("is exported by the engine")), "{what}: {told:?}");
    }
}

/// The blobs of images as containerd keeps them, and the ids under which an engine knows them.
fn content_store(form: Form, images: &[&Image]) -> (TempDir, Storage, Vec<Digest>) {
    let root = TempDir::new().unwrap();
    let blobs = root.path().join("containerd/daemon/io.containerd.content.v1.content/blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let archive = save(form, images);
    let mut ids = Vec::new();
    for entry in tar::Archive::new(archive.as_slice()).entries().unwrap() {
        let mut entry = entry.unwrap();
        let (path, mut bytes) = (entry.path().unwrap().to_string_lossy().into_owned(), Vec::new());
        entry.read_to_end(&mut bytes).unwrap();
        if let Some(name) = path.strip_prefix("blobs/sha256/") {
            fs::write(blobs.join(name), &bytes).unwrap();
        } else if path == "index.json" {
            let index: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            let listed = index["manifests"].as_array().unwrap().iter();
            ids = listed.map(|manifest| manifest["digest"].as_str().unwrap().parse().unwrap()).collect();
        }
    }
    let storage = Storage::containerd(root.path()).unwrap();
    (root, storage, ids)
}

#[tokio::test]
async fn an_image_is_the_same_out_of_a_content_store_and_out_of_the_archive() {
    let (image, base) = (image(), layer("base/file", &noise(500_000, 3)));
    let next = Image::new("next", &[base, layer("next", &noise(20_000, 8))]);
    for form in [Form::Containerd, Form::Layout] {
        let (root, storage, ids) = content_store(form, &[&image, &next]);
        let blobs = root.path().join("containerd/daemon/io.containerd.content.v1.content/blobs/sha256");
        let mut digests = Vec::new();
        for storage in [None, Some(storage)] {
            let bench = Bench::start().await;
            let mut engine = Engine { storage, ..Engine::new(form, &[]) };
            let is_read = engine.storage.is_some();
            for (id, image) in ids.iter().zip([&image, &next]) {
                engine.images.insert(id.to_string(), image.clone());
            }
            let engine = Arc::new(engine);
            for (name, (id, image)) in ["a", "b"].iter().zip(ids.iter().zip([&image, &next])) {
                let target = [bench.destination(name, &["1"])];
                let pusher = bench.pusher(&engine);
                let pushed = pusher.push(&built(&[("linux/amd64", id.clone())]), &target, &Progress::none()).await;
                digests.push(only(pushed.unwrap()).digest);
                bench.check(name, "1", image).await;
            }
            assert_eq!(engine.exports().is_empty(), is_read, "{form:?}");
            if is_read {
                let blob = fs::read_dir(&blobs).unwrap().map(|entry| entry.unwrap().path());
                let large = blob.max_by_key(|path| fs::metadata(path).unwrap().len()).unwrap();
                fs::write(&large, noise(usize::try_from(fs::metadata(&large).unwrap().len()).unwrap(), 1)).unwrap();
                let fresh = Bench::start().await;
                let target = [fresh.destination("a", &["1"])];
                let built = built(&[("linux/amd64", ids[0].clone())]);
                only(fresh.pusher(&engine).push(&built, &target, &Progress::none()).await.unwrap());
                assert_eq!(engine.exports().len(), 1, "a blob is damaged: {form:?}");
                fresh.check("a", "1", &image).await;
            }
        }
        assert_eq!(digests[..2], digests[2..], "{form:?}");
    }
}

#[test]
fn a_folder_of_an_unknown_kind_or_without_images_is_not_used() {
    let folder = Folder::new("overlay2", &[&image()]);
    for driver in ["btrfs", "overlayfs", "../overlay2", ""] {
        let error = Storage::classic(folder.root.path(), driver).unwrap_err();
        assert!(error.contains("storage driver"), "{error}");
    }
    assert!(Storage::classic(folder.root.path(), "vfs").is_err());
    assert!(Storage::classic(Path::new("/nowhere"), "overlay2").is_err());
}
