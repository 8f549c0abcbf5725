//! Tags, repositories and referrers, whole and page by page.

use super::client::{OCI_INDEX, OCI_MANIFEST, Registry, descriptor, digest, image};
use serde_json::json;

#[tokio::test]
async fn tags_are_listed_in_order_and_in_pages() {
    let registry = Registry::start();
    let text = registry.push_image("a", "v2", b"layer").await;
    for tag in ["v10", "Beta", "v1"] {
        registry.put_manifest("a", tag, OCI_MANIFEST, &text).await.expect(201);
    }
    let all = registry.get("/v2/a/tags/list").await.expect(200);
    assert_eq!(all.json(), json!({ "name": "a", "tags": ["Beta", "v1", "v10", "v2"] }));
    assert!(!all.headers.contains_key("link"));
    let first = registry.get("/v2/a/tags/list?n=3").await.expect(200);
    assert_eq!(first.json()["tags"], json!(["Beta", "v1", "v10"]));
    assert_eq!(first.header("link"), r#"</v2/a/tags/list?n=3&last=v10>; rel="next""#);
    let second = registry.get("/v2/a/tags/list?n=3&last=v10").await.expect(200);
    assert_eq!(second.json()["tags"], json!(["v2"]));
    assert!(!second.headers.contains_key("link"));
    // What was the last one may be gone meanwhile.
    assert_eq!(registry.get("/v2/a/tags/list?last=c").await.json()["tags"], json!(["v1", "v10", "v2"]));
    let none = registry.get("/v2/a/tags/list?n=0").await.expect(200);
    assert_eq!((none.json()["tags"].clone(), none.headers.contains_key("link")), (json!([]), false));
    assert_eq!(registry.get("/v2/a/tags/list?n=9").await.expect(200).json()["tags"].as_array().unwrap().len(), 4);
    registry.get("/v2/a/tags/list?n=-1").await.refused(400, "PAGINATION_NUMBER_INVALID");
    registry.get("/v2/none/tags/list").await.refused(404, "NAME_UNKNOWN");
}

#[tokio::test]
async fn repositories_are_listed_when_they_hold_a_manifest() {
    let registry = Registry::start();
    assert_eq!(registry.get("/v2/_catalog").await.expect(200).json(), json!({ "repositories": [] }));
    for name in ["shop/web", "shop", "shop/api/v2"] {
        registry.push_image(name, "latest", b"layer").await;
    }
    registry.push_blob("blob/only", b"layer").await;
    let all = registry.get("/v2/_catalog").await.json();
    assert_eq!(all, json!({ "repositories": ["shop", "shop/api/v2", "shop/web"] }));
    let page = registry.get("/v2/_catalog?n=1&last=shop").await.expect(200);
    assert_eq!(page.json(), json!({ "repositories": ["shop/api/v2"] }));
    assert_eq!(page.header("link"), r#"</v2/_catalog?n=1&last=shop%2Fapi%2Fv2>; rel="next""#);
}

#[tokio::test]
async fn referrers_are_listed_by_their_subject() {
    let registry = Registry::start();
    let subject = registry.push_image("a", "v1", b"layer").await;
    let subject_digest = digest(subject.as_bytes());
    let refers = |artifact: &str| {
        let subject = descriptor(OCI_MANIFEST, subject.as_bytes());
        image(b"{}", &[], &format!(r#","subject":{subject},"annotations":{{"for":"v1"}}{artifact}"#))
    };
    let (plain, signature) = (refers(""), refers(r#","artifactType":"application/x.signature""#));
    for text in [&plain, &signature] {
        let put = registry.put_manifest("a", &digest(text.as_bytes()), OCI_MANIFEST, text).await.expect(201);
        assert_eq!(put.header("oci-subject"), subject_digest);
    }
    let path = format!("/v2/a/referrers/{subject_digest}");
    let all = registry.get(&path).await.expect(200);
    assert_eq!(all.header("content-type"), OCI_INDEX);
    assert_eq!(all.json()["manifests"].as_array().unwrap().len(), 2);
    let some = registry.get(&format!("{path}?artifactType=application/x.signature")).await.expect(200);
    assert_eq!(some.header("oci-filters-applied"), "artifactType");
    let expected = json!([{
        "mediaType": OCI_MANIFEST,
        "digest": digest(signature.as_bytes()),
        "size": signature.len(),
        "artifactType": "application/x.signature",
        "annotations": { "for": "v1" },
    }]);
    assert_eq!(some.json()["manifests"], expected);
    // Without a type of its own, an image is of its configuration's.
    let configured = format!("{path}?artifactType=application/vnd.oci.image.config.v1%2Bjson");
    assert_eq!(registry.get(&configured).await.json()["manifests"][0]["digest"], digest(plain.as_bytes()));
    registry.delete(&format!("/v2/a/manifests/{}", digest(signature.as_bytes()))).await.expect(202);
    assert_eq!(registry.get(&path).await.json()["manifests"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_refers_to_what_is_not_there() {
    let registry = Registry::start();
    let answer = registry.get(&format!("/v2/none/referrers/{}", digest(b"none"))).await.expect(200);
    assert_eq!(answer.json(), json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [] }));
    registry.get("/v2/none/referrers/nonsense").await.refused(400, "DIGEST_INVALID");
}

#[tokio::test]
async fn a_subject_may_come_later() {
    let registry = Registry::start();
    registry.push_blob("a", b"{}").await;
    let subject = descriptor(OCI_MANIFEST, b"not yet");
    let text = image(b"{}", &[], &format!(r#","subject":{subject}"#));
    registry.put_manifest("a", "signature", OCI_MANIFEST, &text).await.expect(201);
    let found = registry.get(&format!("/v2/a/referrers/{}", digest(b"not yet"))).await.expect(200);
    assert_eq!(found.json()["manifests"][0]["digest"], digest(text.as_bytes()));
}
