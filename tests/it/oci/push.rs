//! Blobs and manifests come into repositories in the cheapest way.

use super::fake_registry::{Auth, FakeRegistry, Fault, error, on, status};
use super::world::{at, blob, client, content, listen, open, options, password, repository};
use shipit::oci::{Blob, BlobOutcome, BlobSource, Client, Digest, ErrorKind, Login};
use shipit::util::{FailureClass, Progress};
use std::sync::Arc;
use std::time::Duration;

const MEDIA: &str = "application/vnd.oci.image.manifest.v1+json";

#[tokio::test]
async fn a_blob_is_uploaded_once_and_then_known() {
    let fake = FakeRegistry::start().await;
    let (registry, blob, name) = (open(&fake), blob(300_000), repository("shop/api"));
    let first = registry.push_blob(&name, &blob, &Progress::none()).await.expect("it is taken");
    assert_eq!(first, BlobOutcome::Uploaded { sent: 300_000 });
    assert_eq!(fake.blob("shop/api", &blob.digest).map(|content| content.len()), Some(300_000));
    let requests = fake.log().len();
    let second = registry.push_blob(&name, &blob, &Progress::none()).await.expect("it is there");
    assert_eq!((second, fake.log().len()), (BlobOutcome::AlreadyThere, requests));
}

#[tokio::test]
async fn a_blob_that_is_there_is_not_sent() {
    let fake = FakeRegistry::start().await;
    let (registry, blob) = (open(&fake), blob(1000));
    fake.put_blob("a", content(1000));
    let outcome = registry.push_blob(&repository("a"), &blob, &Progress::none()).await.expect("it is there");
    assert_eq!(outcome, BlobOutcome::AlreadyThere);
    assert_eq!(fake.count("POST", ""), 0);
}

#[tokio::test]
async fn an_empty_blob_is_a_blob() {
    let fake = FakeRegistry::start().await;
    let outcome = open(&fake).push_blob(&repository("a"), &blob(0), &Progress::none()).await.expect("it is taken");
    assert_eq!(outcome, BlobOutcome::Uploaded { sent: 0 });
}

#[tokio::test]
async fn one_blob_for_many_repositories_is_sent_once_and_mounted() {
    let fake = FakeRegistry::start().await;
    let (registry, blob) = (open(&fake), blob(200_000));
    let names: Vec<_> = (0..8).map(|index| repository(&format!("app-{index}"))).collect();
    let progress = Progress::none();
    let pushes = names.iter().map(|name| registry.push_blob(name, &blob, &progress));
    let outcomes = futures_util::future::try_join_all(pushes).await.expect("all are taken");
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, BlobOutcome::Uploaded { .. })).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == BlobOutcome::Mounted).count(), 7);
    assert_eq!((fake.count("PUT", "/blobs/"), fake.count("HEAD", "/blobs/")), (1, 1));
}

#[tokio::test]
async fn a_blob_that_was_asked_for_a_moment_ago_is_not_asked_for_again() {
    let fake = FakeRegistry::start().await;
    let (registry, blob, name) = (open(&fake), blob(1000), repository("a"));
    assert!(!registry.has_blob(&name, &blob.digest, &Progress::none()).await.expect("it is answered"));
    registry.push_blob(&name, &blob, &Progress::none()).await.expect("it is taken");
    assert_eq!((fake.count("HEAD", ""), fake.count("POST", ""), fake.count("PUT", "")), (1, 1, 1));
}

/// Pushes ten blobs, one after the other, of which the last is there. Gives the requests by verb.
async fn ten_blobs(fake: &FakeRegistry) -> [usize; 4] {
    let (client, name) = (client(), repository("a"));
    let registry = at(&client, &fake.endpoint(), Login::Anonymous);
    for size in 1..=9 {
        let outcome = registry.push_blob(&name, &blob(size), &Progress::none()).await.expect("it is taken");
        assert_eq!(outcome, BlobOutcome::Uploaded { sent: size as u64 });
    }
    fake.put_blob("a", content(10));
    let outcome = registry.push_blob(&name, &blob(10), &Progress::none()).await.expect("it is there");
    assert_eq!(outcome, BlobOutcome::AlreadyThere);
    client.close(Duration::from_secs(5)).await;
    assert_eq!(fake.open_uploads(), 0);
    ["HEAD", "POST", "PUT", "DELETE"].map(|verb| fake.count(verb, "/blobs/"))
}

#[tokio::test]
async fn many_blobs_are_asked_for_and_opened_in_one_request() {
    // The fifth request of its kind finds out; from then on there is a `POST` and a `PUT` for each.
    assert_eq!(ten_blobs(&FakeRegistry::start().await).await, [4, 4 + 1 + 6, 9, 0]);
}

