//! Archives as engines make them, in memory.

use shipit::oci::Digest;
use std::collections::BTreeSet;
use std::io::Write as _;

/// An image as an engine has it.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) config: Vec<u8>,
    /// Tars, lowest first.
    pub(super) layers: Vec<Vec<u8>>,
}

impl Image {
    pub(super) fn new(salt: &str, layers: &[Vec<u8>]) -> Self {
        let diff_ids: Vec<String> = layers.iter().map(|layer| Digest::of(layer).to_string()).collect();
        let config = serde_json::json!({
            "architecture": "amd64", "os": "linux", "config": {"Env": [salt]},
            "rootfs": {"type": "layers", "diff_ids": diff_ids},
        });
        Self { config: config.to_string().into_bytes(), layers: layers.to_vec() }
    }

    pub(super) fn id(&self) -> Digest {
        Digest::of(&self.config)
    }

    pub(super) fn diff_ids(&self) -> Vec<Digest> {
        self.layers.iter().map(Digest::of).collect()
    }
}

/// A layer with one file.
pub(super) fn layer(name: &str, content: &[u8]) -> Vec<u8> {
    let mut tar = Tar::default();
    tar.file(name, content);
    tar.finish()
}

/// Bytes that look random and are always the same.
pub(super) fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..length).map(|_| next()).collect()
}

pub(super) struct Tar(tar::Builder<Vec<u8>>, BTreeSet<String>);

impl Default for Tar {
    fn default() -> Self {
        Self(tar::Builder::new(Vec::new()), BTreeSet::new())
    }
}

impl Tar {
    /// Adds a file once.
    pub(super) fn file(&mut self, name: &str, content: &[u8]) {
        if self.1.insert(name.to_owned()) {
            self.raw(name, tar::EntryType::Regular, content, "");
        }
    }

    pub(super) fn link(&mut self, name: &str, target: &str) {
        self.raw(name, tar::EntryType::Symlink, b"", target);
    }

    /// Adds an entry whose names are not checked.
    pub(super) fn raw(&mut self, name: &str, kind: tar::EntryType, content: &[u8], target: &str) {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(kind);
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        let fields = header.as_ustar_mut().expect("it is one");
        fields.name[..name.len()].copy_from_slice(name.as_bytes());
        fields.linkname[..target.len()].copy_from_slice(target.as_bytes());
        header.set_cksum();
        self.0.append(&header, content).unwrap();
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.0.into_inner().unwrap()
    }
}

/// How an engine lays out its archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Docker until 24.
    Legacy,
    /// Docker since 25 without containerd's store: layers are plain tars.
    Layout,
    /// Containerd's store: layers are compressed, the manifest is the image's own.
    Containerd,
    Podman,
}

pub(super) const ALL: [Form; 4] = [Form::Legacy, Form::Layout, Form::Containerd, Form::Podman];

pub(super) fn save(form: Form, images: &[&Image]) -> Vec<u8> {
    let (mut tar, mut listed, mut index) = (Tar::default(), Vec::new(), Vec::new());
    for image in images {
        let id = image.id();
        let mut paths = Vec::new();
        let mut descriptors = Vec::new();
        for (number, layer) in image.layers.iter().enumerate() {
            let diff_id = Digest::of(layer);
            match form {
                Form::Legacy => {
                    let folder = Digest::of(format!("{id}{number}")).hex().to_owned();
                    // The oldest image that has the layer holds it, the others link to it.
                    let own = Digest::of(format!("own {diff_id}")).hex().to_owned();
                    tar.file(&format!("{own}/VERSION"), b"1.0");
                    tar.file(&format!("{own}/json"), b"{}");
                    tar.file(&format!("{own}/layer.tar"), layer);
                    tar.link(&format!("{folder}/layer.tar"), &format!("../{own}/layer.tar"));
                    paths.push(format!("{folder}/layer.tar"));
                }
                Form::Podman => {
                    let path = format!("{}.tar", diff_id.hex());
                    tar.file(&path, layer);
                    paths.push(path);
                }
                Form::Layout | Form::Containerd => {
                    let (data, kind) = match form {
                        Form::Containerd => (gzip(layer), "application/vnd.oci.image.layer.v1.tar+gzip"),
                        _ => (layer.clone(), "application/vnd.oci.image.layer.v1.tar"),
                    };
                    let digest = Digest::of(&data);
                    let path = format!("blobs/sha256/{}", digest.hex());
                    tar.file(&path, &data);
                    descriptors
                        .push(serde_json::json!({"mediaType": kind, "digest": digest.to_string(), "size": data.len()}));
                    paths.push(path);
                }
            }
        }
        let config = match form {
            Form::Legacy | Form::Podman => format!("{}.json", id.hex()),
            Form::Layout | Form::Containerd => format!("blobs/sha256/{}", id.hex()),
        };
        tar.file(&config, &image.config);
        if matches!(form, Form::Layout | Form::Containerd) {
            let manifest = manifest(&image.config, &descriptors);
            let digest = Digest::of(&manifest);
            tar.file(&format!("blobs/sha256/{}", digest.hex()), &manifest);
            index.push(serde_json::json!({
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "digest": digest.to_string(), "size": manifest.len(),
            }));
        }
        listed.push(serde_json::json!({"Config": config, "RepoTags": null, "Layers": paths}));
    }
    if !index.is_empty() {
        tar.file("index.json", serde_json::json!({"schemaVersion": 2, "manifests": index}).to_string().as_bytes());
        tar.file("oci-layout", br#"{"imageLayoutVersion": "1.0.0"}"#);
    }
    tar.file("manifest.json", serde_json::Value::from(listed).to_string().as_bytes());
    tar.file("repositories", b"{}");
    tar.finish()
}

/// The manifest that the containerd form has for an image.
pub(super) fn own_manifest(image: &Image) -> Vec<u8> {
    let layers: Vec<_> = image
        .layers
        .iter()
        .map(|layer| {
            let data = gzip(layer);
            serde_json::json!({
                "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
                "digest": Digest::of(&data).to_string(), "size": data.len(),
            })
        })
        .collect();
    manifest(&image.config, &layers)
}

fn manifest(config: &[u8], layers: &[serde_json::Value]) -> Vec<u8> {
    let manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": Digest::of(config).to_string(), "size": config.len(),
        },
        "layers": layers,
        "annotations": {"made-by": "the engine"},
    });
    serde_json::to_vec_pretty(&manifest).unwrap()
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(data).unwrap();
    writer.finish().unwrap()
}
