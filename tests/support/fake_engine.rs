//! A container engine on a unix socket, as much of it as shipit speaks to: ping, version, images and
//! both builders. The BuildKit side is a true client of the session that shipit serves.

use bollard_buildkit_proto::fsutil::types::{Packet, Stat, packet::PacketType};
use bollard_buildkit_proto::moby::buildkit::secrets::v1::{GetSecretRequest, secrets_client::SecretsClient};
use bollard_buildkit_proto::moby::filesync::packet::file_sync_client::FileSyncClient;
use bollard_buildkit_proto::moby::filesync::v1::{CredentialsRequest, auth_client::AuthClient};
use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::net::UnixListener;
use tokio::sync::Notify;
use tonic::codegen::Service;
use tonic::transport::{Channel, Endpoint};

pub const IMAGE_ID: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// What the engine is and does.
#[derive(Clone, Debug)]
pub struct Behaviour {
    pub api_version: &'static str,
    pub version: &'static str,
    pub podman: bool,
    pub sessions: bool,
    /// Whether there is a network `bridge`.
    pub bridge: bool,
    /// The last message of a build, instead of success.
    pub failure: Option<&'static str>,
    /// The answer to a build's request, with status 400.
    pub refusal: Option<&'static str>,
    /// A build says one thing and never ends.
    pub hang: bool,
    /// What the builder asks the session for, beside the files of `context`.
    pub ask: Ask,
}

#[derive(Clone, Debug, Default)]
pub struct Ask {
    pub followpaths: Vec<&'static str>,
    pub exclude: Vec<&'static str>,
    pub secrets: Vec<&'static str>,
    pub hosts: Vec<&'static str>,
    /// Paths whose content is not asked for: the engine kept them.
    pub kept: Vec<&'static str>,
    /// Bytes that each question for a content is longer by, and nothing is read before it is gone: few
    /// of them fill a connection as many short ones do.
    pub padding: usize,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            api_version: "1.41",
            version: "99.1",
            podman: false,
            sessions: true,
            bridge: true,
            failure: None,
            refusal: None,
            hang: false,
            ask: Ask::default(),
        }
    }
}

/// An image that the engine has, under one of its names.
#[derive(Clone, Debug)]
pub struct Image {
    pub id: String,
    pub architecture: &'static str,
    /// `ONBUILD` of its Dockerfile.
    pub triggers: Vec<&'static str>,
}

/// What happens while a build is under way.
type Meanwhile = Box<dyn Fn(&mut World) + Send>;

/// What the engine has, and may have no more.
#[derive(Default)]
pub struct World {
    /// `None`: it does not say.
    pub id: Option<&'static str>,
    pub containerd: bool,
    /// By name. What is built is added, for the same platform as all others.
    pub images: BTreeMap<String, Image>,
    /// The names of the steps that a build by BuildKit tells of.
    pub steps: Vec<String>,
    /// The id of what is built; empty: [`IMAGE_ID`].
    pub builds: String,
    /// Is done once, while a build is under way.
    pub meanwhile: Option<Meanwhile>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("images", &self.images).finish_non_exhaustive()
    }
}

impl World {
    pub fn add(&mut self, name: &str, id: &str) {
        let id = format!("sha256:{}", id.repeat(64));
        self.images.insert(name.to_owned(), Image { id, architecture: "arm", triggers: Vec::new() });
    }
}

/// What the engine saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// `METHOD path?query`
    pub requests: Vec<String>,
    pub headers: Vec<hyper::HeaderMap>,
    /// The body of a classic build.
    pub tar: Vec<u8>,
    /// All that was announced of a folder of the session.
    pub announced: BTreeMap<String, Vec<String>>,
    /// The content of the files that were asked for.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Secrets and credentials.
    pub answers: Vec<String>,
}

#[derive(Debug)]
pub struct FakeEngine {
    folder: TempDir,
    state: Arc<State>,
    server: tokio::task::JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    behaviour: Behaviour,
    seen: Mutex<Seen>,
    world: Mutex<World>,
    session: tokio::sync::Mutex<Option<Channel>>,
    session_ready: Notify,
    /// What the last build of the same shared key brought, by path: size, mode, time and content.
    kept: Mutex<BTreeMap<String, (Stat, Vec<u8>)>>,
    build_begun: Notify,
    build_dropped: Arc<Notify>,
}

