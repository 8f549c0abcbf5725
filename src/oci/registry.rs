//! The operations of a registry that shipit needs: who does them, and for all registries of a run
//! together. The work is in `push`, `pull` and `manifest`.

use super::book::BlobBook;
use super::transport::{Call, Gates, Http, Scopes, Transport};
use super::{Descriptor, Endpoint, Error, Repository};
use crate::util::retry::WaitBudget;
use crate::util::{Progress, Secret};
use bytes::Bytes;
use reqwest::Method;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::task::TaskTracker;
use url::Url;

/// Everything that all registries of a run share: connections, TLS, bounds, clean-up of uploads.
#[derive(Clone, Debug)]
pub struct Client(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: ClientOptions,
    http: Arc<Http>,
    gates: Arc<Gates>,
    cleaning: TaskTracker,
}

#[derive(Clone, Debug)]
pub struct ClientOptions {
    pub user_agent: String,
    /// Requests at once to one host (R8 of the fault rules: 4).
    pub uploads_per_host: usize,
    pub connect_timeout: Duration,
    /// The longest silence in either direction.
    pub idle_timeout: Duration,
    /// Tries of one request.
    pub tries: u32,
    /// The most that one image may wait altogether.
    pub wait_budget: Duration,
    /// The wait after a first failure, which doubles.
    pub first_wait: Duration,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            user_agent: concat!("shipit/", env!("CARGO_PKG_VERSION")).to_owned(),
            uploads_per_host: 4,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            tries: 6,
            wait_budget: Duration::from_secs(300),
            first_wait: Duration::from_millis(500),
        }
    }
}

/// One registry: an endpoint and how to sign in to it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Registry {
    inner: Arc<Inner>,
    /// Shared by what belongs to one image; each operation has its own where there is none.
    budget: Option<Arc<WaitBudget>>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) transport: Transport,
    pub(super) cleaning: TaskTracker,
    pub(super) blobs: BlobBook,
}

#[derive(Clone, Debug)]
pub struct RegistryOptions {
    pub endpoint: Endpoint,
    pub login: Login,
    /// Any certificate is accepted, and plain HTTP where the registry does not speak TLS.
    pub insecure: bool,
    /// Hosts (`host` or `host:port`) that may be asked for tokens though they are not of the
    /// registry's domain, and that may have private addresses.
    pub trust_realms: Vec<String>,
}

/// What a registry is signed in to with, and where that came from (for messages).
#[derive(Clone, Debug)]
pub enum Login {
    Anonymous,
    Password {
        username: String,
        password: Secret,
        origin: String,
    },
    /// An OAuth2 refresh token (`identitytoken` of Docker's `config.json`).
    IdentityToken {
        token: Secret,
        origin: String,
    },
}

/// A manifest as the registry has it, byte for byte.
#[derive(Clone, Debug)]
pub struct ManifestContent {
    pub descriptor: Descriptor,
    pub bytes: Bytes,
}

impl Client {
    /// Fails never today; TLS is set up when it is first needed.
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        let http = Arc::new(Http::new(options.user_agent.clone(), options.connect_timeout));
        let gates = Arc::new(Gates::new(options.uploads_per_host));
        Ok(Self(Arc::new(Shared { options, http, gates, cleaning: TaskTracker::new() })))
    }

    pub fn registry(&self, options: RegistryOptions) -> Registry {
        let Shared { options: client, http, gates, cleaning } = &*self.0;
        let transport = Transport::new(options, http.clone(), gates.clone(), client);
        let inner = Inner { transport, cleaning: cleaning.clone(), blobs: BlobBook::default() };
        Registry { inner: Arc::new(inner), budget: None }
    }

    /// Waits for the clean-up of cancelled uploads, at most `limit`.
    pub async fn close(&self, limit: Duration) {
        self.0.cleaning.close();
        // What is not cleaned up by then, registries drop themselves after some days.
        let _ = tokio::time::timeout(limit, self.0.cleaning.wait()).await;
    }
}

impl Registry {
    pub fn endpoint(&self) -> &Endpoint {
        &self.transport().options().endpoint
    }

    /// The same registry for one image: all that is done through it may wait
    /// [`wait_budget`](ClientOptions::wait_budget) together, waits at the same time counted once.
    pub fn for_image(&self) -> Self {
        Self { inner: self.inner.clone(), budget: Some(self.transport().wait_budget()) }
    }

    /// Gets and checks credentials for pushing to `repositories`, without pushing.
    ///
    /// Asks for tokens of the first 16 only; the others get theirs when they are pushed to.
    pub async fn sign_in(&self, repositories: &[Repository], progress: &Progress) -> Result<(), Error> {
        let what = format!("sign in to `{}`", self.endpoint());
        let scopes = repositories
            .iter()
            .take(16)
            .fold(Scopes::default(), |scopes, repository| scopes.and(repository, &["pull", "push"]));
        let signed_in = async {
            if self.transport().is_open(progress).await? {
                return Ok(());
            }
            let url = self.url("", progress).await?;
            let answer = self.send(&Call::new(Method::GET, url, scopes, progress)).await?;
            if answer.status.is_success() { Ok(()) } else { Err(self.transport().unexpected(&answer)) }
        };
        signed_in.await.map_err(|error: Error| error.while_doing(&what))
    }

    pub(super) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.inner.transport
    }

    pub(super) fn budget(&self) -> Arc<WaitBudget> {
        self.budget.clone().unwrap_or_else(|| self.transport().wait_budget())
    }

    pub(super) async fn send(&self, call: &Call<'_>) -> Result<super::transport::Answer, Error> {
        self.transport().send(call, &self.budget()).await
    }

    /// `…/v2/{path}`
    pub(super) async fn url(&self, path: &str, progress: &Progress) -> Result<Url, Error> {
        let base = self.transport().base(progress).await?;
        base.join(&format!("/v2/{path}")).map_err(|_| {
            Error::permanent(
                super::ErrorKind::Protocol,
                format!("`/v2/{}` is no path of a URL", super::error::excerpt(path)),
            )
        })
    }

    /// How messages call a repository.
    pub(super) fn place(&self, repository: &Repository) -> String {
        format!("`{}/{repository}`", self.endpoint())
    }
}
