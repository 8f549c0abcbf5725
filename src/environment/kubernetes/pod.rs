//! The pod of a workload: containers, probes, what is waited for.

use super::config::Config;
use super::input::{Input, InputInfo};
use super::node::{Map, Node};
use super::release::Document;
use super::storage::{Claims, Mounts, content};
use super::text::Text;
use super::workload::{What, Workload};
use super::writer::{Writer, host};
use super::{names, pull};
use crate::environment::lowering::Lowering as _;
use crate::model::resource::{Readiness, Service};
use crate::model::{Endpoint, Memory, Probe, ProbeCheck, Scheme};

/// What looks whether something answers: it has `nc`.
const WAIT_IMAGE: &str = "docker.io/library/busybox:1.37";
/// Seconds that a program has to end in, before it is killed.
const GRACE: u32 = 30;
/// Seconds between looks at a backing service, and after how many that fail it is not ready.
const PERIOD: u32 = 5;
const FAILURES: u32 = 6;

/// A pod as it is described, with the objects that it needs.
pub(super) struct Pod {
    pub(super) template: Map,
    /// Whether something of it outlasts the pod.
    pub(super) keeps: bool,
    pub(super) documents: Vec<Document>,
}

pub(super) fn pod(lowering: &mut Writer<'_>, claims: &mut Claims, workload: &Workload<'_>) -> Pod {
    let config = Config::of(lowering, workload);
    let mounts = Mounts::of(lowering, claims, workload);
    let ports = workload.target_ports(lowering);
    let mut container = Map::new().with("name", &workload.object).with("image", workload.image.clone());
    config.lay_into(&mut container);
    let container = container
        .filled("ports", container_ports(lowering, workload))
        .filled("resources", resources(workload.cpu, workload.memory));
    let container = probes(lowering, workload, container)
        .filled("securityContext", workload.security.container())
        .filled("volumeMounts", mounts.mounts);
    let mut documents = config.documents(lowering, workload);
    documents.extend(mounts.documents);
    let mut annotations = Map::new();
    // What a job is described by cannot change while it is there; its next run reads what there is then.
    for document in documents.iter().filter(|_| workload.job().is_none()) {
        let sum = Text::file_sum(format!("{}/{}.yaml", document.owner, document.file), content(document));
        annotations.put(&format!("checksum/{}", document.file), sum);
    }
    let restart = workload.job().map(|_| "Never");
    let spec = Map::new()
        .with("serviceAccountName", &workload.object)
        .with("automountServiceAccountToken", false)
        // Variables such as API_PORT would take the place of those of `references`.
        .with("enableServiceLinks", false)
        .filled("imagePullSecrets", pull::names(workload))
        .some("restartPolicy", restart)
        .with("terminationGracePeriodSeconds", GRACE)
        .with("securityContext", workload.security.pod(&ports, mounts.keeps))
        .filled("initContainers", waiting(lowering, workload))
        .with("containers", vec![Node::from(container)])
        .filled("volumes", mounts.volumes);
    let metadata = Map::new().with("labels", workload.labels(lowering)).filled("annotations", annotations);
    Pod { template: Map::new().with("metadata", metadata).with("spec", spec), keeps: mounts.keeps, documents }
}

fn container_ports(lowering: &mut Writer<'_>, workload: &Workload<'_>) -> Vec<Node> {
    let mut taken: Vec<(u16, &str)> = Vec::new();
    let mut ports = Vec::new();
    for (name, endpoint) in &workload.endpoints {
        let target = (lowering.target_port(workload.name, endpoint), protocol(endpoint));
        if taken.contains(&target) {
            continue;
        }
        taken.push(target);
        let port =
            Map::new().with("name", names::port(name)).with("containerPort", target.0).with("protocol", target.1);
        ports.push(port.into());
    }
    ports
}

pub(super) fn protocol(endpoint: &Endpoint) -> &'static str {
    if *endpoint.scheme.get_ref() == Scheme::Udp { "UDP" } else { "TCP" }
}

fn resources(cpu: Option<f64>, memory: Option<Memory>) -> Map {
    let amounts = Map::new().some("cpu", cpu.map(processors)).some("memory", memory.map(|memory| memory.to_string()));
    if amounts.0.is_empty() {
        return amounts;
    }
    Map::new().with("requests", amounts.clone()).with("limits", amounts)
}

/// Processors as a quantity: `2`, `500m`.
fn processors(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number}") } else { format!("{:.0}m", (number * 1000.0).max(1.0)) }
}

fn probes(lowering: &mut Writer<'_>, workload: &Workload<'_>, container: Map) -> Map {
    let health = match workload.what {
        What::App(app) => &app.health,
        What::Service(service) => &service.health,
    };
    let mut probes = Map::new();
    let kinds =
        [("startupProbe", &health.startup), ("livenessProbe", &health.liveness), ("readinessProbe", &health.readiness)];
    for (key, probe) in kinds {
        let Some(probe) = probe else { continue };
        if let Some(node) = self::probe(lowering, workload, key, probe) {
            probes.put(key, node);
        }
    }
    if let (What::Service(service), true) = (workload.what, health.probes().next().is_none())
        && let Some(own) = own_probe(lowering, workload, service)
    {
        probes.put("readinessProbe", own);
    }
    let mut container = container;
    container.0.extend(probes.0);
    container
}

