//! What Container Apps cannot do, told at the place where it is asked for.

use super::super::names;
use super::super::workload::{self, Workload};
use super::{limits, network};
use crate::azure::pull;
use crate::environment;
use crate::manifest::{Diagnostic, Diagnostics, Span};
use crate::model::environment::ContainerAppsEnvironment;
use crate::model::{
    AppKind, Application, Credentials, Environment, EnvironmentKind, FileContent, PullCredentials, Registry,
    RegistryKind, Target, VolumeSource,
};
use crate::util::text;
use std::collections::BTreeSet;

/// What is being looked at.
pub(super) struct Cx<'c> {
    pub(super) application: &'c Application,
    pub(super) environment: &'c Environment,
    pub(super) settings: &'c ContainerAppsEnvironment,
    problems: &'c mut Diagnostics,
}

impl Cx<'_> {
    pub(super) fn error(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        span: &Span,
        help: impl Into<String>,
    ) {
        self.report(Diagnostic::error(code, message), span, help);
    }

    pub(super) fn warning(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        span: &Span,
        help: impl Into<String>,
    ) {
        self.report(Diagnostic::warning(code, message), span, help);
    }

    fn report(&mut self, diagnostic: Diagnostic, span: &Span, help: impl Into<String>) {
        let place = self.environment.span.clone();
        let diagnostic = diagnostic.within(&self.application.source).at(span.clone(), "");
        self.problems.push(diagnostic.at(place, "it runs here").help(help));
    }
}

pub(in crate::environment::container_apps) fn check(
    application: &Application,
    environment: &Environment,
    settings: &ContainerAppsEnvironment,
    problems: &mut Diagnostics,
) {
    let mut cx = Cx { application, environment, settings, problems };
    same_name(&mut cx);
    let workloads = workload::all(application, environment);
    for workload in &workloads {
        name(&mut cx, workload);
        network::check(&mut cx, workload);
        limits::check(&mut cx, workload);
        storage(&mut cx, workload);
        dependencies(&mut cx, workload);
        platform(&mut cx, workload);
    }
    pulls(&mut cx, &workloads);
}

/// Two environments of one resource group whose names are the same when cleaned.
fn same_name(cx: &mut Cx<'_>) {
    let letters = names::letters(cx.environment.name.as_str());
    if cx.settings.azure.existing.is_some() {
        return;
    }
    let scope = pull::scope(&cx.settings.azure.placement);
    // The later one tells.
    let other = cx.application.environments.values().find(|other| {
        let EnvironmentKind::AzureContainerApps(settings) = other.kind.get_ref() else { return false };
        other.span.start < cx.environment.span.start
            && settings.azure.existing.is_none()
            && names::letters(other.name.as_str()) == letters
            && pull::is_same(&pull::scope(&settings.azure.placement), &scope)
    });
    let Some(other) = other else { return };
    let message =
        format!("`{}` and `{}` would have the same name in Azure, `{letters}…`", other.name, cx.environment.name);
    let diagnostic = Diagnostic::error("name-collision", message)
        .within(&cx.application.source)
        .at(cx.environment.span.clone(), "this one")
        .at(other.span.clone(), "and this one")
        .help("give one of them another name, or another `resource-group`");
    cx.problems.push(diagnostic);
}

fn name(cx: &mut Cx<'_>, workload: &Workload<'_>) {
    if workload.name().len() < 2 {
        let message = format!("`{}` is too short for a name in Container Apps", workload.name);
        cx.error("bad-azure-name", message, workload.span, "use 2 characters or more");
    }
}

fn storage(cx: &mut Cx<'_>, workload: &Workload<'_>) {
    let is_existing = cx.settings.azure.existing.is_some();
    for volume in &workload.volumes {
        match &volume.source {
            VolumeSource::Named(_) | VolumeSource::Folder(_) if is_existing => {
                let message =
                    format!("`{}` exists already: no storage can be added to it for a volume", cx.environment.name);
                let help = "leave the volume out, write only its `path` for a temporary one, or leave `existing` out";
                cx.error("existing-environment", message, &volume.span, help);
            }
            VolumeSource::Folder(folder) => {
                let message = format!(
                    "the volume of `{}` starts empty: what `{}` holds is not copied to Azure",
                    workload.name,
                    folder.get_ref()
                );
                cx.warning("empty-volume", message, &volume.span, "put files into the image, or list them in `files`");
            }
            VolumeSource::Temporary => {
                if let Some(size) = &volume.size {
                    let message = "the size of a temporary volume depends on the processors of a replica";
                    cx.warning("no-effect", message, &size.span(), "leave `size` out");
                }
            }
            VolumeSource::Named(_) => {}
        }
    }
    for file in &workload.files {
        if let Some(mode) = &file.mode {
            let message = "`mode` has no effect: Container Apps mounts files for reading by everyone";
            cx.warning("no-effect", message, &mode.span(), "leave `mode` out");
        }
        if let (true, FileContent::From(from)) = (file.secret, &file.content) {
            let message = format!("what `{}` holds would be written to the published files", from.get_ref());
            let help = "write `content` with a reference to a secret parameter";
            cx.error("secret-exposed", message, &from.span(), help);
        }
    }
}

