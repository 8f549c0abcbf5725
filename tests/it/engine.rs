//! Finding an engine and building in it, against an engine that speaks the protocol.

#![expect(clippy::unwrap_used, reason = "what fails here is the finding of a test")]

#[path = "../support/fake_engine.rs"]
mod fake_engine;
#[path = "engine/unchanged.rs"]
mod unchanged;

use fake_engine::{Ask, Behaviour, FakeEngine, IMAGE_ID};
use futures_util::TryStreamExt;
use futures_util::future::BoxFuture;
use shipit::image::build::{BuildError, CredentialSource, NoCredentials};
use shipit::image::engine::{Engine, EngineKind, EngineSettings};
use shipit::image::{BuildSpec, BuiltImage};
use shipit::util::{FailureClass, Progress, Secret, Update};
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

fn settings(address: &str) -> EngineSettings {
    EngineSettings { docker_host: Some(address.to_owned()), ..EngineSettings::default() }
}

async fn connect(fake: &FakeEngine) -> Engine {
    Engine::connect(&settings(&fake.address())).await.unwrap()
}

/// Knows a password for every registry and notes who asked.
#[derive(Default)]
struct Keychain(Mutex<Vec<String>>);

impl CredentialSource for Keychain {
    fn credentials<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Option<(String, Secret)>> {
        self.0.lock().unwrap().push(host.to_owned());
        Box::pin(async move { Some(("me".to_owned(), Secret::new(format!("pw>>{host}??")))) })
    }
}

/// A project with an app whose context has a few files.
fn project() -> (TempDir, BuildSpec) {
    let folder = tempfile::tempdir().unwrap();
    let context = folder.path().join("api");
    fs::create_dir_all(context.join("src/deep")).unwrap();
    fs::write(context.join("Dockerfile"), "FROM ghcr.io/base/x\nRUN exit 3\n").unwrap();
    fs::write(context.join("src/a.txt"), "a").unwrap();
    fs::write(context.join("src/deep/big"), vec![b'x'; 200_000]).unwrap();
    fs::write(context.join("secret.key"), "k").unwrap();
    fs::write(context.join(".dockerignore"), "*.key\nDockerfile\n.dockerignore\n").unwrap();
    std::os::unix::fs::symlink("src/deep", context.join("link")).unwrap();
    let spec = BuildSpec::new("api", folder.path(), context, "shop/api:1");
    (folder, spec)
}

async fn build(fake: &FakeEngine, spec: &BuildSpec) -> Result<BuiltImage, BuildError> {
    connect(fake).await.build(spec, Arc::new(Keychain::default()), &Progress::none()).await
}

#[tokio::test]
async fn an_engine_tells_what_it_is() {
    let fake = FakeEngine::start(Behaviour::default());
    let engine = connect(&fake).await;
    let info = engine.describe();
    assert_eq!((info.kind, info.version.as_str(), info.api_version.as_str()), (EngineKind::Docker, "99.1", "1.41"));
    assert_eq!((info.buildkit, info.origin.as_str()), (true, "DOCKER_HOST"));
    let newer = FakeEngine::start(Behaviour { api_version: "1.99", podman: true, ..Behaviour::default() });
    let engine = connect(&newer).await;
    let info = engine.describe();
    assert_eq!((info.kind, info.api_version.as_str(), info.buildkit), (EngineKind::Podman, "1.52", false));
}

#[tokio::test]
async fn an_engine_that_is_too_old_is_refused() {
    let fake = FakeEngine::start(Behaviour { api_version: "1.24", ..Behaviour::default() });
    let error = Engine::connect(&settings(&fake.address())).await.unwrap_err();
    assert!(error.to_string().ends_with("speaks API 1.24, and at least 1.40 is needed"), "{error}");
}

