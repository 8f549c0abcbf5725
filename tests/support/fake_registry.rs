//! A registry in this process: the distribution protocol over HTTP/1.1 on loopback, with sign-in,
//! a log of what was asked, and faults on demand.

use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use shipit::oci::Digest;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

type Body = BoxBody<Bytes, io::Error>;

/// A running registry; it ends with the test.
#[derive(Clone)]
pub(crate) struct FakeRegistry {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    blobs: BTreeMap<String, Bytes>,
    /// `repository digest`
    links: BTreeSet<(String, String)>,
    manifests: BTreeMap<(String, String), (String, Bytes)>,
    uploads: BTreeMap<String, Vec<u8>>,
    next_id: usize,
    auth: Auth,
    tokens: BTreeMap<String, usize>,
    rules: Vec<Rule>,
    log: Vec<Asked>,
    inside: usize,
    most_inside: usize,
    no_mounts: bool,
}

/// How it wants to be signed in to, with `user` and `password`.
#[derive(Clone, Default)]
pub(crate) enum Auth {
    #[default]
    None,
    Basic,
    Bearer {
        /// Another token server than its own.
        realm: Option<String>,
        /// Requests that a token is good for.
        uses: usize,
        expires_in: &'static str,
    },
}

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) at: Instant,
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
    pub(crate) length: usize,
}

/// A fault: which requests it hits, and what happens to them.
pub(crate) struct Rule {
    method: &'static str,
    path: &'static str,
    /// How many matching requests pass before, and how many are hit.
    pass: usize,
    hits: usize,
    fault: Fault,
}

