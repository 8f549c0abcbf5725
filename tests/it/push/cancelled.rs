//! A push that is given up leaves nothing behind: no connection to the engine, no file, no thread.

use super::archives::{Form, Image, layer, noise, save};
use super::bench::{Bench, Engine, one};
use super::stored::Folder;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::{StreamExt as _, stream};
use shipit::image::push::{ImageStore, PushError, Pusher, SaveStream};
use shipit::oci::Digest;
use shipit::util::{Progress, Update};
use std::fs;
use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// An engine that sends half of an image and is silent then, or does not even answer.
struct Silent {
    image: Image,
    answers: bool,
    /// Exports that are open.
    open: Arc<AtomicUsize>,
    opened: tokio::sync::Notify,
}

struct Open(Arc<AtomicUsize>);

impl Open {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(count))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl ImageStore for Silent {
    fn diff_ids<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<Digest>, PushError>> {
        Box::pin(async move { Ok(self.image.diff_ids()) })
    }

    fn export<'a>(&'a self, _: &'a [String]) -> BoxFuture<'a, Result<SaveStream, PushError>> {
        let open = Open::new(&self.open);
        self.opened.notify_one();
        let mut archive = save(Form::Legacy, &[&self.image]);
        archive.truncate(archive.len() / 2);
        let (first, answers) = (Bytes::from(archive), self.answers);
        Box::pin(async move {
            if !answers {
                std::future::pending::<()>().await;
            }
            let silence = stream::once(async move {
                let _open = open;
                std::future::pending().await
            });
            let stream: SaveStream = stream::iter([Ok(first)]).chain(silence).boxed();
            Ok(stream)
        })
    }
}

async fn give_up(answers: bool) {
    let bench = Bench::start().await;
    let image = Image::new("x", &[layer("base", &noise(900_000, 3)), layer("app", &noise(900_000, 5))]);
    let engine = Arc::new(Silent { image, answers, open: Arc::default(), opened: tokio::sync::Notify::new() });
    let pusher = Pusher::new(Arc::clone(&engine) as Arc<dyn ImageStore>, bench.cache.path(), 2).unwrap();
    {
        let (target, image) = ([bench.destination("shop/api", &["1"])], one(&engine.image));
        let progress = Progress::none();
        let push = pusher.push(&image, &target, &progress);
        let begun = async {
            engine.opened.notified().await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        tokio::select! {
            pushed = push => panic!("the engine is silent, but: {pushed:?}"),
            () = begun => {}
        }
    }
    let since = Instant::now();
    while engine.open.load(Ordering::SeqCst) > 0 {
        assert!(since.elapsed() < Duration::from_secs(10), "the export stays open");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(std::fs::read_dir(bench.cache.path().join("spool")).unwrap().count(), 0);
}

/// A runtime that is dropped waits for its blocking threads.
#[test]
fn a_push_that_is_dropped_closes_the_export_and_ends_its_thread() {
    for answers in [true, false] {
        let (done, ended) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(give_up(answers));
            drop(runtime);
            done.send(()).unwrap();
        });
        ended.recv_timeout(Duration::from_secs(30)).expect("everything ends");
    }
}

/// Reading a layer of 64 GB takes minutes; a thread that nobody waits for must not go on with it.
#[test]
fn a_push_that_is_dropped_stops_reading_the_engines_folder() {
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || {
        let image = Image::new("x", &[layer("base", b"small")]);
        let folder = Folder::new("overlay2", &[&image]);
        let size = 64 << 30;
        fs::File::create(folder.files(&image, 0).join("base")).unwrap().set_len(size).unwrap();
        let list = format!("{{\"type\":1,\"name\":\"base\",\"size\":{size},\"position\":0}}\n");
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(list.as_bytes()).unwrap();
        fs::write(folder.layer(&image, 0).join("tar-split.json.gz"), gzip.finish().unwrap()).unwrap();

        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let bench = Bench::start().await;
            let storage = Some(folder.storage());
            let engine = Arc::new(Engine { storage, ..Engine::new(Form::Legacy, &[&image]) });
            let (target, built, pusher) = ([bench.destination("a", &["1"])], one(&image), bench.pusher(&engine));
            let begun = Arc::new(tokio::sync::Notify::new());
            let progress = {
                let begun = Arc::clone(&begun);
                Progress::new(move |update| {
                    if matches!(update, Update::TaskAdvanced { .. }) {
                        begun.notify_one();
                    }
                })
            };
            tokio::select! {
                pushed = pusher.push(&built, &target, &progress) => panic!("it was read: {pushed:?}"),
                () = begun.notified() => {}
            }
        });
        drop(runtime);
        done.send(()).unwrap();
    });
    ended.recv_timeout(Duration::from_secs(30)).expect("everything ends");
}
