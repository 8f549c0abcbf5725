//! The folder: what it shows, what is removed from it, what a killed process leaves.

use super::client::{OCI_INDEX, Registry, digest, image, index};
use shipit::oci::server::{Garbage, Storage, Untagged, contents};
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

#[tokio::test]
async fn the_contents_are_shown_while_the_server_runs() {
    let registry = Registry::start();
    let one = registry.push_image("shop/api", "v1", b"layer").await;
    registry.push_image("shop/api", "latest", b"other layer").await;
    let child = registry.push_image("shop/web", "amd64", b"layer").await;
    let list = index(&[&child]);
    registry.put_manifest("shop/web", "latest", OCI_INDEX, &list).await.expect(201);
    let found = contents(registry.root()).unwrap();
    let [api, web] = found.repositories.as_slice() else { panic!("{found:?}") };
    assert_eq!((api.name.as_str(), web.name.as_str()), ("shop/api", "shop/web"));
    let tags: Vec<_> = api.manifests.iter().map(|manifest| manifest.tags.join(",")).collect();
    assert_eq!(tags, ["latest", "v1"]);
    let v1 = &api.manifests[1];
    assert_eq!(v1.digest, digest(one.as_bytes()));
    assert_eq!(v1.size, one.len() as u64 + 2 + 5);
    assert!(v1.pushed.is_some());
    let multi = web.manifests.iter().find(|manifest| manifest.tags == ["latest"]).unwrap();
    assert_eq!(multi.size, (list.len() + child.len()) as u64 + 2 + 5);
    // `{}` and `layer` are shared, and so is the manifest that both repositories have.
    let other = image(b"{}", &[b"other layer"], "");
    assert_eq!(one, child);
    assert_eq!(found.stored, (2 + 5 + 11 + one.len() + other.len() + list.len()) as u64);
}

#[test]
fn an_absent_folder_is_an_empty_registry() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("registry");
    assert_eq!(contents(&absent).unwrap(), shipit::oci::server::Contents::default());
    assert!(!absent.exists());
}

#[tokio::test]
async fn garbage_is_what_no_manifest_refers_to() {
    let registry = Registry::start();
    let old = registry.push_image("a", "latest", b"old").await;
    let new = registry.push_image("a", "latest", b"new").await;
    registry.push_blob("a", b"left over").await;
    registry.push_blob("unused", b"new").await;
    let folder = registry.stop().await;
    let mut storage = Storage::open(folder.path()).unwrap();
    let kept = storage.collect_garbage(Untagged::Keep).unwrap();
    assert_eq!(kept, Garbage { manifests: 0, blobs: 1, bytes: 9 });
    let removed = storage.collect_garbage(Untagged::Remove).unwrap();
    assert_eq!(removed, Garbage { manifests: 1, blobs: 2, bytes: old.len() as u64 + 3 });
    assert_eq!(storage.collect_garbage(Untagged::Remove).unwrap(), Garbage::default());
    drop(storage);
    assert!(!folder.path().join("repositories/unused").exists());
    let registry = Registry::start_in(folder);
    assert_eq!(registry.get("/v2/a/manifests/latest").await.expect(200).body, new);
    registry.get(&format!("/v2/a/blobs/{}", digest(b"new"))).await.expect(200);
    registry.get(&format!("/v2/a/manifests/{}", digest(old.as_bytes()))).await.expect(404);
}

#[tokio::test]
async fn garbage_is_nothing_that_a_tag_leads_to() {
    let registry = Registry::start();
    let child = registry.push_image("a", "amd64", b"layer").await;
    registry.put_manifest("a", "multi", OCI_INDEX, &index(&[&child])).await.expect(201);
    let subject = super::client::descriptor(OCI_INDEX, index(&[&child]).as_bytes());
    let signature = image(b"{}", &[], &format!(r#","subject":{subject}"#));
    let by_digest = digest(signature.as_bytes());
    registry.put_manifest("a", &by_digest, super::client::OCI_MANIFEST, &signature).await.expect(201);
    registry.delete("/v2/a/manifests/amd64").await.expect(202);
    let folder = registry.stop().await;
    let collected = Storage::open(folder.path()).unwrap().collect_garbage(Untagged::Remove).unwrap();
    assert_eq!(collected, Garbage::default());
}

#[tokio::test]
async fn a_start_clears_away_what_a_killed_process_left() {
    let registry = Registry::start();
    let (old, young) = (registry.open_upload("a").await, registry.open_upload("a").await);
    let folder = registry.stop().await;
    let id = old.rsplit('/').next().unwrap();
    let day_before = SystemTime::now() - Duration::from_secs(25 * 60 * 60);
    let file = folder.path().join("repositories/a/_uploads").join(id);
    File::options().write(true).open(file).unwrap().set_modified(day_before).unwrap();
    fs::write(folder.path().join("tmp/half-written"), "x").unwrap();
    let registry = Registry::start_in(folder);
    registry.get(&old).await.refused(404, "BLOB_UPLOAD_UNKNOWN");
    registry.get(&young).await.expect(204);
    assert_eq!(fs::read_dir(registry.root().join("tmp")).unwrap().count(), 0);
}

#[tokio::test]
async fn what_was_pushed_survives_a_restart() {
    let registry = Registry::start();
    let text = registry.push_image("a", "v1", b"layer").await;
    let registry = registry.restart().await;
    assert_eq!(registry.get("/v2/a/manifests/v1").await.expect(200).body, text);
    assert_eq!(registry.get(&format!("/v2/a/blobs/{}", digest(b"layer"))).await.expect(200).body, "layer");
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_folder() {
    let registry = Registry::start();
    registry.push_image("shop/api", "v1", b"layer").await;
    registry.open_upload("shop/api").await;
    let parent = tempfile::tempdir().unwrap();
    drop(Storage::open(&parent.path().join("new/registry")).unwrap());
    let mut seen = 0;
    check_modes(&registry.root().join("repositories"), &mut seen);
    check_modes(&registry.root().join("blobs"), &mut seen);
    check_modes(&parent.path().join("new"), &mut seen);
    assert!(seen > 15, "{seen}");
}

#[cfg(unix)]
fn check_modes(path: &Path, seen: &mut usize) {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = path.metadata().unwrap();
    let mode = metadata.permissions().mode() & 0o777;
    assert_eq!(mode, if metadata.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    *seen += 1;
    if metadata.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            check_modes(&entry.unwrap().path(), seen);
        }
    }
}
