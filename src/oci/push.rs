//! How a blob comes into a repository: it is there, it is mounted, or it is uploaded.

use super::book::BlobBook;
use super::error::ErrorKind;
use super::registry::Inner;
use super::transport::{Call, Scopes};
use super::upload::Upload;
use super::{Blob, BlobOutcome, Digest, Error, Registry, Repository};
use crate::util::{Progress, Unit};
use reqwest::{Method, StatusCode};
use std::sync::Arc;
use url::Url;

/// From how many repositories a blob is tried to be taken over before it is uploaded.
const MOUNTS: usize = 3;

/// What came of asking for a mount.
enum Mount {
    Done,
    /// An upload was opened instead.
    Session(Session),
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
                Mount::Session(_) | Mount::No => {}
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
        if self.book().holders(digest).contains(repository) {
            return Ok(BlobOutcome::AlreadyThere.into());
        }
        let mut opened = None;
        // Where it is taken over, nothing else has to be asked.
        for other in self.book().holders(digest).into_iter().take(MOUNTS) {
            match self.try_mount(repository, digest, &other, progress).await? {
                Mount::Done => return Ok(Brought { outcome: BlobOutcome::Mounted, from: Some(other) }),
                Mount::Session(session) => {
                    opened = Some(session);
                    break;
                }
                Mount::No => {}
            }
        }
        let mut is_absent = self.book().is_absent(digest, repository);
        if !is_absent && opened.is_none() && self.book().tells_by_mounts() {
            match self.try_mount(repository, digest, repository, progress).await? {
                Mount::Done => return Ok(BlobOutcome::AlreadyThere.into()),
                Mount::Session(session) => (opened, is_absent) = (Some(session), true),
                Mount::No => {}
            }
        }
        if !is_absent && self.head_blob(repository, digest, progress).await? {
            return Ok(BlobOutcome::AlreadyThere.into());
        }
        let outcome = self.upload(repository, blob, opened, progress).await?;
        if self.book().wants_to_know() {
            self.learn(repository, digest, progress).await;
        }
        Ok(outcome.into())
    }

    /// Finds out whether the registry tells of a blob that is there by mounting it from its own
    /// repository, with one that is there.
    async fn learn(&self, repository: &Repository, digest: &Digest, progress: &Progress) {
        let Ok(call) = self.mount(repository, digest, repository, progress).await else { return };
        // Nothing depends on it: it is asked once.
        let Ok(answer) = self.transport().attempt(&call).await else { return };
        match answer.status {
            StatusCode::CREATED => self.book().learned_that_mounts_tell(),
            // It opened an upload, which is taken back.
            StatusCode::ACCEPTED => drop(self.session_url(&answer).map(|url| Session::new(self, repository, url))),
            _ => {}
        }
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
            StatusCode::NOT_FOUND => {
                self.book().lacks(digest, repository);
                Ok(false)
            }
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
        let call = self.mount(repository, digest, other, progress).await?;
        let answer = match self.send(&call).await {
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
            StatusCode::ACCEPTED => Ok(Mount::Session(Session::new(self, repository, self.session_url(&answer)?))),
            _ => Ok(Mount::No),
        }
    }

    async fn mount<'a>(
        &self,
        repository: &Repository,
        digest: &Digest,
        other: &Repository,
        progress: &'a Progress,
    ) -> Result<Call<'a>, Error> {
        let mut url = self.url(&format!("{repository}/blobs/uploads/"), progress).await?;
        url.query_pairs_mut().append_pair("mount", digest.as_str()).append_pair("from", other.as_str());
        let scopes = Scopes::push(repository).and(other, &["pull"]);
        Ok(Call::new(Method::POST, url, scopes, progress))
    }

    async fn upload(
        &self,
        repository: &Repository,
        blob: &Blob,
        opened: Option<Session>,
        progress: &Progress,
    ) -> Result<BlobOutcome, Error> {
        let sent = Upload::new(self, repository, blob, progress).run(opened).await?;
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

    /// Hands it over to somebody who deletes it.
    pub(super) fn into_url(mut self) -> Option<Url> {
        self.url.take()
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
