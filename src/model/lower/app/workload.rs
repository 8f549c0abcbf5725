//! `apps`: workloads of the user's own.

use super::super::{Cx, azure, build, sizes};
use super::{access, endpoints, image, names, scale, storage};
use crate::manifest::Spanned;
use crate::model::kinds::APPS;
use crate::model::scope::{Item, Table};
use crate::model::written;
use crate::model::{App, AppKind, Expression, Scale};

pub(in crate::model::lower) fn lower<'a>(cx: &mut Cx<'a>, item: &'a Item<'a>) -> Option<App> {
    let (kind, written) = cx.read_kind::<written::App>(item, &APPS)?;
    let environments = names::environments(cx, item, written.environment.clone());
    let app_kind = match kind.name {
        "image" => image::image(cx, item, &written),
        _ => build::lower(cx, &written).map(AppKind::Dockerfile),
    };
    let is_pushed = match &app_kind {
        Some(AppKind::Image { mirror, .. }) => *mirror,
        Some(AppKind::Dockerfile(_)) => true,
        None => kind.name != "image" || matches!(&written.mirror, Some(mirror) if *mirror.get_ref()),
    };
    let named = names::names(cx, written.registry.clone(), Table::Registries);
    let registries = match (&written.registry, is_pushed) {
        (_, false) => Vec::new(),
        (Some(_), true) => named,
        (None, true) => names::default_registries(cx, item, &environments),
    };
    let image_name = image::image_name(cx, item, written.image_name.as_ref(), is_pushed);
    let tags = image::tags(cx, &written);
    let texts = |cx: &mut Cx<'a>, list: &Option<Vec<Spanned<crate::manifest::Text>>>| -> Option<Vec<Expression>> {
        list.as_ref().map(|list| list.iter().filter_map(|text| cx.text(text)).collect())
    };
    let (command, args) = (texts(cx, &written.command), texts(cx, &written.args));
    let env = super::super::env(cx, written.env.as_ref());
    let endpoints = endpoints::endpoints(cx, written.endpoints.as_ref());
    let references = names::links(cx, item, "references", written.references.as_deref());
    let wait_for = names::links(cx, item, "wait-for", written.wait_for.as_deref());
    let replicas = scale::replicas(cx, written.replicas.as_ref());
    let (cpu, memory) = sizes::check(cx, &written, &environments);
    let job = written.job.as_ref().map(|job| scale::job(cx, job));
    let scale = written.scale.as_ref().map(|scale| scale::scale(cx, scale));
    if let (Some(job), Some(scale)) = (&written.job, &scale) {
        not_both(cx, job, scale);
    }
    let health = endpoints::health(cx, written.health.as_ref());
    let volumes = storage::volumes(cx, written.volumes.as_deref().unwrap_or_default());
    let files = storage::files(cx, written.files.as_deref().unwrap_or_default());
    storage::unique(cx, &volumes, &files);
    let roles = access::roles(cx, written.roles.as_ref());
    let identity = written.identity.as_ref().and_then(|identity| {
        azure::named_existing(cx, "identity", identity).map(|existing| Spanned::new(identity.span(), existing))
    });
    let domains = access::domains(cx, written.domain.as_ref());
    let workload_profile = written.workload_profile.as_ref().and_then(|name| cx.plain("workload-profile", name));
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
        health,
        replicas,
        scale,
        cpu,
        memory,
        job: job.flatten(),
        volumes,
        files,
        roles,
        identity,
        domains,
        workload_profile,
        security: written.security.as_ref().map(access::security),
    })
}

fn not_both(cx: &mut Cx<'_>, job: &written::Job, scale: &Scale) {
    let place = match job {
        written::Job::String(word) => word.span(),
        written::Job::Table(table) => table.span(),
    };
    cx.error("exclusive-keys", "a job is not scaled: each run has its own replicas", scale.span.clone(), "")
        .also(&place, "it is a job")
        .help("write what starts the job in `job.event`, and `parallelism` for how many replicas a run has")
        .push();
}
