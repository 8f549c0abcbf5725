//! Waiting for what runs: why something does not start is said, and soon.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use super::{World, deployment, job, object};
use serde_json::{Value, json};
use shipit::cluster::{Object, Patience, SettleError, Trouble};
use std::time::Duration;

const SETS: &str = "/apis/apps/v1/namespaces/default/replicasets";
const EVENTS: &str = "/api/v1/namespaces/default/events";

fn patience() -> Patience {
    let soon = Duration::from_millis(60);
    Patience { period: Duration::from_millis(10), limit: 20 * soon, setup: soon, pull: soon, room: soon, restarts: 3 }
}

/// Applies the object and waits for it; it has to fail.
async fn trouble(world: &World, object: Object) -> Trouble {
    let reference = object.reference.clone();
    world.apply(&[object]).await.unwrap();
    match world.connection.settle(&[reference], &patience()).await.unwrap_err() {
        SettleError::Trouble(trouble) => *trouble,
        SettleError::Cluster(error) => panic!("{error}"),
    }
}

/// A replica set of `web`, by its revision.
fn set(world: &World, revision: &str) {
    let object = json!({ "metadata": { "name": format!("web-{revision}"), "uid": format!("set-{revision}"),
        "labels": { "app.kubernetes.io/name": "web" },
        "annotations": { "deployment.kubernetes.io/revision": revision } } });
    world.cluster.put(&format!("{SETS}/web-{revision}"), object);
}

/// `web`, whose pods are of revision 2 and not there yet.
fn web(world: &World) -> Object {
    set(world, "1");
    set(world, "2");
    world.cluster.status("web", json!({ "observedGeneration": 1, "replicas": 2, "updatedReplicas": 1 }));
    let mut web = deployment("web");
    web.document["metadata"]["namespace"] = json!("default");
    web.document["metadata"]["annotations"] = json!({ "deployment.kubernetes.io/revision": "2" });
    web
}

fn waiting(reason: &str, message: &str, restarts: u32) -> Value {
    json!({ "containerStatuses": [{ "name": "web", "restartCount": restarts, "ready": false,
        "state": { "waiting": { "reason": reason, "message": message } },
        "lastState": if restarts > 0 { json!({ "terminated": { "exitCode": 2, "reason": "Error" } }) } else { json!({}) } }] })
}

#[tokio::test]
async fn what_runs_is_waited_for() {
    let world = World::new().await;
    let objects = [deployment("web"), job("migrate", "one")];
    world.apply(&objects).await.unwrap();
    let references = objects.map(|object| object.reference);
    world.connection.settle(&references, &patience()).await.unwrap();
}

#[tokio::test]
async fn an_image_that_does_not_come_is_said_with_its_events() {
    let world = World::new().await;
    let web = web(&world);
    world.cluster.pod("web", "web-2-x", "set-2", waiting("ImagePullBackOff", "Back-off pulling", 0));
    let event = |name: &str, pod: &str, message: &str, at: &str| {
        let event = json!({ "reason": "Failed", "message": message, "lastTimestamp": at,
            "involvedObject": { "name": pod } });
        world.cluster.put(&format!("{EVENTS}/{name}"), event);
    };
    event("1", "web-2-x", "pull access denied", "2026-01-01T00:00:01Z");
    event("2", "other", "not this one", "2026-01-01T00:00:02Z");
    let found = trouble(&world, web).await;
    assert_eq!(found.why, "does not start");
    let says = "its image cannot be pulled (ImagePullBackOff): Back-off pulling";
    assert_eq!((found.pod.as_deref(), found.pod_says.as_deref()), (Some("web-2-x"), Some(says)));
    assert_eq!((found.events, found.log), (vec!["Failed: pull access denied".to_owned()], Vec::<String>::new()));
}

#[tokio::test]
async fn a_container_that_ends_again_and_again_leaves_its_last_words() {
    let world = World::new().await;
    let web = web(&world);
    world.cluster.pod("web", "web-2-x", "set-2", waiting("CrashLoopBackOff", "back-off 40s", 3));
    world.cluster.log("web-2-x previous", "starting\nno such table: users\n");
    let found = trouble(&world, web).await;
    let says = "it ends again and again (CrashLoopBackOff), last with exit status 2";
    assert_eq!(found.pod_says.as_deref(), Some(says));
    assert_eq!(found.log, ["starting", "no such table: users"]);
}

#[tokio::test]
async fn pods_of_an_older_revision_do_not_count() {
    let world = World::new().await;
    let web = web(&world);
    world.cluster.pod("web", "web-1-x", "set-1", waiting("ImagePullBackOff", "the old image", 0));
    let found = trouble(&world, web).await;
    assert_eq!(found.why, "did not get ready within 1.2 s: 1 old pods are still there");
    assert_eq!(found.pod, None);
}

#[tokio::test]
async fn who_may_not_look_at_pods_still_waits() {
    let world = World::new().await;
    let web = web(&world);
    world.cluster.refuse("GET /api/v1/namespaces/default/pods", 403, "forbidden", usize::MAX);
    let found = trouble(&world, web).await;
    assert!(found.why.starts_with("did not get ready"), "{found:?}");
}

#[tokio::test]
async fn a_job_that_fails_is_said_at_once() {
    let world = World::new().await;
    let failed = json!([{ "type": "Failed", "status": "True", "message": "Job has reached the backoff limit" }]);
    world.cluster.status("migrate", json!({ "conditions": failed }));
    let found = trouble(&world, job("migrate", "one")).await;
    assert_eq!(found.why, "failed: Job has reached the backoff limit");
}

#[tokio::test]
async fn addresses_are_those_of_ingresses_and_load_balancers() {
    let world = World::new().await;
    let rules = json!([
        { "host": "shop.example", "http": { "paths": [{ "path": "/" }] } },
        { "host": "api.example", "http": { "paths": [{ "path": "/v1/" }] } },
    ]);
    let ingress = object(
        "networking.k8s.io/v1",
        "Ingress",
        "web",
        json!({ "spec": { "tls": [{ "hosts": ["shop.example"] }], "rules": rules } }),
    );
    let ports = json!([{ "port": 443 }, { "port": 5432, "name": "postgres" }]);
    let service = object("v1", "Service", "db", json!({ "spec": { "type": "LoadBalancer", "ports": ports } }));
    world.cluster.status("db", json!({ "loadBalancer": { "ingress": [{ "ip": "192.0.2.7" }] } }));
    let objects = [ingress, service];
    world.apply(&objects).await.unwrap();
    let found = world.connection.addresses(&objects.map(|object| object.reference)).await.unwrap();
    let urls: Vec<&str> = found.iter().map(|address| address.url.as_str()).collect();
    assert_eq!(urls, ["https://shop.example", "http://api.example/v1", "https://192.0.2.7", "192.0.2.7:5432"]);
}
