//! What is there is not sent, what is known is not compressed, what is shared is brought once.

use super::archives::{Form, Image, layer, noise};
use super::bench::{Bench, Engine, built, destination};
use super::stored::Folder;
use shipit::image::push::{BlobCounts, Delivered, Pushed};
use shipit::oci::Digest;
use shipit::util::Progress;
use std::sync::Arc;

fn only(pushed: Pushed) -> Delivered {
    let [outcome] = pushed.outcomes.try_into().expect("there is one destination");
    outcome.result.unwrap()
}

fn two_images() -> (Image, Image) {
    let base = layer("base", &noise(200_000, 3));
    (Image::new("a", &[base.clone(), layer("a", b"a")]), Image::new("b", &[base, layer("b", b"b")]))
}

#[tokio::test]
async fn a_second_push_sends_nothing_and_asks_the_engine_nothing() {
    for form in [Form::Legacy, Form::Containerd] {
        let (bench, (image, _)) = (Bench::start().await, two_images());
        let engine = Arc::new(Engine::new(form, &[&image]));
        let first = only(bench.push(&engine, &image, "shop/api").await);
        let second = only(bench.push(&engine, &image, "shop/api").await);
        assert_eq!((second.unchanged, second.bytes_sent), (true, 0));
        assert_eq!(second.digest, first.digest);
        assert_eq!(engine.exports().len(), 1);
    }
}

#[tokio::test]
async fn a_new_tag_needs_no_blob() {
    let (bench, (image, _)) = (Bench::start().await, two_images());
    let engine = Arc::new(Engine::new(Form::Legacy, &[&image]));
    let first = only(bench.push(&engine, &image, "shop/api").await);
    let image = built(&[("linux/amd64", image.id())]);
    let target = bench.destination("shop/api", &["new"]);
    let second = only(bench.pusher(&engine).push(&image, &[target], &Progress::none()).await.unwrap());
    assert_eq!((second.unchanged, second.bytes_sent, &second.digest), (false, 0, &first.digest));
    assert!(bench.has("shop/api", "new").await);
    assert_eq!(engine.exports().len(), 1);
}

#[tokio::test]
async fn only_the_new_layer_of_an_image_is_sent() {
    for form in [Form::Legacy, Form::Layout, Form::Containerd, Form::Podman] {
        let (bench, (one, two)) = (Bench::start().await, two_images());
        let engine = Arc::new(Engine::new(form, &[&one, &two]));
        only(bench.push(&engine, &one, "shop/api").await);
        let second = only(bench.push(&engine, &two, "shop/api").await);
        assert_eq!(second.blobs, BlobCounts { already_there: 1, mounted: 0, uploaded: 2 }, "{form:?}");
        assert!(second.bytes_sent < 2000, "{} bytes", second.bytes_sent);
        bench.check("shop/api", "1", &two).await;
    }
}

#[tokio::test]
async fn a_later_run_mounts_what_another_repository_has() {
    let (bench, (one, two)) = (Bench::start().await, two_images());
    let engine = Arc::new(Engine::new(Form::Legacy, &[&one, &two]));
    only(bench.push(&engine, &one, "shop/one").await);
    let second = only(bench.push(&engine, &two, "shop/two").await);
    assert_eq!(second.blobs, BlobCounts { already_there: 0, mounted: 1, uploaded: 2 });
    bench.check("shop/two", "1", &two).await;
}

#[tokio::test]
async fn an_empty_registry_gets_everything_though_it_is_remembered() {
    let ((image, _), first) = (two_images(), Bench::start().await);
    let engine = Arc::new(Engine::new(Form::Legacy, &[&image]));
    let before = only(first.push(&engine, &image, "shop/api").await);
    let mut second = Bench::start().await;
    second.cache = first.cache;
    let after = only(second.push(&engine, &image, "shop/api").await);
    assert_eq!((after.digest, after.blobs.uploaded), (before.digest, 3));
    second.check("shop/api", "latest", &image).await;
}

#[tokio::test]
async fn images_of_a_run_bring_their_base_once() {
    let bench = Bench::start().await;
    let base = layer("base", &noise(600_000, 4));
    let images: Vec<Image> =
        (0..6).map(|n| Image::new(&n.to_string(), &[base.clone(), layer("app", &noise(50_000, 2 * n + 11))])).collect();
    let engine = Arc::new(Engine::new(Form::Legacy, &images.iter().collect::<Vec<_>>()));
    let pusher = bench.pusher(&engine);
    let pushes = images.iter().enumerate().map(|(n, image)| {
        let (pusher, image) = (&pusher, built(&[("linux/amd64", image.id())]));
        let target = bench.destination(&format!("shop/app{n}"), &["1"]);
        async move { only(pusher.push(&image, &[target], &Progress::none()).await.unwrap()) }
    });
    let delivered = futures_util::future::join_all(pushes).await;
    let uploaded: u32 = delivered.iter().map(|image| image.blobs.uploaded).sum();
    assert_eq!(uploaded, 1 + 6 + 6, "the base, six layers, six configurations");
    assert!(engine.exports().len() <= 2, "those that wait are exported together: {:?}", engine.exports());
    for (n, image) in images.iter().enumerate() {
        bench.check(&format!("shop/app{n}"), "1", image).await;
    }
}

