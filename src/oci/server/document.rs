//! A manifest as it is pushed: which kind it is and what it refers to. Pure; asks no storage.

use super::name::Sha256Digest;
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";

/// What a manifest says, checked for its form.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) media_type: String,
    pub(super) content: Content,
    pub(super) subject: Option<Sha256Digest>,
    /// The artifact's type, or else that of the configuration (specification, "Listing Referrers").
    pub(super) artifact_type: Option<String>,
    pub(super) annotations: Option<BTreeMap<String, String>>,
}

#[derive(Debug)]
pub(super) enum Content {
    /// Configuration and layers, less those that are kept elsewhere.
    Image(Vec<Part>),
    Index(Vec<Part>),
}

/// What a manifest needs to be there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) digest: Sha256Digest,
    pub(super) size: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    schema_version: u64,
    media_type: Option<String>,
    config: Option<RawPart>,
    layers: Option<Vec<RawPart>>,
    manifests: Option<Vec<RawPart>>,
    subject: Option<RawPart>,
    artifact_type: Option<String>,
    annotations: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPart {
    media_type: String,
    digest: String,
    size: u64,
    #[serde(default)]
    urls: Vec<String>,
}

impl Document {
    /// Reads a manifest that came with a `Content-Type`; the error is a phrase.
    pub(super) fn parse(content_type: Option<&str>, bytes: &[u8]) -> Result<Self, String> {
        let raw: Raw =
            serde_json::from_slice(bytes).map_err(|error| format!("the manifest cannot be read: {error}"))?;
        if raw.schema_version != 2 {
            return Err(format!("schema version {} is not supported, only 2", raw.schema_version));
        }
        let media_type = match (content_type, raw.media_type) {
            (Some(header), Some(field)) if header != field => {
                return Err(format!("the content type is `{header}`, but the manifest says `{field}`"));
            }
            (Some(text), _) => text.to_owned(),
            (None, Some(text)) => text,
            (None, None) => return Err("the manifest comes without a content type".to_owned()),
        };
        let artifact = raw.artifact_type.filter(|text| !text.is_empty());
        // The same bytes must not be an image to one client and an index to another.
        let (content, artifact_type) = match (media_type.as_str(), raw.config, raw.layers, raw.manifests) {
            (OCI_MANIFEST | DOCKER_MANIFEST, Some(config), layers, None) => {
                // Go writes an empty list as `null`.
                let layers = layers.unwrap_or_default();
                let artifact = artifact.unwrap_or_else(|| config.media_type.clone());
                (Content::Image(parts(std::iter::once(config).chain(layers))?), Some(artifact))
            }
            (OCI_INDEX | DOCKER_LIST, None, None, Some(manifests)) => (Content::Index(parts(manifests)?), artifact),
            (OCI_MANIFEST | DOCKER_MANIFEST, ..) => {
                return Err("an image manifest has a `config` and no `manifests`".to_owned());
            }
            (OCI_INDEX | DOCKER_LIST, ..) => {
                return Err("an index has `manifests`, and neither `config` nor `layers`".to_owned());
            }
            (other, ..) => return Err(format!("manifests of type `{other}` are not supported")),
        };
        let subject = raw.subject.map(|subject| digest(&subject)).transpose()?;
        Ok(Self { media_type, content, subject, artifact_type, annotations: raw.annotations })
    }

    pub(super) fn parts(&self) -> &[Part] {
        match &self.content {
            Content::Image(parts) | Content::Index(parts) => parts,
        }
    }
}

fn parts(raw: impl IntoIterator<Item = RawPart>) -> Result<Vec<Part>, String> {
    raw.into_iter()
        .filter(|part| !is_foreign(part))
        .map(|part| Ok(Part { digest: digest(&part)?, size: part.size }))
        .collect()
}

/// Whether a layer is fetched from elsewhere, so that a registry need not have it.
fn is_foreign(part: &RawPart) -> bool {
    !part.urls.is_empty() || part.media_type.contains(".foreign.") || part.media_type.contains(".nondistributable.")
}

fn digest(part: &RawPart) -> Result<Sha256Digest, String> {
    Sha256Digest::parse(&part.digest).ok_or_else(|| format!("`{}` is not a SHA-256 digest", part.digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn part(media_type: &str) -> String {
        format!(r#"{{"mediaType":"{media_type}","digest":"sha256:{HEX}","size":0}}"#)
    }

    fn image(extra: &str) -> String {
        format!(r#"{{"schemaVersion":2,"config":{},"layers":[{}]{extra}}}"#, part("c/t"), part("l/t"))
    }

    #[test]
    fn an_image_is_read_with_its_parts() {
        let document = Document::parse(Some(OCI_MANIFEST), image("").as_bytes()).unwrap();
        assert_eq!(document.parts().len(), 2);
        assert_eq!(document.artifact_type.as_deref(), Some("c/t"));
        assert_eq!(document.media_type, OCI_MANIFEST);
    }

    #[test]
    fn a_foreign_layer_need_not_be_there() {
        let foreign = part("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
        let text = format!(r#"{{"schemaVersion":2,"config":{},"layers":[{foreign}]}}"#, part("c/t"));
        assert_eq!(Document::parse(Some(DOCKER_MANIFEST), text.as_bytes()).unwrap().parts().len(), 1);
    }

    #[test]
    fn what_is_ambiguous_or_unknown_is_refused() {
        let check = |content_type, text: &str, expect: &str| {
            let error = Document::parse(content_type, text.as_bytes()).unwrap_err();
            assert!(error.contains(expect), "{error}");
        };
        check(Some(OCI_MANIFEST), "blabla", "cannot be read");
        check(Some(OCI_MANIFEST), "[]", "cannot be read");
        check(Some(OCI_MANIFEST), &image("").replace(":2,", ":1,"), "schema version 1");
        check(Some(OCI_MANIFEST), &image(r#","mediaType":"x/y""#), "but the manifest says `x/y`");
        check(Some(OCI_MANIFEST), &image(r#","manifests":[]"#), "no `manifests`");
        check(Some(OCI_INDEX), &image(r#","manifests":[]"#), "neither");
        check(Some("text/plain"), &image(""), "`text/plain` are not supported");
        check(None, &image(""), "without a content type");
        check(Some(OCI_MANIFEST), &image("").replace("sha256", "sha512"), "is not a SHA-256 digest");
        check(Some(OCI_MANIFEST), r#"{"schemaVersion":2,"schemaVersion":2}"#, "duplicate field");
    }
}
