//! Puts a Compose file together.

use super::composer::Composer;
use super::service::{self, Neighbours};
use super::storage::{MadeFile, Storage};
use super::text::Text;
use super::variable::Variable;
use super::{health, project};
use crate::azure::Failure;
use crate::environment::lowering::Lowering as _;
use crate::environment::{FileCx, place};
use crate::manifest::Diagnostic;
use crate::model::environment::ComposeDashboard;
use crate::model::{App, Application, Environment, Name, PullCredentials, Resource, ResourceKind};
use crate::render::{Artifact, yaml};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What the file is called.
pub const COMPOSE_FILE: &str = "docker-compose.yaml";
const TEMPLATE: &str = "docker-compose/docker-compose.yaml.hbs";

/// A project as it is written, with what a deployment has to know of it.
#[derive(Debug)]
pub struct Composition {
    /// The text of the Compose file.
    pub text: String,
    /// By name.
    pub variables: BTreeMap<String, Variable>,
    /// Files beside it.
    pub artifacts: Vec<Artifact>,
    /// Files that a deployment makes.
    pub files: Vec<MadeFile>,
    /// Services that mount something of the machine that deploys.
    pub of_this_machine: BTreeSet<String>,
    /// What is signed in with to pull; their variables are not among those of the file.
    pub pulls: Vec<PullLogin>,
    pub pull_variables: BTreeMap<String, Variable>,
    pub warnings: Vec<Diagnostic>,
}

/// What a registry is signed in to with, to pull from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullLogin {
    pub registry: Name,
    /// `None`: nobody has to.
    pub login: Option<(Text, Text)>,
}

/// Makes the Compose file of an environment. Every mistake is reported at once.
pub fn compose(cx: &FileCx<'_>, environment: &Environment) -> Result<Composition, Failure> {
    let mut composer = Composer::new(cx, environment);
    let mut storage = Storage::default();
    let document = document(&mut composer, &mut storage);
    let mut puller = Composer::new(cx, environment);
    let pulls = pulls(&mut puller);
    let (mut problems, variables) = (composer.problems, composer.variables);
    problems.extend(puller.problems);
    if problems.has_errors() {
        return Err(Failure::Invalid(problems));
    }
    let data = json!({ "name": cx.application.name, "document": yaml::document(&document).trim_end() });
    let text = cx.templates.render(TEMPLATE, &data).map_err(|error| Failure::Template(Box::new(error)))?;
    Ok(Composition {
        text,
        variables,
        artifacts: storage.artifacts,
        files: storage.files,
        of_this_machine: storage.of_this_machine,
        pulls,
        pull_variables: puller.variables,
        warnings: problems.into_sorted(),
    })
}

fn document(composer: &mut Composer<'_>, storage: &mut Storage) -> Value {
    let (application, environment) = (composer.cx.application, composer.environment);
    let settings = project::settings(environment).cloned().unwrap_or_default();
    let resources: Vec<&Resource> = place::services(application, environment).collect();
    let apps: Vec<&App> = crate::environment::apps(application, &environment.name).collect();
    let mut health: BTreeMap<Name, Value> = BTreeMap::new();
    for resource in &resources {
        if let ResourceKind::Service(it) = &resource.kind {
            health.extend(health::of_service(composer, &resource.name, it).map(|check| (resource.name.clone(), check)));
        }
    }
    for app in &apps {
        health.extend(health::of_app(composer, app).map(|check| (app.name.clone(), check)));
    }
    let neighbours = neighbours(composer, &apps, &resources, &health, settings.dashboard.as_ref());
    let mut services = Map::new();
    if let (Some(name), Some(dashboard)) = (&neighbours.dashboard, &settings.dashboard) {
        refuse_same_name(composer, application, name, dashboard);
        services.insert(name.clone(), service::of_dashboard(composer, dashboard));
    }
    for resource in resources {
        let ResourceKind::Service(it) = &resource.kind else { continue };
        let check = health.remove(&resource.name);
        services.insert(resource.name.to_string(), service::of_resource(composer, resource, it, check, storage));
    }
    for app in apps {
        let check = health.remove(&app.name);
        services.insert(app.name.to_string(), service::of_app(composer, app, check, storage, &neighbours));
    }
    let mut document = Map::new();
    document.insert("services".to_owned(), Value::Object(services));
    if let Some(network) = &settings.network {
        let kind = if network.external { json!({ "external": true }) } else { json!({ "driver": "bridge" }) };
        document.insert("networks".to_owned(), json!({ network.name.get_ref().as_str(): kind }));
    }
    if !storage.volumes.is_empty() {
        let volumes: Map<String, Value> =
            storage.volumes.iter().map(|name| (name.clone(), json!({ "driver": "local" }))).collect();
        document.insert("volumes".to_owned(), Value::Object(volumes));
    }
    if !storage.secrets.is_empty() {
        document.insert("secrets".to_owned(), Value::Object(std::mem::take(&mut storage.secrets)));
    }
    let mut document = Value::Object(document);
    if let Some(patch) = &settings.patch {
        lay(&mut document, patch);
    }
    document
}

