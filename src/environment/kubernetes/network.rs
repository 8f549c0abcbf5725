//! How workloads are reached: services, ingress or gateway, network policies.

use super::input::{Input, InputInfo};
use super::names;
use super::node::{Map, Node};
use super::pod::protocol;
use super::release::{Document, Rank};
use super::text::Text;
use super::workload::{What, Workload};
use super::writer::{Writer, domain_of, host};
use crate::environment::lowering::endpoints_of;
use crate::environment::lowering::{Lowering as _, Text as _};
use crate::environment::place;
use crate::model::environment::{Entrance, Gateway, Ingress};
use crate::model::{App, Endpoint, Environment, Name, ResourceKind, Scheme};

/// The endpoints of an app or a backing service that runs here; `None`: it does not.
pub(super) fn endpoints_here<'c>(lowering: &Writer<'c>, name: &Name) -> Option<Vec<(&'c str, &'c Endpoint)>> {
    let application = lowering.cx.application;
    if let Some(app) = application.apps.get(name) {
        return place::runs_here(app, lowering.environment).then(|| app.endpoints_in_order());
    }
    let mut here = place::services(application, lowering.environment);
    let ResourceKind::Service(service) = &here.find(|resource| resource.name == *name)?.kind else { return None };
    Some(endpoints_of(service))
}

/// The services of a workload: one for the cluster, and one for what is reached from outside and is no HTTP.
pub(super) fn services(lowering: &mut Writer<'_>, workload: &Workload<'_>) -> Vec<Document> {
    let mut documents = Vec::new();
    if workload.job().is_some() {
        return documents;
    }
    let is_outer = |endpoint: &Endpoint| endpoint.external && !endpoint.scheme.is_http();
    for outer in [false, true] {
        let mut ports: Vec<Node> = Vec::new();
        let mut taken: Vec<(u16, &str)> = Vec::new();
        for (name, endpoint) in workload.endpoints.iter().filter(|(_, endpoint)| !outer || is_outer(endpoint)) {
            let (port, target) =
                (lowering.port(workload.name, endpoint), lowering.target_port(workload.name, endpoint));
            if taken.contains(&(port, protocol(endpoint))) {
                continue;
            }
            taken.push((port, protocol(endpoint)));
            let entry = Map::new()
                .with("name", names::port(name))
                .with("port", port)
                .with("targetPort", target)
                .with("protocol", protocol(endpoint))
                .some("appProtocol", spoken(*endpoint.scheme.get_ref()));
            ports.push(entry.into());
        }
        if ports.is_empty() {
            continue;
        }
        let (name, file, kind) = match outer {
            false => (workload.object.clone(), "service", "ClusterIP"),
            true => (names::dns(&format!("{}-external", workload.object), names::LABEL), "external", "LoadBalancer"),
        };
        let spec = Map::new().with("type", kind).with("selector", workload.selector()).with("ports", ports);
        let metadata = workload.metadata(lowering, &name);
        let document = Document::new("v1", "Service", metadata, Map::new().with("spec", spec));
        documents.push(document.at(&workload.object, file, Rank::Service));
    }
    documents
}

/// What an endpoint speaks (KEP-3726); nothing where it is no HTTP.
fn spoken(scheme: Scheme) -> Option<&'static str> {
    match scheme {
        Scheme::Http => Some("http"),
        Scheme::Https => Some("https"),
        Scheme::Http2 | Scheme::Grpc => Some("kubernetes.io/h2c"),
        Scheme::Ws => Some("kubernetes.io/ws"),
        Scheme::Wss => Some("kubernetes.io/wss"),
        Scheme::Tcp | Scheme::Udp => None,
    }
}

/// A host that leads to an endpoint. `None`: every host does.
struct Way {
    host: Option<Text>,
    tls_secret: Option<Text>,
    port: u16,
}

/// Whether hosts have to be told apart that have no name in the manifest.
pub(super) fn wants_domain(lowering: &Writer<'_>, environment: &Environment) -> bool {
    let apps = crate::environment::apps(lowering.cx.application, &environment.name);
    let unnamed = |app: &App| {
        let outer = app.endpoints.values().filter(|endpoint| endpoint.external && endpoint.scheme.is_http()).count();
        outer.saturating_sub(usize::from(!app.domains.is_empty()))
    };
    apps.map(unnamed).sum::<usize>() > 1
}

