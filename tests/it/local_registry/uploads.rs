//! Every way in which the specification lets a blob be pushed, and how each can go wrong.

use super::client::{Registry, digest};
use std::sync::Arc;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

#[tokio::test]
async fn a_blob_is_pushed_with_post_and_put() {
    let registry = Registry::start();
    let upload = registry.open_upload("shop/api").await;
    let wanted = digest(b"hello");
    let answer = registry.put(&format!("{upload}?digest={wanted}"), "hello").await.expect(201);
    assert_eq!(answer.location(), format!("/v2/shop/api/blobs/{wanted}"));
    assert_eq!(answer.header("docker-content-digest"), wanted);
    assert_eq!(registry.get(&answer.location()).await.expect(200).body, "hello");
    registry.get(&upload).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
}

#[tokio::test]
async fn a_blob_is_pushed_with_one_post() {
    let registry = Registry::start();
    let wanted = digest(b"hello");
    let path = format!("/v2/a/blobs/uploads/?digest={wanted}");
    assert_eq!(registry.post(&path, "hello").await.expect(201).location(), format!("/v2/a/blobs/{wanted}"));
    let answer = registry.post(&path, "other").await.refused(400, "DIGEST_INVALID");
    assert_eq!(answer.json()["errors"][0]["detail"], digest(b"other"));
    let left = std::fs::read_dir(registry.root().join("repositories/a/_uploads")).unwrap().count();
    assert_eq!(left, 0, "a refused upload leaves nothing");
}

#[tokio::test]
async fn a_blob_is_pushed_as_a_stream() {
    let registry = Registry::start();
    let upload = registry.open_upload("a").await;
    let answer = registry.patch(&upload, "hel").await.expect(202);
    assert_eq!(answer.header("range"), "0-2");
    let answer = registry.patch(&answer.location(), "lo").await.expect(202);
    assert_eq!(answer.header("range"), "0-4");
    assert!(answer.headers.contains_key("docker-upload-uuid"));
    let wanted = digest(b"hello");
    registry.put(&format!("{}?digest={wanted}", answer.location()), "").await.expect(201);
    assert_eq!(registry.get(&format!("/v2/a/blobs/{wanted}")).await.expect(200).body, "hello");
}

#[tokio::test]
async fn chunks_arrive_in_order_or_not_at_all() {
    let registry = Registry::start();
    let upload = registry.open_upload("a").await;
    let early = registry.chunk(&upload, "3-4", "lo").await.refused(416, "BLOB_UPLOAD_INVALID");
    assert_eq!((early.location(), early.header("range")), (upload.clone(), "0-0"));
    registry.chunk(&upload, "0-2", "hel").await.expect(202);
    let again = registry.chunk(&upload, "0-2", "hel").await.refused(416, "BLOB_UPLOAD_INVALID");
    assert_eq!((again.location(), again.header("range")), (upload.clone(), "0-2"));
    let status = registry.get(&upload).await.expect(204);
    assert_eq!((status.location(), status.header("range")), (upload.clone(), "0-2"));
    assert!(status.body.is_empty());
    let last = format!("{upload}?digest={}", digest(b"hello"));
    registry.send("PUT", &last, &[("content-range", "0-1")], "lo").await.refused(416, "BLOB_UPLOAD_INVALID");
    registry.send("PUT", &last, &[("content-range", "3-4")], "lo").await.expect(201);
}

#[tokio::test]
async fn a_chunk_has_the_length_that_it_announces() {
    let registry = Registry::start();
    let upload = registry.open_upload("a").await;
    registry.chunk(&upload, "0-9", "short").await.refused(400, "SIZE_INVALID");
    registry.chunk(&upload, "bytes 0-4/5", "short").await.refused(400, "BLOB_UPLOAD_INVALID");
    assert_eq!(registry.get(&upload).await.expect(204).header("range"), "0-0");
}

#[tokio::test]
async fn content_with_another_digest_is_not_stored() {
    let registry = Registry::start();
    let upload = registry.open_upload("a").await;
    let wrong = digest(b"other");
    registry.put(&format!("{upload}?digest={wrong}"), "hello").await.refused(400, "DIGEST_INVALID");
    registry.head(&format!("/v2/a/blobs/{wrong}")).await.expect(404);
    registry.head(&format!("/v2/a/blobs/{}", digest(b"hello"))).await.expect(404);
    registry.get(&upload).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
}

#[tokio::test]
async fn a_digest_that_cannot_be_is_refused_and_the_upload_stays() {
    let registry = Registry::start();
    let upload = registry.open_upload("a").await;
    for query in ["", "?digest=", "?digest=sha256:abc", "?digest=md5:900150983cd24fb0d6963f7d28e17f72"] {
        registry.put(&format!("{upload}{query}"), "x").await.refused(400, "DIGEST_INVALID");
    }
    registry.put(&format!("{upload}?digest={}", digest(b"x")), "x").await.expect(201);
}

#[tokio::test]
async fn a_cancelled_upload_is_gone() {
    let registry = Registry::start();
    let upload = registry.open_upload("a").await;
    registry.patch(&upload, "hello").await.expect(202);
    registry.delete(&upload).await.expect(204);
    registry.delete(&upload).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    registry.patch(&upload, "hello").await.refused(404, "BLOB_UPLOAD_UNKNOWN");
}

