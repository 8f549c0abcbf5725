//! What App Service cannot do, told where it is declared: an error where the app would not work, a
//! warning where it works without.

use super::address;
use super::site::is_served;
use crate::azure::pull;
use crate::environment::apps;
use crate::manifest::{Diagnostic, Diagnostics, Span, Spanned};
use crate::model::environment::AppServiceEnvironment;
use crate::model::{
    App, AppKind, Application, Endpoint, Environment, Probe, ProbeCheck, RegistryKind, Resource, ResourceKind,
    VolumeSource,
};

struct Check<'a, 'p> {
    application: &'a Application,
    environment: &'a Environment,
    settings: &'a AppServiceEnvironment,
    problems: &'p mut Diagnostics,
}

pub(super) fn check(
    application: &Application,
    environment: &Environment,
    settings: &AppServiceEnvironment,
    problems: &mut Diagnostics,
) {
    let mut check = Check { application, environment, settings, problems };
    check.tier();
    for app in apps(application, &environment.name) {
        check.app(app);
    }
    let services = application.resources.values().filter(|it| matches!(it.kind, ResourceKind::Service(_)));
    for resource in services {
        if crate::azure::resource::environments(application, resource).contains(&&environment.name) {
            check.service(resource);
        }
    }
}

impl Check<'_, '_> {
    fn push(&mut self, diagnostic: Diagnostic, span: &Span, label: &str, help: &str) {
        let diagnostic = diagnostic.within(&self.application.source).at(span.clone(), label).help(help);
        self.problems.push(diagnostic);
    }

    /// The app would not work.
    fn error(&mut self, message: impl Into<String>, span: &Span, help: &str) {
        self.push(Diagnostic::error("not-supported", message), span, "", help);
    }

    /// It works without.
    fn warning(&mut self, message: impl Into<String>, span: &Span, help: &str) {
        self.push(Diagnostic::warning("not-used", message), span, "", help);
    }

    /// What the tier of the plan lacks (Microsoft Learn, "App Service limits").
    fn tier(&mut self) {
        let Some(sku) = &self.settings.sku else { return };
        let lacks = |what: &str| format!("the tier `{}` has no {what}", sku.get_ref());
        let (is_basic, is_premium) = (sku.starts_with('B'), sku.starts_with('P'));
        if sku.starts_with('I') {
            let message =
                format!("the tier `{}` needs an App Service Environment, which is not written", sku.get_ref());
            self.error(message, &sku.span(), "use a tier such as `P1v3`");
        }
        if let (true, Some(slot)) = (is_basic, self.settings.slots.first()) {
            self.error(lacks("deployment slots"), &slot.span, "use `S1` or a tier above, such as `P0v3`");
        }
        if let (false, Some(scaling)) = (is_premium, &self.settings.automatic_scaling) {
            self.error(lacks("automatic scaling"), &scaling.span, "use a premium tier, such as `P0v3`");
        }
        let zones = self.settings.zone_redundant.as_ref().filter(|zones| *zones.get_ref() && !is_premium);
        if let Some(zones) = zones {
            self.error(lacks("zone redundancy"), &zones.span(), "use a premium tier, such as `P0v3`");
        }
    }

    fn app(&mut self, app: &App) {
        let dashboard = format!("{}-dashboard", self.environment.name);
        if self.settings.dashboard && address::module_name(app, self.environment).eq_ignore_ascii_case(&dashboard) {
            let message = format!("`{dashboard}` is what the site of the dashboard is called");
            let diagnostic = Diagnostic::error("name-collision", message)
                .within(&self.application.source)
                .at(app.span.clone(), "")
                .at(self.environment.span.clone(), "its dashboard")
                .help("give the app another name");
            self.problems.push(diagnostic);
        }
        self.endpoints(app);
        self.variables(app);
        self.storage(app);
        self.probes(app);
        self.replicas(app);
        self.image(app);
        if let Some(job) = &app.job {
            let message = format!("`{}` is a job, and App Service runs none", app.name);
            self.error(message, &job.span, "run it in an environment of kind `azure-container-apps`");
        }
        if let Some(command) = app.command.as_ref().and_then(|command| command.first()) {
            let message = "App Service cannot replace the entry point of an image";
            self.error(message, &command.span, "set `ENTRYPOINT` in the Dockerfile; `args` may stay in the manifest");
        }
        for waited in &app.wait_for {
            let message = format!("App Service starts `{}` without waiting for `{}`", app.name, waited.get_ref());
            self.warning(message, &waited.span(), "let the app try again until it gets an answer");
        }
        for domain in &app.domains {
            let message = "domains of your own are not written for App Service";
            self.warning(message, &domain.span, "add the domain to the site once it is deployed");
        }
    }