/// What the registries say of which the project's images are pulled.
fn pulls(composer: &mut Composer<'_>) -> Vec<PullLogin> {
    let application = composer.cx.application;
    let apps = crate::environment::apps(application, &composer.environment.name);
    let mut names: Vec<&Name> = apps.filter_map(|app| Some(app.registries.first()?.get_ref())).collect();
    names.sort();
    names.dedup();
    let mut pulls = Vec::new();
    for registry in names.into_iter().filter_map(|name| application.registries.get(name)) {
        let login = match &registry.pull {
            None => continue,
            Some(PullCredentials::Anonymous) => None,
            Some(PullCredentials::Login(login)) => {
                Some((composer.lower(&login.username), composer.lower(&login.password)))
            }
        };
        pulls.push(PullLogin { registry: registry.name.clone(), login });
    }
    pulls
}

fn neighbours(
    composer: &mut Composer<'_>,
    apps: &[&App],
    resources: &[&Resource],
    health: &BTreeMap<Name, Value>,
    dashboard: Option<&ComposeDashboard>,
) -> Neighbours {
    let mut wanted_ports: BTreeMap<u16, usize> = BTreeMap::new();
    for app in apps {
        let mut own: Vec<u16> = Vec::new();
        for endpoint in app.endpoints.values().filter(|endpoint| endpoint.external) {
            let target = composer.port(&app.name, endpoint);
            own.push(endpoint.port.as_ref().map_or(target, |port| *port.get_ref()));
        }
        own.sort_unstable();
        own.dedup();
        for port in own {
            *wanted_ports.entry(port).or_default() += 1;
        }
    }
    for resource in resources {
        let ResourceKind::Service(service) = &resource.kind else { continue };
        for port in service.endpoints.iter().filter_map(|it| it.endpoint.port.as_ref()) {
            *wanted_ports.entry(*port.get_ref()).or_default() += 1;
        }
    }
    Neighbours {
        checked: health.keys().cloned().collect(),
        jobs: apps.iter().filter(|app| app.job.is_some()).map(|app| app.name.clone()).collect(),
        awaited: apps.iter().flat_map(|app| app.wait_for.iter().map(|name| name.get_ref().clone())).collect(),
        all: apps.iter().map(|app| &app.name).chain(resources.iter().map(|it| &it.name)).cloned().collect(),
        dashboard: dashboard.map(|_| ComposeDashboard::service(&composer.environment.name)),
        wanted_ports,
    }
}

fn refuse_same_name(composer: &mut Composer<'_>, application: &Application, name: &str, dashboard: &ComposeDashboard) {
    if application.apps.contains_key(name) || application.resources.contains_key(name) {
        let message = format!("`{name}` is what the service of the dashboard is called");
        composer.error("same-name", message, &dashboard.span, "give the app or the environment another name");
    }
}

/// Lays a patch over a document: tables are merged, everything else replaces what was there, and
/// null takes it away (RFC 7396).
fn lay(document: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        document.clone_from(patch);
        return;
    };
    if !document.is_object() {
        *document = json!({});
    }
    let Value::Object(entries) = document else { return };
    for (key, change) in changes {
        match change {
            Value::Null => drop(entries.shift_remove(key)),
            _ => lay(entries.entry(key.clone()).or_insert(Value::Null), change),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_laid_over_key_by_key() {
        let mut document = json!({ "services": { "web": { "image": "a", "ports": ["80"] } } });
        lay(
            &mut document,
            &json!({ "services": { "web": { "ports": null, "tty": true, "x": { "y": 1, "z": null } } } }),
        );
        assert_eq!(document, json!({ "services": { "web": { "image": "a", "tty": true, "x": { "y": 1 } } } }));
    }
}