#[tokio::test]
async fn a_registry_that_does_not_tell_by_mounts_is_asked_for_each_blob() {
    let fake = FakeRegistry::start().await;
    fake.refuse_mounts();
    assert_eq!(ten_blobs(&fake).await, [10, 9 + 1, 9, 1]);
    // Nor does one whose answer is lost.
    let fake = FakeRegistry::with(Auth::None, [on("POST", "mount=", status(503)).always()]).await;
    assert_eq!(ten_blobs(&fake).await, [10, 9 + 1, 9, 0]);
}

#[tokio::test]
async fn a_mount_that_is_not_done_leaves_a_session_that_is_used() {
    let fake = FakeRegistry::start().await;
    fake.refuse_mounts();
    let (registry, blob) = (open(&fake), blob(1000));
    registry.push_blob(&repository("a"), &blob, &Progress::none()).await.expect("it is taken");
    let outcome = registry.push_blob(&repository("b"), &blob, &Progress::none()).await.expect("it is taken");
    assert_eq!(outcome, BlobOutcome::Uploaded { sent: 1000 });
    assert_eq!((fake.count("POST", ""), fake.open_uploads()), (2, 0));
}

#[tokio::test]
async fn a_mount_can_be_asked_for() {
    let fake = FakeRegistry::start().await;
    let digest = fake.put_blob("a", "x");
    let registry = open(&fake);
    let others = [repository("c"), repository("a")];
    let progress = Progress::none();
    let mounted = registry.mount_blob(&repository("b"), &digest, &others, &progress).await.expect("it is answered");
    assert_eq!(mounted, Some(repository("a")));
    let elsewhere = Digest::of("elsewhere");
    let mounted = registry.mount_blob(&repository("b"), &elsewhere, &others, &progress).await.expect("it is answered");
    assert_eq!(mounted, None);
}

#[tokio::test]
async fn no_more_requests_than_the_bound_are_under_way() {
    let fake = FakeRegistry::start().await;
    let client = client();
    let (one, other) =
        (at(&client, &fake.endpoint(), Login::Anonymous), at(&client, &fake.endpoint(), Login::Anonymous));
    let blobs: Vec<Blob> = (0..30).map(|index| blob(50_000 + index)).collect();
    let (name, progress) = (repository("a"), Progress::none());
    let pushes = blobs.iter().enumerate().map(|(index, blob)| {
        if index % 2 == 0 { one.push_blob(&name, blob, &progress) } else { other.push_blob(&name, blob, &progress) }
    });
    futures_util::future::try_join_all(pushes).await.expect("all are taken");
    assert!((2..=4).contains(&fake.most_at_once()), "{}", fake.most_at_once());
}

#[tokio::test]
async fn an_upload_that_is_dropped_is_cleaned_up() {
    let fake = FakeRegistry::with(Auth::None, [on("PUT", "/uploads/", Fault::Stall).always()]).await;
    let client = client();
    let registry = at(&client, &fake.endpoint(), Login::Anonymous);
    let (blob, name, progress) = (blob(1000), repository("a"), Progress::none());
    let push = registry.push_blob(&name, &blob, &progress);
    assert!(tokio::time::timeout(Duration::from_millis(300), push).await.is_err());
    assert_eq!(fake.open_uploads(), 1);
    client.close(Duration::from_secs(5)).await;
    assert_eq!((fake.open_uploads(), fake.count("DELETE", "/uploads/")), (0, 1));
}

#[tokio::test]
async fn content_that_is_not_what_its_digest_says_is_not_pushed() {
    let fake = FakeRegistry::start().await;
    for (size, kind) in [(1000, ErrorKind::Digest), (999, ErrorKind::Source), (1001, ErrorKind::Source)] {
        let source: Arc<dyn BlobSource> = Arc::new(content(1000));
        let wrong = Blob { digest: Digest::of("something else"), size, source };
        let error = open(&fake).push_blob(&repository("a"), &wrong, &Progress::none()).await.expect_err("it is wrong");
        assert_eq!((error.kind, error.class), (kind, FailureClass::Permanent), "{size}");
        assert_eq!(fake.blob("a", &wrong.digest), None);
    }
}

#[tokio::test]
async fn a_source_that_breaks_is_no_fault_of_the_network() {
    struct Broken;
    impl BlobSource for Broken {
        fn open(
            &self,
            _: u64,
        ) -> futures_util::future::BoxFuture<'_, std::io::Result<Box<dyn tokio::io::AsyncRead + Send + Unpin>>>
        {
            Box::pin(async { Err(std::io::Error::other("no such layer")) })
        }
    }
    let fake = FakeRegistry::start().await;
    let wrong = Blob { digest: Digest::of("x"), size: 5, source: Arc::new(Broken) };
    let error = open(&fake).push_blob(&repository("a"), &wrong, &Progress::none()).await.expect_err("it is broken");
    assert!(error.message.contains("no such layer"), "{error}");
    assert_eq!(fake.count("PUT", ""), 0);
}

