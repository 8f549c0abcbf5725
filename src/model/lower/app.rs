//! `apps`: workloads of the user's own.

use super::{Cx, build};
use crate::manifest::{Entries, Spanned};
use crate::model::kinds::APPS;
use crate::model::scope::{Item, Table};
use crate::model::written::{self, OneOrMany};
use crate::model::{App, AppKind, Endpoint, Expression, Health, Name, Part, Probe, Scale};
use std::collections::BTreeMap;

/// Protocols that an endpoint may speak.
const SCHEMES: &[&str] = &["http", "https", "http2", "grpc", "ws", "wss", "tcp", "udp"];

/// Keys that are kept for later; the references in them are checked.
const KEPT: &[&str] = &["volumes", "files", "scale", "job", "roles", "domain"];

pub(super) fn lower<'a>(cx: &mut Cx<'a>, item: &'a Item<'a>) -> Option<App> {
    let (kind, written) = cx.read_kind::<written::App>(item, &APPS)?;
    let environments = names(cx, written.environment.clone(), Table::Environments);
    let app_kind = match kind.name {
        "image" => image(cx, item, &written),
        _ => build::lower(cx, &written).map(AppKind::Dockerfile),
    };
    let is_pushed = match &app_kind {
        Some(AppKind::Image { mirror, .. }) => *mirror,
        Some(AppKind::Dockerfile(_)) => true,
        None => kind.name != "image" || matches!(&written.mirror, Some(mirror) if *mirror.get_ref()),
    };
    let named = names(cx, written.registry.clone(), Table::Registries);
    let registries = match (&written.registry, is_pushed) {
        (_, false) => Vec::new(),
        (Some(_), true) => named,
        (None, true) => default_registries(cx, item, &environments),
    };
    let image_name = image_name(cx, item, written.image_name.as_ref(), is_pushed);
    let tags = tags(cx, &written);
    let texts = |cx: &mut Cx<'a>, list: &Option<Vec<Spanned<crate::manifest::Text>>>| -> Option<Vec<Expression>> {
        list.as_ref().map(|list| list.iter().filter_map(|text| cx.text(text)).collect())
    };
    let (command, args) = (texts(cx, &written.command), texts(cx, &written.args));
    let env = super::env(cx, written.env.as_ref());
    let endpoints = endpoints(cx, written.endpoints.as_ref());
    let references = links(cx, item, "references", written.references.as_deref());
    let wait_for = links(cx, item, "wait-for", written.wait_for.as_deref());
    let scale = replicas(cx, written.replicas.as_ref());
    super::sizes::check(cx, &written, &environments);
    for key in KEPT {
        if let Some(node) = item.node.get(key) {
            cx.check_kept(node);
        }
    }
    Some(App {
        name: item.name.clone(),
        span: item.span.clone(),
        kind: app_kind?,
        registries,
        environments,
        image_name,
        tags,
        command,
        args,
        env,
        endpoints,
        references,
        wait_for,
        health: health(cx, written.health.as_ref()),
        scale,
    })
}

fn names(cx: &mut Cx<'_>, written: Option<OneOrMany>, table: Table) -> Vec<Spanned<Name>> {
    let mut found: Vec<Spanned<Name>> = Vec::new();
    for text in written.map(OneOrMany::into_vec).unwrap_or_default() {
        let Some(item) = cx.named(&text, &[table]) else { continue };
        if let Some(first) = found.iter().find(|name| name.get_ref() == &item.name) {
            let first = first.span();
            cx.error("duplicate-name", format!("`{}` is listed twice", item.name), text.span(), "")
                .also(&first, "first here")
                .push();
            continue;
        }
        found.push(Spanned::new(text.span(), item.name.clone()));
    }
    found
}

