//! `Engine::build_unless_done`: looks, asks the engine what it has, builds if need be, remembers.

use super::record::{BuildMemory, Record};
use super::sources::{Loaded, Named};
use crate::image::build::session::Inputs;
use crate::image::build::{BuildError, CredentialSource};
use crate::image::context::walk::Filter;
use crate::image::context::{Listing, digest_of, prepare};
use crate::image::engine::{Engine, EngineKind, ImageInfo};
use crate::image::{BuildSpec, BuiltImage, PlatformImage};
use crate::util::Progress;
use futures_util::future::{join, join_all};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a build is made of, as it is now.
struct Inquiry {
    app: String,
    tag: String,
    memory: BuildMemory,
    settings: String,
    named: Named,
    place: Place,
    listing: Listing,
    /// The last build with these settings.
    last: Option<Record>,
}

/// How to look at the context again.
#[derive(Clone)]
struct Place {
    context: PathBuf,
    filter: Filter,
    /// When it was looked at, in nanoseconds since 1970.
    now: i64,
}

/// The ids of images by their names, as far as the engine has them.
type Ids = BTreeMap<String, String>;

impl Engine {
    /// Builds as [`build`](Self::build) does, unless the image that would come of it is there already;
    /// the second value tells which. What is in doubt is built.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub async fn build_unless_done(
        &self,
        spec: &BuildSpec,
        memory: &BuildMemory,
        credentials: Arc<dyn CredentialSource>,
        progress: &Progress,
    ) -> Result<(BuiltImage, bool), BuildError> {
        let Some(inquiry) = self.inquire(spec, memory).await else {
            return Ok((self.build(spec, credentials, progress).await?, false));
        };
        if let Some(platform) = inquiry.done(self).await {
            progress.detail("nothing that the image is made of has changed since it was built");
            return Ok((BuiltImage { name: spec.name.clone(), platforms: vec![platform] }, true));
        }
        let before = join(inquiry.contents(), inquiry.images_before(self)).await;
        let (built, loaded) = self.build_told(spec, credentials, progress).await?;
        if let ((Some(contents), images), [image]) = (before, built.platforms.as_slice())
            && inquiry.remember(self, contents, &images, &loaded, image).await.is_none()
        {
            progress.detail("the next build will ask the engine again: what this one was made of is not certain");
        }
        Ok((built, false))
    }

    /// `None` where the engine has to be asked in any case.
    async fn inquire(&self, spec: &BuildSpec, memory: &BuildMemory) -> Option<Inquiry> {
        let info = self.describe();
        if spec.no_cache || spec.pull || spec.platforms.len() > 1 || !info.buildkit || info.kind != EngineKind::Docker {
            return None;
        }
        let (spec, memory, version) = (spec.clone(), memory.clone(), info.version.clone());
        tokio::task::spawn_blocking(move || Inquiry::look(&spec, memory, &version)).await.ok()?
    }

    /// The ids of images; those that the engine does not have are left out.
    async fn ids(&self, names: impl IntoIterator<Item = &String>) -> Ids {
        let ask = async |name: &String| Some((name.clone(), self.inspect(name).await.ok()??.id));
        join_all(names.into_iter().map(ask)).await.into_iter().flatten().collect()
    }
}