fn dependencies(cx: &mut Cx<'_>, workload: &Workload<'_>) {
    let Some(app) = workload.app else { return };
    if let Some(first) = app.wait_for.first() {
        let names = text::list(app.wait_for.iter().map(|name| name.as_str()));
        let message =
            format!("`wait-for` has no effect: Container Apps starts `{}` without waiting for {names}", app.name);
        let help = "let the program try again until what it needs is there";
        cx.warning("no-effect", message, &first.span(), help);
    }
    for reference in &app.references {
        let Some(other) = cx.application.apps.get(reference.get_ref()) else { continue };
        let is_here = other.environments.is_empty()
            || other.environments.iter().any(|name| name.get_ref() == &cx.environment.name);
        let is_reachable = other.endpoints.is_empty() || other.endpoints.values().any(|endpoint| endpoint.external);
        if other.endpoints.is_empty() {
            let message = format!("`references` hands out no address of `{}`: it has no endpoints", other.name);
            cx.warning("no-effect", message, &reference.span(), "give it an endpoint, or take it out of the list");
        }
        if !is_here && !is_reachable {
            let message = format!("`{}` cannot be reached from `{}`", other.name, cx.environment.name);
            let help = "set `external = true` on one of its endpoints, or run both in one environment";
            cx.error("unreachable", message, &reference.span(), help);
        }
    }
}

/// Images are for the machines that Azure has.
fn platform(cx: &mut Cx<'_>, workload: &Workload<'_>) {
    let Some(AppKind::Dockerfile(build)) = workload.app.map(|app| &app.kind) else { return };
    let fits = build.platforms.iter().any(|platform| platform.os == "linux" && platform.architecture == "amd64");
    if let (false, Some(first)) = (fits, build.platforms.first()) {
        let message =
            format!("the image of `{}` is not built for `linux/amd64`, which Container Apps runs", workload.name);
        cx.error("wrong-platform", message, &first.span(), "add `linux/amd64` to `platforms`");
    }
}

/// How the images of other registries are pulled, once for each.
fn pulls(cx: &mut Cx<'_>, workloads: &[Workload<'_>]) {
    let mut seen = BTreeSet::new();
    for app in workloads.iter().filter_map(|workload| workload.app) {
        let Some(registry) = pull::registry_of(cx.application, app) else { continue };
        let RegistryKind::Oci { .. } = registry.kind else { continue };
        if !seen.insert(&registry.name) || is_told_elsewhere(cx, registry) {
            continue;
        }
        match &registry.pull {
            Some(PullCredentials::Anonymous) => {}
            Some(PullCredentials::Login(login)) => password(cx, registry, login),
            None => {
                let message =
                    format!("nothing says how Azure signs in to `{}`: it pulls `{}` without", registry.name, app.name);
                let help = "set `pull = { username = \"…\", password = \"$<secret>\" }`, or `pull = \"anonymous\"` for \
                            images that everyone may pull";
                cx.warning("no-pull-credentials", message, &registry.span, help);
            }
        }
    }
}

/// Whether an environment that is declared before pulls from the registry too.
fn is_told_elsewhere(cx: &Cx<'_>, registry: &Registry) -> bool {
    let earlier = cx.application.environments.values().filter(|other| {
        other.span.start < cx.environment.span.start
            && matches!(other.kind.get_ref(), EnvironmentKind::AzureContainerApps(_))
    });
    earlier
        .flat_map(|other| environment::apps(cx.application, &other.name))
        .any(|app| pull::registry_of(cx.application, app).is_some_and(|used| used.name == registry.name))
}

/// A password that is no secret would stand in the open.
fn password(cx: &mut Cx<'_>, registry: &Registry, login: &Credentials) {
    let is_secret = login.password.references().any(|reference| match &reference.target {
        Target::Parameter(name) => cx.application.params.get(name).is_some_and(|param| param.secret),
        Target::Resource { .. } => true,
        Target::App { .. }
        | Target::Environment { .. }
        | Target::Registry { .. }
        | Target::Git(_)
        | Target::Shipit(_) => false,
    });
    if !is_secret {
        let message = format!("the password for pulling from `{}` is no secret", registry.name);
        let diagnostic = Diagnostic::error("open-password", message).within(&cx.application.source);
        let diagnostic = diagnostic.at(login.password.span.clone(), "stands in the open");
        cx.problems.push(diagnostic.help("refer to a parameter with `secret = true`"));
    }
}
