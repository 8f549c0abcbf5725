//! One upload of one blob: a session, the content, and what to do when either is lost.
//!
//! The content goes out in one request with its length (`PUT ?digest=`). When that breaks, the
//! registry is asked whether it has the blob, then how much of the session it has; only the rest
//! is sent (`PATCH`, `PUT`), or all of it in a new session.

use super::error::ErrorKind;
use super::manifest::{check_header, digests_in};
use super::push::Session;
use super::transport::{Answer, Call, Content, Fault, Payload, Scopes, Sent};
use super::{Blob, Error, Registry, Repository};
use crate::util::Progress;
use crate::util::retry::{Retry, WaitBudget};
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, LOCATION, RANGE};
use reqwest::{Method, StatusCode};
use std::sync::Arc;
use url::Url;

const OCTETS: &str = "application/octet-stream";

pub(super) struct Upload<'a> {
    registry: &'a Registry,
    repository: &'a Repository,
    blob: &'a Blob,
    progress: &'a Progress,
    budget: Arc<WaitBudget>,
    retry: Retry,
    sent: Sent,
    /// How often the registry computed another digest than we did.
    mismatches: u32,
}

/// Where the content goes on.
struct Position {
    url: Url,
    offset: u64,
}

enum Next {
    Done,
    /// Ask the registry how far it is.
    Look,
    /// Begin anew.
    Restart,
}

impl Registry {
    /// `Location` of an opened upload.
    pub(super) fn session_url(&self, answer: &Answer) -> Result<Url, Error> {
        let location = answer.header(LOCATION).ok_or_else(|| {
            Error::permanent(ErrorKind::Protocol, "the registry opened an upload without a Location")
                .status(answer.status)
        })?;
        self.transport().resolve(&answer.url, location)
    }
}

impl<'a> Upload<'a> {
    pub(super) fn new(
        registry: &'a Registry,
        repository: &'a Repository,
        blob: &'a Blob,
        progress: &'a Progress,
    ) -> Self {
        let budget = registry.budget();
        let retry = registry.transport().retry_within(budget.clone());
        Self { registry, repository, blob, progress, budget, retry, sent: Sent::default(), mismatches: 0 }
    }

    /// Bytes sent. `opened` is a session that a mount left.
    pub(super) async fn run(mut self, opened: Option<Session>) -> Result<u64, Error> {
        let mut position = opened.and_then(Session::into_url).map(|url| Position { url, offset: 0 });
        loop {
            let current = match position.take() {
                Some(position) => position,
                None => Position { url: self.open().await?, offset: 0 },
            };
            let session = Session::new(self.registry, self.repository, current.url.clone());
            match self.content(&current).await? {
                Next::Done => {
                    session.disarm();
                    return Ok(self.sent.bytes());
                }
                Next::Restart => {}
                Next::Look => {
                    if self.exists().await {
                        session.disarm();
                        return Ok(self.sent.bytes());
                    }
                    position = self.where_it_is(&current.url).await;
                    if position.is_some() {
                        session.disarm();
                    }
                }
            }
        }
    }

    async fn open(&self) -> Result<Url, Error> {
        let url = self.registry.url(&format!("{}/blobs/uploads/", self.repository), self.progress).await?;
        let answer = self.registry.transport().send(&self.call(Method::POST, url), &self.budget).await?;
        if answer.status == StatusCode::ACCEPTED {
            return self.registry.session_url(&answer);
        }
        let error = self.registry.transport().unexpected(&answer);
        Err(if answer.status == StatusCode::NOT_FOUND {
            error.help("create the repository at the registry first, if it does not do so by itself")
        } else {
            error
        })
    }

    /// Sends what is missing and closes the session.
    async fn content(&mut self, at: &Position) -> Result<Next, Error> {
        let mut url = at.url.clone();
        if at.offset > 0 && at.offset < self.blob.size {
            let call = self
                .call(Method::PATCH, url.clone())
                .header(CONTENT_TYPE, OCTETS)
                .header(CONTENT_RANGE, &format!("{}-{}", at.offset, self.blob.size - 1))
                .content(self.payload(at.offset));
            match self.registry.transport().attempt(&call).await {
                // The specification says 202. None of them means that the blob is there: `PUT` closes it.
                Ok(answer) if answer.status.is_success() => {
                    if answer.header(LOCATION).is_some() {
                        url = self.registry.session_url(&answer)?;
                    }
                }
                Ok(answer) => return self.judge(&answer).await,
                Err(fault) => return self.wait(fault).await,
            }
        }
        url.query_pairs_mut().append_pair("digest", self.blob.digest.as_str());
        let mut call = self.call(Method::PUT, url).header(CONTENT_TYPE, OCTETS);
        if at.offset == 0 {
            call = call.content(self.payload(0));
        }
        match self.registry.transport().attempt(&call).await {
            Ok(answer) => self.judge(&answer).await,
            Err(fault) => self.wait(fault).await,
        }
    }

