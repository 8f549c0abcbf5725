//! What the files of an engine's archive say: which image has which configuration and layers.
//!
//! An engine's own manifest is kept byte for byte if its layers are compressed; else the manifest
//! is made here. Nothing is believed that can be computed.

use super::archive::{Contents, Packing, blob_path};
use super::content::{
    self, Described, ImageContent, Layer, LayerRef, Manifest, OCI_INDEX, OCI_MANIFEST, Parsed, Platform,
};
use crate::oci::Digest;
use bytes::Bytes;
use serde::Deserialize;
use std::sync::Arc;

/// What became of a layer of the archive.
#[derive(Clone, Debug)]
pub(super) enum Seen {
    Taken(Arc<Layer>),
    /// Not needed: a registry has it, or another image of the run brings it.
    Skipped {
        size: u64,
        packing: Packing,
        name: Option<Digest>,
    },
}

/// Which image is looked for.
#[derive(Clone, Debug)]
pub(super) struct Sought {
    /// The engine's id, a digest: of a configuration, a manifest or an index.
    pub(super) id: Digest,
    /// `os/architecture[/variant]`, to choose from an index.
    pub(super) platform: String,
    /// Whether an index will do, or the image of the platform alone is wanted.
    pub(super) single: bool,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(rename = "Config")]
    config: String,
    #[serde(rename = "Layers", default)]
    layers: Option<Vec<String>>,
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

/// Finds the image in the archive. `remembered` gives the compressed form of a skipped layer by its
/// diff id. The error is a phrase.
pub(super) fn find(
    sought: &Sought,
    contents: &Contents<Seen>,
    remembered: &dyn Fn(&Digest) -> Option<LayerRef>,
) -> Result<ImageContent, String> {
    let cx = Finder { sought, contents, remembered };
    if let Some(bytes) = contents.blob(&sought.id)
        && let Ok(parsed) = parse::<Parsed>(bytes, "its manifest")
        && (parsed.manifests.is_some() || parsed.layers.is_some())
    {
        return cx.by_manifest(bytes, &parsed);
    }
    let listed: Vec<Listed> = match contents.file("manifest.json") {
        Some(bytes) => parse(bytes, "`manifest.json`")?,
        None => Vec::new(),
    };
    for entry in &listed {
        let Some(config) = contents.file(&entry.config) else {
            return Err(format!("its configuration `{}` is missing", crate::util::text::sanitize(&entry.config)));
        };
        if Digest::of(config) != sought.id {
            continue;
        }
        if let Some(image) = cx.engines_own_for(config)? {
            return Ok(image);
        }
        return cx.own(config, entry.layers.as_deref().unwrap_or_default());
    }
    Err(format!("the image {} is not in it", sought.id))
}

struct Finder<'a> {
    sought: &'a Sought,
    contents: &'a Contents<Seen>,
    remembered: &'a dyn Fn(&Digest) -> Option<LayerRef>,
}

