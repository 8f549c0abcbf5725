//! What is pushed for an image: manifests, configurations, layers; and how our own manifests look.
//!
//! Our own manifests are Docker's "image manifest version 2, schema 2": it is what `docker push`
//! sends, every registry and every runtime takes it, and Podman reads a health check from no other
//! form. Layers in zstd have no name in it; such an image gets an OCI manifest. The bytes depend on
//! the image only.

use super::archive::Packing;
use super::spool::Spooled;
use crate::oci::Digest;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub(super) const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
pub(in crate::image) const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
pub(super) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(in crate::image) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A manifest or an index, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) media_type: String,
    pub(super) digest: Digest,
    pub(super) bytes: Bytes,
}

impl Manifest {
    pub(super) fn new(media_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { media_type: media_type.into(), digest: Digest::of(&bytes), bytes }
    }
}

/// A layer as it goes to a registry.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) data: Spooled,
    pub(super) packing: Packing,
    /// Digest and size of the tar inside, where it was computed.
    pub(super) tar: Option<(Digest, u64)>,
}

/// What a manifest says of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LayerRef {
    pub(super) digest: Digest,
    pub(super) size: u64,
    /// The digest of the tar inside, where it is known.
    pub(super) diff_id: Option<Digest>,
}

/// Everything that a registry must have for one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ImageContent {
    pub(super) root: Manifest,
    /// What an index names, to be pushed before it.
    pub(super) children: Vec<Manifest>,
    /// Configurations and other blobs that are kept in memory.
    pub(super) small: Vec<Bytes>,
    pub(super) layers: Vec<LayerRef>,
}

/// A descriptor in somebody's manifest (OCI image specification, "Descriptor").
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Described {
    #[serde(rename = "mediaType", default)]
    pub(super) media_type: String,
    pub(super) size: u64,
    pub(super) digest: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) platform: Option<Platform>,
}

impl Described {
    pub(super) fn digest(&self) -> Result<Digest, String> {
        self.digest.parse().map_err(|error| format!("a manifest of it is not valid: {error}"))
    }

    /// Whether it is a tar that nobody has compressed.
    pub(super) fn is_plain_tar(&self) -> bool {
        self.media_type.ends_with(".tar")
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Platform {
    #[serde(default)]
    pub(super) architecture: String,
    #[serde(default)]
    pub(super) os: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) variant: Option<String>,
}

impl Platform {
    /// Reads `os/architecture[/variant]`.
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = text.splitn(3, '/').map(str::to_owned);
        Self {
            os: parts.next().unwrap_or_default(),
            architecture: parts.next().unwrap_or_default(),
            variant: parts.next(),
        }
    }

    /// Whether an image of this platform is what `wanted` asks for; a variant counts if both name one.
    pub(super) fn matches(&self, wanted: &Self) -> bool {
        let variants_agree = match (&self.variant, &wanted.variant) {
            (Some(ours), Some(theirs)) => ours == theirs,
            (None, _) | (_, None) => true,
        };
        self.os == wanted.os && self.architecture == wanted.architecture && variants_agree
    }
}

/// A manifest or an index of somebody else, as far as it concerns us.
#[derive(Debug, Deserialize)]
pub(super) struct Parsed {
    #[serde(rename = "mediaType")]
    pub(super) media_type: Option<String>,
    pub(super) config: Option<Described>,
    pub(super) layers: Option<Vec<Described>>,
    pub(super) manifests: Option<Vec<Described>>,
}

#[derive(Serialize)]
struct Written<'a> {
    #[serde(rename = "schemaVersion")]
    schema_version: u32,
    #[serde(rename = "mediaType")]
    media_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<Described>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layers: Option<Vec<Described>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manifests: Option<Vec<Described>>,
}

fn described(media_type: &str, digest: &Digest, size: u64, platform: Option<Platform>) -> Described {
    Described { media_type: media_type.to_owned(), size, digest: digest.to_string(), platform }
}

fn written(written: &Written<'_>) -> Manifest {
    let bytes = serde_json::to_vec(written).expect("strings and numbers can always be written");
    Manifest::new(written.media_type, bytes)
}

