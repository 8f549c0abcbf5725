//! The room `cluster` against an API server in this process.

mod apply;
mod connect;
#[path = "../support/fake_cluster.rs"]
pub(crate) mod fake_cluster;
mod settle;

use fake_cluster::FakeCluster;
use serde_json::{Value, json};
use shipit::cluster::{Applied, Applying, Cluster, Error, Object, ObjectRef, Selection, select};
use shipit::util::Progress;

/// A cluster and the connection to it.
struct World {
    cluster: FakeCluster,
    connection: Cluster,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> Self {
        let cluster = FakeCluster::start().await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let selection = Selection { files: vec![cluster.kubeconfig(folder.path())], context: None };
        let context = select(&selection).expect("it has a current context");
        let connection = Cluster::connect(&context, Progress::none()).await.expect("it can be used");
        Self { cluster, connection, _folder: folder }
    }

    async fn apply(&self, objects: &[Object]) -> Result<Applied, Error> {
        self.apply_with(objects, false).await
    }

    async fn apply_with(&self, objects: &[Object], force: bool) -> Result<Applied, Error> {
        let applying = Applying { release: "shop", namespace: "default", objects, create_namespace: true, force };
        self.connection.apply(&applying).await
    }
}

fn object(api_version: &str, kind: &str, name: &str, rest: Value) -> Object {
    let mut document = json!({ "apiVersion": api_version, "kind": kind, "metadata": { "name": name } });
    for (key, value) in rest.as_object().expect("an object") {
        document[key] = value.clone();
    }
    let reference = ObjectRef {
        api_version: api_version.to_owned(),
        kind: kind.to_owned(),
        namespace: Some("default".to_owned()),
        name: name.to_owned(),
    };
    Object { reference, document }
}

fn config(name: &str, value: &str) -> Object {
    object("v1", "ConfigMap", name, json!({ "data": { "key": value } }))
}

fn deployment(name: &str) -> Object {
    let labels = json!({ "app.kubernetes.io/name": name });
    object("apps/v1", "Deployment", name, json!({ "spec": { "replicas": 1, "selector": { "matchLabels": labels } } }))
}

fn job(name: &str, image: &str) -> Object {
    object(
        "batch/v1",
        "Job",
        name,
        json!({ "spec": { "template": { "spec": { "containers": [{ "image": image }] } } } }),
    )
}

fn claim(name: &str) -> Object {
    object("v1", "PersistentVolumeClaim", name, json!({ "spec": {} }))
}

fn names(objects: &[ObjectRef]) -> Vec<&str> {
    objects.iter().map(|object| object.name.as_str()).collect()
}