#[tokio::test]
async fn a_layer_of_the_size_of_a_known_one_is_not_taken_for_it() {
    // Large enough to be hashed only, and of one size.
    for length in [1000, 1_200_000] {
        let bench = Bench::start().await;
        let (old, new) = (layer("x", &noise(length, 5)), layer("x", &noise(length, 6)));
        let base = Image::new("old", std::slice::from_ref(&old));
        let both = Image::new("new", &[old, new]);
        let engine = Arc::new(Engine::new(Form::Legacy, &[&base, &both]));
        only(bench.push(&engine, &base, "shop/api").await);
        let second = only(bench.push(&engine, &both, "shop/api").await);
        assert_eq!(second.blobs, BlobCounts { already_there: 1, mounted: 0, uploaded: 2 });
        bench.check("shop/api", "1", &both).await;
    }
}

#[tokio::test]
async fn one_export_serves_every_destination_and_a_dead_one_stops_nobody() {
    let (bench, (image, _)) = (Bench::start().await, two_images());
    let engine = Arc::new(Engine::new(Form::Legacy, &[&image]));
    let targets = [
        bench.destination("one/api", &["1"]),
        destination(&bench.dead_registry(), "two/api", &["1"]),
        bench.destination("three/api", &[]),
    ];
    let image_id = built(&[("linux/amd64", image.id())]);
    let pushed = bench.pusher(&engine).push(&image_id, &targets, &Progress::none()).await.unwrap();
    let [one, two, three] = pushed.outcomes.try_into().unwrap();
    assert_eq!(one.result.as_ref().unwrap().digest, three.result.as_ref().unwrap().digest);
    let error = two.result.unwrap_err();
    assert_eq!(error.class(), shipit::util::FailureClass::Passing, "{error}");
    assert_eq!(engine.exports().len(), 1);
    bench.check("one/api", "1", &image).await;
    bench.check("three/api", three.result.unwrap().digest.as_str(), &image).await;
}

#[tokio::test]
async fn nothing_is_left_in_the_spool() {
    let (bench, (image, _)) = (Bench::start().await, two_images());
    let engine = Arc::new(Engine::new(Form::Legacy, &[&image]));
    only(bench.push(&engine, &image, "shop/api").await);
    assert_eq!(std::fs::read_dir(bench.cache.path().join("spool")).unwrap().count(), 0);
}

#[tokio::test]
async fn an_image_that_is_remembered_without_its_layers_is_pushed() {
    // What is there already comes last: it is not looked at once all others have come.
    let shared = layer("shared", b"shared");
    let one = Image::new("one", &[layer("one", b"one"), shared.clone()]);
    let two = Image::new("two", &[layer("two", b"two"), shared]);
    let first = Bench::start().await;
    let engine = Arc::new(Engine::new(Form::Legacy, &[&one, &two]));
    only(first.push(&engine, &one, "shop/api").await);
    // What a run leaves that was stopped before it wrote down its layers.
    std::fs::remove_file(first.cache.path().join("layers.json")).unwrap();
    let mut second = Bench::start().await;
    only(second.push(&engine, &two, "shop/api").await);
    second.cache = first.cache;
    let after = only(second.push(&engine, &one, "shop/api").await);
    assert_eq!(after.blobs, BlobCounts { already_there: 1, mounted: 0, uploaded: 2 });
    second.check("shop/api", "latest", &one).await;
}

#[tokio::test]
async fn a_layer_that_has_another_compressed_form_by_now_is_the_one_that_is_there() {
    let shared = layer("shared", b"shared");
    let one = Image::new("one", &[layer("one", b"one"), shared.clone()]);
    let two = Image::new("two", &[layer("two", b"two"), shared]);
    let folder = Folder::new("overlay2", &[&one, &two]);
    for storage in [None, Some(folder.storage())] {
        let first = Bench::start().await;
        let engine = Arc::new(Engine { storage, ..Engine::new(Form::Legacy, &[&one, &two]) });
        only(first.push(&engine, &one, "shop/api").await);
        let mut second = Bench::start().await;
        second.cache = first.cache;
        let there = only(second.push(&engine, &two, "shop/api").await);
        // A run that was killed wrote down an image, and the next one compressed its layers otherwise.
        let path = second.cache.path().join("layers.json");
        let mut layers: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        layers["layers"][one.diff_ids()[1].as_str()]["digest"] = Digest::of("another form").as_str().into();
        std::fs::write(&path, layers.to_string()).unwrap();
        let after = only(second.push(&engine, &one, "shop/api").await);
        assert_eq!(after.blobs, BlobCounts { already_there: 1, mounted: 0, uploaded: 2 });
        second.check("shop/api", "latest", &one).await;
        assert_ne!(after.digest, there.digest);
    }
}
