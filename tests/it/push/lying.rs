//! A registry that says it has a blob, and lacks it when the manifest comes.

use super::archives::{Form, Image, layer, noise};
use super::bench::{Bench, Engine, destination, one};
use crate::oci::fake_registry::{Auth, FakeRegistry, Fault, Rule, on, status};
use shipit::image::mirror::{Original, mirror};
use shipit::image::push::{BlobCounts, Delivered, Pushed};
use shipit::oci::Digest;
use shipit::util::{FailureClass, Progress, Update};
use std::sync::{Arc, Mutex};

fn sample() -> Image {
    Image::new("x", &[layer("base", &noise(100_000, 3)), layer("app", b"app")])
}

/// The digests of a pushed image: the configuration, then its layers.
async fn blobs(bench: &Bench, repository: &str) -> Vec<Digest> {
    let (_, manifest) = bench.manifest(repository, "1").await;
    let layers = manifest["layers"].as_array().unwrap().iter();
    let all = std::iter::once(&manifest["config"]).chain(layers);
    all.map(|described| described["digest"].as_str().unwrap().parse().unwrap()).collect()
}

fn lacks(blobs: &[&Digest]) -> Fault {
    let errors: Vec<_> = blobs
        .iter()
        .map(|digest| serde_json::json!({"code": "MANIFEST_BLOB_UNKNOWN", "detail": {"digest": digest.to_string()}}))
        .collect();
    let errors = if errors.is_empty() { vec![serde_json::json!({"code": "MANIFEST_BLOB_UNKNOWN"})] } else { errors };
    Fault::Status(400, Vec::new(), serde_json::json!({ "errors": errors }).to_string())
}

/// Says of every blob that it has it.
async fn liar(refusals: impl IntoIterator<Item = Rule>) -> FakeRegistry {
    let lie = on("HEAD", "/blobs/", status(200)).always();
    FakeRegistry::with(Auth::None, refusals.into_iter().chain([lie])).await
}

fn listen() -> (Progress, Arc<Mutex<Vec<String>>>) {
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let notices = Arc::clone(&heard);
    let progress = Progress::new(move |update| {
        if let Update::Notice(text) = update {
            notices.lock().unwrap().push(text);
        }
    });
    (progress, heard)
}

fn only(pushed: Pushed) -> Result<Delivered, shipit::image::push::PushError> {
    let [outcome] = pushed.outcomes.try_into().expect("there is one destination");
    outcome.result
}

#[tokio::test]
async fn what_it_lacks_is_brought_again_though_it_was_never_sent() {
    for is_cache_warm in [true, false] {
        let (mut bench, image) = (Bench::start().await, sample());
        let engine = Arc::new(Engine::new(Form::Legacy, &[&image]));
        bench.push(&engine, &image, "a").await;
        let blobs = blobs(&bench, "a").await;
        if !is_cache_warm {
            bench.cache = tempfile::TempDir::new().unwrap();
        }
        let exports = engine.exports().len();
        let fake = liar([on("PUT", "/manifests/", lacks(&[&blobs[0], &blobs[1]]))]).await;
        let target = destination(&bench.registry_at(&fake.endpoint()), "a", &["1"]);
        let (progress, heard) = listen();
        let pushed = bench.pusher(&engine).push(&one(&image), &[target], &progress).await.unwrap();
        let pushed = only(pushed).unwrap();
        assert_eq!(pushed.blobs, BlobCounts { already_there: 1, mounted: 0, uploaded: 2 });
        let (config, base) = (fake.blob("a", &blobs[0]).unwrap(), fake.blob("a", &blobs[1]).unwrap());
        assert_eq!((Digest::of(&config), Digest::of(&base)), (blobs[0].clone(), blobs[1].clone()));
        assert_eq!(pushed.bytes_sent, (config.len() + base.len()) as u64);
        assert_eq!((fake.blob("a", &blobs[2]), fake.count("PUT", "/manifests/")), (None, 2));
        // What this run has compressed is still there.
        assert_eq!(engine.exports().len() - exports, 1);
        let notice = format!("`{}/a` lacks 2 blobs that it said to have, sending them again", fake.endpoint());
        assert_eq!(*heard.lock().unwrap(), [notice]);
    }
}

#[tokio::test]
async fn what_it_does_not_name_is_all_of_them() {
    let (bench, image) = (Bench::start().await, sample());
    let engine = Arc::new(Engine::new(Form::Containerd, &[&image]));
    bench.push(&engine, &image, "a").await;
    let fake = liar([on("PUT", "/manifests/", lacks(&[]))]).await;
    let target = destination(&bench.registry_at(&fake.endpoint()), "a", &["1", "2"]);
    let pushed = bench.pusher(&engine).push(&one(&image), &[target], &Progress::none()).await.unwrap();
    assert_eq!(only(pushed).unwrap().blobs, BlobCounts { already_there: 0, mounted: 0, uploaded: 3 });
    for digest in blobs(&bench, "a").await {
        assert!(fake.blob("a", &digest).is_some(), "{digest}");
    }
}

