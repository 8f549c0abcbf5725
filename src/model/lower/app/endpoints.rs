//! `endpoints` and `health`.

use super::super::Cx;
use crate::manifest::{Entries, Spanned};
use crate::model::written::{self, ProbeScheme};
use crate::model::{Endpoint, Health, Name, Probe, ProbeCheck, Scheme};
use std::collections::BTreeMap;

pub(in crate::model) fn endpoints(
    cx: &mut Cx<'_>,
    written: Option<&Entries<written::Endpoint>>,
) -> BTreeMap<String, Endpoint> {
    let mut endpoints = BTreeMap::new();
    for (key, endpoint) in written.into_iter().flatten() {
        if let Err(error) = key.get_ref().parse::<Name>() {
            cx.error("bad-name", format!("the endpoint name `{}` {error}", key.get_ref()), key.span(), "")
                .help(error.help(key.get_ref()))
                .push();
        }
        let scheme = match &endpoint.scheme {
            None => Spanned::new(key.span(), Scheme::default()),
            Some(word) => scheme(cx, word).unwrap_or_else(|| Spanned::new(word.span(), Scheme::default())),
        };
        let port = |port: &Option<Spanned<written::Port>>| port.clone().map(|port| port.map(u16::from));
        endpoints.insert(
            key.get_ref().clone(),
            Endpoint {
                span: key.span(),
                target_port: port(&endpoint.target_port),
                port: port(&endpoint.port),
                scheme,
                external: endpoint.external.unwrap_or(false),
            },
        );
    }
    endpoints
}

fn scheme(cx: &mut Cx<'_>, word: &Spanned<String>) -> Option<Spanned<Scheme>> {
    let known = Scheme::ALL.into_iter().find(|scheme| scheme.name() == word.get_ref());
    if known.is_none() {
        let names = Scheme::ALL.map(Scheme::name);
        let near = cx.nearest(word, names);
        let label = near.map_or_else(|| "not known".to_owned(), |near| format!("did you mean `{near}`?"));
        cx.error("unknown-value", format!("unknown scheme `{}`", word.get_ref()), word.span(), label)
            .help(format!("write one of {}", crate::util::text::list(names)))
            .push();
    }
    known.map(|scheme| Spanned::new(word.span(), scheme))
}

pub(in crate::model) fn health(cx: &mut Cx<'_>, written: Option<&written::Health>) -> Health {
    let Some(written) = written else { return Health::default() };
    let mut probe = |written: &Option<Spanned<written::Probe>>| written.as_ref().map(|written| probe(cx, written));
    Health {
        readiness: probe(&written.readiness),
        liveness: probe(&written.liveness),
        startup: probe(&written.startup),
    }
}

fn probe(cx: &mut Cx<'_>, written: &Spanned<written::Probe>) -> Probe {
    if let Some(path) = written.path.as_ref().filter(|path| !path.get_ref().starts_with('/')) {
        let message = format!("the path of a probe begins with `/`, `{}` does not", path.get_ref());
        cx.error("bad-path", message, path.span(), "").help(format!("write `/{}`", path.get_ref())).push();
    }
    let tcp = written.tcp.as_ref().filter(|tcp| *tcp.get_ref());
    if let Some(tcp) = tcp {
        let asks = written.path.as_ref().map(Spanned::span).or(written.scheme.as_ref().map(Spanned::span));
        if let Some(asks) = asks {
            cx.error("exclusive-keys", "a TCP probe asks for no path and no scheme", asks, "")
                .also(&tcp.span(), "a TCP probe")
                .help("leave out `tcp` for an HTTP probe, or `path` and `scheme` for a TCP probe")
                .push();
        }
    }
    let https = written.scheme.as_ref().is_some_and(|scheme| *scheme.get_ref() == ProbeScheme::Https);
    Probe {
        span: written.span(),
        check: match tcp {
            Some(_) => ProbeCheck::Tcp,
            None => ProbeCheck::Http { path: written.path.clone(), https },
        },
        command: written.command.as_ref().map(|words| words.iter().filter_map(|word| cx.text(word)).collect()),
        port: written.port.clone().map(|port| port.map(u16::from)),
        initial_delay: super::count(&written.initial_delay),
        period: super::count(&written.period),
        timeout: super::count(&written.timeout),
        failure_threshold: super::count(&written.failure_threshold),
        success_threshold: super::count(&written.success_threshold),
    }
}