impl Inquiry {
    fn look(spec: &BuildSpec, memory: BuildMemory, version: &str) -> Option<Self> {
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_nanos()).ok()?;
        // What is wrong with the input is told by the build.
        let prepared = prepare(spec).ok()?;
        let inputs = Inputs::read(spec, &prepared).ok()?;
        let named = Named::read(&inputs.dockerfile)?;
        let ignore = prepared.ignore.as_ref().map(|ignore| ignore.text.as_slice());
        let settings = settings(spec, &inputs, ignore, version);
        let place = Place { context: spec.context.clone(), filter: prepared.filter(), now };
        let (app, tag) = (spec.name.clone(), spec.tag.clone());
        let last = memory.find(&app, &settings);
        let listing = place.list()?;
        Some(Self { app, tag, memory, settings, named, place, listing, last })
    }

    /// The image, if the last build made it of just this.
    async fn done(&self, engine: &Engine) -> Option<PlatformImage> {
        let last = self.last.as_ref().filter(|last| last.confirmed && last.listing == self.listing.digest)?;
        let (context, recent) = (self.place.context.clone(), last.recent.clone());
        let is_same =
            move || recent.iter().all(|(path, digest)| digest_of(&context, path).is_ok_and(|now| now == *digest));
        let identity = engine.identity()?;
        let questions = join(self.image(engine, &last.image), engine.ids(last.images.keys()));
        let ((image, ids), is_same) = join(questions, tokio::task::spawn_blocking(is_same)).await;
        let (image, is_named) = image?;
        let is_fixed = !identity.asks_registries || self.named.is_pinned();
        let is_done =
            is_same.ok()? && is_fixed && identity.id == last.engine && image.id == last.image && ids == last.images;
        if is_done && !is_named {
            engine.tag(&image.id, &self.tag).await.ok()?;
        }
        is_done.then_some(PlatformImage { platform: image.platform, id: image.id })
    }

    /// The image that the last build made, and whether it has the app's tag. It may have had another
    /// when it was built, e.g. the commit before.
    async fn image(&self, engine: &Engine, id: &str) -> Option<(ImageInfo, bool)> {
        match engine.inspect(&self.tag).await.ok()? {
            Some(image) if image.id == id => Some((image, true)),
            _ => Some((engine.inspect(id).await.ok()??, false)),
        }
    }

    /// The digests of the files that changed a moment ago; `None` where it would take too long.
    async fn contents(&self) -> Option<BTreeMap<String, String>> {
        let (context, listing) = (self.place.context.clone(), self.listing.clone());
        tokio::task::spawn_blocking(move || listing.recent_contents(&context)).await.ok()?.ok()?
    }

    /// The images that the build will probably come from.
    async fn images_before(&self, engine: &Engine) -> Ids {
        let before = self.last.iter().flat_map(|last| last.images.keys());
        let names: std::collections::BTreeSet<&String> = self.named.images.iter().chain(before).collect();
        engine.ids(names).await
    }

    /// Keeps what the build was made of, if that is certain.
    async fn remember(
        self,
        engine: &Engine,
        recent: BTreeMap<String, String>,
        before: &Ids,
        loaded: &Loaded,
        built: &PlatformImage,
    ) -> Option<()> {
        let names = loaded.images(&self.named)?;
        let identity = engine.identity()?.clone();
        if identity.asks_registries && !self.named.is_pinned() {
            return None;
        }
        let mut images = Ids::new();
        for (name, image) in names.iter().zip(join_all(names.iter().map(|name| engine.inspect(name))).await) {
            let image = image.ok()??;
            // What a base image makes its children do is not in the Dockerfile, and an image for
            // another platform is not the one that was taken.
            if image.has_triggers || !is_for(&image, &built.platform) {
                return None;
            }
            images.insert(name.clone(), image.id);
        }
        let is_known = |(name, id): (&String, &String)| before.get(name).map(|before| before == id);
        let confirmed = match images.iter().map(is_known).collect::<Option<Vec<bool>>>() {
            Some(same) if same.contains(&false) => return None,
            Some(_) => true,
            None => false,
        };
        let image = built.id.clone();
        let keep = move || {
            let now = self.place.list()?;
            if now != self.listing || now.recent_contents(&self.place.context).ok()?? != recent {
                return None;
            }
            let (settings, listing, engine) = (self.settings, now.digest, identity.id);
            self.memory.keep(&self.app, Record { settings, listing, recent, images, confirmed, engine, image });
            Some(())
        };
        tokio::task::spawn_blocking(keep).await.ok()?
    }
}

impl Place {
    fn list(&self) -> Option<Listing> {
        Listing::take(&self.context, self.filter.clone(), self.now).ok()
    }
}

/// Everything that decides what is built, but the files of the context and the images that the
/// Dockerfile names. What it is called afterwards is not of it. A secret's value is not in it: builders leave it out as well.
fn settings(spec: &BuildSpec, inputs: &Inputs, ignore: Option<&[String]>, version: &str) -> String {
    let BuildSpec {
        name,
        context,
        project,
        dockerfile,
        target,
        build_args,
        build_secrets,
        platforms,
        labels,
        cache_from,
        no_cache,
        pull,
        tag: _,
        network,
        is_checked: _,
        redactor: _,
    } = spec;
    let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let all = json!([
        [name, context, project, dockerfile, target, network, version],
        [build_args, labels],
        build_secrets.keys().collect::<Vec<_>>(),
        [platforms, cache_from],
        [no_cache, pull],
        [inputs.name, hex(&inputs.dockerfile)],
        ignore,
        inputs.ignore.as_ref().map(|(name, content)| [name.clone(), hex(content)]),
    ]);
    hex(all.to_string().as_bytes())
}

/// Whether an engine takes an image for a build for a platform, or looks for another in a registry.
fn is_for(image: &ImageInfo, platform: &str) -> bool {
    let parts = |platform: &str| {
        let mut parts = platform.split('/').map(str::to_owned);
        (parts.next(), parts.next(), parts.next())
    };
    let (own, wanted) = (parts(&image.platform), parts(platform));
    // `arm64` and `arm64/v8` are the same; the variants of `arm` are not.
    own.0 == wanted.0 && own.1 == wanted.1 && (own.1.as_deref() != Some("arm") || own.2 == wanted.2)
}
