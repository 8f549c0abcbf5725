//! What an engine holds: look at it, take it out, name it, remove it.

use super::http::Reply;
use super::{Engine, EngineError};
use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use hyper::Method;
use hyper::header::HeaderMap;
use std::io;
use url::form_urlencoded;

/// An image in an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageInfo {
    /// `sha256:…`: the digest of its configuration, or, in engines that store images as containerd
    /// does, of its manifest or index.
    pub id: String,
    /// `os/architecture[/variant]`.
    pub platform: String,
    /// The digests of the layers' uncompressed contents, the lowest first.
    pub diff_ids: Vec<String>,
    /// Bytes, uncompressed.
    pub size: u64,
    /// `name@sha256:…` as registries know it.
    pub repo_digests: Vec<String>,
    /// It adds instructions to the Dockerfiles that begin with it (`ONBUILD`).
    pub has_triggers: bool,
}

impl Engine {
    /// Looks for an image by its id or name.
    ///
    /// # Errors
    /// The engine does not answer; that it has no such image is `None`.
    pub async fn inspect(&self, image: &str) -> Result<Option<ImageInfo>, EngineError> {
        let act = format!("look at the image `{image}`");
        let path = format!("/images/{}/json", encode_name(image));
        let image: bollard::models::ImageInspect = match self.http.json(&act, &path).await {
            Ok(image) => image,
            Err(EngineError::Answer { status: 404, .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut platform = format!("{}/{}", image.os.unwrap_or_default(), image.architecture.unwrap_or_default());
        if let Some(variant) = image.variant.filter(|variant| !variant.is_empty()) {
            platform.push('/');
            platform.push_str(&variant);
        }
        Ok(Some(ImageInfo {
            id: image.id.ok_or_else(|| EngineError::nonsense(&act, "the image has no id"))?,
            platform,
            diff_ids: image.root_fs.and_then(|root| root.layers).unwrap_or_default(),
            size: image.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
            repo_digests: image.repo_digests.unwrap_or_default(),
            has_triggers: image.config.and_then(|config| config.on_build).is_some_and(|triggers| !triggers.is_empty()),
        }))
    }

    /// A tar of images in the layout of `docker save`, as the engine makes it: nothing is held.
    /// Layers that several of them share are in it once. Dropping the stream stops the engine.
    ///
    /// # Errors
    /// The engine has not all of them or goes away; from the stream: it goes away meanwhile.
    pub async fn export(
        &self,
        images: &[impl AsRef<str> + Sync],
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, EngineError> {
        let names = images.iter().map(|image| ("names", image.as_ref()));
        let path =
            format!("/images/get?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(names).finish());
        let act = "take the image out of the engine";
        let reply = self.http.send(act, Method::GET, &path, HeaderMap::new(), super::empty()).await?;
        Ok(Box::pin(stream::try_unfold(reply, move |mut reply: Reply| async move {
            match reply.chunk().await {
                Ok(Some(chunk)) => Ok(Some((chunk, reply))),
                Ok(None) => Ok(None),
                Err(error) => Err(io::Error::other(EngineError::closed(act, super::http::cause(&error)))),
            }
        })))
    }

    /// Gives an image another name, `repository:tag`.
    ///
    /// # Errors
    /// There is no such image, or the engine does not like the name.
    pub async fn tag(&self, image: &str, name: &str) -> Result<(), EngineError> {
        let (repository, tag) = match name.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, tag),
            _ => (name, "latest"),
        };
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("repo", repository)
            .append_pair("tag", tag)
            .finish();
        let path = format!("/images/{}/tag?{query}", encode_name(image));
        self.http.ask(&format!("name the image `{name}`"), Method::POST, &path).await?;
        Ok(())
    }

    /// Removes a name, and the image with its last name. `false` where there is no such image.
    ///
    /// # Errors
    /// The image is in use, or the engine does not answer.
    pub async fn remove(&self, image: &str) -> Result<bool, EngineError> {
        let path = format!("/images/{}", encode_name(image));
        match self.http.ask(&format!("remove the image `{image}`"), Method::DELETE, &path).await {
            Ok(_) => Ok(true),
            Err(EngineError::Answer { status: 404, .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// A name in a path: `/` and `:` stay.
fn encode_name(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes())
        .collect::<String>()
        .replace("%2F", "/")
        .replace("%3A", ":")
        .replace("%40", "@")
}
