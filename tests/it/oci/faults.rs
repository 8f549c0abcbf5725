//! Faults that pass are survived; others are told at once.

use super::fake_registry::{Auth, FakeRegistry, Fault, Rule, error, on, status};
use super::world::{at, blob, listen, open, options, password, repository};
use shipit::oci::{BlobOutcome, Client, ClientOptions, Digest, ErrorKind, Login};
use shipit::util::{FailureClass, Progress};
use std::time::{Duration, Instant};

const MEDIA: &str = "application/vnd.oci.image.manifest.v1+json";
const SIZE: usize = 400_000;

/// Pushes a blob and a manifest through faults; both must arrive whole. What users saw is given back.
async fn survives(rules: impl IntoIterator<Item = Rule>) -> (FakeRegistry, String) {
    let fake = FakeRegistry::with(Auth::None, rules).await;
    let (registry, name, blob) = (open(&fake), repository("a"), blob(SIZE));
    let (progress, heard) = listen();
    registry.push_blob(&name, &blob, &progress).await.expect("the blob arrives");
    registry.push_manifest(&name, "v1", MEDIA, "{}".into(), &progress).await.expect("the manifest arrives");
    let there = fake.blob("a", &blob.digest).map(Digest::of);
    assert_eq!(there, Some(blob.digest));
    let heard = heard.lock().expect("done").join("\n");
    (fake, heard)
}

async fn fails(rules: impl IntoIterator<Item = Rule>) -> (FakeRegistry, shipit::oci::Error) {
    let fake = FakeRegistry::with(Auth::None, rules).await;
    let error = open(&fake).push_blob(&repository("a"), &blob(SIZE), &Progress::none()).await.expect_err("it goes on");
    (fake, error)
}

