//! Manifests and tags: kept byte for byte, taken only when they are whole.

use super::client::{DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST, Registry, digest, image, index};

#[tokio::test]
async fn a_manifest_is_pulled_as_it_was_pushed() {
    let registry = Registry::start();
    registry.push_blob("a", b"{}").await;
    // Odd blanks: nothing may be written anew.
    let text = format!("{}\n ", image(b"{}", &[], ""));
    for kind in [OCI_MANIFEST, DOCKER_MANIFEST] {
        let put = registry.put_manifest("a", "v1", kind, &text).await.expect(201);
        let wanted = digest(text.as_bytes());
        assert_eq!(put.location(), format!("/v2/a/manifests/{wanted}"));
        assert_eq!(put.header("docker-content-digest"), wanted);
        for reference in ["v1", wanted.as_str()] {
            let path = format!("/v2/a/manifests/{reference}");
            let (get, head) = (registry.get(&path).await.expect(200), registry.head(&path).await.expect(200));
            assert_eq!(get.body, text);
            assert!(head.body.is_empty());
            for answer in [get, head] {
                assert_eq!(answer.header("content-type"), kind);
                assert_eq!(answer.header("docker-content-digest"), wanted);
                assert_eq!(answer.header("content-length"), text.len().to_string());
            }
        }
    }
}

#[tokio::test]
async fn a_tag_moves_and_the_old_manifest_stays() {
    let registry = Registry::start();
    let first = registry.push_image("a", "latest", b"one").await;
    let second = registry.push_image("a", "latest", b"two").await;
    assert_eq!(registry.get("/v2/a/manifests/latest").await.expect(200).body, second);
    let old = format!("/v2/a/manifests/{}", digest(first.as_bytes()));
    assert_eq!(registry.get(&old).await.expect(200).body, first);
}

#[tokio::test]
async fn a_manifest_needs_its_blobs_in_its_repository() {
    let registry = Registry::start();
    registry.push_blob("a", b"{}").await;
    registry.push_blob("b", b"layer").await;
    let text = image(b"{}", &[b"layer"], "");
    let answer = registry.put_manifest("a", "v1", OCI_MANIFEST, &text).await;
    let answer = answer.refused(400, "MANIFEST_BLOB_UNKNOWN");
    assert_eq!(answer.json()["errors"][0]["detail"], digest(b"layer"));
    registry.get("/v2/a/manifests/v1").await.refused(404, "MANIFEST_UNKNOWN");
    registry.push_blob("a", b"layer").await;
    registry.put_manifest("a", "v1", OCI_MANIFEST, &text).await.expect(201);
    let wrong = text.replace("\"size\":5", "\"size\":6");
    registry.put_manifest("a", "v2", OCI_MANIFEST, &wrong).await.refused(400, "SIZE_INVALID");
}

#[tokio::test]
async fn an_index_needs_its_manifests() {
    let registry = Registry::start();
    let child = registry.push_image("a", "amd64", b"layer").await;
    let text = index(&[&child]);
    registry.put_manifest("a", "multi", OCI_INDEX, &text).await.expect(201);
    let get = registry.get("/v2/a/manifests/multi").await.expect(200);
    assert_eq!((get.header("content-type"), get.body.as_ref()), (OCI_INDEX, text.as_bytes()));
    // A blob is not a manifest, and another repository's manifest is not this one's.
    let answer = registry.put_manifest("a", "bad", OCI_INDEX, &index(&["layer"])).await;
    answer.refused(400, "MANIFEST_BLOB_UNKNOWN");
    registry.put_manifest("b", "bad", OCI_INDEX, &text).await.refused(400, "MANIFEST_BLOB_UNKNOWN");
}

#[tokio::test]
async fn a_manifest_is_not_a_blob() {
    let registry = Registry::start();
    let text = registry.push_image("a", "v1", b"layer").await;
    registry.get(&format!("/v2/a/blobs/{}", digest(text.as_bytes()))).await.refused(404, "BLOB_UNKNOWN");
    registry.get(&format!("/v2/a/manifests/{}", digest(b"layer"))).await.refused(404, "MANIFEST_UNKNOWN");
}