    fn endpoints(&mut self, app: &App) {
        let endpoints = app.endpoints_in_order();
        if endpoints.is_empty() && app.job.is_none() {
            let message =
                format!("`{}` has no endpoint: App Service stops a container that answers no requests", app.name);
            self.error(message, &app.span, "give it an endpoint, or run it in `azure-container-apps`");
        }
        let mut first: Option<(u16, Span)> = None;
        for (name, endpoint) in endpoints {
            let scheme = *endpoint.scheme.get_ref();
            if !is_served(scheme) {
                let message =
                    format!("the endpoint `{name}` speaks {}, and App Service serves HTTP only", scheme.name());
                self.error(message, &endpoint.scheme.span(), "use `http`, or run it in `azure-container-apps`");
                continue;
            }
            if !endpoint.external {
                let message = format!("the endpoint `{name}` is not external, and all endpoints of App Service are");
                self.error(message, &endpoint.span, "set `external = true`, or run it in `azure-container-apps`");
            }
            if let Some(port) = endpoint.port.as_ref().filter(|port| !matches!(port.get_ref(), 80 | 443)) {
                let message = format!("App Service serves on port 443, not on {}", port.get_ref());
                self.warning(message, &port.span(), "leave `port` out");
            }
            let (port, span) = (super::port_of(endpoint), port_span(endpoint));
            match &first {
                None => first = Some((port, span)),
                Some((known, _)) if *known == port => {}
                Some((known, at)) => {
                    let message =
                        format!("`{}` listens on {known} and on {port}: App Service serves one port", app.name);
                    let diagnostic = Diagnostic::error("not-supported", message)
                        .within(&self.application.source)
                        .at(span, "")
                        .at(at.clone(), "the other one")
                        .help("use one `target-port` for all endpoints, or run it in `azure-container-apps`");
                    self.problems.push(diagnostic);
                }
            }
        }
    }

    fn variables(&mut self, app: &App) {
        for (name, expression) in self.application.variables(app) {
            if is_setting_name(&name) {
                continue;
            }
            let bad = name.chars().find(|c| !is_setting_char(*c)).unwrap_or(' ');
            if app.env.contains_key(&name) {
                let message = format!("`{name}` has a `{bad}`, and names of App Service's settings have none");
                self.error(message, &expression.span, "use letters, digits, `_` and `.` only");
            } else {
                let message = format!("`{}` does not get `{name}`: App Service takes no `{bad}` in it", app.name);
                self.warning(message, &expression.span, "read the variable in capital letters instead");
            }
        }
    }

    fn storage(&mut self, app: &App) {
        for volume in &app.volumes {
            let what = match &volume.source {
                VolumeSource::Named(_) => "volumes",
                VolumeSource::Folder(_) => "folders of the machine",
                VolumeSource::Temporary => "temporary volumes",
            };
            let message = format!("{what} are not written for App Service");
            self.error(message, &volume.span, "keep the data in a storage account, or use `azure-container-apps`");
        }
        for file in &app.files {
            let message = "files are not written for App Service";
            self.error(message, &file.span, "copy the file into the image, or pass its text in `env`");
        }
    }

