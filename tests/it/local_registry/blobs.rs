//! Blobs that are there: reading them whole, in part, and removing them.

use super::client::{Registry, digest};

#[tokio::test]
async fn head_says_what_get_sends() {
    let registry = Registry::start();
    let wanted = registry.push_blob("a/b-c/d", b"0123456789").await;
    let path = format!("/v2/a/b-c/d/blobs/{wanted}");
    let (head, get) = (registry.head(&path).await.expect(200), registry.get(&path).await.expect(200));
    for name in ["content-length", "content-type", "docker-content-digest"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    assert_eq!(head.header("content-length"), "10");
    assert_eq!(head.header("docker-content-digest"), wanted);
    assert_eq!((head.body.len(), get.body.as_ref()), (0, b"0123456789".as_slice()));
}

#[tokio::test]
async fn a_part_of_a_blob_can_be_read() {
    let registry = Registry::start();
    let path = format!("/v2/a/blobs/{}", registry.push_blob("a", b"0123456789").await);
    let check = async |range: &str, status: u16, body: &str, content_range: Option<&str>| {
        let answer = registry.send("GET", &path, &[("range", range)], "").await;
        assert_eq!(answer.status, status, "{range}");
        assert_eq!(answer.headers.get("content-range").map(|value| value.to_str().unwrap()), content_range);
        if status != 416 {
            assert_eq!(answer.body, body.to_owned(), "{range}");
            assert_eq!(answer.header("content-length"), body.len().to_string());
        }
    };
    check("bytes=2-4", 206, "234", Some("bytes 2-4/10")).await;
    check("bytes=7-", 206, "789", Some("bytes 7-9/10")).await;
    check("bytes=-2", 206, "89", Some("bytes 8-9/10")).await;
    check("bytes=10-", 416, "", Some("bytes */10")).await;
    check("bytes=0-1,4-5", 200, "0123456789", None).await;
}

#[tokio::test]
async fn an_empty_blob_is_a_blob() {
    let registry = Registry::start();
    let path = format!("/v2/a/blobs/{}", registry.push_blob("a", b"").await);
    assert_eq!(registry.get(&path).await.expect(200).header("content-length"), "0");
    assert_eq!(registry.head(&path).await.expect(200).header("content-length"), "0");
}

#[tokio::test]
async fn an_unknown_blob_is_said_to_be_unknown() {
    let registry = Registry::start();
    let path = format!("/v2/a/blobs/{}", digest(b"none"));
    registry.get(&path).await.refused(404, "BLOB_UNKNOWN");
    registry.head(&path).await.expect(404);
    registry.delete(&path).await.refused(404, "BLOB_UNKNOWN");
    registry.get("/v2/a/blobs/sha256:abc").await.refused(400, "DIGEST_INVALID");
}

#[tokio::test]
async fn a_removed_blob_stays_in_other_repositories() {
    let registry = Registry::start();
    let wanted = registry.push_blob("a", b"layer").await;
    registry.push_blob("b", b"layer").await;
    let path = format!("/v2/a/blobs/{wanted}");
    registry.delete(&path).await.expect(202);
    registry.get(&path).await.refused(404, "BLOB_UNKNOWN");
    registry.get(&format!("/v2/b/blobs/{wanted}")).await.expect(200);
}
