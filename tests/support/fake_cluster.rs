//! An API server of Kubernetes in this process: objects by their paths, server-side apply with its
//! owners, and pods, events and logs as a test wants them.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;

pub(crate) const TOKEN: &str = "s3same-0pen";

/// What the server knows: group version, kind, plural, in namespaces.
const KINDS: &[(&str, &str, &str, bool)] = &[
    ("v1", "Namespace", "namespaces", false),
    ("v1", "ConfigMap", "configmaps", true),
    ("v1", "Secret", "secrets", true),
    ("v1", "Service", "services", true),
    ("v1", "ServiceAccount", "serviceaccounts", true),
    ("v1", "PersistentVolumeClaim", "persistentvolumeclaims", true),
    ("v1", "Pod", "pods", true),
    ("v1", "Event", "events", true),
    ("apps/v1", "Deployment", "deployments", true),
    ("apps/v1", "StatefulSet", "statefulsets", true),
    ("apps/v1", "ReplicaSet", "replicasets", true),
    ("batch/v1", "Job", "jobs", true),
    ("batch/v1", "CronJob", "cronjobs", true),
    ("networking.k8s.io/v1", "Ingress", "ingresses", true),
    ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true),
    ("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true),
];

/// A running API server; it ends with the test.
#[derive(Clone)]
pub(crate) struct FakeCluster {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// By path, e.g. `/apis/apps/v1/namespaces/shop/deployments/web`.
    objects: BTreeMap<String, Value>,
    /// What was applied last, by path: the same again changes nothing.
    applied: BTreeMap<String, Value>,
    logs: BTreeMap<String, String>,
    /// Statuses of workloads by name; others are ready at once.
    statuses: BTreeMap<String, Value>,
    rules: Vec<(String, u16, String, usize)>,
    version: u64,
    log: Vec<String>,
}

impl FakeCluster {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let cluster = Self { address: listener.local_addr().expect("it is bound"), state: Arc::default() };
        cluster.put("/api/v1/namespaces/default", json!({ "kind": "Namespace", "metadata": { "name": "default" } }));
        let serving = cluster.clone();
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                let cluster = serving.clone();
                tokio::spawn(async move {
                    let service = service_fn(move |request| {
                        let cluster = cluster.clone();
                        async move { Ok::<_, hyper::Error>(cluster.answer(request).await) }
                    });
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        cluster
    }

    /// Writes a kubeconfig with the contexts `here` (current) and `other`, whose token is wrong.
    pub(crate) fn kubeconfig(&self, folder: &Path) -> PathBuf {
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: here\n\
             clusters:\n- name: c\n  cluster: {{server: 'http://{}'}}\n\
             users:\n- name: u\n  user: {{token: {TOKEN}}}\n- name: w\n  user: {{token: wrong}}\n\
             contexts:\n- name: here\n  context: {{cluster: c, user: u}}\n\
             - name: other\n  context: {{cluster: c, user: w, namespace: elsewhere}}\n",
            self.address
        );
        let path = folder.join("kubeconfig");
        std::fs::write(&path, text).expect("the folder can be written to");
        path
    }

    /// Puts an object there as somebody else would.
    pub(crate) fn put(&self, path: &str, object: Value) {
        let mut state = self.lock();
        let mut object = object;
        state.version += 1;
        object["metadata"]["resourceVersion"] = json!(state.version.to_string());
        state.objects.insert(path.to_owned(), object);
    }

    pub(crate) fn object(&self, path: &str) -> Option<Value> {
        self.lock().objects.get(path).cloned()
    }

    /// The paths of what is there, without what a cluster has by itself.
    pub(crate) fn paths(&self) -> Vec<String> {
        let own = "/api/v1/namespaces/default";
        self.lock().objects.keys().filter(|path| *path != own).cloned().collect()
    }

    /// What a workload of this name says of itself once it is applied.
    pub(crate) fn status(&self, name: &str, status: Value) {
        self.lock().statuses.insert(name.to_owned(), status);
    }

