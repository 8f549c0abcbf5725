//! One service of the Compose file: an app, a backing service, or the dashboard.

use super::composer::Composer;
use super::storage::{self, Storage};
use super::text::Text;
use crate::environment::lowering::{Lowering as _, Text as _};
use crate::model::environment::ComposeDashboard;
use crate::model::resource::Service;
use crate::model::{App, Endpoint, Expression, Memory, Name, Resource, Scheme};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Version of the dashboard's image that is written where the manifest names none.
const DASHBOARD_VERSION: &str = "9.5";
const DASHBOARD_PORT: u16 = 18888;
/// Where the dashboard takes telemetry (OTLP over gRPC).
const OTLP_PORT: u16 = 18889;

/// What of other services one has to know.
#[derive(Debug, Default)]
pub(super) struct Neighbours {
    /// Services with a health check.
    pub(super) checked: BTreeSet<Name>,
    /// Jobs.
    pub(super) jobs: BTreeSet<Name>,
    /// What some app waits for.
    pub(super) awaited: BTreeSet<Name>,
    /// Every service.
    pub(super) all: BTreeSet<Name>,
    /// The service that takes telemetry.
    pub(super) dashboard: Option<String>,
    /// How many external endpoints want a port on the machine.
    pub(super) wanted_ports: BTreeMap<u16, usize>,
}

/// The service of an app.
pub(super) fn of_app(
    composer: &mut Composer<'_>,
    app: &App,
    health: Option<Value>,
    storage: &mut Storage,
    neighbours: &Neighbours,
) -> Value {
    let mut service = Map::new();
    service.insert("image".to_owned(), json!(composer.image(app).to_compose()));
    words(composer, &mut service, app.command.as_deref(), app.args.as_deref());
    if let Some(job) = &app.job {
        if !neighbours.awaited.contains(&app.name) {
            service.insert("profiles".to_owned(), json!(["jobs"]));
        }
        let retries = job.retries.as_ref().map_or(0, |retries| *retries.get_ref());
        let restart = if retries == 0 { "no".to_owned() } else { format!("on-failure:{retries}") };
        service.insert("restart".to_owned(), json!(restart));
    } else {
        service.insert("restart".to_owned(), json!("unless-stopped"));
    }
    let variables = composer.cx.application.variables(app);
    let mut environment: Map<String, Value> = Map::new();
    if let Some(dashboard) = &neighbours.dashboard {
        let telemetry = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{dashboard}:{OTLP_PORT}")),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc".to_owned()),
            ("OTEL_SERVICE_NAME", app.name.to_string()),
        ];
        let missing = telemetry.into_iter().filter(|(name, _)| !variables.contains_key(*name));
        environment.extend(missing.map(|(name, value)| (name.to_owned(), json!(value))));
    }
    for (name, value) in &variables {
        environment.insert(name.clone(), json!(composer.lower(value).to_compose()));
    }
    environment.sort_keys();
    insert(&mut service, "environment", Value::Object(environment));
    let endpoints = app.endpoints_in_order();
    let is_one = app.replicas.min.as_ref().is_none_or(|min| *min.get_ref() <= 1);
    ports(composer, &mut service, &app.name, &endpoints, |endpoint, port| {
        if !endpoint.external {
            return None;
        }
        let own = endpoint.port.as_ref().map(|port| *port.get_ref());
        let free = (is_one && neighbours.wanted_ports.get(&port) == Some(&1)).then_some(port);
        Some(match own.or(free) {
            Some(host) => format!("{host}:{port}"),
            // Docker chooses one.
            None => port.to_string(),
        })
    });
    let mut mounts = storage.volumes_of(composer, &app.name, &app.volumes);
    let (files, secrets) = storage.files_of(composer, app);
    mounts.extend(files);
    insert(&mut service, "volumes", Value::Array(mounts));
    insert(&mut service, "secrets", Value::Array(secrets));
    insert(&mut service, "depends_on", depends_on(composer, app, neighbours));
    if let Some(health) = health {
        service.insert("healthcheck".to_owned(), health);
    }
    let replicas = app.replicas.min.as_ref().map(|min| *min.get_ref()).filter(|min| *min > 1);
    deploy(
        &mut service,
        replicas,
        app.cpu.as_ref().map(|it| *it.get_ref()),
        app.memory.as_ref().map(|it| *it.get_ref()),
    );
    network(composer, &mut service);
    Value::Object(service)
}

/// The service of a backing service.
pub(super) fn of_resource(
    composer: &mut Composer<'_>,
    resource: &Resource,
    it: &Service,
    health: Option<Value>,
    storage: &mut Storage,
) -> Value {
    let mut service = Map::new();
    service.insert("image".to_owned(), json!(composer.lower(&it.image).to_compose()));
    words(composer, &mut service, it.command.as_deref(), it.args.as_deref());
    service.insert("restart".to_owned(), json!("unless-stopped"));
    let mut environment: Map<String, Value> = Map::new();
    for (name, pieces) in &it.env {
        environment.insert(name.clone(), json!(composer.pieces(resource, it, pieces).to_compose()));
    }
    insert(&mut service, "environment", Value::Object(environment));
    let endpoints: Vec<(&str, &Endpoint)> = it.endpoints.iter().map(|it| (it.name.as_str(), &it.endpoint)).collect();
    ports(composer, &mut service, &resource.name, &endpoints, |endpoint, port| {
        let own = endpoint.port.as_ref().map(|port| *port.get_ref());
        match (endpoint.external, own) {
            (true, own) => Some(format!("{}:{port}", own.unwrap_or(port))),
            // For tools of this machine: a database is not for the whole network.
            (false, Some(own)) if endpoint.target_port.is_some() => Some(format!("127.0.0.1:{own}:{port}")),
            (false, _) => None,
        }
    });
    let mut mounts = storage.volumes_of(composer, &resource.name, &it.volumes);
    for (path, text) in &it.files {
        mounts.push(storage.mount(resource.name.as_str(), path, text.clone()));
    }
    insert(&mut service, "volumes", Value::Array(mounts));
    if let Some(health) = health {
        service.insert("healthcheck".to_owned(), health);
    }
    deploy(&mut service, None, it.cpu.as_ref().map(|it| *it.get_ref()), it.memory.as_ref().map(|it| *it.get_ref()));
    network(composer, &mut service);
    Value::Object(service)
}

