//! Uploads: sessions that grow a file until it is the blob that it was to become.

use super::files::{self, explain};
use super::store::Storage;
use crate::oci::server::name::{Name, Sha256Digest, UploadId};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc::Receiver;

/// The sessions that this process has touched; others may lie on the disk from before.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<UploadId, Arc<tokio::sync::Mutex<Session>>>>);

/// One upload. Whoever holds its lock is the only one who writes to its file.
#[derive(Debug)]
pub(in crate::oci::server) struct Session {
    name: Name,
    id: UploadId,
    path: PathBuf,
    length: u64,
    /// Of the first `length` bytes, so that the end of an upload need not read them again.
    hasher: Sha256,
    /// Finished or given up: who waited for the lock finds nothing.
    closed: bool,
}

/// How an upload ended.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::oci::server) enum Finish {
    Stored,
    /// The content has another digest; the upload is gone.
    Mismatch(Sha256Digest),
}

impl Storage {
    pub(in crate::oci::server) fn start_upload(&self, name: &Name) -> io::Result<Arc<tokio::sync::Mutex<Session>>> {
        let id = UploadId::random();
        let path = self.layout.upload(name, &id);
        files::create_folder(&self.layout.uploads(name))?;
        files::private().write(true).create_new(true).open(&path).map_err(explain("create", &path))?;
        let session = Session { name: name.clone(), id, path, length: 0, hasher: Sha256::new(), closed: false };
        Ok(self.sessions.insert(session))
    }

    /// Finds a session of a repository, also one from before a restart.
    pub(in crate::oci::server) fn find_upload(
        &self,
        name: &Name,
        id: &UploadId,
    ) -> io::Result<Option<Arc<tokio::sync::Mutex<Session>>>> {
        let path = self.layout.upload(name, id);
        if !path.is_file() {
            return Ok(None);
        }
        if let Some(session) = self.sessions.get(id) {
            return Ok(Some(session));
        }
        let Some((length, hasher)) = files::present(hash(&path)).map_err(explain("read", &path))? else {
            return Ok(None);
        };
        let session = Session { name: name.clone(), id: id.clone(), path, length, hasher, closed: false };
        Ok(Some(self.sessions.insert(session)))
    }

    /// Makes the upload a blob of its repository, if it is what `digest` says.
    pub(in crate::oci::server) fn finish_upload(
        &self,
        session: &mut Session,
        digest: &Sha256Digest,
    ) -> io::Result<Finish> {
        let actual = Sha256Digest::of_hasher(session.hasher.clone());
        if actual != *digest {
            self.cancel_upload(session)?;
            return Ok(Finish::Mismatch(actual));
        }
        let target = self.layout.blob(digest);
        let stored = target.metadata().is_ok_and(|metadata| metadata.len() == session.length);
        if !stored {
            // Opened for writing: not every system syncs what was opened for reading.
            let sync = || File::options().append(true).open(&session.path)?.sync_all();
            sync().map_err(explain("sync", &session.path))?;
            files::move_into_place(&session.path, &target)?;
        }
        {
            let _changing = self.changing();
            self.link_blob(&session.name, digest)?;
        }
        self.cancel_upload(session)?;
        Ok(Finish::Stored)
    }

    /// Forgets an upload and what has come of it.
    pub(in crate::oci::server) fn cancel_upload(&self, session: &mut Session) -> io::Result<()> {
        session.closed = true;
        // The file first: who finds it must find this closed session with it.
        files::remove(&session.path)?;
        self.sessions.remove(&session.id);
        Ok(())
    }
}

impl Session {
    pub(in crate::oci::server) fn id(&self) -> &UploadId {
        &self.id
    }

    /// Bytes that have arrived.
    pub(in crate::oci::server) fn length(&self) -> u64 {
        self.length
    }

    pub(in crate::oci::server) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Appends what `chunks` brings, until it ends. What could not be written whole is not counted.
    pub(in crate::oci::server) fn append(&mut self, mut chunks: Receiver<Bytes>) -> io::Result<()> {
        let mut file = File::options().append(true).open(&self.path).map_err(explain("open", &self.path))?;
        while let Some(chunk) = chunks.blocking_recv() {
            if let Err(error) = file.write_all(&chunk) {
                // On a full disk this cannot fail: it only shortens the file.
                file.set_len(self.length).map_err(explain("shorten", &self.path))?;
                return Err(explain("write", &self.path)(error));
            }
            self.hasher.update(&chunk);
            self.length += chunk.len() as u64;
        }
        Ok(())
    }
}

impl Sessions {
    /// Adds a session, unless another request was quicker to find it on the disk.
    fn insert(&self, session: Session) -> Arc<tokio::sync::Mutex<Session>> {
        let id = session.id.clone();
        self.lock().entry(id).or_insert_with(|| Arc::new(tokio::sync::Mutex::new(session))).clone()
    }

    fn get(&self, id: &UploadId) -> Option<Arc<tokio::sync::Mutex<Session>>> {
        self.lock().get(id).cloned()
    }

    fn remove(&self, id: &UploadId) {
        self.lock().remove(id);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<UploadId, Arc<tokio::sync::Mutex<Session>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hash(path: &std::path::Path) -> io::Result<(u64, Sha256)> {
    let mut file = File::open(path)?;
    let (mut length, mut hasher, mut buffer) = (0, Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok((length, hasher));
        }
        hasher.update(&buffer[..count]);
        length += count as u64;
    }
}
