//! What a push asks of a registry, request by request and byte by byte.

use super::archives::{Form, Image, layer, noise};
use super::bench::{Bench, Engine, destination, one};
use crate::oci::fake_registry::{FakeRegistry, on, status};
use shipit::util::{Progress, Update};
use std::sync::{Arc, Mutex};

fn with_top(top: &[u8]) -> Image {
    Image::new("x", &[layer("base", &noise(300_000, 3)), layer("runtime", &noise(90_000, 4)), layer("app", top)])
}

/// Signs in and pushes in a new run; gives the requests after the sign-in, and the bytes of content.
async fn push(bench: &Bench, fake: &FakeRegistry, engine: &Arc<Engine>, image: &Image) -> (Vec<String>, usize) {
    let target = destination(&bench.registry_at(&fake.endpoint()), "shop/api", &["1", "latest"]);
    target.registry.sign_in(std::slice::from_ref(&target.repository), &Progress::none()).await.unwrap();
    let before = fake.log().len();
    let pushed = bench.pusher(engine).push(&one(image), &[target], &Progress::none()).await.unwrap();
    let sent = pushed.outcomes[0].result.as_ref().unwrap().bytes_sent;
    let (asked, log) = (fake.asked().split_off(before), fake.log().split_off(before));
    let blobs: usize = log.iter().filter(|asked| asked.path.contains("/blobs/")).map(|asked| asked.length).sum();
    assert_eq!(blobs as u64, sent, "what is told is what went out");
    (asked, blobs)
}

#[tokio::test]
async fn an_unchanged_image_costs_one_question_for_each_tag() {
    for form in [Form::Legacy, Form::Layout, Form::Containerd, Form::Podman] {
        let (bench, fake, image) = (Bench::start().await, FakeRegistry::start().await, with_top(b"one"));
        let engine = Arc::new(Engine::new(form, &[&image]));
        push(&bench, &fake, &engine, &image).await;
        let (asked, sent) = push(&bench, &fake, &engine, &image).await;
        assert_eq!(asked, ["HEAD /v2/shop/api/manifests/1", "HEAD /v2/shop/api/manifests/latest"], "{form:?}");
        assert_eq!((sent, engine.exports().len()), (0, 1));
    }
}

#[tokio::test]
async fn a_new_top_layer_sends_that_and_the_configuration() {
    for form in [Form::Legacy, Form::Layout, Form::Containerd, Form::Podman] {
        let (bench, fake) = (Bench::start().await, FakeRegistry::start().await);
        let (old, new) = (with_top(b"one"), with_top(&noise(5000, 9)));
        let engine = Arc::new(Engine::new(form, &[&old, &new]));
        push(&bench, &fake, &engine, &old).await;
        let (asked, sent) = push(&bench, &fake, &engine, &new).await;
        let uploads = asked.iter().filter(|line| line.starts_with("PUT ") && line.ends_with("/uploads")).count();
        assert_eq!(uploads, 2, "{form:?}: {asked:?}");
        assert!(sent > 5000 + new.config.len() && sent < 5500 + new.config.len(), "{form:?}: {sent} bytes");
    }
}

#[tokio::test]
async fn two_registries_and_an_empty_one_get_one_digest_of_one_export() {
    for form in [Form::Legacy, Form::Layout] {
        let (bench, image) = (Bench::start().await, with_top(b"one"));
        let (one_fake, two_fake) = (FakeRegistry::start().await, FakeRegistry::start().await);
        let engine = Arc::new(Engine::new(form, &[&image]));
        let at = |fake: &FakeRegistry| destination(&bench.registry_at(&fake.endpoint()), "shop/api", &["1"]);
        let targets = [at(&one_fake), at(&two_fake)];
        let pushed = bench.pusher(&engine).push(&one(&image), &targets, &Progress::none()).await.unwrap();
        let digests: Vec<_> =
            pushed.outcomes.iter().map(|outcome| outcome.result.as_ref().unwrap().digest.clone()).collect();
        assert_eq!((&digests[0], engine.exports().len()), (&digests[1], 1), "{form:?}");

        let empty = FakeRegistry::start().await;
        let pushed = bench.pusher(&engine).push(&one(&image), &[at(&empty)], &Progress::none()).await.unwrap();
        let fresh = pushed.outcomes[0].result.as_ref().unwrap();
        assert_eq!((&fresh.digest, fresh.blobs.uploaded), (&digests[0], 4), "{form:?}");
    }
}

#[tokio::test]
async fn users_see_where_a_layer_was_and_from_where_it_was_taken() {
    let (bench, old, new) = (Bench::start().await, with_top(b"one"), with_top(b"two"));
    let engine = Arc::new(Engine::new(Form::Legacy, &[&old, &new]));
    bench.push(&engine, &old, "shop/api").await;
    for (repository, expect) in [("shop/api", "already there"), ("shop/web", "mounted from shop/api")] {
        let notes: Arc<Mutex<Vec<String>>> = Arc::default();
        let heard = Arc::clone(&notes);
        let progress = Progress::new(move |update| {
            if let Update::TaskFinished { note: Some(note), .. } = update {
                heard.lock().unwrap().push(note);
            }
        });
        let target = bench.destination(repository, &["2"]);
        bench.pusher(&engine).push(&one(&new), &[target], &progress).await.unwrap();
        let notes = notes.lock().unwrap();
        assert!(notes.iter().filter(|note| *note == expect).count() >= 2, "{repository}: {notes:?}");
    }
}

#[tokio::test]
async fn a_registry_that_was_emptied_is_asked_for_each_layer_once() {
    let (bench, fake, image) = (Bench::start().await, FakeRegistry::start().await, with_top(b"one"));
    let engine = Arc::new(Engine::new(Form::Legacy, &[&image]));
    for repository in ["shop/a", "shop/b", "shop/c"] {
        let target = destination(&bench.registry_at(&fake.endpoint()), repository, &["1"]);
        bench.pusher(&engine).push(&one(&image), &[target], &Progress::none()).await.unwrap();
    }
    let mut later = Bench::start().await;
    later.cache = bench.cache;
    fake.script([on("POST", "mount=", status(404)).always(), on("HEAD", "/blobs/", status(404)).always()]);
    let before = fake.count("POST", "mount=");
    for repository in ["shop/d", "shop/e"] {
        let target = destination(&later.registry_at(&fake.endpoint()), repository, &["1"]);
        later.pusher(&engine).push(&one(&image), &[target], &Progress::none()).await.unwrap();
    }
    // The first finds `shop/c` out of date; the second asks `shop/d`, that has them now.
    // Each also asks once whether the registry tells of its own blobs so.
    let asked: Vec<_> = fake.log().into_iter().filter(|asked| asked.path.contains("mount=")).skip(before).collect();
    let of = |place: &str, from: &str| {
        let place = format!("/v2/shop/{place}/");
        let is_asked = |path: &str| path.starts_with(&place) && path.ends_with(&format!("from=shop%2F{from}"));
        asked.iter().filter(|asked| is_asked(&asked.path)).count()
    };
    let counts = [of("d", "c"), of("e", "d"), of("d", "d"), of("e", "e")];
    assert_eq!((asked.len(), counts), (8, [3, 3, 1, 1]), "{asked:?}");
}
