//! `images.json`: what was pushed last.

use super::StateError;
use super::folder::{State, VERSION, read, write};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

const LOSS: &str = "only the digests of the last push are lost, and the next push finds them again";

/// One name of an image in a registry, and what it stood for after the last push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushedImage {
    /// `endpoint/repository:tag`
    pub reference: String,
    /// `sha256:…`
    pub digest: String,
}

impl PushedImage {
    /// `endpoint/repository@sha256:…`: the same image whatever becomes of its tag.
    pub fn pinned(&self) -> String {
        let repository = self.reference.rsplit_once(':').map_or(self.reference.as_str(), |(repository, _)| repository);
        format!("{repository}@{}", self.digest)
    }
}

#[derive(Default, Deserialize)]
struct File {
    #[serde(default)]
    images: BTreeMap<String, Vec<PushedImage>>,
}

impl State {
    /// What was pushed last, by app.
    pub fn images(&self) -> Result<BTreeMap<String, Vec<PushedImage>>, StateError> {
        Ok(read::<File>(&self.images_file(), LOSS)?.images)
    }

    /// Notes what an app was pushed as; what is known of other apps stays. May be called by many
    /// steps at once.
    pub fn record_images(&self, app: &str, images: &[PushedImage]) -> Result<(), StateError> {
        let _changing = self.changing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut all = self.images()?;
        if all.get(app).is_some_and(|known| known == images) {
            return Ok(());
        }
        all.insert(app.to_owned(), images.to_vec());
        write(&self.images_file(), &json!({ "version": VERSION, "images": all }))?;
        Ok(())
    }
}