/// What leads to the external HTTP endpoints of an app from outside of the cluster.
pub(super) fn entrance(lowering: &mut Writer<'_>, workload: &Workload<'_>) -> Vec<Document> {
    let What::App(app) = workload.what else { return Vec::new() };
    if workload.job().is_some() {
        return Vec::new();
    }
    let settings = lowering.settings;
    match &settings.entrance {
        Entrance::Closed => Vec::new(),
        Entrance::Ingress(settings) => {
            let ways = ways(lowering, app, settings.tls_secret.as_ref().map(|name| name.get_ref().as_str()));
            if ways.is_empty() {
                return Vec::new();
            }
            vec![ingress(lowering, workload, settings, ways)]
        }
        Entrance::Gateway(gateway) => {
            let mut ports: Vec<(u16, Vec<Text>)> = Vec::new();
            for way in ways(lowering, app, None) {
                match ports.iter_mut().find(|(port, _)| *port == way.port) {
                    Some((_, hosts)) => hosts.extend(way.host),
                    None => ports.push((way.port, way.host.into_iter().collect())),
                }
            }
            let routes = ports.into_iter().enumerate();
            routes.map(|(index, (port, hosts))| route(lowering, workload, gateway, index, port, hosts)).collect()
        }
    }
}

fn ways(lowering: &mut Writer<'_>, app: &App, tls_secret: Option<&str>) -> Vec<Way> {
    let endpoints = app.endpoints_in_order();
    let outer = endpoints.iter().filter(|(_, endpoint)| endpoint.external && endpoint.scheme.is_http());
    let mut ways = Vec::new();
    for (index, (name, endpoint)) in outer.enumerate() {
        let port = lowering.port(&app.name, endpoint);
        if index == 0 && !app.domains.is_empty() {
            for domain in &app.domains {
                let host = lowering.plain("a domain", &domain.name);
                let certificate = domain.certificate.as_ref().filter(|it| it.as_literal() != Some(""));
                let tls_secret = certificate.map(|certificate| lowering.plain("the name of a secret", certificate));
                ways.push(Way { host: Some(host), tls_secret, port });
            }
            continue;
        }
        let first =
            if index == 0 { host(&app.name) } else { names::dns(&format!("{}-{name}", app.name), names::LABEL) };
        let host = domain(lowering).map(|domain| Text::literal(format!("{first}.")).and(domain));
        let tls_secret = host.as_ref().and(tls_secret).map(Text::literal);
        ways.push(Way { host, tls_secret, port });
    }
    ways
}

/// What hosts end with: as the manifest says, else what leads to one's own machine (RFC 6761), where
/// there are several to be told apart.
fn domain(lowering: &mut Writer<'_>) -> Option<Text> {
    let (settings, environment) = (lowering.settings, lowering.environment);
    if let Some(domain) = domain_of(&settings.entrance) {
        return Some(lowering.plain("a domain", domain));
    }
    if !wants_domain(lowering, environment) {
        return None;
    }
    let input = Input::Domain;
    if lowering.inputs.get(&input).is_none() {
        let message = format!(
            "several apps of `{}` are reached from outside, at hosts that end with `localhost`",
            environment.name
        );
        let help = "write what they end with, `ingress = { domain = \"example.org\" }`, or give each app a `domain`";
        lowering.warning("no-domain", message, &environment.span, help);
    }
    let about = "What the hosts of apps end with that have no domain of their own.";
    let info = InputInfo::plain(&["ingress", "domain"], about, Some("localhost".to_owned()));
    Some(lowering.input(input, info))
}

fn backend(workload: &Workload<'_>, port: u16) -> Map {
    Map::new().with("name", &workload.object).with("port", Map::new().with("number", port))
}

