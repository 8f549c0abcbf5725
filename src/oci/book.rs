//! What this process knows of the blobs of one registry: where they are, where they are not, whose
//! turn it is to bring one. Asks nobody.

use super::{Digest, Repository};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long an answer that a blob is not there is believed: others may push as well.
const ABSENCE: Duration = Duration::from_secs(10);
/// So many blobs that were not there make it worth a request to find out how to ask with fewer.
const ENOUGH: u32 = 4;

#[derive(Debug, Default)]
pub(super) struct BlobBook(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    entries: BTreeMap<Digest, Entry>,
    own_mounts: OwnMounts,
    /// How often a blob was asked for and was not there.
    lacking: u32,
}

/// Whether a registry tells of a blob that is there by mounting it from its own repository; then one
/// request asks for it and opens the upload. Not all do: some only take over what is elsewhere, and
/// open an upload of what is there as well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum OwnMounts {
    #[default]
    Unknown,
    /// It was asked, and has not said so.
    Asked,
    Tell,
}

#[derive(Debug, Default)]
struct Entry {
    /// One at a time brings a blob; the others then mount what it brought.
    turn: Arc<tokio::sync::Mutex<()>>,
    holders: BTreeSet<Repository>,
    /// Repositories that said that they do not have it, and when.
    lacking: BTreeMap<Repository, Instant>,
}

impl BlobBook {
    fn lock(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn turn(&self, digest: &Digest) -> Arc<tokio::sync::Mutex<()>> {
        self.lock().entries.entry(digest.clone()).or_default().turn.clone()
    }

    pub(super) fn holders(&self, digest: &Digest) -> BTreeSet<Repository> {
        self.lock().entries.get(digest).map(|entry| entry.holders.clone()).unwrap_or_default()
    }

    pub(super) fn add(&self, digest: &Digest, repository: &Repository) {
        self.lock().entries.entry(digest.clone()).or_default().holders.insert(repository.clone());
    }

    pub(super) fn remove(&self, digest: &Digest, repository: &Repository) {
        self.lock().entries.entry(digest.clone()).or_default().holders.remove(repository);
    }

    pub(super) fn lacks(&self, digest: &Digest, repository: &Repository) {
        let mut book = self.lock();
        book.lacking += 1;
        book.entries.entry(digest.clone()).or_default().lacking.insert(repository.clone(), Instant::now());
    }

    /// Whether the registry said a moment ago that the repository does not have it.
    pub(super) fn is_absent(&self, digest: &Digest, repository: &Repository) -> bool {
        let book = self.lock();
        let said = book.entries.get(digest).and_then(|entry| entry.lacking.get(repository));
        said.is_some_and(|said| said.elapsed() < ABSENCE)
    }

    pub(super) fn tells_by_mounts(&self) -> bool {
        self.lock().own_mounts == OwnMounts::Tell
    }

    /// Whether it is time to find out if the registry tells by mounts; `true` only once.
    pub(super) fn wants_to_know(&self) -> bool {
        let mut book = self.lock();
        let is_time = book.lacking >= ENOUGH && book.own_mounts == OwnMounts::Unknown;
        if is_time {
            book.own_mounts = OwnMounts::Asked;
        }
        is_time
    }

    pub(super) fn learned_that_mounts_tell(&self) {
        self.lock().own_mounts = OwnMounts::Tell;
    }
}
