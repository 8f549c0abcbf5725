//! One request and its answer: who may see what, redirects, statuses, and trying again.

use super::auth::{Auth, Authorization, Scopes};
use super::body::{self, Flow, Payload};
use super::challenge::{self, Challenge};
use super::fault::{self, Fault};
use super::gate::Gates;
use super::guard;
use super::http::{Http, Route};
use super::realm;
use crate::oci::error::{ErrorKind, excerpt};
use crate::oci::reference::is_loopback_host;
use crate::oci::{Error, RegistryOptions};
use crate::util::Progress;
use crate::util::retry::{Retry, RetryPolicy, WaitBudget, parse_retry_after};
use bytes::Bytes;
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant, SystemTime};
use url::Url;

/// The most that is read of an answer that is not wanted for its content.
const ERROR_LIMIT: usize = 64 * 1024;
const HOPS: usize = 5;
/// How long the body of an error is waited for.
const EXPLANATION: Duration = Duration::from_secs(5);

/// The way to one registry.
#[derive(Debug)]
pub(in crate::oci) struct Transport {
    pub(super) options: RegistryOptions,
    pub(super) http: Arc<Http>,
    pub(super) gates: Arc<Gates>,
    pub(super) policy: RetryPolicy,
    pub(super) idle_timeout: Duration,
    pub(super) wait_budget: Duration,
    pub(super) auth: Auth,
    pub(super) base: tokio::sync::OnceCell<Url>,
    /// It let us in without credentials when it was looked for.
    pub(super) is_open: AtomicBool,
}

/// A request.
pub(in crate::oci) struct Call<'a> {
    pub(in crate::oci) method: Method,
    pub(in crate::oci) url: Url,
    pub(in crate::oci) headers: Vec<(HeaderName, HeaderValue)>,
    pub(in crate::oci) content: Content,
    pub(in crate::oci) scopes: Scopes,
    /// The most that a successful answer may hold, in bytes.
    pub(in crate::oci) limit: usize,
    /// Leave the body of a successful answer to be read by the caller.
    pub(in crate::oci) streamed: bool,
    pub(in crate::oci) progress: &'a Progress,
}

/// What a request carries.
#[derive(Clone)]
pub(in crate::oci) enum Content {
    Empty,
    Bytes(Bytes),
    Blob(Payload),
}

/// An answer whose status is for the caller to judge: none of those that may pass, not 401, not 403.
#[derive(Debug)]
pub(in crate::oci) struct Answer {
    pub(in crate::oci) status: StatusCode,
    pub(in crate::oci) headers: HeaderMap,
    /// Where it came from, after redirects.
    pub(in crate::oci) url: Url,
    pub(in crate::oci) bytes: Bytes,
    /// The unread body of a streamed answer.
    pub(in crate::oci) response: Option<reqwest::Response>,
    whole: bool,
}

impl<'a> Call<'a> {
    pub(in crate::oci) fn new(method: Method, url: Url, scopes: Scopes, progress: &'a Progress) -> Self {
        let (headers, content) = (Vec::new(), Content::Empty);
        Self { method, url, headers, content, scopes, limit: ERROR_LIMIT, streamed: false, progress }
    }

    pub(in crate::oci) fn header(mut self, name: HeaderName, value: &str) -> Self {
        // Names and media types were parsed; what cannot be a header is left out and refused there.
        self.headers.extend(HeaderValue::from_str(value).map(|value| (name, value)));
        self
    }

    pub(in crate::oci) fn content(mut self, content: Content) -> Self {
        self.content = content;
        self
    }
}

impl Answer {
    pub(in crate::oci) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether the registry's error codes or messages hold one of the words, in any case.
    pub(in crate::oci) fn speaks_of(&self, words: &[&str]) -> bool {
        let text = String::from_utf8_lossy(&self.bytes).to_lowercase();
        words.iter().any(|word| text.contains(&word.to_lowercase()))
    }
}

impl Transport {
    pub(in crate::oci) fn new(
        options: RegistryOptions,
        http: Arc<Http>,
        gates: Arc<Gates>,
        client: &crate::oci::ClientOptions,
    ) -> Self {
        let policy = RetryPolicy {
            tries: client.tries.max(1),
            first_wait: client.first_wait,
            longest_wait: Duration::from_secs(30),
        };
        Self {
            options,
            http,
            gates,
            policy,
            idle_timeout: client.idle_timeout,
            wait_budget: client.wait_budget,
            auth: Auth::default(),
            base: tokio::sync::OnceCell::new(),
            is_open: AtomicBool::new(false),
        }
    }