fn ingress(lowering: &mut Writer<'_>, workload: &Workload<'_>, settings: &Ingress, ways: Vec<Way>) -> Document {
    let (mut tls, mut rules): (Vec<Node>, Vec<Node>) = (Vec::new(), Vec::new());
    for way in ways {
        if let (Some(host), Some(secret)) = (&way.host, way.tls_secret) {
            let hosts = vec![Node::from(host.clone())];
            tls.push(Map::new().with("hosts", hosts).with("secretName", secret).into());
        }
        let path = Map::new()
            .with("path", "/")
            .with("pathType", "Prefix")
            .with("backend", Map::new().with("service", backend(workload, way.port)));
        let http = Map::new().with("paths", vec![Node::from(path)]);
        rules.push(Map::new().some("host", way.host).with("http", http).into());
    }
    let mut annotations = Map::new();
    for (name, value) in &settings.annotations {
        let value = lowering.plain("an annotation", value);
        annotations.put(name, value);
    }
    let class = settings.class.as_ref().map(|class| class.get_ref());
    let spec = Map::new().some("ingressClassName", class).filled("tls", tls).with("rules", rules);
    let metadata = workload.metadata(lowering, &workload.object).filled("annotations", annotations);
    let document = Document::new("networking.k8s.io/v1", "Ingress", metadata, Map::new().with("spec", spec));
    document.at(&workload.object, "ingress", Rank::Entrance)
}

/// One route for all hosts that lead to the same port.
fn route(
    lowering: &Writer<'_>,
    workload: &Workload<'_>,
    gateway: &Gateway,
    index: usize,
    port: u16,
    hosts: Vec<Text>,
) -> Document {
    let parent = Map::new()
        .with("name", gateway.name.get_ref())
        .some("namespace", gateway.namespace.as_ref().map(|name| name.get_ref()))
        .some("sectionName", gateway.listener.as_ref().map(|name| name.get_ref()));
    let hosts: Vec<Node> = hosts.into_iter().map(Node::from).collect();
    let backend = Map::new().with("name", &workload.object).with("port", port);
    let spec = Map::new()
        .with("parentRefs", vec![Node::from(parent)])
        .filled("hostnames", hosts)
        .with("rules", vec![Node::from(Map::new().with("backendRefs", vec![Node::from(backend)]))]);
    let (name, file) = match index {
        0 => (workload.object.clone(), "httproute".to_owned()),
        _ => (names::dns(&format!("{}-{port}", workload.object), names::LABEL), format!("httproute-{port}")),
    };
    let body = Map::new().with("spec", spec);
    let metadata = workload.metadata(lowering, &name);
    let document = Document::new("gateway.networking.k8s.io/v1", "HTTPRoute", metadata, body);
    document.at(&workload.object, &file, Rank::Entrance)
}

/// Who may open connections to a workload: those that refer to it, and everybody where it is external.
pub(super) fn policy(lowering: &mut Writer<'_>, workload: &Workload<'_>, all: &[Workload<'_>]) -> Document {
    let port =
        |port: u16, endpoint: &Endpoint| Node::from(Map::new().with("port", port).with("protocol", protocol(endpoint)));
    let (mut inner, mut outer) = (Vec::new(), Vec::new());
    for (_, endpoint) in &workload.endpoints {
        let target = port(lowering.target_port(workload.name, endpoint), endpoint);
        if endpoint.external && !outer.contains(&target) {
            outer.push(target.clone());
        }
        if !inner.contains(&target) {
            inner.push(target);
        }
    }
    let peers: Vec<Node> = all
        .iter()
        .filter(|other| other.speaks_with().contains(&workload.name))
        .map(|other| Map::new().with("podSelector", Map::new().with("matchLabels", other.selector())).into())
        .collect();
    let mut rules: Vec<Node> = Vec::new();
    if !peers.is_empty() && !inner.is_empty() {
        rules.push(Map::new().with("from", peers).with("ports", inner).into());
    }
    if !outer.is_empty() {
        rules.push(Map::new().with("ports", outer).into());
    }
    let spec = Map::new()
        .with("podSelector", Map::new().with("matchLabels", workload.selector()))
        .with("policyTypes", ["Ingress"])
        .with("ingress", rules);
    let metadata = workload.metadata(lowering, &workload.object);
    let document = Document::new("networking.k8s.io/v1", "NetworkPolicy", metadata, Map::new().with("spec", spec));
    document.at(&workload.object, "networkpolicy", Rank::Policy)
}