#[tokio::test]
async fn an_engine_that_is_not_there_is_named_with_its_origin() {
    let error = Engine::connect(&settings("unix:///nonexistent/docker.sock")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot reach the engine at unix:///nonexistent/docker.sock (DOCKER_HOST): there is no such socket"
    );
    assert_eq!(error.class(), FailureClass::Permanent);
}

#[tokio::test]
async fn the_current_context_leads_to_the_engine() {
    let fake = FakeEngine::start(Behaviour::default());
    let config = tempfile::tempdir().unwrap();
    fs::write(config.path().join("config.json"), r#"{"auths":{},"currentContext":"work"}"#).unwrap();
    let mut settings = EngineSettings { config_dir: Some(config.path().to_owned()), ..EngineSettings::default() };
    let error = Engine::connect(&settings).await.unwrap_err().to_string();
    assert!(error.starts_with("cannot use the Docker context `work` from `") && error.contains("no such context"));
    let meta = config.path().join("contexts/meta").join(sha256_hex("work"));
    fs::create_dir_all(&meta).unwrap();
    let text = format!(r#"{{"Name":"work","Endpoints":{{"docker":{{"Host":"{}"}}}}}}"#, fake.address());
    fs::write(meta.join("meta.json"), text).unwrap();
    let engine = Engine::connect(&settings).await.unwrap();
    assert!(engine.describe().origin.starts_with("the Docker context `work` from `"));
    settings.docker_context = Some("other".to_owned());
    let error = Engine::connect(&settings).await.unwrap_err().to_string();
    assert!(error.starts_with("cannot use the Docker context `other` from DOCKER_CONTEXT"), "{error}");
}

fn sha256_hex(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn buildkit_gets_what_the_ignore_file_leaves_and_nothing_else() {
    let fake = FakeEngine::start(Behaviour::default());
    let (_folder, spec) = project();
    let built = build(&fake, &spec).await.unwrap();
    assert_eq!((built.platforms[0].id.as_str(), built.platforms[0].platform.as_str()), (IMAGE_ID, "linux/arm/v7"));
    let seen = fake.seen();
    assert_eq!(seen.announced["context"], ["link", "src", "src/a.txt", "src/deep", "src/deep/big"]);
    assert_eq!(seen.announced["dockerfile"], ["Dockerfile"]);
    assert_eq!(seen.files["context/src/deep/big"], vec![b'x'; 200_000]);
    assert_eq!(seen.files["dockerfile/Dockerfile"], fs::read(&spec.dockerfile).unwrap());
}

#[tokio::test]
async fn buildkit_asks_for_paths_and_their_links() {
    let ask = Ask { followpaths: vec!["lin*/b*"], exclude: vec!["**/a.txt"], ..Ask::default() };
    let fake = FakeEngine::start(Behaviour { ask, ..Behaviour::default() });
    let (_folder, spec) = project();
    build(&fake, &spec).await.unwrap();
    assert_eq!(fake.seen().announced["context"], ["link", "src", "src/deep", "src/deep/big"]);
}

#[tokio::test]
async fn the_ignore_file_itself_can_be_read_although_it_is_left_out() {
    let ask = Ask { followpaths: vec![".dockerignore"], ..Ask::default() };
    let fake = FakeEngine::start(Behaviour { ask, ..Behaviour::default() });
    let (_folder, spec) = project();
    build(&fake, &spec).await.unwrap();
    assert_eq!(fake.seen().announced["context"], [".dockerignore"]);
}

#[tokio::test]
async fn a_change_that_keeps_the_size_of_a_dockerfile_is_seen() {
    let fake = FakeEngine::start(Behaviour::default());
    let (_folder, spec) = project();
    for text in ["FROM scratch\nRUN echo 1\n", "FROM scratch\nRUN echo 2\n"] {
        fs::write(&spec.dockerfile, text).unwrap();
        build(&fake, &spec).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&fake.seen().files["dockerfile/Dockerfile"]), text);
    }
}

#[tokio::test]
async fn a_context_that_was_looked_through_is_not_looked_through_again() {
    let fake = FakeEngine::start(Behaviour::default());
    let (_folder, mut spec) = project();
    let _socket = std::os::unix::net::UnixListener::bind(spec.context.join("s")).unwrap();
    spec.is_checked = true;
    // What cannot be sent is found while it is sent.
    let error = build(&fake, &spec).await.unwrap_err();
    assert!(matches!(error, BuildError::Sending(_)), "{error}");
    assert!(error.to_string().contains("socket"), "{error}");
}

#[tokio::test]
async fn what_the_engine_kept_is_not_sent_again() {
    let ask = Ask { kept: vec!["src/a.txt", "src/deep/big"], ..Ask::default() };
    let fake = FakeEngine::start(Behaviour { ask, ..Behaviour::default() });
    let (_folder, spec) = project();
    let updates: Arc<Mutex<Vec<Update>>> = Arc::default();
    let noted = updates.clone();
    let progress = Progress::new(move |update| noted.lock().unwrap().push(update));
    connect(&fake).await.build(&spec, Arc::new(NoCredentials), &progress).await.unwrap();
    let updates = updates.lock().unwrap();
    assert!(!updates.iter().any(|update| matches!(update, Update::TaskAdvanced { .. })));
    let end = Update::TaskFinished { task: "context".to_owned(), note: Some("unchanged".to_owned()) };
    assert!(updates.contains(&end), "{updates:?}");
}

#[tokio::test]
async fn secrets_and_credentials_are_given_when_asked_for() {
    let ask = Ask { secrets: vec!["tok"], hosts: vec!["registry-1.docker.io", "ghcr.io"], ..Ask::default() };
    let fake = FakeEngine::start(Behaviour { ask, ..Behaviour::default() });
    let (_folder, mut spec) = project();
    spec.build_secrets.insert("tok".to_owned(), Secret::new("hunter2"));
    build(&fake, &spec).await.unwrap();
    let seen = fake.seen();
    assert_eq!(seen.answers, ["hunter2", "me:pw>>docker.io??", "me:pw>>ghcr.io??"]);
    assert!(!seen.requests.iter().any(|request| request.contains("hunter2")));
    assert!(!format!("{:?}", seen.headers).contains("hunter2"));
}

#[tokio::test]
async fn a_secret_that_the_app_has_not_ends_the_build_with_its_name() {
    let ask = Ask { secrets: vec!["nope"], ..Ask::default() };
    let fake = FakeEngine::start(Behaviour { ask, ..Behaviour::default() });
    let (_folder, spec) = project();
    let error = build(&fake, &spec).await.unwrap_err();
    assert!(error.to_string().starts_with("secret nope not found"), "{error}");
}

#[tokio::test]
async fn every_option_reaches_the_engine() {
    let fake = FakeEngine::start(Behaviour::default());
    let (_folder, mut spec) = project();
    spec.target = Some("final".to_owned());
    spec.build_args.insert("A".to_owned(), "1 & 2".to_owned());
    spec.labels.insert("l".to_owned(), "ü".to_owned());
    spec.cache_from.push("ghcr.io/x:cache".to_owned());
    spec.platforms = vec!["linux/amd64".to_owned(), "linux/arm/v7".to_owned()];
    (spec.no_cache, spec.pull, spec.network) = (true, true, Some("none".to_owned()));
    let built = build(&fake, &spec).await.unwrap();
    assert_eq!(built.platforms.len(), 2);
    let seen = fake.seen();
    let builds: Vec<_> = seen.requests.iter().filter(|request| request.contains("/build?")).collect();
    for (request, platform) in builds.iter().zip(["linux/amd64", "linux/arm/v7"]) {
        let query = request.split_once('?').unwrap().1;
        let pairs: std::collections::BTreeMap<_, _> = url::form_urlencoded::parse(query.as_bytes()).collect();
        assert_eq!(pairs["t"], format!("shop/api:1-{}", platform.replace('/', "-")));
        assert_eq!((pairs["platform"].as_ref(), pairs["target"].as_ref()), (platform, "final"));
        assert_eq!((pairs["buildargs"].as_ref(), pairs["labels"].as_ref()), (r#"{"A":"1 & 2"}"#, r#"{"l":"ü"}"#));
        assert_eq!(pairs["cachefrom"], r#"["ghcr.io/x:cache"]"#);
        assert_eq!(
            (pairs["nocache"].as_ref(), pairs["pull"].as_ref(), pairs["networkmode"].as_ref()),
            ("1", "1", "none")
        );
    }
}

#[tokio::test]
async fn without_a_bridge_the_network_is_none_unless_the_app_names_one() {
    let networks = |fake: &FakeEngine| -> Vec<Option<String>> {
        let seen = fake.seen();
        let builds = seen.requests.iter().filter_map(|request| request.strip_prefix("POST /v1.41/build?"));
        let network = |query: &str| {
            url::form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == "networkmode")
                .map(|(_, value)| value.into_owned())
        };
        builds.map(network).collect()
    };
    let bridged = FakeEngine::start(Behaviour::default());
    let (_folder, mut spec) = project();
    build(&bridged, &spec).await.unwrap();
    assert_eq!(networks(&bridged), [None]);

    let fake = FakeEngine::start(Behaviour { bridge: false, ..Behaviour::default() });
    let engine = connect(&fake).await;
    let updates: Arc<Mutex<Vec<Update>>> = Arc::default();
    let noted = updates.clone();
    let progress = Progress::new(move |update| noted.lock().unwrap().push(update));
    engine.build(&spec, Arc::new(NoCredentials), &progress).await.unwrap();
    assert!(format!("{:?}", updates.lock().unwrap()).contains("the engine has no bridge network: RUN gets none"));
    engine.build(&spec, Arc::new(NoCredentials), &progress).await.unwrap();
    spec.network = Some("host".to_owned());
    engine.build(&spec, Arc::new(NoCredentials), &progress).await.unwrap();
    assert_eq!(networks(&fake), [Some("none".to_owned()), Some("none".to_owned()), Some("host".to_owned())]);
    let asked = fake.seen().requests.iter().filter(|request| request.contains("/networks/")).count();
    assert_eq!(asked, 1, "the engine is asked once");
}

#[tokio::test]
async fn an_engine_without_sessions_gets_a_tar_and_only_the_credentials_that_are_named() {
    let fake = FakeEngine::start(Behaviour { sessions: false, ..Behaviour::default() });
    let (_folder, spec) = project();
    build(&fake, &spec).await.unwrap();
    let seen = fake.seen();
    let mut archive = tar::Archive::new(seen.tar.as_slice());
    let paths = archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().to_str().unwrap().to_owned());
    let paths: Vec<String> = paths.collect();
    // The Dockerfile is left out by the ignore file: both go in, and the engine takes them out again.
    assert_eq!(paths, ["Dockerfile", ".dockerignore", "link", "src/", "src/a.txt", "src/deep/", "src/deep/big"]);
    let position = seen.requests.iter().position(|request| request.contains("/build?")).unwrap();
    assert!(seen.requests[position].contains(&format!("dockerfile={}", paths[0])));
    let header = seen.headers[position]["x-registry-config"].to_str().unwrap();
    use base64::Engine as _;
    let config = base64::engine::general_purpose::URL_SAFE.decode(header).unwrap();
    let config: serde_json::Value = serde_json::from_slice(&config).unwrap();
    let hosts: Vec<&String> = config.as_object().unwrap().keys().collect();
    assert_eq!(hosts, ["ghcr.io"]);
    assert_eq!(config["ghcr.io"]["password"], "pw>>ghcr.io??");
}

#[tokio::test]
async fn podman_builds_and_names_the_image_in_its_last_line() {
    let fake = FakeEngine::start(Behaviour { podman: true, ..Behaviour::default() });
    let (_folder, mut spec) = project();
    assert_eq!(build(&fake, &spec).await.unwrap().platforms[0].id, IMAGE_ID);
    spec.build_secrets.insert("tok".to_owned(), Secret::new("hunter2"));
    fake.seen().requests.clear();
    build(&fake, &spec).await.unwrap();
    // It takes secrets as files that it moves out of the context.
    let seen = fake.seen();
    let request = seen.requests.iter().find(|request| request.contains("/build?")).unwrap();
    let secrets = url::form_urlencoded::parse(request.as_bytes()).find(|(name, _)| name == "secrets").unwrap().1;
    let secrets: Vec<String> = serde_json::from_str(&secrets).unwrap();
    let path = secrets[0].strip_prefix("id=tok,src=").unwrap();
    let mut archive = tar::Archive::new(seen.tar.as_slice());
    let mut entries = archive.entries().unwrap().map(Result::unwrap);
    let mut entry = entries.find(|entry| entry.path().unwrap().to_str() == Some(path)).unwrap();
    let mut content = String::new();
    std::io::Read::read_to_string(&mut entry, &mut content).unwrap();
    assert_eq!(content, "hunter2");
    assert!(!seen.requests.iter().any(|request| request.contains("hunter2")));
}

#[tokio::test]
async fn secrets_are_not_sent_to_an_engine_that_would_build_them_into_the_image() {
    for (podman, version) in [(false, "99.1"), (true, "3.4.4"), (true, "")] {
        let fake = FakeEngine::start(Behaviour { podman, version, sessions: false, ..Behaviour::default() });
        let (_folder, mut spec) = project();
        spec.build_secrets.insert("tok".to_owned(), Secret::new("hunter2"));
        assert!(matches!(build(&fake, &spec).await, Err(BuildError::NeedsBuildKit { .. })));
        assert!(fake.seen().tar.is_empty());
    }
}

#[tokio::test]
async fn a_dockerfile_beside_the_context_goes_along() {
    let fake = FakeEngine::start(Behaviour { sessions: false, ..Behaviour::default() });
    let (folder, mut spec) = project();
    fs::write(folder.path().join("other"), "FROM scratch\n").unwrap();
    spec.dockerfile = spec.context.join("../other");
    build(&fake, &spec).await.unwrap();
    let seen = fake.seen();
    let mut archive = tar::Archive::new(seen.tar.as_slice());
    let first = archive.entries().unwrap().next().unwrap().unwrap().path().unwrap().display().to_string();
    assert!(first.starts_with(".dockerfile."), "{first}");
    assert!(seen.requests.iter().any(|request| request.contains(&format!("dockerfile={first}"))));
}

#[tokio::test]
async fn a_dockerfile_that_is_refused_at_once_is_named() {
    for sessions in [true, false] {
        let refusal = Some("dockerfile parse error line 2: unknown instruction: RUNN");
        let fake = FakeEngine::start(Behaviour { sessions, refusal, ..Behaviour::default() });
        let (_folder, spec) = project();
        let error = build(&fake, &spec).await.unwrap_err();
        assert_eq!(error.to_string(), "unknown instruction: RUNN (api/Dockerfile:2)");
        assert!(std::error::Error::source(&error).is_none(), "nothing is said twice");
    }
}

#[tokio::test]
async fn a_failed_step_is_named_with_its_line() {
    let failure = Some("The command '/bin/sh -c exit 3' returned a non-zero code: 3");
    let fake = FakeEngine::start(Behaviour { sessions: false, failure, ..Behaviour::default() });
    let (_folder, spec) = project();
    let error = build(&fake, &spec).await.unwrap_err();
    assert_eq!(error.to_string(), "`exit 3` failed with exit code 3 (api/Dockerfile:2)");
}

#[tokio::test]
async fn nothing_is_sent_of_a_context_that_cannot_be() {
    let fake = FakeEngine::start(Behaviour::default());
    let (_folder, spec) = project();
    let _socket = std::os::unix::net::UnixListener::bind(spec.context.join("s")).unwrap();
    let error = build(&fake, &spec).await.unwrap_err();
    assert!(error.to_string().starts_with("`api/s` is a socket"), "{error}");
    assert!(!fake.seen().requests.iter().any(|request| request.starts_with("POST")));
}

#[tokio::test]
async fn a_build_that_is_done_has_closed_its_session() {
    let (fake, (_folder, spec)) = (FakeEngine::start(Behaviour::default()), project());
    let engine = connect(&fake).await;
    engine.build(&spec, Arc::new(NoCredentials), &Progress::none()).await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), fake.session_ended()).await.expect("it stays open");
}

