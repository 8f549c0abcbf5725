//! The operations of a registry that shipit needs.

use super::{Blob, BlobOutcome, Descriptor, Digest, Endpoint, Error, Repository};
use crate::util::{Progress, Secret};
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;

/// Everything that all registries of a run share: connections, TLS, bounds, clean-up of uploads.
#[derive(Clone)]
pub struct Client(Arc<ClientOptions>);

#[derive(Clone, Debug)]
pub struct ClientOptions {
    pub user_agent: String,
    /// Uploads at once to one host (R8 of the fault rules: 4).
    pub uploads_per_host: usize,
    pub connect_timeout: Duration,
    /// The longest silence in either direction.
    pub idle_timeout: Duration,
    /// Tries of one request.
    pub tries: u32,
    /// The most that one image may wait altogether.
    pub wait_budget: Duration,
}

/// One registry: an endpoint and how to sign in to it.
#[derive(Clone)]
pub struct Registry(Arc<(Client, RegistryOptions)>);

#[derive(Clone, Debug)]
pub struct RegistryOptions {
    pub endpoint: Endpoint,
    pub login: Login,
    pub insecure: bool,
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
    pub fn new(options: ClientOptions) -> Result<Self, Error> {
        let _ = options;
        todo!()
    }

    pub fn registry(&self, options: RegistryOptions) -> Registry {
        let _ = options;
        todo!()
    }

    /// Waits for the clean-up of cancelled uploads, at most `limit`.
    pub async fn close(&self, limit: Duration) {
        let _ = limit;
        todo!()
    }
}

impl Registry {
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.1.endpoint
    }

    /// Gets and checks credentials for pushing to `repositories`, without pushing.
    pub async fn sign_in(&self, repositories: &[Repository], progress: &Progress) -> Result<(), Error> {
        let _ = (repositories, progress);
        todo!()
    }

    /// The manifest's descriptor, or `None` where the registry answers 404 (and only then).
    pub async fn manifest_descriptor(
        &self,
        repository: &Repository,
        reference: &str,
        progress: &Progress,
    ) -> Result<Option<Descriptor>, Error> {
        let _ = (repository, reference, progress);
        todo!()
    }

    pub async fn pull_manifest(
        &self,
        repository: &Repository,
        reference: &str,
        progress: &Progress,
    ) -> Result<ManifestContent, Error> {
        let _ = (repository, reference, progress);
        todo!()
    }

    /// Opens a blob for reading from `offset`; the reader fails at its end if the digest is another.
    pub async fn pull_blob(
        &self,
        repository: &Repository,
        descriptor: &Descriptor,
        offset: u64,
        progress: &Progress,
    ) -> Result<Box<dyn tokio::io::AsyncRead + Send + Unpin>, Error> {
        let _ = (repository, descriptor, offset, progress);
        todo!()
    }

    pub async fn has_blob(&self, repository: &Repository, digest: &Digest, progress: &Progress) -> Result<bool, Error> {
        let _ = (repository, digest, progress);
        todo!()
    }

    /// Takes the blob over from one of `others`, repositories of this registry. `false` where the
    /// registry has it in none of them.
    pub async fn mount_blob(
        &self,
        repository: &Repository,
        digest: &Digest,
        others: &[Repository],
        progress: &Progress,
    ) -> Result<bool, Error> {
        let _ = (repository, digest, others, progress);
        todo!()
    }

    /// Brings a blob into a repository in the cheapest way: it is there, it is mounted from one
    /// that this process knows to have it, it is uploaded. One upload of a digest at a time per
    /// registry: who asks for it meanwhile, for another repository, waits and mounts.
    /// Reports a task named by the digest to `progress`.
    pub async fn push_blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        progress: &Progress,
    ) -> Result<BlobOutcome, Error> {
        let _ = (repository, blob, progress);
        todo!()
    }

    /// Puts a manifest under a tag or a digest; the registry's digest is compared with ours.
    pub async fn push_manifest(
        &self,
        repository: &Repository,
        reference: &str,
        media_type: &str,
        bytes: Bytes,
        progress: &Progress,
    ) -> Result<Digest, Error> {
        let _ = (repository, reference, media_type, bytes, progress);
        todo!()
    }
}