#[tokio::test]
async fn a_manifest_is_pushed_and_found() {
    let fake = FakeRegistry::start().await;
    let (registry, name, progress) = (open(&fake), repository("a"), Progress::none());
    let digest = registry.push_manifest(&name, "v1", MEDIA, "{}".into(), &progress).await.expect("it is taken");
    assert_eq!(digest, Digest::of("{}"));
    let found =
        registry.manifest_descriptor(&name, "v1", &progress).await.expect("it is answered").expect("it is there");
    assert_eq!((found.digest.clone(), found.size, found.media_type.as_str()), (digest.clone(), 2, MEDIA));
    let pulled = registry.pull_manifest(&name, digest.as_str(), &progress).await.expect("it is there");
    assert_eq!((&pulled.bytes[..], pulled.descriptor), (&b"{}"[..], found));
    assert_eq!(registry.manifest_descriptor(&name, "v2", &progress).await.expect("it is answered"), None);
    let tags = registry.list_tags(&name, &progress).await.expect("it is answered");
    assert_eq!(tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(), ["v1"]);
}

#[tokio::test]
async fn a_manifest_goes_under_its_own_digest_only() {
    let fake = FakeRegistry::start().await;
    let other = Digest::of("other");
    let pushed =
        open(&fake).push_manifest(&repository("a"), other.as_str(), MEDIA, "{}".into(), &Progress::none()).await;
    assert_eq!(pushed.expect_err("another digest").kind, ErrorKind::Digest);
    assert_eq!(fake.count("PUT", ""), 0);
}

#[tokio::test]
async fn an_immutable_tag_is_fine_when_it_has_this_manifest() {
    let fake = FakeRegistry::with(Auth::None, [on("PUT", "/manifests/", error(409, "TAG_IMMUTABLE")).always()]).await;
    fake.put_manifest("a", "v1", "{}");
    let (registry, name, progress) = (open(&fake), repository("a"), Progress::none());
    assert!(registry.push_manifest(&name, "v1", MEDIA, "{}".into(), &progress).await.is_ok());
    let error = registry.push_manifest(&name, "v1", MEDIA, "[]".into(), &progress).await.expect_err("it has another");
    assert_eq!((error.kind.clone(), error.class), (ErrorKind::ImmutableTag, FailureClass::Permanent));
    assert!(error.message.contains(&format!("tag `v1` is immutable at `{}/a`", fake.endpoint())), "{error}");
}

#[tokio::test]
async fn a_registry_that_lied_about_a_blob_gets_it_all_the_same() {
    let blob = blob(1000);
    let body = format!(r#"{{"errors":[{{"code":"MANIFEST_BLOB_UNKNOWN","detail":{{"digest":"{}"}}}}]}}"#, blob.digest);
    let unknown = Fault::Status(400, Vec::new(), body);
    let rules = [on("PUT", "/manifests/", unknown), on("HEAD", "/blobs/", status(200))];
    let fake = FakeRegistry::with(Auth::None, rules).await;
    let (registry, name, progress) = (open(&fake), repository("a"), Progress::none());
    assert_eq!(registry.push_blob(&name, &blob, &progress).await.expect("so it says"), BlobOutcome::AlreadyThere);
    let error = registry.push_manifest(&name, "v1", MEDIA, "{}".into(), &progress).await.expect_err("it lacks a blob");
    assert_eq!(error.missing_blobs(), std::slice::from_ref(&blob.digest));
    assert!(error.message.contains(blob.digest.as_str()), "{error}");
    let again = registry.upload_blob(&name, &blob, &progress).await.expect("it is taken");
    assert_eq!(again, BlobOutcome::Uploaded { sent: 1000 });
    assert!(registry.push_manifest(&name, "v1", MEDIA, "{}".into(), &progress).await.is_ok());
}

#[tokio::test]
async fn an_image_waits_no_longer_than_its_budget() {
    let fake = FakeRegistry::with(Auth::None, [on("HEAD", "", status(503)).always()]).await;
    let client = Client::new(shipit::oci::ClientOptions {
        first_wait: Duration::from_millis(200),
        wait_budget: Duration::from_millis(350),
        ..options()
    });
    let registry = at(&client.expect("a client"), &fake.endpoint(), password("x")).for_image();
    let (progress, heard) = listen();
    let error = registry.has_blob(&repository("a"), &Digest::of("x"), &progress).await.expect_err("it is down");
    assert_eq!(error.class, FailureClass::Passing);
    assert_eq!(heard.lock().expect("done").len(), 1);
}