    pub(in crate::oci) fn options(&self) -> &RegistryOptions {
        &self.options
    }

    pub(in crate::oci) fn idle_timeout(&self) -> Duration {
        self.idle_timeout
    }

    pub(super) fn retry(&self) -> Retry {
        self.retry_within(WaitBudget::new(self.wait_budget))
    }

    pub(in crate::oci) fn retry_within(&self, budget: Arc<WaitBudget>) -> Retry {
        Retry::new(self.policy.clone(), budget)
    }

    pub(in crate::oci) fn wait_budget(&self) -> Arc<WaitBudget> {
        WaitBudget::new(self.wait_budget)
    }

    /// Sends until it is answered, or until trying again makes no sense.
    pub(in crate::oci) async fn send(&self, call: &Call<'_>, budget: &Arc<WaitBudget>) -> Result<Answer, Error> {
        let mut retry = self.retry_within(budget.clone());
        loop {
            match self.attempt(call).await {
                Ok(answer) => return Ok(answer),
                Err(fault) => self.pause(&mut retry, fault, call.progress).await?,
            }
        }
    }

    /// Waits before the next try; the error where there is none.
    pub(in crate::oci) async fn pause(
        &self,
        retry: &mut Retry,
        fault: Fault,
        progress: &Progress,
    ) -> Result<(), Error> {
        if !fault.again {
            return Err(fault.error);
        }
        let waited = if fault.throttled {
            // A host that meters and serves others meanwhile will serve this request too.
            retry.after_throttling(fault.asked, fault.served)
        } else {
            retry.after_failure(fault.asked)
        };
        match waited {
            Ok(wait) => {
                progress.notice(fault.notice(&wait));
                tokio::time::sleep(wait.duration).await;
                Ok(())
            }
            Err(give_up) => Err(fault.give_up(give_up)),
        }
    }