#[tokio::test]
async fn dropping_a_build_closes_its_connection() {
    for sessions in [true, false] {
        let fake = FakeEngine::start(Behaviour { hang: true, sessions, ..Behaviour::default() });
        let (_folder, spec) = project();
        let engine = connect(&fake).await;
        let building =
            tokio::spawn(async move { engine.build(&spec, Arc::new(NoCredentials), &Progress::none()).await });
        tokio::time::timeout(Duration::from_secs(20), fake.build_begun()).await.expect("the build begins");
        building.abort();
        tokio::time::timeout(Duration::from_secs(20), fake.build_dropped()).await.expect("the engine sees it end");
    }
}

#[tokio::test]
async fn images_are_looked_at_and_taken_out() {
    let fake = FakeEngine::start(Behaviour::default());
    let engine = connect(&fake).await;
    let image = engine.inspect(IMAGE_ID).await.unwrap().unwrap();
    assert_eq!((image.platform.as_str(), image.size), ("linux/arm/v7", 7));
    assert_eq!(image.diff_ids, ["sha256:1", "sha256:2"]);
    assert_eq!(engine.inspect("nope").await.unwrap(), None);
    assert!(!engine.remove("nope").await.unwrap());
    let chunks: Vec<bytes::Bytes> = engine.export(&["a:1", "b:2"]).await.unwrap().try_collect().await.unwrap();
    assert_eq!(chunks.concat(), b"not really a tar");
    assert!(fake.seen().requests.iter().any(|request| request == "GET /v1.41/images/get?names=a%3A1&names=b%3A2"));
    let error = engine.tag("nope", "shop/api:2").await.unwrap_err();
    assert_eq!(error.to_string(), r"cannot name the image `shop/api:2`: the engine answered 404: page not\u{1b} found");
}