/// How a backing service is asked of which the manifest says nothing.
fn own_probe(lowering: &mut Writer<'_>, workload: &Workload<'_>, service: &Service) -> Option<Map> {
    let check = match service.readiness {
        Readiness::Http(port, path) => Map::new().with("httpGet", http_get(path, port, false)),
        Readiness::Tcp => {
            let first = service.endpoints.first()?;
            let port = lowering.target_port(workload.name, &first.endpoint);
            if protocol(&first.endpoint) == "UDP" {
                return None;
            }
            Map::new().with("tcpSocket", Map::new().with("port", port))
        }
    };
    Some(check.with("periodSeconds", PERIOD).with("timeoutSeconds", PERIOD).with("failureThreshold", FAILURES))
}

fn http_get(path: &str, port: u16, https: bool) -> Map {
    Map::new().with("path", path).with("port", port).with("scheme", if https { "HTTPS" } else { "HTTP" })
}

fn probe(lowering: &mut Writer<'_>, workload: &Workload<'_>, kind: &str, probe: &Probe) -> Option<Map> {
    let first = workload.endpoints.first().map(|(_, endpoint)| *endpoint);
    let port = match (&probe.port, first) {
        (Some(port), _) => Some(*port.get_ref()),
        (None, Some(endpoint)) => Some(lowering.target_port(workload.name, endpoint)),
        (None, None) => None,
    };
    let check = match (port, &probe.check, &probe.command) {
        (Some(port), ProbeCheck::Http { path, https }, _) => {
            let path = path.as_ref().map_or("/", |path| path.as_str());
            Map::new().with("httpGet", http_get(path, port, *https))
        }
        (Some(port), ProbeCheck::Tcp, _) => Map::new().with("tcpSocket", Map::new().with("port", port)),
        // Nothing can be asked from outside.
        (None, _, Some(command)) => {
            let words: Vec<Node> = command
                .iter()
                .map(|word| Node::from(lowering.plain("the command of a probe", word).argument()))
                .collect();
            Map::new().with("exec", Map::new().with("command", words))
        }
        (None, _, None) => {
            let message = format!("the port that the probe of `{}` asks is not known", workload.name);
            lowering.error("no-port", message, &probe.span, "write `port`, or give it an endpoint");
            return None;
        }
    };
    let number = |written: &Option<crate::manifest::Spanned<u32>>| written.as_ref().map(|number| *number.get_ref());
    let mut successes = number(&probe.success_threshold);
    if let (Some(written), true) = (&probe.success_threshold, kind != "readinessProbe")
        && *written.get_ref() > 1
    {
        let message = "one success is enough for such a probe in Kubernetes";
        lowering.warning("no-effect", message, &written.span(), "take it out");
        successes = None;
    }
    Some(
        check
            .some("initialDelaySeconds", number(&probe.initial_delay))
            .some("periodSeconds", number(&probe.period))
            .some("timeoutSeconds", number(&probe.timeout))
            .some("failureThreshold", number(&probe.failure_threshold))
            .some("successThreshold", successes),
    )
}

/// One container for each thing that is waited for, which ends when that is ready: its service takes
/// connections then, and not before.
fn waiting(lowering: &mut Writer<'_>, workload: &Workload<'_>) -> Vec<Node> {
    let What::App(app) = workload.what else { return Vec::new() };
    let application = lowering.cx.application;
    let mut containers = Vec::new();
    for awaited in &app.wait_for {
        let (name, place) = (awaited.get_ref(), awaited.span());
        let endpoints = super::network::endpoints_here(lowering, name);
        let is_job = application.apps.get(name).is_some_and(|app| app.job.is_some());
        let first = endpoints.iter().flatten().find(|(_, endpoint)| protocol(endpoint) == "TCP");
        let why = match (&endpoints, first) {
            _ if is_job => "is a job: pods cannot see whether it is done",
            (None, _) => "does not run in this environment",
            (Some(_), None) => "has no endpoint that could be asked",
            (Some(_), Some((_, endpoint))) => {
                let port = lowering.port(name, endpoint);
                containers.push(wait(lowering, workload, &host(name), port));
                continue;
            }
        };
        let message = format!("`{name}` {why}: nothing waits for it in Kubernetes");
        let help = "let the program try again until it is there: Kubernetes starts it anew when it ends";
        lowering.warning("no-effect", message, &place, help);
    }
    containers
}

fn wait(lowering: &mut Writer<'_>, workload: &Workload<'_>, host: &str, port: u16) -> Node {
    let about = "The image of what waits until something answers (`wait-for`).";
    let info = InputInfo::plain(&["waitFor", "image"], about, Some(WAIT_IMAGE.to_owned()));
    let image = lowering.input(Input::WaitImage, info);
    let mut name = names::dns(&format!("wait-for-{host}"), names::LABEL);
    if name == workload.object {
        // Containers of a pod have different names.
        name = names::dns(&format!("{name}-first"), names::LABEL);
    }
    let script = format!("until nc -z -w 2 {host} {port}; do sleep 1; done");
    Map::new()
        .with("name", name)
        .with("image", image)
        .with("command", ["sh", "-c", &script])
        .with("resources", resources(Some(0.01), Memory::parse("16Mi")))
        .with("securityContext", workload.security.of_waiting())
        .into()
}