    fn probes(&mut self, app: &App) {
        let health = &app.health;
        for (probe, what) in [(&health.readiness, "readiness"), (&health.startup, "startup")] {
            if let Some(probe) = probe {
                let message = format!("App Service has no {what} probe");
                self.warning(message, &probe.span, "use `liveness`, which becomes the health check of the site");
            }
        }
        if let Some(probe) = health.liveness.as_ref().filter(|probe| probe.is_only_a_command()) {
            let message = "App Service runs no command in a container to see how it is: this probe is left out";
            self.warning(message, &probe.span, "give it a `path` beside its `command`");
            return;
        }
        let Some(Probe {
            span,
            check,
            // The same for targets that ask nothing from outside.
            command: _,
            port,
            initial_delay,
            period,
            timeout,
            failure_threshold,
            success_threshold,
        }) = &health.liveness
        else {
            return;
        };
        if matches!(check, ProbeCheck::Tcp) {
            self.warning("the health check of App Service asks by HTTP", span, "give the probe a `path`");
        }
        if let Some(port) = port.as_ref().filter(|port| *port.get_ref() != super::port(app)) {
            let message = format!("App Service checks the port of the site, not {}", port.get_ref());
            self.warning(message, &port.span(), "leave `port` out");
        }
        let times = [initial_delay, period, timeout, failure_threshold, success_threshold];
        if let Some(time) = times.into_iter().flatten().next() {
            let message = "App Service has its own times for the health check";
            self.warning(message, &time.span(), "leave everything but `path` out");
        }
    }

    fn replicas(&mut self, app: &App) {
        let (min, max) = (app.replicas.min.as_ref(), app.replicas.max.as_ref());
        if let Some(min) = min.filter(|min| *min.get_ref() == 0) {
            self.error("a site of App Service always runs", &min.span(), "use 1 or more replicas at least");
        }
        let is_elastic = self.settings.automatic_scaling.is_some();
        if let (Some(min), Some(max)) = (min, max)
            && min.get_ref() != max.get_ref()
            && !is_elastic
        {
            let message = format!("`{}` stays at {} replicas: its plan does not grow", app.name, min.get_ref());
            self.warning(message, &max.span(), "set `automatic-scaling` of the environment");
        }
        if let Some(scale) = &app.scale {
            let message = "sites of App Service have no rules for scaling";
            self.warning(message, &scale.span, "set `automatic-scaling` of the environment and leave `scale` out");
        }
        let spans = [app.cpu.as_ref().map(Spanned::span), app.memory.as_ref().map(Spanned::span)];
        if let Some(span) = spans.into_iter().flatten().next() {
            let message = "the sites of a plan share its machines";
            self.warning(message, &span, "choose the machine with `sku` of the environment");
        }
    }

    fn image(&mut self, app: &App) {
        let Some(registry) = pull::registry_of(self.application, app) else { return };
        let place = match &app.kind {
            AppKind::Image { image, mirror: false } => image.span.clone(),
            AppKind::Dockerfile(_) | AppKind::Image { .. } => {
                app.registries.first().map_or(app.span.clone(), Spanned::span)
            }
        };
        match (&registry.kind, &registry.pull) {
            (RegistryKind::Local { .. }, _) => {
                let message = format!("`{}` is served on this machine: App Service cannot pull from it", registry.name);
                self.error(message, &place, "use a registry of kind `azure` or `oci`");
            }
            (RegistryKind::Oci { .. }, None) => {
                let message =
                    format!("nothing says how App Service pulls from `{}`: it does so anonymously", registry.name);
                let help = "set `pull = { username = …, password = … }` of the registry, or `pull = \"anonymous\"`";
                let diagnostic = Diagnostic::warning("no-pull-credentials", message);
                self.push(diagnostic, &registry.span.clone(), "", help);
            }
            (RegistryKind::Oci { .. }, Some(_)) | (RegistryKind::Azure(_), _) => {}
        }
    }

    fn service(&mut self, service: &Resource) {
        let message = format!("`{}` cannot run in App Service, which serves HTTP only", service.name);
        let help = "use a service of Azure's own, such as `azure-postgres`, or run it in `azure-container-apps`";
        let diagnostic = Diagnostic::error("not-supported", message)
            .within(&self.application.source)
            .at(service.kind_span.clone(), "")
            .at(self.environment.span.clone(), "it runs here")
            .help(help);
        self.problems.push(diagnostic);
    }
}

fn port_span(endpoint: &Endpoint) -> Span {
    endpoint.target_port.as_ref().map_or_else(|| endpoint.span.clone(), Spanned::span)
}

/// Whether Azure takes it as the name of an app setting of a Linux site.
pub(super) fn is_setting_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_setting_char)
}

fn is_setting_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}