    /// The log of a pod; `NAME previous` for that of its last container.
    pub(crate) fn log(&self, pod: &str, text: &str) {
        self.lock().logs.insert(pod.to_owned(), text.to_owned());
    }

    /// A pod of a workload with the labels `app=<workload>`.
    pub(crate) fn pod(&self, workload: &str, name: &str, owner: &str, status: Value) {
        self.put(
            &format!("/api/v1/namespaces/default/pods/{name}"),
            json!({ "kind": "Pod", "status": status, "metadata": { "name": name, "namespace": "default",
                "labels": { "app.kubernetes.io/name": workload }, "ownerReferences": [{ "uid": owner }] } }),
        );
    }

    /// Answers requests that begin with `start` (e.g. `PATCH /api/v1/…`) with a status, so many times.
    pub(crate) fn refuse(&self, start: &str, code: u16, message: &str, times: usize) {
        self.lock().rules.push((start.to_owned(), code, message.to_owned(), times));
    }

    /// Every request so far, e.g. `GET /version`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.lock().log.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds the lock")
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let (path, query) = (parts.uri.path().to_owned(), parts.uri.query().unwrap_or_default().to_owned());
        let mut state = self.lock();
        let asked = format!("{} {}", parts.method, parts.uri);
        state.log.push(asked.clone());
        let authorization = parts.headers.get("authorization").and_then(|value| value.to_str().ok());
        if authorization != Some(&format!("Bearer {TOKEN}")) {
            return refusal(401, "Unauthorized", "Unauthorized", json!([]));
        }
        let rule = state.rules.iter_mut().find(|(start, _, _, left)| asked.starts_with(start) && *left > 0);
        if let Some((_, code, message, left)) = rule {
            *left -= 1;
            return refusal(*code, "Scripted", message, json!([]));
        }
        match parts.method {
            Method::GET => get(&state, &path, &query),
            Method::PATCH => apply(&mut state, &path, &query, &body),
            Method::DELETE => {
                state.applied.remove(&path);
                match state.objects.remove(&path) {
                    Some(_) => reply(&json!({ "kind": "Status", "status": "Success" })),
                    None => missing(&path),
                }
            }
            _ => refusal(405, "MethodNotAllowed", "not of this server", json!([])),
        }
    }
}

