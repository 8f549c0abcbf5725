//! An image that is copied from registry to registry.

use super::archives::{Form, Image, layer, noise};
use super::bench::{Bench, Engine, built};
use shipit::image::mirror::{Original, mirror};
use shipit::util::Progress;
use std::sync::Arc;

#[tokio::test]
async fn a_copy_has_the_digest_of_the_original_and_is_made_once() {
    let (from, to) = (Bench::start().await, Bench::start().await);
    let shared = layer("data", &noise(100_000, 2));
    let amd = Image::new("amd", &[shared.clone(), layer("amd", b"1")]);
    let arm = Image::new("arm", &[shared, layer("arm", b"2")]);
    let engine = Arc::new(Engine::new(Form::Legacy, &[&amd, &arm]));
    let image = built(&[("linux/amd64", amd.id()), ("linux/arm64", arm.id())]);
    let first = from.destination("base/image", &["1"]);
    from.pusher(&engine).push(&image, &[first], &Progress::none()).await.unwrap();
    let (list, _) = from.manifest("base/image", "1").await;

    let original = Original {
        registry: from.registry.clone(),
        repository: "base/image".parse().unwrap(),
        reference: "1".to_owned(),
    };
    let targets = [to.destination("copy", &["1", "2"]), from.destination("base/copy", &["1"])];
    let copied = mirror("image", &original, &targets, &Progress::none()).await.unwrap();
    let [away, near] = copied.outcomes.try_into().unwrap();
    let (away, near) = (away.result.unwrap(), near.result.unwrap());
    assert_eq!((&away.digest, &near.digest), (&list.digest, &list.digest));
    assert_eq!((away.blobs.uploaded, near.blobs.mounted, near.bytes_sent), (5, 5, 0));
    let (_, list) = to.manifest("copy", "2").await;
    for (index, image) in [&amd, &arm].into_iter().enumerate() {
        to.check("copy", list["manifests"][index]["digest"].as_str().unwrap(), image).await;
    }

    let again = mirror("image", &original, &targets, &Progress::none()).await.unwrap();
    assert!(again.outcomes.iter().all(|outcome| outcome.result.as_ref().unwrap().unchanged));
}

#[tokio::test]
async fn an_original_that_is_not_there_is_an_error() {
    let bench = Bench::start().await;
    let original =
        Original { registry: bench.registry.clone(), repository: "none".parse().unwrap(), reference: "1".to_owned() };
    let error = mirror("image", &original, &[bench.destination("copy", &["1"])], &Progress::none()).await.unwrap_err();
    assert_eq!(error.class(), shipit::util::FailureClass::Permanent, "{error}");
}