/// The times between the requests that match.
fn gaps(fake: &FakeRegistry, method: &str, path: &str) -> Vec<Duration> {
    let times: Vec<_> = fake
        .log()
        .into_iter()
        .filter(|asked| asked.method == method && asked.path.contains(path))
        .map(|asked| asked.at)
        .collect();
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[tokio::test]
async fn passing_statuses_are_survived_at_every_request() {
    for code in [408, 429, 499, 500, 502, 503, 504, 522] {
        for (method, path) in [("HEAD", "/blobs/"), ("POST", "/uploads/"), ("PUT", "/uploads/"), ("PUT", "/manifests/")]
        {
            let (_, heard) = survives([on(method, path, status(code))]).await;
            assert!(heard.contains("(1/6)"), "{code} {method}: {heard}");
        }
    }
}

#[tokio::test]
async fn an_early_answer_is_heard() {
    survives([on("PUT", "/uploads/", Fault::Early(429)), on("PUT", "/manifests/", Fault::Early(503))]).await;
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_waited_and_told() {
    let asked = Fault::Status(429, vec![("retry-after", "1".into())], "<html>slow down</html>".into());
    let (fake, heard) = survives([on("POST", "/uploads/", asked)]).await;
    let gap = gaps(&fake, "POST", "/uploads/")[0];
    assert!(gap >= Duration::from_secs(1) && gap < Duration::from_secs(3), "{gap:?}");
    assert!(heard.contains("throttled, waiting 1 s (1/6)"), "{heard}");
}

#[tokio::test]
async fn waits_grow() {
    let (fake, _) = survives([on("POST", "/uploads/", status(429)).times(3)]).await;
    let gaps = gaps(&fake, "POST", "/uploads/");
    assert_eq!(gaps.len(), 3);
    assert!(gaps[2] > gaps[0], "{gaps:?}");
}

#[tokio::test]
async fn an_hour_is_not_waited() {
    let asked = Fault::Status(429, vec![("retry-after", "3600".into())], String::new());
    let started = Instant::now();
    let (fake, error) = fails([on("POST", "/uploads/", asked).always()]).await;
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!((error.class, error.status, fake.count("POST", "")), (FailureClass::Passing, Some(429), 1));
    assert!(error.message.contains("asks to wait 1 h"), "{error}");
}

#[tokio::test]
async fn what_does_not_pass_ends_after_six_tries() {
    for fault in [status(503), status(429), Fault::Close(100_000), Fault::Close(0)] {
        let (fake, error) = fails([on("PUT", "/uploads/", fault).always()]).await;
        assert_eq!((error.class, fake.count("PUT", "/uploads/")), (FailureClass::Passing, 6), "{error}");
        assert!(error.message.contains("6 tries in") && error.message.contains(&fake.endpoint()), "{error}");
        assert!(error.help.is_some_and(|help| help.contains("again")));
    }
}

#[tokio::test]
async fn web_pages_are_not_shown() {
    let (_, error) = fails([on(
        "POST",
        "/uploads/",
        Fault::Status(400, vec![("content-type", "text/html".into())], "<html>x</html>".into()),
    )])
    .await;
    assert!(!error.message.contains("html"), "{error}");
    assert_eq!((error.class, error.status), (FailureClass::Permanent, Some(400)));
}

#[tokio::test]
async fn some_statuses_are_final_at_once() {
    for (code, class) in [
        (400, FailureClass::Permanent),
        (403, FailureClass::Refused),
        (405, FailureClass::Permanent),
        (413, FailureClass::Permanent),
        (415, FailureClass::Permanent),
    ] {
        let (fake, error) = fails([on("PUT", "/uploads/", error(code, "NO")).always()]).await;
        assert_eq!((error.class, error.status, fake.count("PUT", "")), (class, Some(code), 1));
        assert!(error.message.contains("NO: as scripted"), "{error}");
    }
}

#[tokio::test]
async fn only_404_means_absent() {
    let fake = FakeRegistry::with(Auth::None, [on("HEAD", "", status(400)).always()]).await;
    let (registry, progress) = (open(&fake), Progress::none());
    assert!(registry.has_blob(&repository("a"), &Digest::of("x"), &progress).await.is_err());
    assert!(registry.manifest_descriptor(&repository("a"), "v1", &progress).await.is_err());
}

#[tokio::test]
async fn connections_that_break_are_survived() {
    for (method, path) in [("HEAD", "/blobs/"), ("POST", "/uploads/"), ("PUT", "/uploads/"), ("PUT", "/manifests/")] {
        survives([on(method, path, Fault::Close(0))]).await;
    }
    survives([on("PUT", "/uploads/", Fault::Close(100_000))]).await;
}

#[tokio::test]
async fn a_lost_answer_is_looked_for_before_it_is_sent_again() {
    let (fake, _) =
        survives([on("PUT", "/uploads/", Fault::LostAnswer), on("PUT", "/manifests/", Fault::LostAnswer)]).await;
    assert_eq!((fake.count("PUT", "/uploads/"), fake.count("PUT", "/manifests/")), (1, 1));
    assert_eq!((fake.count("HEAD", "/blobs/"), fake.count("HEAD", "/manifests/")), (2, 1));
}

#[tokio::test]
async fn a_session_that_is_gone_is_replaced() {
    let (fake, _) = survives([on("PUT", "/uploads/", error(404, "BLOB_UPLOAD_UNKNOWN"))]).await;
    assert_eq!(fake.count("POST", "/uploads/"), 2);
}

#[tokio::test]
async fn an_upload_goes_on_where_the_registry_is() {
    for code in [None, Some(416), Some(500)] {
        let (fake, _) = survives([on("PUT", "/uploads/", Fault::Keep(123_456, code))]).await;
        let rest = fake.log().into_iter().find(|asked| asked.method == "PATCH").expect("the rest is sent");
        assert_eq!((fake.count("POST", "/uploads/"), fake.count("PUT", "/uploads/")), (1, 2), "{code:?}");
        assert_eq!(rest.length, SIZE - 123_456);
    }
}

#[tokio::test]
async fn content_that_is_damaged_on_its_way_is_sent_once_more() {
    let (fake, heard) = survives([on("PUT", "/uploads/", Fault::Flip)]).await;
    assert_eq!(fake.count("PUT", "/uploads/"), 2);
    assert!(heard.contains("arrived damaged"), "{heard}");
    let (fake, error) = fails([on("PUT", "/uploads/", Fault::Flip).always()]).await;
    assert_eq!(
        (fake.count("PUT", "/uploads/"), error.kind.clone(), error.class),
        (2, ErrorKind::Digest, FailureClass::Permanent)
    );
}

#[tokio::test]
async fn another_digest_in_the_answer_is_an_error() {
    let other = Digest::of("other").to_string();
    let fault = Fault::Headers(vec![("docker-content-digest", other.clone())]);
    let (fake, error) = fails([on("PUT", "/uploads/", fault.clone()).always()]).await;
    assert_eq!((error.class, fake.count("PUT", "")), (FailureClass::Permanent, 1));
    assert!(error.message.contains(&format!("registry answered digest {other}, sent sha256:")), "{error}");
    let fake = FakeRegistry::with(Auth::None, [on("PUT", "/manifests/", fault)]).await;
    let pushed = open(&fake).push_manifest(&repository("a"), "v1", MEDIA, "{}".into(), &Progress::none()).await;
    assert_eq!(pushed.expect_err("another digest").kind, ErrorKind::Digest);
}

#[tokio::test]
async fn a_session_that_is_opened_with_201_is_an_error() {
    let (_, error) = fails([on("POST", "/uploads/", status(201)).always()]).await;
    assert!(error.message.contains("unexpected 201"), "{error}");
}

#[tokio::test]
async fn silence_is_not_waited_out() {
    let fake = FakeRegistry::with(Auth::None, [on("PUT", "/uploads/", Fault::Stall)]).await;
    let options = ClientOptions { idle_timeout: Duration::from_millis(300), ..options() };
    let registry = at(&Client::new(options).expect("a client"), &fake.endpoint(), Login::Anonymous);
    let (progress, heard) = listen();
    let outcome = registry.push_blob(&repository("a"), &blob(16_000_000), &progress).await.expect("it goes on");
    assert!(matches!(outcome, BlobOutcome::Uploaded { sent } if sent >= 16_000_000));
    let heard = heard.lock().expect("done").join("\n");
    assert!(heard.contains("no progress for"), "{heard}");
}

#[tokio::test]
async fn a_token_server_that_is_silent_is_named() {
    let auth = Auth::Bearer { realm: None, uses: 9, expires_in: "60" };
    let fake = FakeRegistry::with(auth, [on("GET", "/token", Fault::Stall).always()]).await;
    let options = ClientOptions { idle_timeout: Duration::from_millis(100), tries: 2, ..options() };
    let registry = at(&Client::new(options).expect("a client"), &fake.endpoint(), password("password"));
    let error = registry.sign_in(&[repository("a")], &Progress::none()).await.expect_err("it is silent");
    assert_eq!((error.class, error.kind.clone()), (FailureClass::Passing, ErrorKind::Stalled));
    assert!(error.message.contains(&fake.endpoint()), "{error}");
}

#[tokio::test]
async fn a_registry_that_is_down_is_waited_for() {
    let fake = FakeRegistry::start().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("it is bound");
    let options = ClientOptions { tries: 3, ..options() };
    let client = Client::new(options).expect("a client");
    let error = at(&client, &free.to_string(), Login::Anonymous).sign_in(&[], &Progress::none()).await;
    let error = error.expect_err("nobody listens");
    assert_eq!((error.class, error.kind.clone()), (FailureClass::Passing, ErrorKind::Network));
    assert!(error.message.contains("3 tries"), "{error}");
    drop(fake);
}

#[tokio::test]
async fn a_name_that_is_not_known_is_not_tried_again() {
    let started = Instant::now();
    let registry = at(&super::world::client(), "no-such-host.invalid", Login::Anonymous);
    let error = registry.sign_in(&[], &Progress::none()).await.expect_err("nobody has the name");
    assert_eq!(error.kind, ErrorKind::Name, "{error}");
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn floods_are_cut_off() {
    for code in [400, 200] {
        let fake =
            FakeRegistry::with(Auth::None, [on("GET", "/manifests/", Fault::Flood(code, 300_000_000)).always()]).await;
        let started = Instant::now();
        let pulled = open(&fake).pull_manifest(&repository("a"), "v1", &Progress::none()).await;
        let error = pulled.expect_err("it is too large");
        assert_eq!(error.class, FailureClass::Permanent);
        assert!(started.elapsed() < Duration::from_secs(5) && error.message.len() < 1000, "{error}");
    }
    let auth = Auth::Bearer { realm: None, uses: 9, expires_in: "60" };
    let fake = FakeRegistry::with(auth, [on("GET", "/token", Fault::Flood(200, 300_000_000)).always()]).await;
    let registry = at(&super::world::client(), &fake.endpoint(), password("password"));
    let error = registry.sign_in(&[], &Progress::none()).await.expect_err("it is too large");
    assert!(error.message.contains("more than 64 KiB"), "{error}");
}

#[tokio::test]
async fn foreign_text_is_shown_escaped() {
    let body = "{\"errors\":[{\"code\":\"X\",\"message\":\"\\u001b[31mred\\u202e\"}]}".to_owned();
    let (_, error) = fails([on("POST", "/uploads/", Fault::Status(400, vec![], body))]).await;
    assert!(error.message.contains("X: \\u{1b}[31mred\\u{202e}"), "{error}");
}

#[tokio::test]
async fn a_host_that_throttles_gets_fewer_requests_and_everything_in_the_end() {
    let rules = (0..20).map(|index| on("PUT", "/uploads/", status(429)).after(2 + index % 3));
    let fake = FakeRegistry::with(Auth::None, rules).await;
    let (registry, progress, name) = (open(&fake), Progress::none(), repository("a"));
    let blobs: Vec<_> = (0..20).map(|index| blob(10_000 + index)).collect();
    let pushes = blobs.iter().map(|blob| registry.push_blob(&name, blob, &progress));
    futures_util::future::try_join_all(pushes).await.expect("all are taken");
    assert!(fake.most_at_once() <= 4);
    assert!(blobs.iter().all(|blob| fake.blob("a", &blob.digest).is_some()));
}

#[tokio::test]
async fn who_says_yes_to_everything_is_not_believed() {
    let page = || Fault::Status(200, vec![("content-type", "text/html".into())], "<html>sign in</html>".into());
    let fake = FakeRegistry::with(Auth::None, [on("*", "", page()).always()]).await;
    let push = open(&fake);
    let put = push.push_manifest(&repository("a"), "v1", "application/json", "{}".into(), &Progress::none()).await;
    let error = put.expect_err("nothing was kept");
    assert!(error.message.contains("does not have the manifest"), "{error}");
    assert_eq!(error.class, FailureClass::Permanent);
}