/// The registries of an app that names none: those of its environments, or the only one there is.
fn default_registries(cx: &mut Cx<'_>, item: &Item<'_>, environments: &[Spanned<Name>]) -> Vec<Spanned<Name>> {
    let scope = cx.scope;
    let mut found: Vec<Spanned<Name>> = Vec::new();
    let mut is_named = false;
    for environment in environments {
        let node = scope.get(environment.get_ref().as_str()).and_then(|item| item.node.get("registry"));
        let Some(crate::manifest::Node { kind: crate::manifest::Kind::String(registry), span }) = node else {
            continue;
        };
        is_named = true;
        let Some(registry) = scope.get(registry).filter(|item| item.table == Table::Registries) else { continue };
        if found.iter().all(|name| name.get_ref() != &registry.name) {
            found.push(Spanned::new(span.clone(), registry.name.clone()));
        }
    }
    // An environment whose registry is wrong is reported there.
    if is_named || scope.has_refused() {
        return found;
    }
    let declared = scope.names(Table::Registries);
    match declared.as_slice() {
        [] => Vec::new(),
        [only] => vec![Spanned::new(only.span.clone(), only.name.clone())],
        several => {
            let list = crate::util::text::list(several.iter().map(|item| item.name.as_str()));
            let mut report = cx
                .error(
                    "ambiguous-registry",
                    format!("`{}` does not say which registry it is pushed to", item.name),
                    item.span.clone(),
                    "needs `registry`",
                )
                .help(format!("set `registry` to one or several of {list}, here or in its environment"));
            for registry in several.iter().take(4) {
                report = report.also(&registry.span, "one registry");
            }
            report.push();
            Vec::new()
        }
    }
}

fn image(cx: &mut Cx<'_>, item: &Item<'_>, written: &written::App) -> Option<AppKind> {
    let mirror = written.mirror.as_ref().is_some_and(|mirror| *mirror.get_ref());
    if let (false, Some(key)) = (mirror, item.node.entries().iter().find(|(key, _)| key.name == "registry")) {
        cx.warning("no-effect", "`registry` has no effect: the image is not pushed", key.0.span.clone(), "")
            .help("set `mirror = true` to copy the image into the registry, or leave `registry` out")
            .push();
    }
    let image = written.image.as_ref().and_then(|text| super::registry::not_empty(cx, "image", text))?;
    build::image(cx, &image);
    Some(AppKind::Image { image, mirror })
}

fn image_name(
    cx: &mut Cx<'_>,
    item: &Item<'_>,
    written: Option<&Spanned<String>>,
    is_pushed: bool,
) -> Option<Expression> {
    if let Some(text) = written {
        let name = super::registry::not_empty(cx, "image-name", text)?;
        build::repository(cx, &name);
        return Some(name);
    }
    if is_pushed
        && item.node.get("image-name").is_none()
        && item.name.as_str().contains(|c: char| c.is_ascii_uppercase())
    {
        let lower = item.name.as_str().to_ascii_lowercase();
        let message = format!("repository must be lowercase: the image of `{}` would be called `{0}`", item.name);
        cx.error("bad-repository", message, item.span.clone(), "")
            .help(format!("call the app `{lower}`, or set `image-name = \"{lower}\"`"))
            .push();
    }
    None
}

fn tags(cx: &mut Cx<'_>, written: &written::App) -> Vec<Expression> {
    if let (Some(tag), Some(tags)) = (&written.tag, &written.tags) {
        cx.error("exclusive-keys", "`tag` and `tags` exclude each other", tag.span(), "")
            .also(&tags.span(), "also here")
            .help("keep one of them")
            .push();
    }
    let mut list: Vec<&Spanned<crate::manifest::Text>> = written.tag.iter().collect();
    if let Some(tags) = &written.tags {
        if tags.get_ref().is_empty() {
            cx.empty("tags", tags.span());
        }
        list.extend(tags.get_ref());
    }
    let mut tags: Vec<Expression> = Vec::new();
    for text in list {
        if text.get_ref().trim().is_empty() {
            cx.empty("tag", text.span());
            continue;
        }
        let Some(tag) = cx.text(text) else { continue };
        build::tag(cx, &tag);
        match tags.iter().find(|other| is_same(other, &tag)) {
            Some(first) => cx
                .error("duplicate-tag", format!("the tag `{}` is listed twice", text.get_ref()), text.span(), "")
                .also(&first.span, "first here")
                .push(),
            None => tags.push(tag),
        }
    }
    if tags.is_empty() {
        let span = written.kind.as_ref().map(Spanned::span).unwrap_or_default();
        tags.push(Expression { parts: vec![Part::Literal("latest".to_owned())], span });
    }
    tags
}

