//! How a blob comes into a repository: it is there, it is mounted, or it is uploaded.

use super::error::ErrorKind;
use super::registry::Inner;
use super::transport::{Call, Scopes};
use super::upload::Upload;
use super::{Blob, BlobOutcome, Digest, Error, Registry, Repository};
use crate::util::{Progress, Unit};
use reqwest::{Method, StatusCode};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// From how many repositories a blob is tried to be taken over before it is uploaded.
const MOUNTS: usize = 3;

/// What this process knows of the blobs of one registry.
#[derive(Debug, Default)]
pub(super) struct BlobBook(Mutex<BTreeMap<Digest, Entry>>);

#[derive(Debug, Default)]
struct Entry {
    /// One at a time brings a blob; the others then mount what it brought.
    turn: Arc<tokio::sync::Mutex<()>>,
    holders: BTreeSet<Repository>,
}

impl BlobBook {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Digest, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn turn(&self, digest: &Digest) -> Arc<tokio::sync::Mutex<()>> {
        self.lock().entry(digest.clone()).or_default().turn.clone()
    }

    fn holders(&self, digest: &Digest) -> BTreeSet<Repository> {
        self.lock().get(digest).map(|entry| entry.holders.clone()).unwrap_or_default()
    }

    fn add(&self, digest: &Digest, repository: &Repository) {
        self.lock().entry(digest.clone()).or_default().holders.insert(repository.clone());
    }

    fn remove(&self, digest: &Digest, repository: &Repository) {
        self.lock().entry(digest.clone()).or_default().holders.remove(repository);
    }
}

/// What came of asking for a mount.
enum Mount {
    Done,
    /// An upload was opened instead.
    Session(Url),
    No,
}

/// How a blob came into a repository, and from which other one.
struct Brought {
    outcome: BlobOutcome,
    from: Option<Repository>,
}

impl From<BlobOutcome> for Brought {
    fn from(outcome: BlobOutcome) -> Self {
        Self { outcome, from: None }
    }
}