#[tokio::test]
async fn one_that_names_a_blob_at_a_time_is_heard_each_time() {
    let (bench, image) = (Bench::start().await, sample());
    let engine = Arc::new(Engine::new(Form::Legacy, &[&image]));
    bench.push(&engine, &image, "a").await;
    let blobs = blobs(&bench, "a").await;
    let fake = liar(blobs.iter().map(|digest| on("PUT", "/manifests/", lacks(&[digest])))).await;
    let target = destination(&bench.registry_at(&fake.endpoint()), "a", &["1"]);
    let pushed = bench.pusher(&engine).push(&one(&image), &[target], &Progress::none()).await.unwrap();
    assert_eq!(only(pushed).unwrap().blobs.uploaded, 3);
    assert!(blobs.iter().all(|digest| fake.blob("a", digest).is_some()));
}

#[tokio::test]
async fn a_blob_is_brought_again_once_and_then_named() {
    let (bench, image) = (Bench::start().await, sample());
    let engine = Arc::new(Engine::new(Form::Legacy, &[&image]));
    bench.push(&engine, &image, "a").await;
    let blobs = blobs(&bench, "a").await;
    let fake = liar([on("PUT", "/manifests/", lacks(&[&blobs[2]])).always()]).await;
    let target = destination(&bench.registry_at(&fake.endpoint()), "a", &["1"]);
    let pushed = bench.pusher(&engine).push(&one(&image), &[target], &Progress::none()).await.unwrap();
    let error = only(pushed).unwrap_err();
    assert!(error.to_string().ends_with(&format!("; it lacks `{}`, though it was sent again", blobs[2])), "{error}");
    assert_eq!(error.class(), FailureClass::Permanent);
    assert!(error.help().unwrap().contains("storage"));
    assert_eq!((fake.count("PUT", "/manifests/"), fake.count("PUT", "/uploads/")), (2, 1));
}

#[tokio::test]
async fn a_new_tag_on_a_manifest_without_its_blobs_brings_them() {
    let (bench, image) = (Bench::start().await, sample());
    let engine = Arc::new(Engine::new(Form::Legacy, &[&image]));
    let fake = FakeRegistry::start().await;
    let registry = bench.registry_at(&fake.endpoint());
    let push = async |tag: &str| {
        let target = destination(&registry, "a", &[tag]);
        only(bench.pusher(&engine).push(&one(&image), &[target], &Progress::none()).await.unwrap()).unwrap()
    };
    push("1").await;
    let before = fake.count("PUT", "/uploads/");
    fake.script([on("PUT", "/manifests/2", lacks(&[])).times(2), on("HEAD", "/blobs/", status(200)).always()]);
    assert_eq!(push("2").await.blobs.uploaded, 3);
    assert_eq!(fake.count("PUT", "/uploads/"), before + 3);
}

#[tokio::test]
async fn a_mirror_brings_again_what_is_lacking() {
    let (bench, image) = (Bench::start().await, sample());
    let engine = Arc::new(Engine::new(Form::Legacy, &[&image]));
    bench.push(&engine, &image, "a").await;
    let blobs = blobs(&bench, "a").await;
    let (registry, repository) = (bench.registry.clone(), "a".parse().unwrap());
    let original = Original { registry, repository, reference: "1".to_owned() };
    let copy = async |fake: &FakeRegistry| {
        let target = destination(&bench.registry_at(&fake.endpoint()), "copy", &["1"]);
        only(mirror("image", &original, &[target], &Progress::none()).await.unwrap())
    };
    let fake = liar([on("PUT", "/manifests/", lacks(&[&blobs[1]]))]).await;
    assert_eq!(copy(&fake).await.unwrap().blobs, BlobCounts { already_there: 2, mounted: 0, uploaded: 1 });
    assert_eq!(fake.blob("copy", &blobs[1]).map(Digest::of), Some(blobs[1].clone()));

    let fake = liar([on("PUT", "/manifests/", lacks(&[])).always()]).await;
    let error = copy(&fake).await.unwrap_err();
    assert!(error.to_string().ends_with("it lacks a blob, though it was sent again"), "{error}");
    assert_eq!((fake.count("PUT", "/manifests/"), fake.count("PUT", "/uploads/")), (2, 3));
}
