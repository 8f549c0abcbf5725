//! `Engine::build`: checks the context, chooses the builder, builds each platform.

use super::memory::Loaded;
use super::session::Inputs;
use super::{BuildError, CredentialSource, buildkit, classic};
use crate::image::context::{Prepared, Scan, prepare};
use crate::image::engine::{Engine, EngineError};
use crate::image::{BuildSpec, BuiltImage, PlatformImage};
use crate::util::Progress;
use std::sync::Arc;

/// One image to build, with all that the builders share.
pub(super) struct Job<'a> {
    pub(super) engine: &'a Engine,
    pub(super) spec: &'a BuildSpec,
    pub(super) prepared: &'a Prepared,
    pub(super) inputs: &'a Inputs,
    pub(super) credentials: &'a Arc<dyn CredentialSource>,
    pub(super) progress: &'a Progress,
    pub(super) platform: Option<&'a str>,
    /// Of `RUN`; `None` leaves it to the engine.
    pub(super) network: Option<&'a str>,
    /// The image's name in the engine.
    pub(super) tag: &'a str,
}

impl Engine {
    /// Builds an image for each of its platforms, one after the other: the second sends nothing that
    /// the first has sent. Dropping the future stops the engine.
    ///
    /// With one platform or none the image is called [`BuildSpec::tag`]; with several, each has
    /// `-<os>-<architecture>` behind it.
    ///
    /// # Errors
    /// Something is wrong with the context (nothing was sent then), a step of the Dockerfile fails, or
    /// the engine goes away.
    pub async fn build(
        &self,
        spec: &BuildSpec,
        credentials: Arc<dyn CredentialSource>,
        progress: &Progress,
    ) -> Result<BuiltImage, BuildError> {
        Ok(self.build_told(spec, credentials, progress).await?.0)
    }

    /// Builds and gives what the builder told of where things came from.
    pub(super) async fn build_told(
        &self,
        spec: &BuildSpec,
        credentials: Arc<dyn CredentialSource>,
        progress: &Progress,
    ) -> Result<(BuiltImage, Loaded), BuildError> {
        let looking = spec.clone();
        let prepared = tokio::task::spawn_blocking(move || prepare(&looking)).await;
        let prepared = prepared.expect("looking at a context does not panic").map_err(BuildError::Context)?;
        for warning in &prepared.warnings {
            progress.notice(&warning.message);
        }
        if let Some(Scan { files, bytes, .. }) = &prepared.scan {
            progress.detail(format!("the context has {files} files, {bytes} bytes"));
        }
        let inputs = Inputs::read(spec, &prepared)?;
        let network = self.network(spec, progress).await;
        let platforms: Vec<Option<&str>> = match spec.platforms.as_slice() {
            [] => vec![None],
            platforms => platforms.iter().map(|platform| Some(platform.as_str())).collect(),
        };
        let mut built = BuiltImage { name: spec.name.clone(), platforms: Vec::new() };
        let mut loaded = Loaded::default();
        for platform in &platforms {
            let tag = match platform {
                Some(platform) if platforms.len() > 1 => format!("{}-{}", spec.tag, platform.replace('/', "-")),
                _ => spec.tag.clone(),
            };
            let job = Job {
                engine: self,
                spec,
                prepared: &prepared,
                inputs: &inputs,
                credentials: &credentials,
                progress,
                platform: *platform,
                network,
                tag: &tag,
            };
            built.platforms.push(job.build(&mut loaded).await?);
        }
        Ok((built, loaded))
    }

    /// The network of `RUN`. BuildKit ends a build where the bridge is missing that it takes unasked.
    async fn network<'a>(&self, spec: &'a BuildSpec, progress: &Progress) -> Option<&'a str> {
        if spec.network.is_some() {
            return spec.network.as_deref();
        }
        if !self.describe().buildkit || self.has_bridge().await {
            return None;
        }
        progress.detail("the engine has no bridge network: RUN gets none");
        Some("none")
    }
}

impl Job<'_> {
    /// An engine that finds fault with the Dockerfile at once says so in its answer.
    pub(super) fn refused(&self, error: EngineError) -> BuildError {
        match error {
            EngineError::Answer { status: 400, message, .. } => BuildError::failed(&message, self, None),
            error => error.into(),
        }
    }

    async fn build(&self, loaded: &mut Loaded) -> Result<PlatformImage, BuildError> {
        let id = match self.by_buildkit(loaded).await? {
            Some(id) => id,
            None => {
                loaded.is_unknown();
                classic::build(self).await?
            }
        };
        let image = self.engine.inspect(&id).await?.ok_or(BuildError::NoImage)?;
        Ok(PlatformImage { platform: image.platform, id: image.id })
    }

    /// `None` where the engine turns out to have no BuildKit.
    async fn by_buildkit(&self, loaded: &mut Loaded) -> Result<Option<String>, BuildError> {
        if !self.engine.describe().buildkit {
            return Ok(None);
        }
        match buildkit::build(self, loaded).await {
            Ok(id) => Ok(Some(id)),
            Err(buildkit::Error::NoSession(EngineError::Answer {
                status: status @ (400 | 404 | 405 | 501),
                message,
                ..
            })) => {
                self.progress.detail(format!("the engine refuses a session ({status}: {message})"));
                Ok(None)
            }
            Err(buildkit::Error::NoSession(error)) => Err(error.into()),
            Err(buildkit::Error::Build(error)) => Err(error),
        }
    }
}
