//! Every engine's archive gives the same image in the registry.

use super::archives::{ALL, Form, Image, layer, noise, own_manifest};
use super::bench::{Bench, Engine, built};
use shipit::image::push::Delivered;
use shipit::oci::Digest;
use shipit::util::Progress;
use std::sync::Arc;

fn sample() -> Image {
    Image::new("a=1", &[layer("base", &noise(300_000, 1)), layer("app", &b"text ".repeat(60_000)), layer("end", b"")])
}

fn only(pushed: shipit::image::push::Pushed) -> Delivered {
    let [outcome] = pushed.outcomes.try_into().expect("there is one destination");
    outcome.result.unwrap()
}

#[tokio::test]
async fn what_is_pulled_is_what_the_engine_had() {
    let mut digests = Vec::new();
    for form in ALL {
        let (bench, image) = (Bench::start().await, sample());
        let engine = Arc::new(Engine::new(form, &[&image]));
        let delivered = only(bench.push(&engine, &image, "shop/api").await);
        for tag in ["1", "latest"] {
            bench.check("shop/api", tag, &image).await;
            assert_eq!(bench.manifest("shop/api", tag).await.0.digest, delivered.digest, "{form:?}");
        }
        assert_eq!((delivered.blobs.uploaded, delivered.unchanged), (4, false), "{form:?}");
        assert_eq!(engine.exports().len(), 1);
        digests.push((form, delivered.digest));
    }
    let of = |wanted: Form| &digests.iter().find(|(form, _)| *form == wanted).unwrap().1;
    assert_eq!(of(Form::Legacy), of(Form::Layout));
    assert_eq!(of(Form::Legacy), of(Form::Podman));
    assert_eq!(*of(Form::Containerd), Digest::of(own_manifest(&sample())), "an engine's own manifest is kept");
}

#[tokio::test]
async fn an_image_may_be_named_by_its_manifest() {
    let (bench, image) = (Bench::start().await, sample());
    let manifest = Digest::of(own_manifest(&image));
    let mut engine = Engine::new(Form::Containerd, &[]);
    engine.images.insert(manifest.to_string(), image.clone());
    let destination = bench.destination("shop/api", &["1"]);
    let pusher = bench.pusher(&Arc::new(engine));
    let pushed = pusher.push(&built(&[("linux/amd64", manifest.clone())]), &[destination], &Progress::none()).await;
    assert_eq!(only(pushed.unwrap()).digest, manifest);
    bench.check("shop/api", "1", &image).await;
}

#[tokio::test]
async fn an_image_without_layers_is_pushed() {
    for form in ALL {
        let (bench, image) = (Bench::start().await, Image::new("empty", &[]));
        let engine = Arc::new(Engine::new(form, &[&image]));
        only(bench.push(&engine, &image, "a").await);
        bench.check("a", "1", &image).await;
    }
}

#[tokio::test]
async fn several_platforms_become_one_list() {
    let bench = Bench::start().await;
    let shared = layer("data", &noise(10_000, 2));
    let amd = Image::new("amd", &[shared.clone(), layer("amd", b"1")]);
    let arm = Image::new("arm", &[shared, layer("arm", b"2")]);
    let engine = Arc::new(Engine::new(Form::Legacy, &[&amd, &arm]));
    let image = built(&[("linux/arm64/v8", arm.id()), ("linux/amd64", amd.id())]);
    let destination = bench.destination("shop/api", &["1", "2"]);
    let pushed =
        bench.pusher(&engine).push(&image, std::slice::from_ref(&destination), &Progress::none()).await.unwrap();
    assert_eq!(only(pushed).blobs.uploaded, 5, "the shared layer is sent once");
    let (_, list) = bench.manifest("shop/api", "2").await;
    assert_eq!(list["manifests"][0]["platform"], serde_json::json!({"architecture": "amd64", "os": "linux"}));
    assert_eq!(
        list["manifests"][1]["platform"],
        serde_json::json!({"architecture": "arm64", "os": "linux", "variant": "v8"})
    );
    for (index, image) in [&amd, &arm].into_iter().enumerate() {
        bench.check("shop/api", list["manifests"][index]["digest"].as_str().unwrap(), image).await;
    }
    let again = bench.pusher(&engine).push(&image, &[destination], &Progress::none()).await.unwrap();
    assert!(only(again).unchanged);
}
