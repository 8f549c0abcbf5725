//! What Kubernetes is told.

use super::patch::{self, Words};
use super::registry::not_empty;
use super::{Cx, values};
use crate::manifest::{Node, Spanned};
use crate::model::environment::{Chart, Cluster, Entrance, Gateway, Ingress, KubernetesEnvironment, KubernetesFormat};
use crate::model::scope::Item;
use crate::model::{SecurityLevel, written};

/// The most characters of a release's name (Helm, `ValidateReleaseName`), of a namespace and of a
/// chart (RFC 1123 labels).
const RELEASE: usize = 53;
const LABEL: usize = 63;
/// The most characters of an object's name (RFC 1123 subdomain).
const SUBDOMAIN: usize = 253;

const PATCH: Words = Words {
    table: "write what is to change by kind and name: `patch = { Deployment = { api = { spec = { paused = true } } } }`",
    reference: "write the text itself, or give the app the value in `env`",
};

/// What is wrong is reported and left out.
pub(super) fn kubernetes(cx: &mut Cx<'_>, item: &Item<'_>, written: &written::Environment) -> KubernetesEnvironment {
    let mut name = |key: &str, text: &Option<Spanned<String>>, limit: usize| {
        text.as_ref().and_then(|text| label(cx, key, text, limit))
    };
    let namespace = name("namespace", &written.namespace, LABEL);
    let release = name("release", &written.release, RELEASE);
    let storage_class = name("storage-class", &written.storage_class, SUBDOMAIN);
    let mut plain = |key: &str, text: &Option<Spanned<String>>| text.as_ref().and_then(|text| cx.plain(key, text));
    let cluster = Cluster::Kubeconfig {
        context: plain("context", &written.context),
        file: plain("kubeconfig", &written.kubeconfig),
    };
    let format = match written.format.as_ref().map(|format| *format.get_ref()) {
        Some(written::KubernetesFormat::Manifests) => KubernetesFormat::Manifests,
        Some(written::KubernetesFormat::Helm) | None => KubernetesFormat::Helm,
    };
    if let (KubernetesFormat::Manifests, Some(chart)) = (format, &written.chart) {
        cx.warning("no-effect", "plain manifests are no chart", chart.span(), "")
            .help("take `chart` out, or write `format = \"helm\"`")
            .push();
    }
    KubernetesEnvironment {
        cluster,
        format,
        namespace,
        create_namespace: written.create_namespace.as_ref().is_none_or(|create| *create.get_ref()),
        release,
        chart: written.chart.as_ref().map(|chart| self::chart(cx, chart)).unwrap_or_default(),
        entrance: entrance(cx, item, written),
        storage_class,
        network_policies: written.network_policies.unwrap_or(false),
        security: written.security.as_ref().map(|level| level.clone().map(self::level)),
        patch: item.node.get("patch").and_then(|node| self::patch(cx, node)),
    }
}

pub(super) fn level(written: written::SecurityLevel) -> SecurityLevel {
    match written {
        written::SecurityLevel::Restricted => SecurityLevel::Restricted,
        written::SecurityLevel::Baseline => SecurityLevel::Baseline,
    }
}

fn patch(cx: &mut Cx<'_>, node: &Node) -> Option<Spanned<serde_json::Value>> {
    patch::patch(cx, node, &PATCH).map(|patch| Spanned::new(node.span.clone(), patch))
}

/// Lower-case letters, digits and hyphens (RFC 1123), with points where so many characters are allowed.
fn label(cx: &mut Cx<'_>, key: &str, text: &Spanned<String>, limit: usize) -> Option<Spanned<String>> {
    let name = cx.plain(key, text)?;
    let is_edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let inside = |c: char| is_edge(c) || c == '-' || (c == '.' && limit == SUBDOMAIN);
    if name.starts_with(is_edge) && name.ends_with(is_edge) && name.chars().all(inside) && name.len() <= limit {
        return Some(name);
    }
    cx.error("bad-name", format!("`{}` is no name that Kubernetes takes for `{key}`", name.get_ref()), name.span(), "")
        .help(format!(
            "use at most {limit} lower-case letters, digits and hyphens, and begin and end with a letter or a digit"
        ))
        .push();
    None
}