/// The manifest of an image with this configuration and these layers, lowest first.
pub(super) fn image(config: &Bytes, layers: Vec<(LayerRef, Packing)>) -> ImageContent {
    let is_oci = layers.iter().any(|(_, packing)| *packing == Packing::Zstd);
    let (form, config_type) = if is_oci {
        (OCI_MANIFEST, "application/vnd.oci.image.config.v1+json")
    } else {
        (DOCKER_MANIFEST, "application/vnd.docker.container.image.v1+json")
    };
    let layer_type = |packing| match (is_oci, packing) {
        (true, Packing::Tar) => "application/vnd.oci.image.layer.v1.tar",
        (true, Packing::Gzip) => "application/vnd.oci.image.layer.v1.tar+gzip",
        (_, Packing::Zstd) => "application/vnd.oci.image.layer.v1.tar+zstd",
        (false, Packing::Tar) => "application/vnd.docker.image.rootfs.diff.tar",
        (false, Packing::Gzip) => "application/vnd.docker.image.rootfs.diff.tar.gzip",
    };
    let root = written(&Written {
        schema_version: 2,
        media_type: form,
        config: Some(described(config_type, &Digest::of(config), config.len() as u64, None)),
        layers: Some(
            layers
                .iter()
                .map(|(layer, packing)| described(layer_type(*packing), &layer.digest, layer.size, None))
                .collect(),
        ),
        manifests: None,
    });
    let layers = layers.into_iter().map(|(layer, _)| layer).collect();
    ImageContent { root, children: Vec::new(), small: vec![config.clone()], layers }
}

/// One image of all platforms: the image itself if it is one, else an index in order of platforms.
///
/// The index has Docker's form if all of its images have, and the OCI form else.
pub(super) fn join(mut images: Vec<(String, ImageContent)>) -> Option<ImageContent> {
    if images.len() < 2 {
        return images.pop().map(|(_, image)| image);
    }
    images.sort_by(|(left, _), (right, _)| left.cmp(right));
    let is_docker = images.iter().all(|(_, image)| image.root.media_type == DOCKER_MANIFEST);
    let manifests = images
        .iter()
        .map(|(platform, image)| {
            let Manifest { media_type, digest, bytes } = &image.root;
            described(media_type, digest, bytes.len() as u64, Some(Platform::parse(platform)))
        })
        .collect();
    let root = written(&Written {
        schema_version: 2,
        media_type: if is_docker { DOCKER_LIST } else { OCI_INDEX },
        config: None,
        layers: None,
        manifests: Some(manifests),
    });
    let mut all = ImageContent { root, children: Vec::new(), small: Vec::new(), layers: Vec::new() };
    let mut seen = BTreeSet::new();
    for (_, image) in images {
        all.children.extend(image.children);
        all.children.push(image.root);
        all.small.extend(image.small);
        all.layers.extend(image.layers.into_iter().filter(|layer| seen.insert(layer.digest.clone())));
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_has_the_same_bytes_everywhere() {
        let config = Bytes::from_static(b"{}");
        let layer = LayerRef { digest: Digest::of("x"), size: 7, diff_id: None };
        let image = image(&config, vec![(layer, Packing::Gzip)]);
        assert_eq!(
            String::from_utf8_lossy(&image.root.bytes),
            r#"{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":7,"digest":"sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}]}"#
        );
    }

    #[test]
    fn platforms_are_in_one_order_whatever_was_built_first() {
        let one = |text: &'static str| image(&Bytes::from_static(text.as_bytes()), Vec::new());
        let (arm, amd) = (("linux/arm64/v8".to_owned(), one("{1}")), ("linux/amd64".to_owned(), one("{2}")));
        let joined = join(vec![arm.clone(), amd.clone()]);
        assert_eq!(joined, join(vec![amd, arm]));
        let joined = joined.unwrap();
        assert_eq!((joined.root.media_type.as_str(), joined.children.len()), (DOCKER_LIST, 2));
    }
}