#[tokio::test]
async fn an_upload_belongs_to_its_repository() {
    let registry = Registry::start();
    let elsewhere = registry.open_upload("a").await.replace("/v2/a/", "/v2/b/");
    registry.patch(&elsewhere, "hello").await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    registry.patch("/v2/a/blobs/uploads/..%2f..%2flock", "x").await.refused(404, "BLOB_UPLOAD_UNKNOWN");
}

#[tokio::test]
async fn a_blob_is_mounted_from_another_repository() {
    let registry = Registry::start();
    let wanted = registry.push_blob("base", b"layer").await;
    registry.head(&format!("/v2/api/blobs/{wanted}")).await.expect(404);
    let mount = |digest: &str, from: &str| format!("/v2/api/blobs/uploads/?mount={digest}&from={from}");
    let answer = registry.post(&mount(&wanted, "base"), "").await.expect(201);
    assert_eq!(answer.location(), format!("/v2/api/blobs/{wanted}"));
    assert_eq!(registry.get(&answer.location()).await.expect(200).body, "layer");
    // What is not there to be mounted becomes an upload.
    let upload = registry.post(&mount(&digest(b"none"), "base"), "").await.expect(202).location();
    registry.put(&format!("{upload}?digest={}", digest(b"none")), "none").await.expect(201);
    registry.post(&mount(&wanted, "nobody"), "").await.expect(202);
    registry.post(&format!("/v2/new/blobs/uploads/?mount={wanted}"), "").await.expect(202);
    registry.post(&mount("nonsense", "base"), "").await.refused(400, "DIGEST_INVALID");
    registry.post(&mount(&wanted, "../base"), "").await.refused(400, "NAME_INVALID");
}

#[tokio::test]
async fn an_upload_goes_on_after_the_connection_broke() {
    let registry = Registry::start();
    let upload = registry.open_upload("a").await;
    let mut stream = TcpStream::connect(registry.address).await.unwrap();
    let head = format!("PATCH {upload} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\n\r\nhel");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    drop(stream);
    // The status waits for the broken request, if it comes while that still writes.
    let mut range = String::new();
    for _ in 0..200 {
        range = registry.get(&upload).await.expect(204).header("range").to_owned();
        if range == "0-2" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(range, "0-2");
    registry.chunk(&upload, "3-4", "lo").await.expect(202);
    registry.put(&format!("{upload}?digest={}", digest(b"hello")), "").await.expect(201);
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart() {
    let registry = Registry::start();
    let upload = registry.open_upload("a").await;
    registry.patch(&upload, "hel").await.expect(202);
    let registry = registry.restart().await;
    assert_eq!(registry.get(&upload).await.expect(204).header("range"), "0-2");
    registry.put(&format!("{upload}?digest={}", digest(b"hello")), "lo").await.expect(201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_blob_is_pushed_to_many_repositories_at_once() {
    let registry = Arc::new(Registry::start());
    let content: Vec<u8> = (0..40_000_u32).flat_map(u32::to_le_bytes).collect();
    let wanted = digest(&content);
    let pushes: Vec<_> = (0..24)
        .map(|number| {
            let (registry, content) = (registry.clone(), content.clone());
            tokio::spawn(async move { registry.push_blob(&format!("r{}", number % 8), &content).await })
        })
        .collect();
    for push in pushes {
        assert_eq!(push.await.unwrap(), wanted);
    }
    for number in 0..8 {
        let answer = registry.get(&format!("/v2/r{number}/blobs/{wanted}")).await.expect(200);
        assert!(answer.body == content, "what is pulled is what was pushed");
    }
    let shared = std::fs::read_dir(registry.root().join("blobs/sha256").join(&wanted[7..9])).unwrap().count();
    assert_eq!(shared, 1, "repositories share the content");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_is_finished_once() {
    let registry = Arc::new(Registry::start());
    for _ in 0..10 {
        let upload = registry.open_upload("a").await;
        registry.patch(&upload, "hello").await.expect(202);
        let last = format!("{upload}?digest={}", digest(b"hello"));
        let finishes: Vec<_> = (0..8)
            .map(|_| {
                let (registry, last) = (registry.clone(), last.clone());
                tokio::spawn(async move { registry.put(&last, "").await.status })
            })
            .collect();
        let mut statuses = Vec::new();
        for finish in finishes {
            statuses.push(finish.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 404, 404, 404, 404, 404, 404, 404]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunks_that_come_at_once_are_not_mixed() {
    let registry = Arc::new(Registry::start());
    let upload = registry.open_upload("a").await;
    let chunks: Vec<_> = (0..8_u8)
        .map(|number| {
            let (registry, upload) = (registry.clone(), upload.clone());
            tokio::spawn(async move { registry.chunk(&upload, "0-99999", vec![number; 100_000]).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for chunk in chunks {
        statuses.push(chunk.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 416, 416, 416, 416, 416, 416, 416]);
    assert_eq!(registry.get(&upload).await.expect(204).header("range"), "0-99999");
}