fn get(state: &State, path: &str, query: &str) -> Response<Full<Bytes>> {
    if path == "/version" {
        return reply(&json!({ "gitVersion": "v1.33.2" }));
    }
    let version = path.strip_prefix("/apis/").or_else(|| path.strip_prefix("/api/")).unwrap_or_default();
    let kinds: Vec<Value> = KINDS
        .iter()
        .filter(|(known, ..)| *known == version)
        .map(|(_, kind, plural, namespaced)| json!({ "kind": kind, "name": plural, "namespaced": namespaced }))
        .collect();
    if !kinds.is_empty() {
        return reply(&json!({ "kind": "APIResourceList", "resources": kinds }));
    }
    if let Some(pod) = path.strip_suffix("/log") {
        let name = pod.rsplit('/').next().unwrap_or_default();
        let key = if query.contains("previous=true") { format!("{name} previous") } else { name.to_owned() };
        return match state.logs.get(&key) {
            Some(text) => Response::new(Full::new(Bytes::from(text.clone()))),
            None => refusal(400, "BadRequest", "container is waiting to start", json!([])),
        };
    }
    if let Some(object) = state.objects.get(path) {
        return reply(object);
    }
    let plural = path.rsplit('/').next().unwrap_or_default();
    if !KINDS.iter().any(|(_, _, known, _)| *known == plural) {
        return missing(path);
    }
    let selector = parameter(query, "labelSelector");
    let wanted: Vec<(&str, &str)> = selector.split(',').filter_map(|label| label.split_once('=')).collect();
    let items: Vec<&Value> = state
        .objects
        .iter()
        .filter(|(known, _)| known.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
        .map(|(_, object)| object)
        .filter(|object| wanted.iter().all(|(name, value)| object["metadata"]["labels"][*name] == json!(value)))
        .collect();
    reply(&json!({ "kind": "List", "items": items }))
}

fn apply(state: &mut State, path: &str, query: &str, body: &[u8]) -> Response<Full<Bytes>> {
    let text = String::from_utf8_lossy(body);
    // What Go's reader of YAML does not take, or takes for a line break.
    if text.contains(|c: char| matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')) {
        return refusal(400, "BadRequest", "yaml: control characters are not allowed", json!([]));
    }
    let Ok(document) = serde_saphyr::from_str::<Value>(&text) else {
        return refusal(400, "BadRequest", "not YAML", json!([]));
    };
    if let Some(namespace) = path.split("/namespaces/").nth(1).and_then(|rest| rest.split_once('/'))
        && !state.objects.contains_key(&format!("/api/v1/namespaces/{}", namespace.0))
    {
        let message = format!("namespaces \"{}\" not found", namespace.0);
        return refusal(404, "NotFound", &message, json!([]));
    }
    let there = state.objects.get(path).cloned();
    if let Some(there) = &there {
        if document["kind"] == "Job" && there["spec"]["template"] != document["spec"]["template"] {
            return refusal(422, "Invalid", "spec.template: Invalid value: field is immutable", json!([]));
        }
        let manager = there["conflict"].as_str().filter(|_| parameter(query, "force") != "true");
        if let Some(manager) = manager {
            let cause = json!([{ "reason": "FieldManagerConflict", "field": ".spec.replicas",
                "message": format!("conflict with \"{manager}\" using apps/v1") }]);
            return refusal(409, "Conflict", "Apply failed with 1 conflict", cause);
        }
    }
    let is_same = state.applied.insert(path.to_owned(), document.clone()).as_ref() == Some(&document);
    if let Some(there) = there.filter(|_| is_same) {
        return reply(&there);
    }
    state.version += 1;
    let mut object = document;
    let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let metadata = object["metadata"].as_object_mut().expect("an object has metadata");
    metadata.insert("uid".to_owned(), json!(format!("uid-{name}")));
    metadata.insert("generation".to_owned(), json!(1));
    metadata.insert("resourceVersion".to_owned(), json!(state.version.to_string()));
    let manager = parameter(query, "fieldManager");
    metadata.insert("managedFields".to_owned(), json!([{ "manager": manager, "operation": "Apply" }]));
    object["status"] = state.statuses.get(&name).cloned().unwrap_or_else(|| ready(&object));
    state.objects.insert(path.to_owned(), object.clone());
    reply(&object)
}

/// The status of what runs as it should.
fn ready(object: &Value) -> Value {
    let replicas = object["spec"]["replicas"].as_i64().unwrap_or(1);
    match object["kind"].as_str() {
        Some("Deployment" | "StatefulSet") => json!({ "observedGeneration": 1, "replicas": replicas,
            "updatedReplicas": replicas, "availableReplicas": replicas, "readyReplicas": replicas }),
        Some("Job") => json!({ "conditions": [{ "type": "Complete", "status": "True" }] }),
        _ => Value::Object(Map::new()),
    }
}

fn parameter(query: &str, name: &str) -> String {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).next().unwrap_or_default()
}

fn missing(path: &str) -> Response<Full<Bytes>> {
    refusal(404, "NotFound", &format!("{path} not found"), json!([]))
}

fn reply(value: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(value.to_string())));
    response.headers_mut().insert("content-type", "application/json".parse().expect("a header"));
    response
}

fn refusal(code: u16, reason: &str, message: &str, causes: Value) -> Response<Full<Bytes>> {
    let mut response = reply(&json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code,
        "reason": reason, "message": message, "details": { "causes": causes } }));
    *response.status_mut() = StatusCode::from_u16(code).expect("a status");
    response
}
