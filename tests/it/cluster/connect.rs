//! Which cluster is meant, and what is said where it does not do as it is told.

use super::fake_cluster::FakeCluster;
use super::{World, config};
use shipit::cluster::{Cluster, Selection, select};
use shipit::util::{FailureClass, Progress};

#[tokio::test]
async fn contexts_are_found_by_their_names() {
    let cluster = FakeCluster::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = cluster.kubeconfig(folder.path());
    let find =
        |context: Option<&str>| select(&Selection { files: vec![file.clone()], context: context.map(str::to_owned) });
    assert_eq!(find(None).unwrap().namespace, "default");
    assert_eq!(find(Some("other")).unwrap().namespace, "elsewhere");
    let error = find(Some("hrere")).unwrap_err();
    assert_eq!(error.to_string(), "there is no context `hrere` in the kubeconfig");
    assert_eq!(error.help().unwrap(), "did you mean `here`?");
    let error = find(Some("production")).unwrap_err();
    assert_eq!(error.help().unwrap(), "give one of them with `--context`: here, other");
    let nowhere = Selection { files: vec![folder.path().join("none")], context: None };
    assert_eq!(select(&nowhere).unwrap_err().to_string(), "there is no kubeconfig");
}

#[test]
fn the_first_of_several_files_wins() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, current: &str| {
        let path = folder.path().join(name);
        let text = format!(
            "current-context: {current}\nclusters: [{{name: c, cluster: {{server: 'http://x'}}}}]\n\
             contexts: [{{name: {name}, context: {{cluster: c, user: u}}}}]\n"
        );
        std::fs::write(&path, text).unwrap();
        path
    };
    let files = vec![write("one", "two"), folder.path().join("none"), write("two", "one")];
    assert_eq!(select(&Selection { files, context: None }).unwrap().name, "two");
}

#[test]
fn what_is_no_kubeconfig_is_not_quoted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig");
    std::fs::write(&path, "users:\n- name: u\n  user: {token: s3same-0pen\n").unwrap();
    let error = select(&Selection { files: vec![path], context: None }).unwrap_err().to_string();
    assert!(error.contains("it is not a kubeconfig") && !error.contains("s3same"), "{error}");
}

#[tokio::test]
async fn credentials_that_are_not_taken_are_a_refusal() {
    let cluster = FakeCluster::start().await;
    let folder = tempfile::tempdir().unwrap();
    let selection = Selection { files: vec![cluster.kubeconfig(folder.path())], context: Some("other".to_owned()) };
    let connection = Cluster::connect(&select(&selection).unwrap(), Progress::none()).await.unwrap();
    let error = connection.version().await.unwrap_err();
    assert_eq!(error.class(), FailureClass::Refused);
    assert_eq!(error.to_string(), "the cluster of the context `other` does not accept the credentials");
    assert_eq!(cluster.asked().len(), 1, "a refusal is not tried again");
}

#[tokio::test]
async fn what_may_not_be_done_is_a_refusal() {
    let world = World::new().await;
    let message = "configmaps \"a\" is forbidden: User \"u\" cannot patch resource \"configmaps\"";
    world.cluster.refuse("PATCH /api/v1/namespaces/default/configmaps/a", 403, message, 1);
    let error = world.apply(&[config("a", "1")]).await.unwrap_err();
    assert_eq!(error.class(), FailureClass::Refused);
    assert_eq!(error.to_string(), format!("the context `here` may not apply ConfigMap `a`: {message}"));
}

#[tokio::test]
async fn admission_that_says_no_is_about_the_object() {
    let world = World::new().await;
    let message = "pods \"web\" is forbidden: violates PodSecurity \"restricted:latest\"";
    world.cluster.refuse("PATCH /api/v1/namespaces/default/configmaps/a", 403, message, 1);
    let error = world.apply(&[config("a", "1")]).await.unwrap_err();
    assert_eq!(error.class(), FailureClass::Permanent);
    assert_eq!(error.to_string(), format!("ConfigMap `a` is refused: {message}"));
}

#[tokio::test]
async fn passing_faults_pass() {
    let world = World::new().await;
    world.cluster.refuse("PATCH /api/v1/namespaces/default/configmaps/a", 503, "not now", 2);
    world.apply(&[config("a", "1")]).await.unwrap();
    world.cluster.refuse("GET /version", 503, "not now", 99);
    let error = world.connection.version().await.unwrap_err();
    assert_eq!(error.class(), FailureClass::Passing);
    assert_eq!(error.to_string(), "the cluster could not say its version: not now (503)");
}