impl Finder<'_> {
    fn by_manifest(&self, bytes: &Bytes, parsed: &Parsed) -> Result<ImageContent, String> {
        let Some(manifests) = &parsed.manifests else {
            return match self.as_it_is(bytes, parsed)? {
                Some(image) => Ok(image),
                None => self.rebuilt(parsed),
            };
        };
        if !self.sought.single
            && let Some(image) = self.whole_index(bytes, parsed, manifests)?
        {
            return Ok(image);
        }
        let wanted = Platform::parse(&self.sought.platform);
        for child in manifests {
            if child.platform.as_ref().is_some_and(|platform| platform.matches(&wanted))
                && let Some(bytes) = self.contents.blob(&child.digest()?)
            {
                return self.by_manifest(bytes, &parse(bytes, "a manifest")?);
            }
        }
        Err(format!("it has no image for `{}`", self.sought.platform))
    }

    /// The index as the engine has it, if everything that it names is here and compressed.
    fn whole_index(
        &self,
        bytes: &Bytes,
        parsed: &Parsed,
        manifests: &[Described],
    ) -> Result<Option<ImageContent>, String> {
        let media_type = parsed.media_type.clone().unwrap_or_else(|| OCI_INDEX.to_owned());
        let root = Manifest::new(media_type, bytes.clone());
        let mut whole = ImageContent { root, children: Vec::new(), small: Vec::new(), layers: Vec::new() };
        for child in manifests {
            let Some(bytes) = self.contents.blob(&child.digest()?) else { return Ok(None) };
            let parsed: Parsed = parse(bytes, "a manifest")?;
            if parsed.manifests.is_some() {
                return Ok(None);
            }
            let Some(image) = self.as_it_is(bytes, &parsed)? else { return Ok(None) };
            whole.children.push(image.root);
            whole.small.extend(image.small);
            for layer in image.layers {
                if whole.layers.iter().all(|other| other.digest != layer.digest) {
                    whole.layers.push(layer);
                }
            }
        }
        Ok(Some(whole))
    }

    /// The engine's own manifest for a configuration, if it has one that can be kept.
    fn engines_own_for(&self, config: &Bytes) -> Result<Option<ImageContent>, String> {
        let Some(index) = self.contents.file("index.json") else { return Ok(None) };
        let index: Parsed = parse(index, "`index.json`")?;
        let digest = Digest::of(config);
        for listed in index.manifests.iter().flatten() {
            let Some(bytes) = self.contents.blob(&listed.digest()?) else { continue };
            let parsed: Parsed = parse(bytes, "a manifest")?;
            if parsed.config.as_ref().is_some_and(|config| config.digest == digest.as_str()) {
                return self.as_it_is(bytes, &parsed);
            }
        }
        Ok(None)
    }

    /// A manifest kept byte for byte; `None` if a layer of it is a plain tar or is not here.
    fn as_it_is(&self, bytes: &Bytes, parsed: &Parsed) -> Result<Option<ImageContent>, String> {
        let (Some(config), Some(layers)) = (&parsed.config, &parsed.layers) else {
            return Err("a manifest of it has neither layers nor manifests".to_owned());
        };
        let media_type = parsed.media_type.clone().unwrap_or_else(|| OCI_MANIFEST.to_owned());
        let root = Manifest::new(media_type, bytes.clone());
        let mut image = ImageContent { root, children: Vec::new(), small: Vec::new(), layers: Vec::new() };
        for described in std::iter::once(config).chain(layers) {
            let digest = described.digest()?;
            if described.is_plain_tar() {
                return Ok(None);
            }
            if let Some(small) = self.contents.blob(&digest) {
                image.small.push(small.clone());
                continue;
            }
            let Some(seen) = self.contents.layer(&blob_path(&digest)) else { return Ok(None) };
            let size = match seen {
                Seen::Taken(layer) if layer.data.digest != digest => return Ok(None),
                Seen::Taken(layer) => layer.data.size,
                Seen::Skipped { size, .. } => *size,
            };
            if size != described.size {
                return Err(format!(
                    "its layer {digest} has {size} bytes, not {} as its manifest says",
                    described.size
                ));
            }
            image.layers.push(LayerRef { digest, size, diff_id: None });
        }
        Ok(Some(image))
    }

    /// Our manifest in place of an engine's whose layers are plain.
    fn rebuilt(&self, parsed: &Parsed) -> Result<ImageContent, String> {
        let config = parsed.config.as_ref().ok_or("its manifest names no configuration")?;
        let config = self.contents.blob(&config.digest()?).ok_or("its configuration is missing")?;
        let mut paths = Vec::new();
        for layer in parsed.layers.iter().flatten() {
            paths.push(blob_path(&layer.digest()?));
        }
        self.own(config, &paths)
    }

    fn own(&self, config: &Bytes, paths: &[String]) -> Result<ImageContent, String> {
        let Config { rootfs } = parse(config, "its configuration")?;
        let diff_ids = rootfs.diff_ids.unwrap_or_default();
        if diff_ids.len() != paths.len() {
            return Err(format!("it has {} layers, but its configuration names {}", paths.len(), diff_ids.len()));
        }
        let mut layers = Vec::with_capacity(paths.len());
        for (index, (path, diff_id)) in paths.iter().zip(&diff_ids).enumerate() {
            let number = index + 1;
            let diff_id: Digest =
                diff_id.parse().map_err(|error| format!("its configuration names layer {number} wrongly: {error}"))?;
            let seen = self.contents.layer(path).ok_or_else(|| format!("its layer {number} is missing"))?;
            layers.push(self.own_layer(number, seen, diff_id)?);
        }
        Ok(content::image(config, layers))
    }

    fn own_layer(&self, number: usize, seen: &Seen, diff_id: Digest) -> Result<(LayerRef, Packing), String> {
        match seen {
            Seen::Taken(layer) => {
                if let Some((tar, _)) = &layer.tar
                    && *tar != diff_id
                {
                    return Err(format!(
                        "the content of its layer {number} is {tar}, but its configuration says {diff_id}"
                    ));
                }
                let (digest, size) = (layer.data.digest.clone(), layer.data.size);
                Ok((LayerRef { digest, size, diff_id: Some(diff_id) }, layer.packing))
            }
            Seen::Skipped { size, packing: packing @ (Packing::Gzip | Packing::Zstd), name: Some(name) } => {
                Ok((LayerRef { digest: name.clone(), size: *size, diff_id: Some(diff_id) }, *packing))
            }
            Seen::Skipped { .. } => {
                let layer = (self.remembered)(&diff_id).ok_or_else(|| {
                    format!("no layer of it has the content {diff_id} that its configuration names as layer {number}")
                })?;
                Ok((layer, Packing::Gzip))
            }
        }
    }
}

fn parse<'a, T: Deserialize<'a>>(bytes: &'a [u8], what: &str) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| format!("{what} cannot be read: {error}"))
}