#[derive(Clone)]
pub(crate) enum Fault {
    /// Answer this, after the body was read.
    Status(u16, Vec<(&'static str, String)>, String),
    /// Answer this without reading the body.
    Early(u16),
    /// Close without an answer, after so many bytes of the body.
    Close(usize),
    /// Do it, and close without an answer.
    LostAnswer,
    /// Read nothing more, answer nothing.
    Stall,
    /// Do it, and change these headers of the answer.
    Headers(Vec<(&'static str, String)>),
    /// Do it, and break off the answer's body after so many bytes.
    Cut(usize),
    /// Answer with so many bytes.
    Flood(u16, usize),
    /// Keep so many bytes of the body, and answer this, or close without an answer.
    Keep(usize, Option<u16>),
    /// Change one bit of the body on its way in.
    Flip,
}

pub(crate) fn on(method: &'static str, path: &'static str, fault: Fault) -> Rule {
    Rule { method, path, pass: 0, hits: 1, fault }
}

pub(crate) fn status(code: u16) -> Fault {
    Fault::Status(code, Vec::new(), String::new())
}

pub(crate) fn error(code: u16, name: &str) -> Fault {
    let body = format!(r#"{{"errors":[{{"code":"{name}","message":"as scripted"}}]}}"#);
    Fault::Status(code, vec![("content-type", "application/json".to_owned())], body)
}

impl Rule {
    pub(crate) fn times(mut self, hits: usize) -> Self {
        self.hits = hits;
        self
    }

    pub(crate) fn always(self) -> Self {
        self.times(usize::MAX)
    }

    pub(crate) fn after(mut self, pass: usize) -> Self {
        self.pass = pass;
        self
    }
}

impl FakeRegistry {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("it is bound");
        let registry = Self { address, state: Arc::default() };
        let serving = registry.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let registry = serving.clone();
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        let registry = registry.clone();
                        async move { registry.answer(request).await }
                    });
                    // A connection that breaks is what some tests are about.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        registry
    }

    pub(crate) async fn with(auth: Auth, rules: impl IntoIterator<Item = Rule>) -> Self {
        let registry = Self::start().await;
        registry.lock().auth = auth;
        registry.script(rules);
        registry
    }

    pub(crate) fn script(&self, rules: impl IntoIterator<Item = Rule>) {
        self.lock().rules.extend(rules);
    }

    pub(crate) fn endpoint(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn refuse_mounts(&self) {
        self.lock().no_mounts = true;
    }

    pub(crate) fn put_blob(&self, repository: &str, content: impl Into<Bytes>) -> Digest {
        let content = content.into();
        let digest = Digest::of(&content);
        let mut state = self.lock();
        state.blobs.insert(digest.to_string(), content);
        state.links.insert((repository.to_owned(), digest.to_string()));
        digest
    }

    pub(crate) fn blob(&self, repository: &str, digest: &Digest) -> Option<Bytes> {
        let state = self.lock();
        let linked = state.links.contains(&(repository.to_owned(), digest.to_string()));
        linked.then(|| state.blobs.get(digest.as_str()).cloned()).flatten()
    }

    pub(crate) fn put_manifest(&self, repository: &str, reference: &str, content: impl Into<Bytes>) -> Digest {
        let content = content.into();
        let digest = Digest::of(&content);
        let media = "application/vnd.oci.image.manifest.v1+json".to_owned();
        let mut state = self.lock();
        for name in [reference.to_owned(), digest.to_string()] {
            state.manifests.insert((repository.to_owned(), name), (media.clone(), content.clone()));
        }
        digest
    }

    pub(crate) fn open_uploads(&self) -> usize {
        self.lock().uploads.len()
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.lock().most_inside
    }

    pub(crate) fn log(&self) -> Vec<Asked> {
        self.lock().log.clone()
    }

    /// The requests as `METHOD /path`, ids of uploads and queries left out.
    pub(crate) fn asked(&self) -> Vec<String> {
        let plain = |asked: Asked| {
            let path = asked.path.split('?').next().unwrap_or_default().to_owned();
            let path = path.split_once("/uploads/").map_or(path.clone(), |(before, _)| format!("{before}/uploads"));
            format!("{} {path}", asked.method)
        };
        self.log().into_iter().map(plain).collect()
    }

    pub(crate) fn count(&self, method: &str, path: &str) -> usize {
        self.log().iter().filter(|asked| asked.method == method && asked.path.contains(path)).count()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds this")
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, io::Error> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
        let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let method = parts.method.clone();
        let index = {
            let mut state = self.lock();
            state.inside += 1;
            state.most_inside = state.most_inside.max(state.inside);
            state.log.push(Asked {
                at: Instant::now(),
                method: method.to_string(),
                path: path.clone(),
                authorization: text(header::AUTHORIZATION),
                body: String::new(),
                length: 0,
            });
            state.log.len() - 1
        };
        let _inside = Inside(self.clone());
        let fault = self.fault(&method, &path);
        match &fault {
            Some(Fault::Early(code)) => return Ok(reply(*code, &[], Bytes::new())),
            Some(Fault::Close(limit)) => {
                read_some(body, *limit).await;
                return Err(io::Error::other("closed as scripted"));
            }
            Some(Fault::Stall) => {
                tokio::time::sleep(Duration::from_secs(3600)).await;
                return Err(io::Error::other("stalled as scripted"));
            }
            _ => {}
        }
        let mut content = body.collect().await.map_err(io::Error::other)?.to_bytes().to_vec();
        if matches!(fault, Some(Fault::Flip)) {
            content[0] ^= 1;
        }
        self.lock().log[index].length = content.len();
        self.lock().log[index].body = String::from_utf8_lossy(&content[..content.len().min(4096)]).into_owned();
        match &fault {
            Some(Fault::Status(code, headers, body)) => return Ok(reply(*code, headers, body.clone().into())),
            Some(Fault::Keep(length, code)) => {
                let id = path.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
                if let Some(upload) = self.lock().uploads.get_mut(id) {
                    upload.extend_from_slice(&content[..*length]);
                }
                return code
                    .map(|code| reply(code, &[], Bytes::new()))
                    .ok_or_else(|| io::Error::other("closed as scripted"));
            }
            Some(Fault::Flood(code, bytes)) => return Ok(flood(*code, *bytes)),
            _ => {}
        }
        let headers = Asking {
            authorization: text(header::AUTHORIZATION),
            media: text(header::CONTENT_TYPE),
            range: text(header::RANGE),
            chunk: text(header::CONTENT_RANGE),
        };
        let mut response = self.serve(&method, &path, &headers, content.into());
        match fault {
            Some(Fault::LostAnswer) => return Err(io::Error::other("lost as scripted")),
            Some(Fault::Headers(changes)) => {
                for (name, value) in changes {
                    response.headers_mut().insert(HeaderName::from_static(name), value.parse().expect("a header"));
                }
            }
            Some(Fault::Cut(length)) => response = cut(response, length).await,
            _ => {}
        }
        Ok(response)
    }

    fn fault(&self, method: &Method, path: &str) -> Option<Fault> {
        let mut state = self.lock();
        for rule in &mut state.rules {
            if (rule.method == "*" || rule.method == method.as_str()) && path.contains(rule.path) {
                if rule.pass > 0 {
                    rule.pass -= 1;
                } else if rule.hits > 0 {
                    rule.hits -= 1;
                    return Some(rule.fault.clone());
                }
            }
        }
        None
    }

    fn serve(&self, method: &Method, path: &str, asking: &Asking, content: Bytes) -> Response<Body> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let query: BTreeMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if path == "/token" {
            return self.token(method, asking, &content);
        }
        if let Some(refused) = self.refused(asking) {
            return refused;
        }
        let Some(rest) = path.strip_prefix("/v2/") else { return reply(404, &[], Bytes::new()) };
        if rest.is_empty() {
            return reply(200, &[], "{}".into());
        }
        for (word, serve) in
            [("/blobs/uploads/", Self::upload as Serve), ("/blobs/", Self::blobs), ("/manifests/", Self::manifest)]
        {
            if let Some((repository, name)) = rest.split_once(word) {
                return serve(&mut self.lock(), method, repository, name, &query, asking, content);
            }
        }
        if let Some(repository) = rest.strip_suffix("/tags/list") {
            let tags: Vec<String> = self
                .lock()
                .manifests
                .keys()
                .filter(|(name, tag)| name == repository && !tag.contains(':'))
                .map(|(_, tag)| tag.clone())
                .collect();
            return reply(200, &[], serde_json::json!({ "name": repository, "tags": tags }).to_string().into());
        }
        reply(404, &[], Bytes::new())
    }

    fn token(&self, method: &Method, asking: &Asking, content: &Bytes) -> Response<Body> {
        let mut state = self.lock();
        let Auth::Bearer { uses, expires_in, .. } = state.auth.clone() else { return reply(404, &[], Bytes::new()) };
        let basic = asking.authorization.as_deref() == Some(BASIC);
        let refresh = *method == Method::POST && String::from_utf8_lossy(content).contains("refresh_token=id%2Ftoken");
        if !basic && !refresh {
            return reply(401, &[], r#"{"details":"wrong user or password"}"#.into());
        }
        state.next_id += 1;
        let token = format!("token-{}", state.next_id);
        state.tokens.insert(token.clone(), uses);
        reply(200, &[], format!(r#"{{"token":"{token}","expires_in":{expires_in}}}"#).into())
    }

    fn refused(&self, asking: &Asking) -> Option<Response<Body>> {
        let mut state = self.lock();
        let given = asking.authorization.clone().unwrap_or_default();
        let wish = match state.auth.clone() {
            Auth::None => return None,
            Auth::Basic => {
                if given == BASIC {
                    return None;
                }
                r#"Basic realm="fake""#.to_owned()
            }
            Auth::Bearer { realm, .. } => {
                if let Some(left) = given
                    .strip_prefix("Bearer ")
                    .and_then(|token| state.tokens.get_mut(token))
                    .filter(|left| **left > 0)
                {
                    *left -= 1;
                    return None;
                }
                let realm = realm.unwrap_or_else(|| self.url("/token"));
                format!(r#"Bearer realm="{realm}",service="fake service",scope="repository:x:pull""#)
            }
        };
        Some(reply(
            401,
            &[("www-authenticate", wish)],
            r#"{"errors":[{"code":"UNAUTHORIZED","message":"sign in"}]}"#.into(),
        ))
    }
}

/// `user` and `password`
pub(crate) const BASIC: &str = "Basic dXNlcjpwYXNzd29yZA==";

type Serve = fn(&mut State, &Method, &str, &str, &BTreeMap<String, String>, &Asking, Bytes) -> Response<Body>;
type Query = BTreeMap<String, String>;

struct Asking {
    authorization: Option<String>,
    media: Option<String>,
    range: Option<String>,
    chunk: Option<String>,
}

struct Inside(FakeRegistry);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.lock().inside -= 1;
    }
}

impl FakeRegistry {
    fn upload(
        state: &mut State,
        method: &Method,
        repository: &str,
        id: &str,
        query: &Query,
        asking: &Asking,
        content: Bytes,
    ) -> Response<Body> {
        if *method == Method::POST {
            if let (Some(digest), Some(from), false) = (query.get("mount"), query.get("from"), state.no_mounts)
                && state.links.contains(&(from.clone(), digest.clone()))
            {
                state.links.insert((repository.to_owned(), digest.clone()));
                return reply(201, &[("docker-content-digest", digest.clone())], Bytes::new());
            }
            state.next_id += 1;
            let id = format!("id-{}", state.next_id);
            state.uploads.insert(id.clone(), Vec::new());
            return reply(202, &[("location", format!("/v2/{repository}/blobs/uploads/{id}?state=x"))], Bytes::new());
        }
        let Some(upload) = state.uploads.get_mut(id) else { return fail(404, "BLOB_UPLOAD_UNKNOWN") };
        let at = |upload: &Vec<u8>| {
            [
                ("range", format!("0-{}", upload.len().saturating_sub(1))),
                ("location", format!("/v2/{repository}/blobs/uploads/{id}")),
            ]
        };
        match *method {
            Method::GET => reply(204, &at(upload), Bytes::new()),
            Method::DELETE => {
                state.uploads.remove(id);
                reply(204, &[], Bytes::new())
            }
            Method::PATCH => {
                let start = asking.chunk.as_deref().and_then(|range| range.split('-').next()?.parse::<usize>().ok());
                if start.is_some_and(|start| start != upload.len()) {
                    return reply(416, &at(upload), Bytes::new());
                }
                upload.extend_from_slice(&content);
                reply(202, &at(upload), Bytes::new())
            }
            _ => {
                upload.extend_from_slice(&content);
                let whole = Bytes::from(state.uploads.remove(id).unwrap_or_default());
                let digest = Digest::of(&whole).to_string();
                if query.get("digest") != Some(&digest) {
                    return fail(400, "DIGEST_INVALID");
                }
                state.blobs.insert(digest.clone(), whole);
                state.links.insert((repository.to_owned(), digest.clone()));
                reply(201, &[("docker-content-digest", digest)], Bytes::new())
            }
        }
    }

    fn blobs(
        state: &mut State,
        method: &Method,
        repository: &str,
        digest: &str,
        _: &Query,
        asking: &Asking,
        _: Bytes,
    ) -> Response<Body> {
        let linked = state.links.contains(&(repository.to_owned(), digest.to_owned()));
        let Some(blob) = state.blobs.get(digest).filter(|_| linked).cloned() else { return fail(404, "BLOB_UNKNOWN") };
        let start = asking
            .range
            .as_deref()
            .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
        let headers = [("docker-content-digest", digest.to_owned()), ("content-length", blob.len().to_string())];
        match (method, start) {
            (&Method::HEAD, _) => reply(200, &headers, Bytes::new()),
            (_, Some(start)) => reply(206, &[], blob.slice(start..)),
            _ => reply(200, &headers, blob),
        }
    }

    fn manifest(
        state: &mut State,
        method: &Method,
        repository: &str,
        reference: &str,
        _: &Query,
        asking: &Asking,
        content: Bytes,
    ) -> Response<Body> {
        let key = (repository.to_owned(), reference.to_owned());
        if *method == Method::PUT {
            let digest = Digest::of(&content).to_string();
            let media = asking.media.clone().unwrap_or_default();
            state.manifests.insert(key, (media.clone(), content.clone()));
            state.manifests.insert((repository.to_owned(), digest.clone()), (media, content));
            return reply(201, &[("docker-content-digest", digest)], Bytes::new());
        }
        let Some((media, content)) = state.manifests.get(&key).cloned() else { return fail(404, "MANIFEST_UNKNOWN") };
        let headers = [
            ("docker-content-digest", Digest::of(&content).to_string()),
            ("content-type", media),
            ("content-length", content.len().to_string()),
        ];
        reply(200, &headers, if *method == Method::HEAD { Bytes::new() } else { content })
    }
}

fn fail(code: u16, name: &str) -> Response<Body> {
    reply(code, &[], format!(r#"{{"errors":[{{"code":"{name}","message":"no"}}]}}"#).into())
}

fn reply(code: u16, headers: &[(&'static str, String)], content: Bytes) -> Response<Body> {
    let mut response = Response::new(Full::new(content).map_err(|never| match never {}).boxed());
    *response.status_mut() = StatusCode::from_u16(code).expect("a status");
    for (name, value) in headers {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header");
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}

fn flood(code: u16, bytes: usize) -> Response<Body> {
    let chunk = Bytes::from(vec![b'x'; 64 * 1024]);
    let chunks = (0..bytes / chunk.len()).map(move |_| Ok(Frame::data(chunk.clone())));
    let mut response = Response::new(BodyExt::boxed(StreamBody::new(stream::iter(chunks))));
    *response.status_mut() = StatusCode::from_u16(code).expect("a status");
    response
}

/// The same answer with the length of before, but less content.
async fn cut(response: Response<Body>, length: usize) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let content = body.collect().await.expect("it is in memory").to_bytes();
    parts.headers.insert(header::CONTENT_LENGTH, content.len().into());
    let frames =
        [Ok(Frame::data(content.slice(..length.min(content.len())))), Err(io::Error::other("cut as scripted"))];
    // A pause, so that what was sent before the cut arrives.
    let frames = stream::unfold(frames.into_iter(), |mut frames| async {
        let frame = frames.next()?;
        if frame.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Some((frame, frames))
    });
    Response::from_parts(parts, BodyExt::boxed(StreamBody::new(SyncStream(Box::pin(frames)))))
}

type Frames = std::pin::Pin<Box<dyn futures_util::Stream<Item = Result<Frame<Bytes>, io::Error>> + Send + Sync>>;

struct SyncStream(Frames);

impl futures_util::Stream for SyncStream {
    type Item = Result<Frame<Bytes>, io::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

async fn read_some(mut body: Incoming, limit: usize) {
    let mut read = 0;
    while read < limit {
        match body.frame().await {
            Some(Ok(frame)) => read += frame.data_ref().map_or(0, Bytes::len),
            _ => return,
        }
    }
}