fn chart(cx: &mut Cx<'_>, written: &Spanned<written::Chart>) -> Chart {
    let name = written.name.as_ref().and_then(|name| label(cx, "name", name, LABEL));
    let version = written.version.as_ref().and_then(|text| {
        let version = cx.plain("version", text)?;
        if is_version(version.get_ref()) {
            return Some(version);
        }
        cx.error("bad-value", format!("`{}` is no version of a chart", version.get_ref()), version.span(), "")
            .help("use semantic versioning: `1.2.3` or `1.2.3-beta.1`")
            .push();
        None
    });
    Chart { name, version }
}

/// Semantic Versioning 2.0.0, as Helm asks for it.
fn is_version(text: &str) -> bool {
    let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (core, pre) = rest.split_once('-').map_or((rest, None), |(core, pre)| (core, Some(pre)));
    let number = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'))
    };
    let words = |text: &str| {
        text.split('.').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
    };
    core.split('.').count() == 3 && core.split('.').all(number) && pre.is_none_or(words) && build.is_none_or(words)
}

fn entrance(cx: &mut Cx<'_>, item: &Item<'_>, written: &written::Environment) -> Entrance {
    if let Some(table) = &written.gateway {
        if let (Some(written::Ingress::Table(_)), Some(node)) = (&written.ingress, item.node.get("ingress")) {
            cx.error(
                "exclusive-keys",
                "external endpoints are reached by a gateway or by an ingress",
                node.span.clone(),
                "",
            )
            .also(&table.span(), "this is the gateway")
            .help("take one of them out")
            .push();
        }
        return gateway(cx, table).map_or(Entrance::Closed, Entrance::Gateway);
    }
    match &written.ingress {
        None => Entrance::default(),
        Some(written::Ingress::Boolean(on)) if *on.get_ref() => Entrance::default(),
        Some(written::Ingress::Boolean(_)) => Entrance::Closed,
        Some(written::Ingress::Table(table)) => Entrance::Ingress(ingress(cx, table)),
    }
}

fn ingress(cx: &mut Cx<'_>, table: &Spanned<written::IngressTable>) -> Ingress {
    let class = table.class.as_ref().and_then(|class| label(cx, "class", class, SUBDOMAIN));
    let tls_secret = table.tls_secret.as_ref().and_then(|name| label(cx, "tls-secret", name, SUBDOMAIN));
    Ingress {
        class,
        domain: table.domain.as_ref().and_then(|domain| not_empty(cx, "domain", domain)),
        tls_secret,
        annotations: values(cx, table.annotations.iter().flatten(), annotation),
    }
}

/// The key of an annotation: a name, and perhaps a domain before it (Kubernetes, "Annotations").
fn annotation(cx: &mut Cx<'_>, key: &Spanned<String>) -> bool {
    let (prefix, name) = key.split_once('/').map_or((None, key.as_str()), |(prefix, name)| (Some(prefix), name));
    let is_edge = |c: char| c.is_ascii_alphanumeric();
    let fits = |text: &str, limit: usize, others: &[char]| {
        text.len() <= limit
            && text.starts_with(is_edge)
            && text.ends_with(is_edge)
            && text.chars().all(|c| is_edge(c) || others.contains(&c))
    };
    if fits(name, LABEL, &['-', '_', '.']) && prefix.is_none_or(|prefix| fits(prefix, SUBDOMAIN, &['-', '.'])) {
        return true;
    }
    cx.error("bad-name", format!("`{}` is no key of an annotation", key.get_ref()), key.span(), "")
        .help("write a name, or a domain and a name: `nginx.ingress.kubernetes.io/proxy-body-size`")
        .push();
    false
}

fn gateway(cx: &mut Cx<'_>, table: &Spanned<written::Gateway>) -> Option<Gateway> {
    let name = match &table.name {
        Some(name) => label(cx, "name", name, SUBDOMAIN),
        None => {
            if !cx.is_reported(&table.span()) {
                cx.error("missing-key", "a gateway has no `name`", table.span(), "needs `name`")
                    .help("write which gateway it is: `gateway = { name = \"public\", namespace = \"infra\" }`")
                    .push();
            }
            None
        }
    };
    let namespace = table.namespace.as_ref().and_then(|name| label(cx, "namespace", name, LABEL));
    let listener = table.listener.as_ref().and_then(|name| label(cx, "listener", name, SUBDOMAIN));
    let domain = table.domain.as_ref().and_then(|domain| not_empty(cx, "domain", domain));
    Some(Gateway { span: table.span(), name: name?, namespace, listener, domain })
}