    async fn judge(&mut self, answer: &Answer) -> Result<Next, Error> {
        match answer.status {
            StatusCode::CREATED | StatusCode::NO_CONTENT => {
                check_header(answer, &self.blob.digest, "sent")?;
                Ok(Next::Done)
            }
            StatusCode::BAD_REQUEST if answer.speaks_of(&["DIGEST_INVALID"]) => self.mismatch(answer),
            StatusCode::RANGE_NOT_SATISFIABLE => {
                self.wait(self.again(answer)).await?;
                Ok(Next::Look)
            }
            StatusCode::NOT_FOUND => {
                self.wait(self.again(answer)).await?;
                Ok(Next::Restart)
            }
            StatusCode::BAD_REQUEST
                if answer.speaks_of(&["BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN", "RANGE_INVALID"]) =>
            {
                self.wait(self.again(answer)).await?;
                Ok(Next::Restart)
            }
            _ => Err(self.registry.transport().unexpected(answer)),
        }
    }

    /// The session is gone or elsewhere: no fault of the network, but to be tried again.
    fn again(&self, answer: &Answer) -> Fault {
        Fault {
            error: self.registry.transport().unexpected(answer),
            again: true,
            asked: None,
            throttled: false,
            served: 0,
        }
    }

    /// Something on the way changed the content: once may be chance.
    fn mismatch(&mut self, answer: &Answer) -> Result<Next, Error> {
        self.mismatches += 1;
        let ours = &self.blob.digest;
        if self.mismatches == 1 {
            self.progress.notice(format!("blob {} arrived damaged, sending it again", ours.short()));
            return Ok(Next::Restart);
        }
        let theirs = digests_in(&answer.bytes).into_iter().find(|digest| digest != ours);
        let theirs = theirs.map_or_else(|| "another digest".to_owned(), |digest| format!("digest {digest}"));
        let mut error = self.registry.transport().unexpected(answer);
        error.message = format!("it was sent twice as {ours} and the registry found {theirs}: {}", error.message);
        error.kind = ErrorKind::Digest;
        Err(error.help("something between here and the registry changes what is sent; try without proxies"))
    }

    async fn wait(&mut self, fault: Fault) -> Result<Next, Error> {
        // Whatever it was, how much of the content arrived is known to the registry only.
        self.registry.transport().pause(&mut self.retry, fault, self.progress).await?;
        Ok(Next::Look)
    }

    /// Whether a lost answer was a good one; "no" where it cannot be told.
    async fn exists(&self) -> bool {
        let Ok(url) =
            self.registry.url(&format!("{}/blobs/{}", self.repository, self.blob.digest), self.progress).await
        else {
            return false;
        };
        let answer = self.registry.transport().attempt(&self.call(Method::HEAD, url)).await;
        answer.is_ok_and(|answer| answer.status == StatusCode::OK)
    }

    /// How far the session is, if it is still there.
    async fn where_it_is(&self, session: &Url) -> Option<Position> {
        let answer = self.registry.transport().attempt(&self.call(Method::GET, session.clone())).await.ok()?;
        if !matches!(answer.status, StatusCode::NO_CONTENT | StatusCode::ACCEPTED | StatusCode::OK) {
            return None;
        }
        let offset = answer.header(RANGE).map_or(Some(0), next_offset)?;
        let url =
            if answer.header(LOCATION).is_some() { self.registry.session_url(&answer).ok()? } else { session.clone() };
        (offset <= self.blob.size).then_some(Position { url, offset })
    }

    fn call(&self, method: Method, url: Url) -> Call<'a> {
        Call::new(method, url, Scopes::push(self.repository), self.progress)
    }

    fn payload(&self, offset: u64) -> Content {
        let (blob, progress, sent) = (self.blob.clone(), self.progress.clone(), self.sent.clone());
        Content::Blob(Payload { blob, offset, progress, sent })
    }
}

/// The first byte that is missing, of `0-99` (or `bytes=0-99`). Registries say `0-0` of an empty
/// session.
fn next_offset(range: &str) -> Option<u64> {
    let (_, last) = range.trim_start_matches("bytes=").split_once('-')?;
    let last: u64 = last.trim().parse().ok()?;
    if last == 0 { Some(0) } else { last.checked_add(1) }
}

#[cfg(test)]
mod tests {
    use super::next_offset;

    #[test]
    fn a_session_goes_on_after_its_last_byte() {
        for (range, expect) in [
            ("0-99", Some(100)),
            ("bytes=0-4", Some(5)),
            ("0-0", Some(0)),
            ("x", None),
            ("0-", None),
            ("0-18446744073709551615", None),
        ] {
            assert_eq!(next_offset(range), expect, "{range}");
        }
    }
}