/// Whether two expressions always have the same value; their places do not matter.
pub(in crate::model) fn is_same(one: &Expression, other: &Expression) -> bool {
    let key = |part: &Part| match part {
        Part::Literal(text) => (Some(text.clone()), None),
        Part::Reference(reference) => (None, Some((reference.target.clone(), reference.filter))),
    };
    one.parts.len() == other.parts.len()
        && one.parts.iter().zip(&other.parts).all(|(one, other)| key(one) == key(other))
}

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
        if let Some(scheme) = endpoint.scheme.as_ref().filter(|scheme| !SCHEMES.contains(&scheme.get_ref().as_str())) {
            let near = cx.nearest(scheme.get_ref(), SCHEMES.iter().copied());
            let label = near.map_or_else(|| "not known".to_owned(), |near| format!("did you mean `{near}`?"));
            cx.error("unknown-value", format!("unknown scheme `{}`", scheme.get_ref()), scheme.span(), label)
                .help(format!("write one of {}", crate::util::text::list(SCHEMES.iter().copied())))
                .push();
        }
        let port = |port: &Option<Spanned<written::Port>>| port.clone().map(|port| port.map(u16::from));
        endpoints.insert(
            key.get_ref().clone(),
            Endpoint {
                target_port: port(&endpoint.target_port),
                port: port(&endpoint.port),
                scheme: endpoint.scheme.clone(),
                external: endpoint.external.unwrap_or(false),
            },
        );
    }
    endpoints
}

/// Names of apps and resources that this one depends on.
fn links(cx: &mut Cx<'_>, item: &Item<'_>, key: &str, written: Option<&[Spanned<String>]>) -> Vec<Spanned<Name>> {
    let mut found: Vec<Spanned<Name>> = Vec::new();
    for text in written.into_iter().flatten() {
        let Some(other) = cx.named(text, &[Table::Apps, Table::Resources]) else { continue };
        if other.name == item.name {
            cx.error("cycle", format!("`{}` depends on itself", item.name), text.span(), "")
                .help(format!("take `{}` out of `{key}`", item.name))
                .push();
            continue;
        }
        if let Some(first) = found.iter().find(|name| name.get_ref() == &other.name) {
            let first = first.span();
            cx.error("duplicate-name", format!("`{}` is listed twice in `{key}`", other.name), text.span(), "")
                .also(&first, "first here")
                .push();
            continue;
        }
        cx.edge(&other.name, &text.span());
        found.push(Spanned::new(text.span(), other.name.clone()));
    }
    found
}

pub(in crate::model) fn health(cx: &mut Cx<'_>, written: Option<&written::Health>) -> Health {
    let mut probe = |written: Option<&written::Probe>| {
        let written = written?;
        if let Some(path) = written.path.as_ref().filter(|path| !path.get_ref().starts_with('/')) {
            let message = format!("the path of a probe begins with `/`, `{}` does not", path.get_ref());
            cx.error("bad-path", message, path.span(), "").help(format!("write `/{}`", path.get_ref())).push();
        }
        Some(Probe { path: written.path.clone() })
    };
    let Some(written) = written else { return Health::default() };
    Health {
        readiness: probe(written.readiness.as_ref()),
        liveness: probe(written.liveness.as_ref()),
        startup: probe(written.startup.as_ref()),
    }
}

fn replicas(cx: &mut Cx<'_>, written: Option<&written::Replicas>) -> Scale {
    let Some(written) = written else { return Scale::default() };
    if let (Some(min), Some(max)) = (&written.min, &written.max)
        && min.get_ref().get() > max.get_ref().get()
    {
        let message = format!("`min` is {}, more than `max`, which is {}", min.get_ref().get(), max.get_ref().get());
        cx.error("bad-value", message, min.span(), "").also(&max.span(), "`max`").push();
    }
    let count = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
    Scale {
        min: written.min.clone().map(|min| min.map(|min| count(min.get()))),
        max: written.max.clone().map(|max| max.map(|max| count(max.get()))),
    }
}
