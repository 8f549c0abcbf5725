//! The engine as the place where images come from.

use super::archive::SaveStream;
use super::error::PushError;
use super::source::ImageStore;
use crate::image::engine::storage::Storage;
use crate::image::engine::{Engine, EngineError};
use crate::oci::Digest;
use futures_util::future::BoxFuture;

impl ImageStore for Engine {
    fn diff_ids<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Vec<Digest>, PushError>> {
        Box::pin(async move {
            let unusable = |reason: String| PushError::Content { image: id.to_owned(), reason };
            let Some(image) = self.inspect(id).await? else {
                return Err(unusable("the engine does not have this image any more".to_owned()));
            };
            let digest = |text: &String| {
                text.parse().map_err(|error| unusable(format!("the engine names a layer `{text}`: {error}")))
            };
            image.diff_ids.iter().map(digest).collect()
        })
    }

    fn export<'a>(&'a self, ids: &'a [String]) -> BoxFuture<'a, Result<SaveStream, PushError>> {
        Box::pin(async move {
            let stream: SaveStream = Engine::export(self, ids).await?;
            Ok(stream)
        })
    }

    fn storage(&self) -> BoxFuture<'_, Result<Storage, String>> {
        Box::pin(Engine::storage(self))
    }
}

impl From<EngineError> for PushError {
    fn from(error: EngineError) -> Self {
        Self::Engine(std::sync::Arc::new(error))
    }
}
