//! Archives that are cut, wrong or meant to harm.

use super::archives::{ALL, Form, Image, Tar, layer, noise, save};
use super::bench::{Bench, Engine};
use std::sync::Arc;
use tar::EntryType;

fn sample() -> Image {
    Image::new("a=1", &[layer("base", &noise(40_000, 1)), layer("app", b"text")])
}

/// Pushes `archive` as the engine's and gives the message of the failure.
async fn refusal(bench: &Bench, form: Form, image: &Image, archive: Vec<u8>) -> String {
    let mut engine = Engine::new(form, &[image]);
    engine.instead = Some(archive);
    let pushed = bench.push(&Arc::new(engine), image, "shop/api").await;
    assert!(!bench.has("shop/api", "1").await, "something was tagged");
    let [outcome] = pushed.outcomes.try_into().unwrap();
    outcome.result.expect_err("the archive cannot be used").to_string()
}

#[tokio::test]
async fn a_stream_that_is_cut_tags_nothing() {
    for form in ALL {
        let (bench, image) = (Bench::start().await, sample());
        let whole = save(form, &[&image]);
        for part in 0..9 {
            let archive = whole[..whole.len() / 10 * part].to_vec();
            let message = refusal(&bench, form, &image, archive).await;
            assert!(message.starts_with("the export of `api` is not usable: it ends "), "{form:?} {part}: {message}");
        }
    }
}

#[tokio::test]
async fn a_layer_with_other_content_is_refused() {
    let image = sample();
    for (form, expect) in [
        (Form::Legacy, "the content of its layer 2 is sha256:"),
        (Form::Podman, "the content of the layer named sha256:"),
        (Form::Layout, "the content of the layer named sha256:"),
        (Form::Containerd, "another digest"),
    ] {
        let bench = Bench::start().await;
        let mut archive = save(form, &[&image]);
        if form == Form::Containerd {
            let at = archive.windows(3).position(|part| part == [0x1f, 0x8b, 8]).unwrap();
            archive[at + 20_000] ^= 1;
        } else {
            let at = archive.windows(4).position(|part| part == b"text").unwrap();
            archive[at] ^= 1;
        }
        let message = refusal(&bench, form, &image, archive).await;
        assert!(message.contains(expect), "{form:?}: {message}");
    }
}

#[tokio::test]
async fn another_image_than_asked_for_is_refused() {
    for form in ALL {
        let (bench, image) = (Bench::start().await, sample());
        let other = Image::new("other", &image.layers);
        let message = refusal(&bench, form, &image, save(form, &[&other])).await;
        assert!(message.ends_with(&format!("the image {} is not in it", image.id())), "{message}");
    }
}

#[tokio::test]
async fn names_that_lead_elsewhere_are_refused() {
    let (bench, image) = (Bench::start().await, sample());
    let long = "x".repeat((1 << 20) + 9000);
    for (name, kind, content, target, expect) in [
        ("../evil.tar", EntryType::Regular, "x", "", "an entry is named `../evil.tar`"),
        ("/etc/passwd", EntryType::Regular, "x", "", "an entry is named `/etc/passwd`"),
        ("a/layer.tar", EntryType::Symlink, "", "../../b", "the link `a/layer.tar` leads to `../../b`"),
        ("a/layer.tar", EntryType::Link, "", "/etc/shadow", "the link `a/layer.tar` leads to `/etc/shadow`"),
        ("dev", EntryType::Block, "", "", "`dev` is neither a file, a folder nor a link"),
        ("x", EntryType::GNULongName, &long, "", "headers are longer than 1 MiB"),
        ("blobs/sha256/xyz", EntryType::Regular, "{}", "", "is not named by a digest"),
        ("\u{1b}[31m.json", EntryType::Char, "", "", "`\\u{1b}[31m.json`"),
    ] {
        let mut tar = Tar::default();
        tar.raw(name, kind, content.as_bytes(), target);
        let mut archive = tar.finish();
        archive.truncate(archive.len() - 1024);
        archive.extend(save(Form::Legacy, &[&image]));
        let message = refusal(&bench, Form::Legacy, &image, archive).await;
        assert!(message.contains(expect), "{name}: {message}");
    }
}

#[tokio::test]
async fn files_larger_than_any_engine_writes_are_refused() {
    let (bench, image) = (Bench::start().await, sample());
    for (name, size) in [("manifest.json", (4 << 20) + 1), ("abc.json", (8 << 20) + 1)] {
        let mut tar = Tar::default();
        tar.file(name, &vec![b' '; size]);
        let message = refusal(&bench, Form::Legacy, &image, tar.finish()).await;
        assert!(message.contains(&format!("`{name}` has {size} bytes")), "{message}");
    }
}

#[tokio::test]
async fn a_manifest_that_makes_no_sense_is_refused() {
    let (bench, image) = (Bench::start().await, sample());
    let config = format!("{}.json", image.id().hex());
    for (manifest, expect) in [
        ("[]".to_owned(), "is not in it"),
        ("{".to_owned(), "`manifest.json` cannot be read"),
        (r#"[{"Config": "../x", "Layers": []}]"#.to_owned(), "its configuration `../x` is missing"),
        (format!(r#"[{{"Config": "{config}", "Layers": []}}]"#), "it has 0 layers, but its configuration names 2"),
        (format!(r#"[{{"Config": "{config}", "Layers": ["a", "b"]}}]"#), "its layer 1 is missing"),
    ] {
        let mut tar = Tar::default();
        tar.file(&config, &image.config);
        tar.file("manifest.json", manifest.as_bytes());
        let message = refusal(&bench, Form::Legacy, &image, tar.finish()).await;
        assert!(message.contains(expect), "{manifest}: {message}");
    }
}