/// The dashboard: seen from this machine only.
pub(super) fn of_dashboard(composer: &Composer<'_>, dashboard: &ComposeDashboard) -> Value {
    let version = dashboard.version.as_ref().map_or(DASHBOARD_VERSION, |version| version.get_ref().as_str());
    let port = dashboard.port.unwrap_or(DASHBOARD_PORT);
    let mut service = Map::new();
    service.insert("image".to_owned(), json!(format!("mcr.microsoft.com/dotnet/aspire-dashboard:{version}")));
    service.insert("restart".to_owned(), json!("unless-stopped"));
    service.insert("ports".to_owned(), json!([format!("127.0.0.1:{port}:{DASHBOARD_PORT}")]));
    service.insert("expose".to_owned(), json!([OTLP_PORT.to_string(), "18890"]));
    network(composer, &mut service);
    Value::Object(service)
}

fn insert(service: &mut Map<String, Value>, key: &str, value: Value) {
    let is_empty = match &value {
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        _ => false,
    };
    if !is_empty {
        service.insert(key.to_owned(), value);
    }
}

/// What runs: Compose's `entrypoint` is the program, its `command` the arguments.
fn words(
    composer: &mut Composer<'_>,
    service: &mut Map<String, Value>,
    command: Option<&[Expression]>,
    args: Option<&[Expression]>,
) {
    for (key, words) in [("entrypoint", command), ("command", args)] {
        let Some(words) = words else { continue };
        let words: Vec<String> = words.iter().map(|word| composer.lower(word).to_compose()).collect();
        service.insert(key.to_owned(), json!(words));
    }
}

/// `ports` for what the machine's own ports lead to, `expose` for the rest.
fn ports(
    composer: &mut Composer<'_>,
    service: &mut Map<String, Value>,
    of: &Name,
    endpoints: &[(&str, &Endpoint)],
    published: impl Fn(&Endpoint, u16) -> Option<String>,
) {
    let (mut open, mut inner): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for (_, endpoint) in endpoints {
        let port = composer.port(of, endpoint);
        let protocol = if *endpoint.scheme.get_ref() == Scheme::Udp { "/udp" } else { "" };
        let (list, text) = match published(endpoint, port) {
            Some(text) => (&mut open, format!("{text}{protocol}")),
            None => (&mut inner, format!("{port}{protocol}")),
        };
        if !list.contains(&text) {
            list.push(text);
        }
    }
    insert(service, "ports", json!(open));
    insert(service, "expose", json!(inner));
}

fn depends_on(composer: &mut Composer<'_>, app: &App, neighbours: &Neighbours) -> Value {
    let mut list = Map::new();
    for awaited in &app.wait_for {
        let name = awaited.get_ref();
        if !neighbours.all.contains(name) {
            if composer.cx.application.apps.contains_key(name) {
                let message =
                    format!("`{name}` does not run in `{}`: nothing there can wait for it", composer.environment.name);
                composer.error(
                    "foreign-address",
                    message,
                    &awaited.span(),
                    "take it out, or let both run in one environment",
                );
            } else {
                let message = format!("`{name}` is not started by Docker Compose: nothing is waited for");
                composer.warning("no-effect", message, &awaited.span(), "nothing is to be done if it is there already");
            }
            continue;
        }
        let condition = if neighbours.jobs.contains(name) {
            "service_completed_successfully"
        } else if neighbours.checked.contains(name) {
            "service_healthy"
        } else {
            "service_started"
        };
        list.insert(name.to_string(), json!({ "condition": condition }));
    }
    Value::Object(list)
}

fn deploy(service: &mut Map<String, Value>, replicas: Option<u32>, cpu: Option<f64>, memory: Option<Memory>) {
    let mut deploy = Map::new();
    if let Some(replicas) = replicas {
        deploy.insert("replicas".to_owned(), json!(replicas));
    }
    let mut limits = Map::new();
    if let Some(cpu) = cpu {
        limits.insert("cpus".to_owned(), json!(cpu.to_string()));
    }
    if let Some(memory) = memory {
        limits.insert("memory".to_owned(), json!(storage::bytes(memory)));
    }
    if !limits.is_empty() {
        deploy.insert("resources".to_owned(), json!({ "limits": limits }));
    }
    insert(service, "deploy", Value::Object(deploy));
}

fn network(composer: &Composer<'_>, service: &mut Map<String, Value>) {
    let network = super::project::settings(composer.environment).and_then(|settings| settings.network.as_ref());
    if let Some(network) = network {
        service.insert("networks".to_owned(), json!([Text::literal(network.name.get_ref()).to_compose()]));
    }
}
