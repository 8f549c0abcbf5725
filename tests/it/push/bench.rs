//! What every test of this area sets up: an engine, registries, a cache folder.

use super::archives::{Form, Image, save};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt as _, stream};
use shipit::image::engine::storage::Storage;
use shipit::image::push::{Destination, ImageStore, PushError, Pushed, Pusher, SaveStream};
use shipit::image::{BuiltImage, PlatformImage};
use shipit::oci::server::Server;
use shipit::oci::{Client, ClientOptions, Descriptor, Digest, Login, Registry, RegistryOptions, Repository};
use shipit::util::Progress;
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio_util::sync::CancellationToken;

/// An engine's images; what it sends is made as the engine of that form makes it.
pub(super) struct Engine {
    pub(super) form: Form,
    pub(super) images: BTreeMap<String, Image>,
    /// The ids of every export.
    pub(super) exports: Mutex<Vec<Vec<String>>>,
    /// Sent in place of the real archive.
    pub(super) instead: Option<Vec<u8>>,
    /// The folder that it keeps its images in.
    pub(super) storage: Option<Storage>,
}

impl Engine {
    pub(super) fn new(form: Form, images: &[&Image]) -> Self {
        let images = images.iter().map(|image| (image.id().to_string(), (*image).clone())).collect();
        Self { form, images, exports: Mutex::default(), instead: None, storage: None }
    }

    pub(super) fn exports(&self) -> Vec<Vec<String>> {
        self.exports.lock().unwrap().clone()
    }
}

impl ImageStore for Engine {
    fn diff_ids<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Vec<Digest>, PushError>> {
        Box::pin(async move { Ok(self.images[id].diff_ids()) })
    }

    fn export<'a>(&'a self, ids: &'a [String]) -> BoxFuture<'a, Result<SaveStream, PushError>> {
        self.exports.lock().unwrap().push(ids.to_vec());
        let images: Vec<&Image> = ids.iter().map(|id| &self.images[id]).collect();
        let bytes = Bytes::from(self.instead.clone().unwrap_or_else(|| save(self.form, &images)));
        let pieces: Vec<io::Result<Bytes>> =
            (0..bytes.len()).step_by(50_000).map(|at| Ok(bytes.slice(at..bytes.len().min(at + 50_000)))).collect();
        Box::pin(async move {
            let stream: SaveStream = stream::iter(pieces).boxed();
            Ok(stream)
        })
    }

    fn storage(&self) -> BoxFuture<'_, Result<Storage, String>> {
        let storage = self.storage.clone().ok_or_else(|| "it is far away".to_owned());
        Box::pin(async { storage })
    }
}

/// A registry on loopback and a folder for a cache.
pub(super) struct Bench {
    pub(super) cache: TempDir,
    _storage: TempDir,
    _shutdown: tokio_util::sync::DropGuard,
    client: Client,
    pub(super) registry: Registry,
}

impl Bench {
    pub(super) async fn start() -> Self {
        let storage = TempDir::new().unwrap();
        let (server, shutdown) = start_server(&storage);
        let options = ClientOptions { tries: 2, first_wait: Duration::from_millis(10), ..ClientOptions::default() };
        let client = Client::new(options).unwrap();
        let registry = client.registry(anonymous(&server));
        let (_storage, _shutdown) = (storage, shutdown.drop_guard());
        Self { cache: TempDir::new().unwrap(), _storage, _shutdown, client, registry }
    }

    /// A registry where nobody listens.
    pub(super) fn dead_registry(&self) -> Registry {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        self.registry_at(&listener.local_addr().unwrap().to_string())
    }

    pub(super) fn registry_at(&self, endpoint: &str) -> Registry {
        self.client.registry(anonymous(endpoint))
    }

    pub(super) fn destination(&self, repository: &str, tags: &[&str]) -> Destination {
        destination(&self.registry, repository, tags)
    }

    /// A new run: nothing is known but what is in the cache folder.
    pub(super) fn pusher(&self, engine: &Arc<Engine>) -> Pusher {
        Pusher::new(Arc::clone(engine) as Arc<dyn ImageStore>, self.cache.path(), 2).unwrap()
    }

    pub(super) async fn push(&self, engine: &Arc<Engine>, image: &Image, repository: &str) -> Pushed {
        let destination = self.destination(repository, &["1", "latest"]);
        self.pusher(engine)
            .push(&built(&[("linux/amd64", image.id())]), &[destination], &Progress::none())
            .await
            .unwrap()
    }

    pub(super) async fn manifest(&self, repository: &str, reference: &str) -> (Descriptor, serde_json::Value) {
        let repository: Repository = repository.parse().unwrap();
        let manifest = self.registry.pull_manifest(&repository, reference, &Progress::none()).await.unwrap();
        (manifest.descriptor, serde_json::from_slice(&manifest.bytes).unwrap())
    }

    pub(super) async fn has(&self, repository: &str, reference: &str) -> bool {
        let repository: Repository = repository.parse().unwrap();
        self.registry.manifest_descriptor(&repository, reference, &Progress::none()).await.unwrap().is_some()
    }

    async fn blob(&self, repository: &str, described: &serde_json::Value) -> Vec<u8> {
        let repository: Repository = repository.parse().unwrap();
        let descriptor = Descriptor {
            media_type: described["mediaType"].as_str().unwrap().to_owned(),
            digest: described["digest"].as_str().unwrap().parse().unwrap(),
            size: described["size"].as_u64().unwrap(),
        };
        let mut reader = self.registry.pull_blob(&repository, &descriptor, 0, &Progress::none()).await.unwrap();
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).await.unwrap();
        assert_eq!(bytes.len() as u64, descriptor.size);
        bytes
    }

    /// What a puller gets is the image that the engine had.
    pub(super) async fn check(&self, repository: &str, reference: &str, image: &Image) {
        let (_, manifest) = self.manifest(repository, reference).await;
        assert_eq!(self.blob(repository, &manifest["config"]).await, image.config);
        let layers = manifest["layers"].as_array().unwrap();
        assert_eq!(layers.len(), image.layers.len());
        for (described, layer) in layers.iter().zip(&image.layers) {
            let packed = self.blob(repository, described).await;
            let mut tar = Vec::new();
            flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut tar).unwrap();
            assert!(tar == *layer, "a layer has other content");
        }
    }
}

fn start_server(storage: &TempDir) -> (String, CancellationToken) {
    let server = Server::bind(storage.path(), "127.0.0.1:0".parse().unwrap()).unwrap();
    let (address, shutdown) = (server.local_addr().to_string(), CancellationToken::new());
    tokio::spawn(server.serve(shutdown.clone()));
    (address, shutdown)
}

fn anonymous(endpoint: &str) -> RegistryOptions {
    RegistryOptions {
        endpoint: endpoint.parse().unwrap(),
        login: Login::Anonymous,
        insecure: false,
        trust_realms: Vec::new(),
    }
}

pub(super) fn destination(registry: &Registry, repository: &str, tags: &[&str]) -> Destination {
    Destination {
        registry: registry.clone(),
        repository: repository.parse().unwrap(),
        tags: tags.iter().map(|tag| tag.parse().unwrap()).collect(),
    }
}

/// The image for one platform, as a build leaves it.
pub(super) fn one(image: &Image) -> BuiltImage {
    built(&[("linux/amd64", image.id())])
}

pub(super) fn built(platforms: &[(&str, Digest)]) -> BuiltImage {
    let platforms =
        platforms.iter().map(|(platform, id)| PlatformImage { platform: (*platform).to_owned(), id: id.to_string() });
    BuiltImage { name: "api".to_owned(), platforms: platforms.collect() }
}