impl FakeEngine {
    pub fn start(behaviour: Behaviour) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("docker.sock")).unwrap();
        let state = Arc::new(State {
            behaviour,
            seen: Mutex::default(),
            world: Mutex::default(),
            session: tokio::sync::Mutex::default(),
            session_ready: Notify::new(),
            kept: Mutex::default(),
            build_begun: Notify::new(),
            build_dropped: Arc::new(Notify::new()),
        });
        let serving = state.clone();
        let server = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let state = serving.clone();
                tokio::spawn(async move {
                    let service = hyper::service::service_fn(move |request| answer(state.clone(), request));
                    let connection =
                        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                    let _ = connection.with_upgrades().await;
                });
            }
        });
        Self { folder, state, server }
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("docker.sock")
    }

    pub fn address(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    pub fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.state.seen.lock().unwrap()
    }

    pub fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.state.world.lock().unwrap()
    }

    /// Waits until the connection of the last build's session is at its end.
    pub async fn session_ended(&self) {
        let channel = self.state.session.lock().await.clone().unwrap();
        // An open one answers that it knows no such secret; a second connection is not made.
        loop {
            let answer = SecretsClient::new(channel.clone()).get_secret(GetSecretRequest::default()).await;
            if answer.is_err_and(|status| status.code() != tonic::Code::NotFound) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    pub async fn build_begun(&self) {
        self.state.build_begun.notified().await;
    }

    /// Waits until the caller of a build that hangs has gone away.
    pub async fn build_dropped(&self) {
        self.state.build_dropped.notified().await;
    }
}

impl Drop for FakeEngine {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(state: Arc<State>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().unwrap_or_default().to_owned();
    {
        let mut seen = state.seen.lock().unwrap();
        seen.requests.push(format!("{} {}", request.method(), request.uri()));
        seen.headers.push(request.headers().clone());
    }
    let path = match path.strip_prefix("/v").and_then(|path| path.split_once('/')) {
        Some((_, path)) if path != "ersion" => format!("/{path}"),
        _ => path,
    };
    Ok(match path.as_str() {
        "/_ping" => ping(&state.behaviour),
        "/version" => json(&format!(
            r#"{{"Version":"{}","ApiVersion":"1.41","Os":"linux","Arch":"amd64"}}"#,
            state.behaviour.version
        )),
        "/info" => info(&state.world.lock().unwrap()),
        "/session" if state.behaviour.sessions => session(&state, request),
        "/build" => build(&state, request, &query).await,
        "/networks/bridge" if state.behaviour.bridge => json(r#"{"Name":"bridge","Driver":"bridge"}"#),
        path if path.ends_with("/tag") => tag(&state, path, &query),
        path if known(&state, path).is_some() => known(&state, path).unwrap(),
        "/images/get" => text(StatusCode::OK, "not really a tar"),
        path if path == format!("/images/{IMAGE_ID}/json") => json(&format!(
            r#"{{"Id":"{IMAGE_ID}","Os":"linux","Architecture":"arm","Variant":"v7","Size":7,
                "RootFS":{{"Type":"layers","Layers":["sha256:1","sha256:2"]}},"RepoDigests":[]}}"#
        )),
        _ => text(StatusCode::NOT_FOUND, r#"{"message":"page not\u001b found"}"#),
    })
}

fn ping(behaviour: &Behaviour) -> Response<Body> {
    let mut response = text(StatusCode::OK, "OK");
    response.headers_mut().insert("api-version", behaviour.api_version.parse().unwrap());
    if behaviour.podman {
        response.headers_mut().insert("libpod-api-version", "5.0.0".parse().unwrap());
    }
    response
}

fn info(world: &World) -> Response<Body> {
    let Some(id) = world.id else { return text(StatusCode::NOT_FOUND, r#"{"message":"page not found"}"#) };
    let status = if world.containerd { r#"["driver-type","io.containerd.snapshotter.v1"]"# } else { r#"["a","b"]"# };
    json(&format!(
        r#"{{"ID":"{id}","DriverStatus":[{status}],"ServerVersion":"99.1","OSType":"linux","Architecture":"armv7l"}}"#
    ))
}

fn known(state: &State, path: &str) -> Option<Response<Body>> {
    let name = path.strip_prefix("/images/")?.strip_suffix("/json")?;
    let world = state.world.lock().unwrap();
    let Image { id, architecture, triggers } = world.images.get(name)?;
    Some(json(
        &serde_json::json!({
            "Id": id, "Os": "linux", "Architecture": architecture, "Variant": "v7",
            "Config": { "OnBuild": triggers },
        })
        .to_string(),
    ))
}

/// Another name for an image, which has to be there.
fn tag(state: &State, path: &str, query: &str) -> Response<Body> {
    let mut world = state.world.lock().unwrap();
    let image = path.strip_prefix("/images/").and_then(|path| path.strip_suffix("/tag"));
    let image = image.and_then(|image| world.images.get(image)).cloned();
    let Some(image) = image else { return text(StatusCode::NOT_FOUND, r#"{"message":"page not\u001b found"}"#) };
    let given =
        |wanted: &str| url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted).unwrap().1;
    world.images.insert(format!("{}:{}", given("repo"), given("tag")), image);
    text(StatusCode::CREATED, "")
}

fn text(status: StatusCode, text: &str) -> Response<Body> {
    let mut response = Response::new(Full::new(Bytes::from(text.to_owned())).boxed_unsync());
    *response.status_mut() = status;
    response
}

fn json(text_: &str) -> Response<Body> {
    text(StatusCode::OK, text_)
}

/// Takes the connection over and becomes the client on it.
fn session(state: &Arc<State>, request: Request<Incoming>) -> Response<Body> {
    let state = state.clone();
    tokio::spawn(async move {
        let upgraded = hyper::upgrade::on(request).await.unwrap();
        let connector = Once(Some(TokioIo::new(TokioIo::new(upgraded))));
        let channel = Endpoint::from_static("http://session").connect_with_connector(connector).await.unwrap();
        *state.session.lock().await = Some(channel);
        state.session_ready.notify_one();
    });
    let mut response = text(StatusCode::SWITCHING_PROTOCOLS, "");
    response.headers_mut().insert("connection", "Upgrade".parse().unwrap());
    response.headers_mut().insert("upgrade", "h2c".parse().unwrap());
    response
}

/// Gives the one connection that there is.
struct Once<T>(Option<T>);

impl<T: Send + 'static> Service<hyper::Uri> for Once<T> {
    type Response = T;
    type Error = std::io::Error;
    type Future = std::future::Ready<Result<T, std::io::Error>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: hyper::Uri) -> Self::Future {
        std::future::ready(self.0.take().ok_or_else(|| std::io::Error::other("connected already")))
    }
}

async fn build(state: &Arc<State>, request: Request<Incoming>, query: &str) -> Response<Body> {
    state.build_begun.notify_one();
    if let Some(words) = state.behaviour.refusal {
        let _ = request.into_body().collect().await;
        return text(StatusCode::BAD_REQUEST, &serde_json::json!({ "message": words }).to_string());
    }
    if state.behaviour.hang {
        // While there is something to read, the end of the connection is not noticed.
        let _ = request.into_body().collect().await;
        return hanging(state.build_dropped.clone());
    }
    if query.contains("version=2") {
        if let Err(status) = use_session(state).await {
            return json(&error(&format!("failed to solve: {}", status.message())));
        }
    } else {
        let Ok(body) = request.into_body().collect().await else { return text(StatusCode::BAD_REQUEST, "cut") };
        state.seen.lock().unwrap().tar = body.to_bytes().to_vec();
    }
    let told = told(&mut state.world.lock().unwrap(), query);
    let log =
        r#"{"stream":"Step 1/2 : FROM scratch\n"}"#.to_owned() + "\r\n" + r#"{"stream":"Step 2/2 : RUN exit 3\n"}"#;
    let end = match state.behaviour.failure {
        Some(words) => error(words),
        None if state.behaviour.podman => {
            let id = IMAGE_ID.trim_start_matches("sha256:");
            format!(r#"{{"stream":"{id}\n"}}"#)
        }
        None => told,
    };
    json(&format!("{log}\r\n{end}\r\n"))
}

/// The last words of a build by BuildKit, and what it leaves behind.
fn told(world: &mut World, query: &str) -> String {
    if let Some(meanwhile) = world.meanwhile.take() {
        meanwhile(world);
    }
    let id = if world.builds.is_empty() { IMAGE_ID.to_owned() } else { world.builds.clone() };
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if name == "t" {
            let image = Image { id: id.clone(), architecture: "arm", triggers: Vec::new() };
            world.images.insert(value.into_owned(), image.clone());
            world.images.insert(id.clone(), image);
        }
    }
    let steps: Vec<u8> = world.steps.iter().flat_map(|name| field(1, &field(3, name.as_bytes()))).collect();
    let steps = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, steps);
    format!(
        "{{\"id\":\"moby.buildkit.trace\",\"aux\":\"{steps}\"}}\r\n{{\"id\":\"moby.image.id\",\"aux\":{{\"ID\":\"{id}\"}}}}"
    )
}

/// A field of a protobuf message that has a length: 1 of `StatusResponse` is a vertex, 3 of that its name.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    assert!(content.len() < 1 << 14);
    let length = [content.len() as u8 & 0x7f | 0x80, (content.len() >> 7) as u8];
    [&[number << 3 | 2], length.as_slice(), content].concat()
}

fn error(words: &str) -> String {
    serde_json::json!({ "errorDetail": { "message": words }, "error": words }).to_string()
}

fn hanging(dropped: Arc<Notify>) -> Response<Body> {
    struct Guard(Arc<Notify>);
    impl Drop for Guard {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let guard = Guard(dropped);
    let first = Frame::data(Bytes::from_static(b"{\"stream\":\"hello\\n\"}\r\n"));
    let stream = futures_util::stream::iter([Ok(first)]).chain(futures_util::stream::pending()).map(move |frame| {
        let _ = &guard;
        frame
    });
    Response::new(StreamBody::new(stream).boxed_unsync())
}

async fn use_session(state: &Arc<State>) -> Result<(), tonic::Status> {
    if state.session.lock().await.is_none() {
        state.session_ready.notified().await;
    }
    let channel = state.session.lock().await.clone().unwrap();
    let ask = &state.behaviour.ask;
    receive(state, channel.clone(), "dockerfile", &[], &[]).await?;
    receive(state, channel.clone(), "context", &ask.followpaths, &ask.exclude).await?;
    for id in &ask.secrets {
        let request = GetSecretRequest { id: (*id).to_owned(), ..Default::default() };
        let answer = SecretsClient::new(channel.clone()).get_secret(request).await?.into_inner();
        state.seen.lock().unwrap().answers.push(String::from_utf8(answer.data).unwrap());
    }
    for host in &ask.hosts {
        let request = CredentialsRequest { host: (*host).to_owned() };
        let answer = AuthClient::new(channel.clone()).credentials(request).await?.into_inner();
        state.seen.lock().unwrap().answers.push(format!("{}:{}", answer.username, answer.secret));
    }
    Ok(())
}

/// One transfer, as fsutil's receiver does it: files are asked for while entries still come in.
async fn receive(
    state: &Arc<State>,
    channel: Channel,
    folder: &str,
    follow: &[&str],
    exclude: &[&str],
) -> Result<(), tonic::Status> {
    let padding = state.behaviour.ask.padding;
    let (sender, receiver) = tokio::sync::mpsc::channel(if padding > 0 { 1 } else { 1024 });
    let mut request = tonic::Request::new(tokio_stream::wrappers::ReceiverStream::new(receiver));
    request.metadata_mut().insert("dir-name", folder.parse().unwrap());
    for path in follow {
        request.metadata_mut().append("followpaths", path.parse().unwrap());
    }
    for pattern in exclude {
        request.metadata_mut().append("exclude-patterns", pattern.parse().unwrap());
    }
    let mut packets = FileSyncClient::new(channel).diff_copy(request).await?.into_inner();
    let packet = |kind: PacketType, id: u32| Packet { r#type: kind.into(), id, ..Packet::default() };
    let (mut names, mut stats, mut open, mut announced_all) = (Vec::new(), Vec::new(), BTreeMap::new(), false);
    while let Some(message) = packets.message().await? {
        match message.r#type() {
            PacketType::PacketStat => match message.stat {
                Some(stat) => {
                    let id = names.len() as u32;
                    let path = format!("{folder}/{}", stat.path);
                    let old = state.kept.lock().unwrap().get(&path).filter(|(old, _)| *old == stat).cloned();
                    let kept = state.behaviour.ask.kept.contains(&stat.path.as_str());
                    if let Some((_, content)) = old {
                        state.seen.lock().unwrap().files.insert(path, content);
                    } else if stat.mode & (1 << 31 | 1 << 27) == 0 && !kept {
                        open.insert(id, Vec::new());
                        let question = Packet { data: vec![0; padding], ..packet(PacketType::PacketReq, id) };
                        sender.send(question).await.unwrap();
                    }
                    names.push(stat.path.clone());
                    stats.push(stat);
                }
                None => announced_all = true,
            },
            PacketType::PacketData if message.data.is_empty() => {
                let content = open.remove(&message.id).unwrap();
                let path = format!("{folder}/{}", names[message.id as usize]);
                let stat: Stat = stats[message.id as usize].clone();
                state.kept.lock().unwrap().insert(path.clone(), (stat, content.clone()));
                state.seen.lock().unwrap().files.insert(path, content);
            }
            PacketType::PacketData => open.get_mut(&message.id).unwrap().extend(message.data),
            PacketType::PacketFin => break,
            other => panic!("{other:?}"),
        }
        if announced_all && open.is_empty() {
            sender.send(packet(PacketType::PacketFin, 0)).await.unwrap();
            announced_all = false;
        }
    }
    state.seen.lock().unwrap().announced.insert(folder.to_owned(), names);
    Ok(())
}
