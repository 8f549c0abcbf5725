//! Reading blobs: what breaks off is gone on with, and what comes is what was asked for.

use super::digest::Hasher;
use super::error::ErrorKind;
use super::transport::{Call, Scopes};
use super::{Descriptor, Error, Registry, Repository};
use crate::util::Progress;
use crate::util::retry::Retry;
use bytes::Bytes;
use futures_util::stream;
use reqwest::header::RANGE;
use reqwest::{Method, StatusCode};
use std::io;
use tokio::io::AsyncRead;
use tokio_util::io::StreamReader;

/// A blob that is being read.
struct Reading {
    registry: Registry,
    repository: Repository,
    descriptor: Descriptor,
    progress: Progress,
    retry: Retry,
    response: Option<reqwest::Response>,
    /// Of the blob, not of this reading.
    position: u64,
    /// Bytes that a registry without ranges sends once more.
    skip: u64,
    /// `None` where reading did not begin at the start: the digest cannot be told.
    hasher: Option<Hasher>,
}

impl Registry {
    /// Opens a blob for reading from `offset`; the reader fails at its end if the digest is another.
    ///
    /// A connection that breaks is gone on with. With an `offset` only the length is checked.
    pub async fn pull_blob(
        &self,
        repository: &Repository,
        descriptor: &Descriptor,
        offset: u64,
        progress: &Progress,
    ) -> Result<Box<dyn AsyncRead + Send + Unpin>, Error> {
        let mut reading = Reading {
            registry: self.clone(),
            repository: repository.clone(),
            descriptor: descriptor.clone(),
            progress: progress.clone(),
            retry: self.transport().retry_within(self.budget()),
            response: None,
            position: offset,
            skip: 0,
            hasher: (offset == 0).then(Hasher::default),
        };
        if offset < descriptor.size {
            reading.open().await?;
        }
        let chunks = stream::try_unfold(reading, |mut reading| async {
            let chunk = reading.next().await.map_err(io::Error::other)?;
            Ok::<_, io::Error>(chunk.map(|chunk| (chunk, reading)))
        });
        Ok(Box::new(StreamReader::new(Box::pin(chunks))))
    }
}

impl Reading {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let what = self.what();
        self.next_chunk().await.map_err(|error| error.while_doing(&what))
    }

    fn what(&self) -> String {
        format!("read blob {} of {}", self.descriptor.digest.short(), self.registry.place(&self.repository))
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if self.position == self.descriptor.size {
                return self.finish().map(|()| None);
            }
            if self.response.is_none() {
                self.ask().await?;
            }
            let Some(response) = &mut self.response else { continue };
            let host = response.url().host_str().unwrap_or_default().to_owned();
            match super::transport::next_chunk(response, self.registry.transport().idle_timeout(), &host).await {
                Ok(Some(chunk)) => {
                    if let Some(chunk) = self.take(chunk)? {
                        return Ok(Some(chunk));
                    }
                }
                Ok(None) => {
                    self.broke(super::transport::Fault::passing(
                        ErrorKind::Network,
                        format!("the answer of `{host}` ended early"),
                    ))
                    .await?
                }
                Err(fault) => self.broke(fault).await?,
            }
        }
    }

    async fn broke(&mut self, fault: super::transport::Fault) -> Result<(), Error> {
        self.response = None;
        self.registry.transport().pause(&mut self.retry, fault, &self.progress).await
    }

    fn take(&mut self, mut chunk: Bytes) -> Result<Option<Bytes>, Error> {
        let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(chunk.len());
        self.skip -= skipped as u64;
        let chunk = chunk.split_off(skipped);
        if chunk.is_empty() {
            return Ok(None);
        }
        self.position += chunk.len() as u64;
        if self.position > self.descriptor.size {
            let message = format!("the registry sends more than its {} bytes", self.descriptor.size);
            return Err(Error::permanent(ErrorKind::Digest, message));
        }
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&chunk);
        }
        Ok(Some(chunk))
    }

    fn finish(&mut self) -> Result<(), Error> {
        match self.hasher.take().map(Hasher::finish) {
            Some(digest) if digest != self.descriptor.digest => {
                let message = format!("its digest is {digest}, not {}", self.descriptor.digest);
                Err(Error::permanent(ErrorKind::Digest, message))
            }
            _ => Ok(()),
        }
    }

    async fn open(&mut self) -> Result<(), Error> {
        let what = self.what();
        self.ask().await.map_err(|error| error.while_doing(&what))
    }

    async fn ask(&mut self) -> Result<(), Error> {
        let Self { registry, repository, descriptor, progress, .. } = self;
        let url = registry.url(&format!("{repository}/blobs/{}", descriptor.digest), progress).await?;
        let mut call = Call::new(Method::GET, url, Scopes::pull(repository), progress);
        call.streamed = true;
        if self.position > 0 {
            call = call.header(RANGE, &format!("bytes={}-", self.position));
        }
        let answer = registry.send(&call).await?;
        self.skip = match answer.status {
            StatusCode::OK => self.position,
            StatusCode::PARTIAL_CONTENT => 0,
            StatusCode::NOT_FOUND => {
                return Err(Error::permanent(ErrorKind::NotFound, "the registry does not have it"));
            }
            _ => return Err(registry.transport().unexpected(&answer)),
        };
        self.response = answer.response;
        Ok(())
    }
}