    /// Sends once; a second time with a new token where the first answer is 401.
    pub(in crate::oci) async fn attempt(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        let base = self.base(call.progress).await?;
        let gate = self.gates.of(&realm::authority(base));
        let _permit = gate.enter().await;
        let answer = self.authorised(call).await?;
        let status = answer.status;
        if is_passing(status) {
            if status == StatusCode::TOO_MANY_REQUESTS {
                gate.throttled();
            }
            let host = realm::authority(&answer.url);
            let fault = self.status_fault(status, &answer.headers, &host, "");
            return Err(Fault { served: gate.answered(&call.method), ..fault });
        }
        gate.succeeded(&call.method);
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return Err(self.refusal(status, &self.foreign(&answer.bytes, &answer.headers)).into());
        }
        if status.is_success() && !answer.whole {
            let host = realm::authority(&answer.url);
            let message = format!("the answer of `{host}` is larger than {} KiB", call.limit / 1024);
            return Err(Error::permanent(ErrorKind::Protocol, message).into());
        }
        Ok(answer)
    }

    async fn authorised(&self, call: &Call<'_>) -> Result<Answer, Fault> {
        let authorization = self.authorization(&call.scopes).await?;
        let sent = Instant::now();
        let answer = self.follow(call, &authorization).await?;
        let base = self.known_base()?;
        if answer.url.origin() != base.origin() {
            return Ok(answer);
        }
        let Some(challenge) = challenge(answer.status, &answer.headers) else { return Ok(answer) };
        let hopeless = match (&challenge, &authorization) {
            (Challenge::Basic, Authorization::Basic(_)) => true,
            (Challenge::Basic, _) => self.basic().is_none(),
            (Challenge::Bearer { .. }, _) => false,
        };
        self.auth.learn(challenge);
        if hopeless {
            return Ok(answer);
        }
        if let Authorization::Bearer(_) = &authorization {
            self.auth.forget(&call.scopes, sent);
        }
        let authorization = self.authorization(&call.scopes).await?;
        self.follow(call, &authorization).await
    }

    /// Sends and follows redirects. Credentials go to the registry's own origin only.
    async fn follow(&self, call: &Call<'_>, authorization: &Authorization) -> Result<Answer, Fault> {
        let base = self.known_base()?;
        let mut url = call.url.clone();
        for _ in 0..=HOPS {
            let own = url.origin() == base.origin();
            let answer = self.once(call, &url, own.then_some(authorization)).await?;
            let Some(location) = redirection(&call.method, &answer) else { return Ok(answer) };
            let next = self.resolve(&answer.url, location)?;
            if next.origin() != url.origin() {
                call.progress.detail(format!("redirected to `{}`", realm::authority(&next)));
            }
            url = next;
        }
        let host = realm::authority(base);
        Err(Error::permanent(ErrorKind::Redirect, format!("`{host}` redirects more than {HOPS} times")).into())
    }

    /// A place that a registry sends us to (`Location`), relative to where it said so. Refused are
    /// anything but HTTP, plain HTTP outside of the registry's own origin, and user names.
    pub(in crate::oci) fn resolve(&self, from: &Url, location: &str) -> Result<Url, Error> {
        let host = realm::authority(from);
        let wrong = |why: String| Error::permanent(ErrorKind::Redirect, format!("`{host}` sends us {why}"));
        let next = from.join(location).map_err(|_| wrong(format!("to what is no URL: {}", excerpt(location))))?;
        if !matches!(next.scheme(), "http" | "https") || next.host_str().is_none() {
            return Err(wrong(format!("to what is no HTTP URL: {}", excerpt(location))));
        }
        if !next.username().is_empty() || next.password().is_some() {
            return Err(wrong("to a URL with a user name".to_owned()));
        }
        let own = self.known_base()?.origin() == next.origin();
        if next.scheme() == "http" && (from.scheme() == "https" || !own) {
            return Err(wrong(format!("to `{}` over plain HTTP; nothing was sent there", realm::authority(&next)))
                .help(
                    "let the registry, or the proxy before it, name its own address with `https` (X-Forwarded-Proto)",
                ));
        }
        Ok(next)
    }

    /// One request to one URL. Without `authorization` the URL is not the registry's own.
    async fn once(&self, call: &Call<'_>, url: &Url, authorization: Option<&Authorization>) -> Result<Answer, Fault> {
        let host = realm::authority(url);
        let own = authorization.is_some() || self.is_trusted(url)?;
        let client = self.http.client(self.route(url, own))?;
        if !own {
            let name = url.host().ok_or_else(|| Error::permanent(ErrorKind::Protocol, "a URL without a host"))?;
            guard::check_literal(&name).map_err(|private| fault::private_address(&private))?;
            self.http.resolver().watch(&name.to_string());
        }
        let mut request = client.request(call.method.clone(), url.clone());
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        if let Some(value) = authorization.and_then(Authorization::header) {
            request = request.header(header::AUTHORIZATION, value);
        }
        let flow = Flow::new();
        request = match &call.content {
            Content::Empty if matches!(call.method, Method::POST | Method::PUT | Method::PATCH) => {
                request.header(header::CONTENT_LENGTH, 0)
            }
            Content::Empty => request,
            Content::Bytes(bytes) => request.body(bytes.clone()),
            Content::Blob(payload) => {
                request.header(header::CONTENT_LENGTH, payload.length()).body(payload.open(&flow).await?)
            }
        };
        let response = tokio::select! {
            response = request.send() => response.map_err(|error| match flow.take_failure() {
                Some(own) => own.into(),
                None => fault::classify(&error, &host, own),
            })?,
            silence = flow.stalled(self.idle_timeout) => return Err(fault::stalled(&host, silence)),
        };
        self.read(call, url, response, &host).await
    }

    async fn read(
        &self,
        call: &Call<'_>,
        url: &Url,
        mut response: reqwest::Response,
        host: &str,
    ) -> Result<Answer, Fault> {
        let (status, headers, url) = (response.status(), response.headers().clone(), url.clone());
        if let Some(warning) = headers.get(header::WARNING).and_then(|value| value.to_str().ok()) {
            call.progress.detail(format!("`{host}` warns: {}", excerpt(&self.mask(warning))));
        }
        if call.streamed && status.is_success() {
            return Ok(Answer { status, headers, url, bytes: Bytes::new(), response: Some(response), whole: true });
        }
        // What an error explains is not worth a long wait.
        let (limit, idle) = match status.is_success() {
            true => (call.limit, self.idle_timeout),
            false => (ERROR_LIMIT, self.idle_timeout.min(EXPLANATION)),
        };
        let (bytes, whole) = match body::read_bounded(&mut response, limit, idle, host).await {
            Ok(read) => read,
            // The status is the answer; that its explanation broke off changes nothing.
            Err(_) if !status.is_success() => (Bytes::new(), true),
            Err(fault) => return Err(fault),
        };
        Ok(Answer { status, headers, url, bytes, response: None, whole })
    }

    /// Whether a URL that a registry named may have any address: its own host, or one that the
    /// user named.
    fn is_trusted(&self, url: &Url) -> Result<bool, Error> {
        let host = url.host_str().unwrap_or_default();
        let own = self.known_base()?.host_str().is_some_and(|own| own.eq_ignore_ascii_case(host));
        Ok(own || self.options.trust_realms.iter().any(|entry| entry.eq_ignore_ascii_case(host)))
    }

    pub(super) fn route(&self, url: &Url, own: bool) -> Route {
        let loopback = is_loopback_host(url.host_str().unwrap_or_default());
        // A client for plain HTTP does not need the machine's certificates.
        let verify = !(own && (self.options.insecure || url.scheme() == "http"));
        Route { verify, proxy: !(own && loopback), foreign: !own }
    }

    pub(super) fn status_fault(&self, status: StatusCode, headers: &HeaderMap, host: &str, who: &str) -> Fault {
        let asked = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        let error =
            Error::passing(ErrorKind::Status, format!("{who}`{host}` answered {}", name(status))).status(status);
        Fault {
            error,
            again: true,
            asked: asked.and_then(|value| parse_retry_after(value, SystemTime::now())),
            throttled: status == StatusCode::TOO_MANY_REQUESTS,
            served: 0,
        }
    }

    /// An error for an answer that was not expected.
    pub(in crate::oci) fn unexpected(&self, answer: &Answer) -> Error {
        let said = self.foreign(&answer.bytes, &answer.headers);
        let host = realm::authority(&answer.url);
        let word = if answer.status.is_success() { "the unexpected " } else { "" };
        let message = format!("`{host}` answered {word}{}{said}", name(answer.status));
        Error::permanent(ErrorKind::Status, message).status(answer.status)
    }

    /// What the other side says of an error, as `: CODE: message`; empty for web pages.
    pub(in crate::oci) fn foreign(&self, body: &[u8], headers: &HeaderMap) -> String {
        let text = String::from_utf8_lossy(body);
        let said = match serde_json::from_slice::<serde_json::Value>(body) {
            Ok(json) => said_in_json(&json),
            Err(_) => {
                let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
                let plain = kind.starts_with("text/plain") && !text.trim_start().starts_with('<');
                if plain { text.into_owned() } else { String::new() }
            }
        };
        let said = excerpt(&self.mask(&said));
        if said.is_empty() { said } else { format!(": {said}") }
    }
}

