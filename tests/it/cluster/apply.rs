//! What applying a release leaves in the cluster, and what removing it takes away.

use super::{World, claim, config, deployment, job, names, object};
use serde_json::json;

const CONFIGS: &str = "/api/v1/namespaces/default/configmaps";

#[tokio::test]
async fn what_is_applied_twice_changes_nothing() {
    let world = World::new().await;
    let objects = [config("a", "1"), deployment("web")];
    let applied = world.apply(&objects).await.unwrap();
    assert_eq!(names(&applied.created), ["a", "web"]);
    let applied = world.apply(&objects).await.unwrap();
    assert_eq!(names(&applied.unchanged), ["a", "web"]);
    let applied = world.apply(&[config("a", "2"), deployment("web")]).await.unwrap();
    assert_eq!((names(&applied.changed), names(&applied.unchanged)), (vec!["a"], vec!["web"]));
    assert_eq!(world.cluster.object(&format!("{CONFIGS}/a")).unwrap()["data"]["key"], "2");
}

#[tokio::test]
async fn what_a_release_no_longer_has_is_taken_away_but_its_volumes() {
    let world = World::new().await;
    world.cluster.put(&format!("{CONFIGS}/theirs"), json!({ "kind": "ConfigMap", "metadata": { "name": "theirs" } }));
    world.apply(&[claim("data"), config("a", "1"), config("b", "1"), deployment("web")]).await.unwrap();
    let applied = world.apply(&[config("a", "1")]).await.unwrap();
    assert_eq!(names(&applied.removed), ["web", "b"]);
    assert_eq!(names(&applied.kept), ["data"]);
    let left = [
        "/api/v1/namespaces/default/configmaps/a",
        "/api/v1/namespaces/default/configmaps/shipit.shop",
        "/api/v1/namespaces/default/configmaps/theirs",
        "/api/v1/namespaces/default/persistentvolumeclaims/data",
    ];
    assert_eq!(world.cluster.paths(), left);
}

#[tokio::test]
async fn what_somebody_else_made_anew_is_left() {
    let world = World::new().await;
    world.apply(&[config("a", "1"), config("b", "1")]).await.unwrap();
    let theirs = json!({ "kind": "ConfigMap", "metadata": { "name": "b", "managedFields":
        [{ "manager": "kubectl-create", "operation": "Update" }] } });
    world.cluster.put(&format!("{CONFIGS}/b"), theirs);
    let applied = world.apply(&[config("a", "1")]).await.unwrap();
    assert!(applied.removed.is_empty(), "{applied:?}");
    assert!(world.cluster.object(&format!("{CONFIGS}/b")).is_some());
}

#[tokio::test]
async fn a_run_that_breaks_off_forgets_nothing() {
    let world = World::new().await;
    world.apply(&[config("a", "1")]).await.unwrap();
    world.cluster.refuse(&format!("PATCH {CONFIGS}/c"), 422, "wrong", 1);
    world.apply(&[config("b", "1"), config("c", "1")]).await.unwrap_err();
    // `a` was not taken away and `b` is there: both are still known.
    let applied = world.apply(&[]).await.unwrap();
    assert_eq!(names(&applied.removed), ["a", "b"]);
}

#[tokio::test]
async fn nothing_is_applied_where_an_object_is_somebody_elses() {
    let world = World::new().await;
    let theirs = json!({ "kind": "ConfigMap", "metadata": { "name": "b", "managedFields":
        [{ "manager": "helm", "operation": "Update" }] } });
    world.cluster.put(&format!("{CONFIGS}/b"), theirs);
    let error = world.apply(&[config("a", "1"), config("b", "1")]).await.unwrap_err();
    assert_eq!(error.to_string(), "ConfigMap `b` exists already and is not of this release (it was made by `helm`)");
    assert_eq!(error.help().unwrap(), "it was deployed with Helm: put `helm` on PATH, or `helm uninstall` it first");
    assert_eq!(world.cluster.object(&format!("{CONFIGS}/a")), None);
    world.apply_with(&[config("a", "1"), config("b", "1")], true).await.unwrap();
    assert_eq!(world.cluster.object(&format!("{CONFIGS}/b")).unwrap()["data"]["key"], "1");
}