#[tokio::test]
async fn a_manifest_that_cannot_be_is_refused() {
    let registry = Registry::start();
    registry.push_blob("a", b"{}").await;
    let text = image(b"{}", &[], "");
    let check = async |reference: &str, kind: &str, text: &str, status: u16, code: &str| {
        registry.put_manifest("a", reference, kind, text).await.refused(status, code);
    };
    check("v1", OCI_MANIFEST, "blabla", 400, "MANIFEST_INVALID").await;
    check("v1", "application/json", &text, 400, "MANIFEST_INVALID").await;
    check("v1", OCI_INDEX, &text, 400, "MANIFEST_INVALID").await;
    let both = text.replace("}]}", "}],\"manifests\":[]}").replace("[]}", "[],\"manifests\":[]}");
    check("v1", OCI_MANIFEST, &both, 400, "MANIFEST_INVALID").await;
    check(".v1", OCI_MANIFEST, &text, 400, "TAG_INVALID").await;
    check(&"v".repeat(129), OCI_MANIFEST, &text, 400, "TAG_INVALID").await;
    check(&digest(b"other"), OCI_MANIFEST, &text, 400, "DIGEST_INVALID").await;
    check("sha512:00", OCI_MANIFEST, &text, 400, "DIGEST_INVALID").await;
    registry.get("/v2/a/tags/list").await.refused(404, "NAME_UNKNOWN");
    registry.put_manifest("a", &digest(text.as_bytes()), OCI_MANIFEST, &text).await.expect(201);
}

#[tokio::test]
async fn a_manifest_has_at_most_four_mebibytes() {
    let registry = Registry::start();
    registry.push_blob("a", b"{}").await;
    let of_size = |size: usize| {
        let bare = image(b"{}", &[], r#","annotations":{"x":""}"#);
        let filler = "x".repeat(size - bare.len());
        image(b"{}", &[], &format!(r#","annotations":{{"x":"{filler}"}}"#))
    };
    let limit = 4 * 1024 * 1024;
    registry.put_manifest("a", "v1", OCI_MANIFEST, &of_size(limit)).await.expect(201);
    registry.put_manifest("a", "v1", OCI_MANIFEST, &of_size(limit + 1)).await.refused(413, "SIZE_INVALID");
}

#[tokio::test]
async fn an_unknown_manifest_is_said_to_be_unknown() {
    let registry = Registry::start();
    for reference in ["v1", ".INVALID_MANIFEST_NAME", &digest(b"none")] {
        let path = format!("/v2/a/manifests/{reference}");
        registry.get(&path).await.refused(404, "MANIFEST_UNKNOWN");
        registry.head(&path).await.expect(404);
        registry.delete(&path).await.refused(404, "MANIFEST_UNKNOWN");
    }
}

#[tokio::test]
async fn a_removed_tag_leaves_the_manifest_and_a_removed_manifest_no_tag() {
    let registry = Registry::start();
    let text = registry.push_image("a", "v1", b"layer").await;
    registry.put_manifest("a", "v2", OCI_MANIFEST, &text).await.expect(201);
    registry.push_image("a", "other", b"else").await;
    let by_digest = format!("/v2/a/manifests/{}", digest(text.as_bytes()));
    registry.delete("/v2/a/manifests/v1").await.expect(202);
    registry.get("/v2/a/manifests/v1").await.refused(404, "MANIFEST_UNKNOWN");
    registry.get(&by_digest).await.expect(200);
    registry.delete(&by_digest).await.expect(202);
    registry.get(&by_digest).await.refused(404, "MANIFEST_UNKNOWN");
    registry.get("/v2/a/manifests/v2").await.refused(404, "MANIFEST_UNKNOWN");
    assert_eq!(registry.get("/v2/a/tags/list").await.json()["tags"], serde_json::json!(["other"]));
}
