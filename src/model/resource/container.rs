//! `container`: any image as a service.

use super::property::{Properties, Property};
use super::service::{Readiness, Service, ServiceEndpoint, ValuePiece};
use super::spec::{Entry, Spec};
use super::written::Texts;
use super::{ResourceKind, parts};
use crate::manifest::{Entries, Spanned};
use crate::model::lower::{self, Cx, app, sizes};
use crate::model::scope::Item;
use crate::model::written::{Endpoint, Health, Number, Security, Values, Volume};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) const SPEC: Spec = Spec {
    name: "container",
    about: "any image as a service",
    keys: &["image", "command", "args", "env", "endpoints", "health", "volumes", "cpu", "memory", "security"],
    required: &["image"],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: &[],
    default_roles: 0,
    recipe: None,
};

/// Any image as a service.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// The image, for example `docker.io/library/nginx:1.29`.
    image: Option<Spanned<String>>,
    /// Program and arguments instead of the image's entry point.
    command: Option<Texts>,
    /// Arguments instead of the image's own.
    args: Option<Texts>,
    /// Environment variables.
    env: Option<Values>,
    /// Ports that it listens on, by name.
    endpoints: Option<Entries<Endpoint>>,
    /// Probes.
    health: Option<Health>,
    /// Volumes: `"data:/var/lib/data"` or a table.
    volumes: Option<Vec<Volume>>,
    /// Processors, for example `0.5`.
    #[schemars(extend("exclusiveMinimum" = 0))]
    cpu: Option<Spanned<Number>>,
    /// Memory, for example `1Gi`.
    memory: Option<Spanned<String>>,
    /// What its processes may do in Kubernetes. Default: the environment's `security`.
    security: Option<Security>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let mut properties = Properties::of(item.name.as_str());
    let endpoints: Vec<&str> = item
        .node
        .get("endpoints")
        .map(|node| node.entries().iter().map(|(key, _)| key.name.as_str()).collect())
        .unwrap_or_default();
    properties.own(false, &[("image", "")]);
    if endpoints.is_empty() {
        return properties.done();
    }
    properties.own(false, &[("host", "HOST"), ("port", "PORT"), ("url", "URL")]);
    for endpoint in endpoints {
        properties.part(endpoint, false, &[("url", ""), ("host", ""), ("port", ""), ("scheme", "")]);
    }
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let image = parts::text(cx, "image", written.image.as_ref());
    if let Some(image) = &image {
        lower::build::image(cx, image);
    }
    let texts = |cx: &mut Cx<'_>, list: &Option<Texts>| {
        list.as_ref().map(|list| list.iter().filter_map(|text| cx.text(text)).collect())
    };
    let (command, args) = (texts(cx, &written.command), texts(cx, &written.args));
    let env: BTreeMap<String, Vec<ValuePiece>> = lower::env(cx, written.env.as_ref())
        .into_iter()
        .map(|(name, value)| (name, vec![ValuePiece::Value(value)]))
        .collect();
    let mut named = app::endpoints(cx, written.endpoints.as_ref());
    // In the order of the file: the first is the one that is meant by `host` and `port`.
    let endpoints: Vec<ServiceEndpoint> = written
        .endpoints
        .iter()
        .flat_map(|endpoints| endpoints.keys())
        .filter_map(|key| Some(ServiceEndpoint { name: key.get_ref().clone(), endpoint: named.remove(key.as_str())? }))
        .collect();
    let (cpu, memory) = sizes::sizes(cx, written.cpu.as_ref(), written.memory.as_ref(), &[]);
    let volumes = app::volumes(cx, written.volumes.as_deref().unwrap_or_default());
    let health = app::health(cx, written.health.as_ref());
    Some(ResourceKind::Service(Box::new(Service {
        kind: SPEC.name,
        image: image?,
        command,
        args,
        env,
        endpoints,
        username: None,
        password: None,
        databases: Vec::new(),
        volumes,
        data: None,
        security: written.security.as_ref().map(app::security),
        files: BTreeMap::new(),
        health,
        readiness: Readiness::Tcp,
        cpu,
        memory,
        texts: BTreeMap::new(),
    })))
}
