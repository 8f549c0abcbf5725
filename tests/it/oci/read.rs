//! Blobs and manifests are read whole, or not at all.

use super::fake_registry::{Auth, FakeRegistry, Fault, on};
use super::world::{content, open, repository};
use shipit::oci::{Descriptor, Digest, ErrorKind};
use shipit::util::{FailureClass, Progress};
use tokio::io::AsyncReadExt as _;

async fn read(fake: &FakeRegistry, descriptor: &Descriptor, offset: u64) -> Result<Vec<u8>, String> {
    let reader = open(fake).pull_blob(&repository("a"), descriptor, offset, &Progress::none()).await;
    let mut bytes = Vec::new();
    reader.map_err(|error| error.to_string())?.read_to_end(&mut bytes).await.map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn layer(fake: &FakeRegistry, size: usize) -> Descriptor {
    Descriptor { media_type: String::new(), digest: fake.put_blob("a", content(size)), size: size as u64 }
}

#[tokio::test]
async fn a_blob_is_read_and_checked() {
    let fake = FakeRegistry::start().await;
    let descriptor = layer(&fake, 500_000);
    assert_eq!(read(&fake, &descriptor, 0).await, Ok(content(500_000).to_vec()));
    assert_eq!(read(&fake, &descriptor, 400_000).await, Ok(content(500_000)[400_000..].to_vec()));
    assert_eq!(read(&fake, &descriptor, 500_000).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_blob_that_breaks_off_is_gone_on_with() {
    let fake = FakeRegistry::with(Auth::None, [on("GET", "/blobs/", Fault::Cut(200_000))]).await;
    let descriptor = layer(&fake, 500_000);
    assert_eq!(read(&fake, &descriptor, 0).await, Ok(content(500_000).to_vec()));
    assert_eq!(fake.count("GET", "/blobs/"), 2);
}

#[tokio::test]
async fn a_blob_that_is_another_is_an_error() {
    let fake = FakeRegistry::start().await;
    let wrong = Fault::Status(200, Vec::new(), "x".repeat(500));
    fake.script([on("GET", "/blobs/", wrong).always()]);
    let error = read(&fake, &layer(&fake, 500), 0).await.expect_err("it is another");
    assert!(error.contains("its digest is"), "{error}");
    let error = read(&fake, &layer(&fake, 400), 0).await.expect_err("it is longer");
    assert!(error.contains("more than its 400 bytes"), "{error}");
    let fake = FakeRegistry::start().await;
    let absent = Descriptor { media_type: String::new(), digest: Digest::of("absent"), size: 3 };
    assert!(read(&fake, &absent, 0).await.expect_err("it is absent").contains("does not have it"));
}

#[tokio::test]
async fn a_manifest_must_be_what_was_asked_for() {
    let fake = FakeRegistry::start().await;
    let digest = fake.put_manifest("a", "v1", "{}");
    fake.script([on("GET", "/manifests/sha256:", Fault::Status(200, Vec::new(), "[]".into()))]);
    let (registry, name) = (open(&fake), repository("a"));
    let error = registry.pull_manifest(&name, digest.as_str(), &Progress::none()).await.expect_err("it is another");
    assert_eq!(error.kind, ErrorKind::Digest);
    let error = registry.pull_manifest(&name, "v2", &Progress::none()).await.expect_err("it is absent");
    assert_eq!(error.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_manifest_that_breaks_off_is_asked_for_again() {
    let fake = FakeRegistry::with(Auth::None, [on("GET", "/manifests/", Fault::Cut(1))]).await;
    fake.put_manifest("a", "v1", "{}");
    assert!(open(&fake).pull_manifest(&repository("a"), "v1", &Progress::none()).await.is_ok());
    let fake = FakeRegistry::with(Auth::None, [on("GET", "/manifests/", Fault::Cut(1)).always()]).await;
    fake.put_manifest("a", "v1", "{}");
    let error =
        open(&fake).pull_manifest(&repository("a"), "v1", &Progress::none()).await.expect_err("it is never whole");
    assert_eq!(error.class, FailureClass::Passing);
    assert!(error.message.contains("ended early"), "{error}");
}

#[tokio::test]
async fn a_registry_that_says_no_digest_is_read_instead() {
    let fake = FakeRegistry::with(
        Auth::None,
        [on("HEAD", "/manifests/", Fault::Headers(vec![("docker-content-digest", String::new())]))],
    )
    .await;
    let digest = fake.put_manifest("a", "v1", "{}");
    let found =
        open(&fake).manifest_descriptor(&repository("a"), "v1", &Progress::none()).await.expect("it is answered");
    assert_eq!(found.map(|found| found.digest), Some(digest));
}