/// `{"errors": [{"code", "message"}]}` of registries; `details`, `message` and the OAuth2 fields of others.
fn said_in_json(json: &serde_json::Value) -> String {
    let text =
        |value: &serde_json::Value, name: &str| value.get(name).and_then(|text| text.as_str()).map(str::to_owned);
    let pair = |value: &serde_json::Value| {
        let parts: Vec<String> = [text(value, "code"), text(value, "message")].into_iter().flatten().collect();
        parts.join(": ")
    };
    if let Some(errors) = json.get("errors").and_then(|errors| errors.as_array()) {
        return errors.iter().map(pair).filter(|said| !said.is_empty()).collect::<Vec<_>>().join("; ");
    }
    ["details", "error_description", "message", "error"].iter().find_map(|name| text(json, name)).unwrap_or_default()
}

pub(super) fn challenge(status: StatusCode, headers: &HeaderMap) -> Option<Challenge> {
    let fields = headers.get_all(header::WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    (status == StatusCode::UNAUTHORIZED).then(|| challenge::choose(fields)).flatten()
}

/// `503 Service Unavailable`
pub(super) fn name(status: StatusCode) -> String {
    status
        .canonical_reason()
        .map_or_else(|| status.as_u16().to_string(), |reason| format!("{} {reason}", status.as_u16()))
}

/// Statuses that may be gone at the next try.
pub(super) fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 499 | 500 | 502 | 503 | 504 | 522)
}

fn redirection<'a>(method: &Method, answer: &'a Answer) -> Option<&'a str> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let follows = match answer.status.as_u16() {
        301..=303 => reads,
        307 | 308 => true,
        _ => false,
    };
    follows.then(|| answer.header(header::LOCATION)).flatten()
}
