//! Endpoints, domains and jobs (Microsoft Learn, "Ingress in Azure Container Apps").

use super::super::ingress::{ADDITIONAL_PORTS, Port, Ports};
use super::super::workload::Workload;
use super::all::Cx;
use crate::model::Scheme;

pub(super) fn check(cx: &mut Cx<'_>, workload: &Workload<'_>) {
    for (name, endpoint) in &workload.endpoints {
        if endpoint.target_port.is_none() {
            let message = format!("the endpoint `{name}` of `{}` has no `target-port`", workload.name);
            let help = "say on which port the program listens: `target-port = 8080`";
            cx.error("no-target-port", message, &endpoint.span, help);
        }
        if *endpoint.scheme.get_ref() == Scheme::Udp {
            let message = format!("Container Apps does not take UDP: the endpoint `{name}` of `{}`", workload.name);
            cx.error("unsupported-scheme", message, &endpoint.scheme.span(), "use `http`, `http2`, `grpc` or `tcp`");
        }
    }
    if job(cx, workload) {
        return;
    }
    let ports = Ports::of(workload);
    for port in ports.main.iter().chain(&ports.additional) {
        mixed(cx, workload, port);
    }
    main(cx, workload, &ports);
    additional(cx, workload, &ports);
    let is_http = ports.main.as_ref().is_some_and(Port::is_http);
    if let (false, Some(domain)) = (is_http, workload.domains.first()) {
        let message = format!("`{}` serves no HTTP: a domain would lead nowhere", workload.name);
        cx.error("no-address", message, &domain.span, "give it an HTTP endpoint");
    }
}

/// Whether it is a job, which serves nothing.
fn job(cx: &mut Cx<'_>, workload: &Workload<'_>) -> bool {
    if workload.job.is_none() {
        return false;
    }
    for (name, endpoint) in &workload.endpoints {
        let message = format!("`{}` is a job: nothing can reach its endpoint `{name}`", workload.name);
        cx.error("job-endpoint", message, &endpoint.span, "leave the endpoint out, or leave `job` out");
    }
    if let Some(domain) = workload.domains.first() {
        let message = format!("`{}` is a job: it serves nothing", workload.name);
        cx.error("no-address", message, &domain.span, "leave `domain` out");
    }
    let replicas = [&workload.replicas.min, &workload.replicas.max];
    if let Some(first) = replicas.into_iter().flatten().next() {
        let message = format!("`replicas` has no effect: `{}` is a job", workload.name);
        cx.warning("no-effect", message, &first.span(), "write `parallelism` in `job` for replicas of one run");
    }
    true
}

fn mixed(cx: &mut Cx<'_>, workload: &Workload<'_>, port: &Port<'_>) {
    let http = port.endpoints.iter().any(|(_, endpoint)| endpoint.scheme.is_http());
    let other = port.endpoints.iter().find(|(_, endpoint)| !endpoint.scheme.is_http());
    if let (true, Some((name, endpoint))) = (http, other) {
        let message = format!("port {} of `{}` speaks HTTP and, as `{name}`, TCP", port.target, workload.name);
        cx.error("mixed-endpoints", message, &endpoint.span, "use another port for one of them");
    }
}

fn main(cx: &mut Cx<'_>, workload: &Workload<'_>, ports: &Ports<'_>) {
    let Some(main) = &ports.main else { return };
    if main.is_external() && !main.is_http() && cx.settings.subnet.is_none() && cx.settings.azure.existing.is_none() {
        external_tcp(cx, workload, main);
    }
    // Of HTTP the proxy has the ports that everyone knows.
    let runs_elsewhere = workload.app.is_some_and(|app| app.environments.len() > 1);
    if !main.is_http() || runs_elsewhere {
        return;
    }
    for (name, endpoint) in &main.endpoints {
        let Some(port) = endpoint.port.as_ref().filter(|port| !matches!(port.get_ref(), 80 | 443)) else { continue };
        let reached = if cx.settings.https_upgrade { 443 } else { 80 };
        let message = format!("`port` has no effect: `{name}` of `{}` is reached on port {reached}", workload.name);
        cx.warning("no-effect", message, &port.span(), "leave `port` out");
    }
}

fn external_tcp(cx: &mut Cx<'_>, workload: &Workload<'_>, port: &Port<'_>) {
    // Of one that speaks HTTP too more is wrong than this.
    if port.endpoints.iter().any(|(_, endpoint)| endpoint.scheme.is_http()) {
        return;
    }
    let message = format!("port {} of `{}` speaks TCP and cannot be reached from outside", port.target, workload.name);
    let help = "leave `external` out, or give the environment a `subnet`";
    cx.error("external-tcp", message, &port.span(), help);
}

fn additional(cx: &mut Cx<'_>, workload: &Workload<'_>, ports: &Ports<'_>) {
    let Some(main) = &ports.main else { return };
    for port in ports.additional.iter().filter(|port| port.is_external()) {
        if main.is_external() && port.is_http() {
            let message = format!(
                "`{}` has two external endpoints, on the ports {} and {}",
                workload.name, main.target, port.target
            );
            cx.error("external-endpoints", message, &port.span(), "leave `external` out of one of them");
        } else if cx.settings.subnet.is_none() && cx.settings.azure.existing.is_none() {
            external_tcp(cx, workload, port);
        }
    }
    if let Some(first) = ports.additional.get(ADDITIONAL_PORTS) {
        let count = ports.additional.len() + 1;
        let message = format!(
            "`{}` listens on {count} ports, Container Apps has {} for an app",
            workload.name,
            ADDITIONAL_PORTS + 1
        );
        cx.error("too-many-ports", message, &first.span(), "leave some of its endpoints out, or make two apps of it");
    }
}
