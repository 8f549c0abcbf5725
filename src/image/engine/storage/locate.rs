//! Where an engine says that its images lie, if that is on this machine.

use super::Storage;
use crate::image::engine::dial::Dialer;
use crate::image::engine::{Engine, EngineKind};
use serde::Deserialize;
use std::path::PathBuf;

/// What `GET /info` has of it.
#[derive(Deserialize)]
struct Info {
    #[serde(rename = "Driver", default)]
    driver: String,
    #[serde(rename = "DockerRootDir", default)]
    root: PathBuf,
}

impl Engine {
    /// The engine's image store, where this process may read it. A unix socket may lead to another
    /// machine all the same; then the folder is not here, or does not have the images.
    ///
    /// # Errors
    /// Why not, a phrase: it is no fault, [`export`](Engine::export) works everywhere.
    pub async fn storage(&self) -> Result<Storage, String> {
        if self.describe().kind != EngineKind::Docker {
            return Err("the engine is not Docker".to_owned());
        }
        if !matches!(self.http.dialer, Dialer::Unix(_)) {
            return Err("the engine is not reached through a unix socket".to_owned());
        }
        let info: Info =
            self.http.json("ask the engine where it keeps images", "/info").await.map_err(|error| error.to_string())?;
        if !info.root.is_absolute() {
            return Err("the engine does not say where it keeps images".to_owned());
        }
        let open = move || Storage::open(&info.root, &info.driver);
        tokio::task::spawn_blocking(open).await.map_err(|error| error.to_string())?
    }
}