#[tokio::test]
async fn a_conflict_names_the_field_and_who_changed_it() {
    let world = World::new().await;
    world.apply(&[deployment("web")]).await.unwrap();
    let path = "/apis/apps/v1/namespaces/default/deployments/web";
    let mut changed = world.cluster.object(path).unwrap();
    changed["conflict"] = json!("kubectl-scale");
    world.cluster.put(path, changed);
    let error = world.apply(&[deployment("web")]).await.unwrap_err();
    let expect = "Deployment `web` was changed by somebody else: `spec.replicas` by `kubectl-scale`";
    assert_eq!(error.to_string(), expect);
    assert!(error.help().unwrap().contains("--force-conflicts"));
    world.apply_with(&[deployment("web")], true).await.unwrap();
}

#[tokio::test]
async fn a_job_that_changed_is_run_again() {
    let world = World::new().await;
    world.apply(&[job("migrate", "one")]).await.unwrap();
    let applied = world.apply(&[job("migrate", "two")]).await.unwrap();
    assert_eq!(names(&applied.changed), ["migrate"]);
    let there = world.cluster.object("/apis/batch/v1/namespaces/default/jobs/migrate").unwrap();
    assert_eq!(there["spec"]["template"]["spec"]["containers"][0]["image"], "two");
}

#[tokio::test]
async fn a_field_that_an_object_cannot_have_is_no_passing_fault() {
    let world = World::new().await;
    // As an API server of 1.36 says it.
    let says =
        "failed to create typed patch object (default/a; /v1, Kind=ConfigMap): .dta: field not declared in schema";
    world.cluster.refuse(&format!("PATCH {CONFIGS}/a"), 500, says, usize::MAX);
    let error = world.apply(&[config("a", "1")]).await.unwrap_err();
    assert_eq!(error.to_string(), format!("ConfigMap `a` is refused: {says}"));
    assert_eq!(error.class(), shipit::util::FailureClass::Permanent);
    let asked = world.cluster.asked().into_iter().filter(|asked| asked.starts_with(&format!("PATCH {CONFIGS}/a")));
    assert_eq!(asked.count(), 1, "it is not tried again");
}

#[tokio::test]
async fn kinds_that_a_cluster_does_not_know_are_said() {
    let world = World::new().await;
    let route = object("gateway.networking.k8s.io/v1", "HTTPRoute", "web", json!({}));
    let error = world.apply(&[route]).await.unwrap_err();
    let expect = "the cluster does not know objects of the kind HTTPRoute (gateway.networking.k8s.io/v1)";
    assert_eq!(error.to_string(), expect);
}

#[tokio::test]
async fn volumes_stay_until_they_are_asked_for() {
    let world = World::new().await;
    let templates = json!({ "spec": { "volumeClaimTemplates": [{ "metadata": { "name": "data" } }] } });
    let claims = "/api/v1/namespaces/default/persistentvolumeclaims";
    world.apply(&[claim("files"), object("apps/v1", "StatefulSet", "db", templates)]).await.unwrap();
    // Made by the cluster for the set; the other is for a set of that name somewhere else.
    for name in ["data-db-0", "data-db-old"] {
        world.cluster.put(&format!("{claims}/{name}"), json!({ "metadata": { "name": name } }));
    }
    let removed = world.connection.remove("shop", "default", false).await.unwrap();
    assert_eq!((names(&removed.objects), names(&removed.kept)), (vec!["db"], vec!["files", "data-db-0"]));
    let removed = world.connection.remove("shop", "default", true).await.unwrap();
    assert_eq!((names(&removed.objects), removed.kept), (vec!["files", "data-db-0"], Vec::new()));
    assert_eq!(world.cluster.paths(), [format!("{claims}/data-db-old")]);
    let removed = world.connection.remove("shop", "default", true).await.unwrap();
    assert_eq!(removed, shipit::cluster::Removed::default());
}