#[tokio::test]
async fn an_engine_that_went_away_may_be_back_for_another_run() {
    let fake = FakeEngine::start(Behaviour::default());
    let engine = connect(&fake).await;
    drop(fake);
    let error = engine.inspect("x").await.unwrap_err();
    assert_eq!(error.class(), FailureClass::Passing, "{error}");
    let (_folder, spec) = project();
    let error = engine.build(&spec, Arc::new(NoCredentials), &Progress::none()).await.unwrap_err();
    assert_eq!(error.class(), FailureClass::Permanent, "{error}");
}

#[tokio::test]
async fn an_engine_that_asks_faster_than_it_reads_gets_every_file() {
    let ask = Ask { padding: 32 * 1024, ..Ask::default() };
    let fake = FakeEngine::start(Behaviour { ask, ..Behaviour::default() });
    let (_folder, spec) = project();
    // More than the connection holds, in both directions.
    for number in 0..150 {
        fs::File::create(spec.context.join(format!("src/deep/{number}"))).unwrap().set_len(300_000).unwrap();
    }
    let built = tokio::time::timeout(Duration::from_secs(60), build(&fake, &spec)).await;
    built.expect("neither side waits for the other").unwrap();
    assert_eq!(fake.seen().files.iter().filter(|(path, _)| path.starts_with("context/src/deep/")).count(), 151);
}