impl Registry {
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
        self.with_task(repository, blob, progress, self.bring(repository, blob, progress)).await
    }

    /// Uploads a blob without asking whether it is there: for a registry that lied about it
    /// ([`Error::missing_blobs`]).
    pub async fn upload_blob(
        &self,
        repository: &Repository,
        blob: &Blob,
        progress: &Progress,
    ) -> Result<BlobOutcome, Error> {
        let uploaded = async {
            let turn = self.book().turn(&blob.digest);
            let _turn = turn.lock().await;
            self.book().remove(&blob.digest, repository);
            Ok(self.upload(repository, blob, None, progress).await?.into())
        };
        self.with_task(repository, blob, progress, uploaded).await
    }

    pub async fn has_blob(&self, repository: &Repository, digest: &Digest, progress: &Progress) -> Result<bool, Error> {
        let what = format!("look for blob {} in {}", digest.short(), self.place(repository));
        self.head_blob(repository, digest, progress).await.map_err(|error| error.while_doing(&what))
    }

    /// Takes the blob over from one of `others`, repositories of this registry, and says from which.
    /// `None` where the registry has it in none of them, or does not let us.
    pub async fn mount_blob(
        &self,
        repository: &Repository,
        digest: &Digest,
        others: &[Repository],
        progress: &Progress,
    ) -> Result<Option<Repository>, Error> {
        let what = format!("mount blob {} into {}", digest.short(), self.place(repository));
        for other in others.iter().filter(|other| *other != repository) {
            match self.try_mount(repository, digest, other, progress).await.map_err(|error| error.while_doing(&what))? {
                Mount::Done => return Ok(Some(other.clone())),
                Mount::Session(session) => drop(Session::new(self, repository, session)),
                Mount::No => {}
            }
        }
        Ok(None)
    }

    async fn with_task(
        &self,
        repository: &Repository,
        blob: &Blob,
        progress: &Progress,
        work: impl Future<Output = Result<Brought, Error>>,
    ) -> Result<BlobOutcome, Error> {
        let digest = &blob.digest;
        progress.start(digest.as_str(), digest.short(), Unit::Bytes, Some(blob.size));
        let outcome = work
            .await
            .map_err(|error| error.while_doing(&format!("push blob {} to {}", digest.short(), self.place(repository))));
        let note = match &outcome {
            Ok(Brought { from: Some(from), .. }) => Some(format!("mounted from {from}")),
            Ok(Brought { outcome: BlobOutcome::AlreadyThere, .. }) => Some("already there".to_owned()),
            Ok(_) => None,
            Err(_) => Some("failed".to_owned()),
        };
        progress.finish(digest.as_str(), note);
        Ok(outcome?.outcome)
    }

    async fn bring(&self, repository: &Repository, blob: &Blob, progress: &Progress) -> Result<Brought, Error> {
        let digest = &blob.digest;
        if self.book().holders(digest).contains(repository) {
            return Ok(BlobOutcome::AlreadyThere.into());
        }
        let turn = self.book().turn(digest);
        let _turn = turn.lock().await;
        if self.book().holders(digest).contains(repository) || self.head_blob(repository, digest, progress).await? {
            return Ok(BlobOutcome::AlreadyThere.into());
        }
        let mut session = None;
        for other in self.book().holders(digest).into_iter().take(MOUNTS) {
            match self.try_mount(repository, digest, &other, progress).await? {
                Mount::Done => return Ok(Brought { outcome: BlobOutcome::Mounted, from: Some(other) }),
                Mount::Session(url) => {
                    session = Some(url);
                    break;
                }
                Mount::No => {}
            }
        }
        Ok(self.upload(repository, blob, session, progress).await?.into())
    }

    pub(super) async fn head_blob(
        &self,
        repository: &Repository,
        digest: &Digest,
        progress: &Progress,
    ) -> Result<bool, Error> {
        let url = self.url(&format!("{repository}/blobs/{digest}"), progress).await?;
        let answer = self.send(&Call::new(Method::HEAD, url, Scopes::pull(repository), progress)).await?;
        match answer.status {
            StatusCode::NOT_FOUND => Ok(false),
            StatusCode::OK => {
                self.book().add(digest, repository);
                Ok(true)
            }
            _ => Err(self.transport().unexpected(&answer)),
        }
    }

    async fn try_mount(
        &self,
        repository: &Repository,
        digest: &Digest,
        other: &Repository,
        progress: &Progress,
    ) -> Result<Mount, Error> {
        let mut url = self.url(&format!("{repository}/blobs/uploads/"), progress).await?;
        url.query_pairs_mut().append_pair("mount", digest.as_str()).append_pair("from", other.as_str());
        let scopes = Scopes::push(repository).and(other, &["pull"]);
        let answer = match self.send(&Call::new(Method::POST, url, scopes, progress)).await {
            Ok(answer) => answer,
            // Not allowed to read there, or to mount at all: uploading may still be.
            Err(error) if error.kind == ErrorKind::Credentials => return Ok(Mount::No),
            Err(error) => return Err(error),
        };
        match answer.status {
            StatusCode::CREATED => {
                super::manifest::check_header(&answer, digest, "mounted")?;
                self.book().add(digest, repository);
                Ok(Mount::Done)
            }
            StatusCode::ACCEPTED => self.session_url(&answer).map(Mount::Session),
            _ => Ok(Mount::No),
        }
    }

    async fn upload(
        &self,
        repository: &Repository,
        blob: &Blob,
        session: Option<Url>,
        progress: &Progress,
    ) -> Result<BlobOutcome, Error> {
        let sent = Upload::new(self, repository, blob, progress).run(session).await?;
        self.book().add(&blob.digest, repository);
        Ok(BlobOutcome::Uploaded { sent })
    }

    fn book(&self) -> &BlobBook {
        &self.inner().blobs
    }
}

/// An open upload. Dropped without [`disarm`](Self::disarm) it is deleted at the registry, in the
/// background.
pub(super) struct Session {
    inner: Arc<Inner>,
    scopes: Scopes,
    url: Option<Url>,
}

impl Session {
    pub(super) fn new(registry: &Registry, repository: &Repository, url: Url) -> Self {
        Self { inner: registry.inner().clone(), scopes: Scopes::push(repository), url: Some(url) }
    }

    pub(super) fn disarm(mut self) {
        self.url = None;
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some(url) = self.url.take() else { return };
        // Without a runtime there is no background; registries drop old uploads themselves.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (inner, scopes) = (self.inner.clone(), self.scopes.clone());
        self.inner.cleaning.spawn_on(
            async move {
                let progress = Progress::none();
                // Best effort, once.
                let _ = inner.transport.attempt(&Call::new(Method::DELETE, url, scopes, &progress)).await;
            },
            &runtime,
        );
    }
}
