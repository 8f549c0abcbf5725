//! What the selected apps and steps need, checked after every value was put in.

use super::evaluate::Resolver;
use super::inputs::Inputs;
use super::resolved::{
    ResolvedApp, ResolvedAppKind, ResolvedApplication, ResolvedBuild, ResolvedDestination, ResolvedLogin,
    ResolvedRegistry, ResolvedRegistryKind, ResolvedStep,
};
use super::sources::Mode;
use super::value::Value;
use crate::manifest::{Diagnostic, Diagnostics, Span};
use crate::model::{App, AppKind, Application, Build, CustomStep, Expression, Name, Pull, Registry, RegistryKind};
use crate::oci;
use crate::util::Secret;
use std::collections::{BTreeMap, BTreeSet};

/// What a run is there to do. Names of what is not declared are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Apps that are built.
    pub built: Vec<Name>,
    /// Apps whose images are pushed or copied.
    pub pushed: Vec<Name>,
    /// Registries that are signed in to; those of `pushed` need not be named.
    pub registries: Vec<Name>,
    /// Custom steps that are run.
    pub steps: Vec<Name>,
    /// Parameters whose values a deployment hands over.
    pub parameters: Vec<Name>,
}

/// Gives every value that is needed.
///
/// What is not needed is neither looked up nor asked for. Reports all problems at once; `None` if
/// there are any.
pub fn resolve(
    application: &Application,
    needs: &Needs,
    inputs: &Inputs<'_>,
    problems: &mut Diagnostics,
) -> Option<ResolvedApplication> {
    let mut resolver = Resolver::new(application, inputs, Mode::Run, problems);
    let mut apps = BTreeMap::new();
    let mut registries = BTreeMap::new();
    let pushed: BTreeSet<&Name> = needs.pushed.iter().collect();
    let mut signed_in: BTreeSet<&Name> = needs.registries.iter().collect();
    for app in pushed.iter().filter_map(|name| application.apps.get(*name)) {
        signed_in.extend(app.registries.iter().map(|registry| registry.get_ref()));
    }
    for registry in signed_in.into_iter().filter_map(|name| application.registries.get(name)) {
        registries.insert(registry.name.clone(), resolver.registry(registry, problems));
    }
    let selected: BTreeSet<&Name> = needs.built.iter().chain(&needs.pushed).collect();
    for app in selected.into_iter().filter_map(|name| application.apps.get(name)) {
        let is_pushed = pushed.contains(&app.name);
        if let Some(resolved) = resolver.app(app, is_pushed, &registries, problems) {
            apps.insert(app.name.clone(), resolved);
        }
    }
    let steps = needs
        .steps
        .iter()
        .filter_map(|name| application.steps.get(name))
        .filter_map(|step| Some((step.name.clone(), resolver.step(step, problems)?)))
        .collect();
    let parameters = needs
        .parameters
        .iter()
        .filter_map(|name| application.params.get(name))
        .filter_map(|it| Some((it.name.clone(), resolver.parameter(&it.name, &it.span, problems)?)))
        .collect();
    refuse_collisions(application, &apps, problems);
    if problems.has_errors() {
        return None;
    }
    Some(ResolvedApplication {
        name: application.name.clone(),
        profile: application.profile.clone(),
        apps,
        registries: registries.into_iter().filter_map(|(name, registry)| Some((name, registry?))).collect(),
        steps,
        parameters,
        secrets: resolver.secrets(),
        kept: resolver.kept,
    })
}

impl Resolver<'_> {
    fn registry(&mut self, registry: &Registry, problems: &mut Diagnostics) -> Option<ResolvedRegistry> {
        let endpoint = self.endpoint(registry, problems);
        let (written, credentials, insecure, trust_realms) = match &registry.kind {
            RegistryKind::Oci { endpoint, credentials, insecure, trust_realms } => {
                (endpoint, credentials, insecure, trust_realms)
            }
            // Azure's host is known or reported; Docker's own configuration has the credentials.
            RegistryKind::Azure(_) => return plain(registry, ResolvedRegistryKind::Oci, endpoint?),
            RegistryKind::Local { .. } => return plain(registry, ResolvedRegistryKind::Local, endpoint?),
        };
        let endpoint = match endpoint {
            None => None,
            Some(Value::Known(text)) => self.parse::<oci::Endpoint>(&text, written, problems).map(|_| text),
            Some(value) => {
                problems.push(self.not_plain(&value, written, "the endpoint of a registry"));
                None
            }
        };
        let login = match credentials {
            None => Some(None),
            Some(credentials) => {
                let username = self.text(&credentials.username, "a user name", problems);
                let password = self.text(&credentials.password, "a password", problems);
                let origin = format!("`username` and `password` of the registry `{}`", registry.name);
                username.zip(password).map(|(username, password)| {
                    Some(ResolvedLogin { username: username.expose().to_owned(), password, origin })
                })
            }
        };
        Some(ResolvedRegistry {
            name: registry.name.clone(),
            kind: ResolvedRegistryKind::Oci,
            endpoint: endpoint?,
            login: login?,
            insecure: *insecure,
            trust_realms: trust_realms.iter().map(|realm| realm.get_ref().clone()).collect(),
        })
    }

    fn app(
        &mut self,
        app: &App,
        is_pushed: bool,
        registries: &BTreeMap<Name, Option<ResolvedRegistry>>,
        problems: &mut Diagnostics,
    ) -> Option<ResolvedApp> {
        let kind = match &app.kind {
            AppKind::Dockerfile(build) => self.build(build, problems).map(ResolvedAppKind::Build),
            AppKind::Image { mirror: false, .. } => Some(ResolvedAppKind::Existing),
            AppKind::Image { image, mirror: true } => {
                self.plain(image, "the name of an image", problems).map(|image| ResolvedAppKind::Mirror { image })
            }
        };
        let destinations = if is_pushed { self.destinations(app, registries, problems) } else { Some(Vec::new()) };
        Some(ResolvedApp { name: app.name.clone(), kind: kind?, destinations: destinations? })
    }

    fn destinations(
        &mut self,
        app: &App,
        registries: &BTreeMap<Name, Option<ResolvedRegistry>>,
        problems: &mut Diagnostics,
    ) -> Option<Vec<ResolvedDestination>> {
        if app.registries.is_empty() {
            return Some(Vec::new());
        }
        let image_name = match &app.image_name {
            None => Some(app.name.as_str().to_ascii_lowercase()),
            Some(expression) => {
                let text = self.plain(expression, "the name of an image", problems);
                text.and_then(|text| self.parse::<oci::Repository>(&text, expression, problems).map(|_| text))
            }
        };
        let tags = self.tags(app, problems);
        let mut destinations = Some(Vec::new());
        for name in &app.registries {
            let declared = self.application.registries.get(name.get_ref());
            let folder = declared.and_then(|registry| self.repository(registry, problems));
            let registry = registries.get(name.get_ref()).and_then(Option::as_ref);
            let (Some(folder), Some(registry), Some(image_name), Some(tags)) = (folder, registry, &image_name, &tags)
            else {
                destinations = None;
                continue;
            };
            let repository = if folder.is_empty() { image_name.clone() } else { format!("{folder}/{image_name}") };
            // Each part is well-formed; together they may be too long.
            let place = app.image_name.clone().unwrap_or_else(|| literal(&app.name, &app.span));
            if self.parse::<oci::Repository>(&repository, &place, problems).is_none() {
                destinations = None;
            } else if let Some(destinations) = &mut destinations {
                destinations.push(ResolvedDestination {
                    registry: registry.name.clone(),
                    endpoint: registry.endpoint.clone(),
                    repository,
                    tags: tags.clone(),
                });
            }
        }
        destinations
    }

    fn tags(&mut self, app: &App, problems: &mut Diagnostics) -> Option<Vec<String>> {
        let mut tags = Some(Vec::new());
        for expression in &app.tags {
            let text = self.plain(expression, "a tag", problems);
            let tag = text.and_then(|text| self.parse::<oci::Tag>(&text, expression, problems).map(|_| text));
            match (tag, &mut tags) {
                (None, _) => tags = None,
                (Some(tag), Some(tags)) if !tags.contains(&tag) => tags.push(tag),
                (Some(_), _) => {}
            }
        }
        tags
    }

    /// The path in front of the images of a registry; empty if there is none. Reported once.
    fn repository(&mut self, registry: &Registry, problems: &mut Diagnostics) -> Option<String> {
        let Some(expression) = &registry.repository else { return Some(String::new()) };
        if let Some(known) = self.repositories.get(&registry.name) {
            return known.clone();
        }
        let text = self.plain(expression, "the repository of a registry", problems);
        let text = text.and_then(|text| self.parse::<oci::Repository>(&text, expression, problems).map(|_| text));
        self.repositories.insert(registry.name.clone(), text.clone());
        text
    }

    fn build(&mut self, build: &Build, problems: &mut Diagnostics) -> Option<ResolvedBuild> {
        let Build {
            context,
            dockerfile,
            target,
            build_args,
            build_secrets,
            platforms,
            labels,
            cache_from,
            no_cache,
            pull,
            network,
        } = build;
        let build_args = self.plain_map(build_args, "a build argument: `docker history` shows it", problems);
        let labels = self.plain_map(labels, "a label", problems);
        let mut secrets = Some(BTreeMap::new());
        for (id, expression) in build_secrets {
            match (self.text(expression, "a build secret", problems), &mut secrets) {
                (Some(secret), Some(secrets)) => drop(secrets.insert(id.clone(), secret)),
                (_, secrets) => *secrets = None,
            }
        }
        let caches: Vec<Option<String>> =
            cache_from.iter().map(|expression| self.plain(expression, "the name of a cache", problems)).collect();
        Some(ResolvedBuild {
            context: context.get_ref().clone(),
            dockerfile: dockerfile.as_ref().map(|path| path.get_ref().clone()),
            target: target.as_ref().map(|target| target.get_ref().clone()),
            build_args: build_args?,
            build_secrets: secrets?,
            platforms: platforms.iter().map(|platform| platform_text(platform.get_ref())).collect(),
            labels: labels?,
            cache_from: caches.into_iter().collect::<Option<_>>()?,
            no_cache: *no_cache,
            pull: *pull == Pull::Always,
            network: network.as_ref().map(|network| network.get_ref().clone()),
        })
    }

    fn plain_map(
        &mut self,
        map: &BTreeMap<String, Expression>,
        what: &str,
        problems: &mut Diagnostics,
    ) -> Option<BTreeMap<String, String>> {
        let values: Vec<Option<(String, String)>> =
            map.iter().map(|(key, value)| Some((key.clone(), self.plain(value, what, problems)?))).collect();
        values.into_iter().collect()
    }

    /// A value that may be secret, but must be known.
    fn text(&mut self, expression: &Expression, what: &str, problems: &mut Diagnostics) -> Option<Secret> {
        let value = self.evaluate(expression, problems)?;
        let text = value.as_secret();
        if text.is_none() {
            problems.push(self.problem(
                "not-known-yet",
                format!("{what} must be known before anything is pushed or deployed"),
                &expression.span,
            ));
        }
        text
    }

    fn step(&mut self, step: &CustomStep, problems: &mut Diagnostics) -> Option<ResolvedStep> {
        let mut run = Vec::new();
        for expression in &step.run {
            let value = self.evaluate(expression, problems);
            if let Some(value) = value.as_ref().filter(|value| value.is_secret()) {
                let what = "the arguments of a program: every user of the machine sees them";
                problems.push(self.not_plain(value, expression, what).help("pass it in the step's `env`"));
            }
            run.push(value);
        }
        let env: Vec<Option<(String, Value)>> =
            step.env.iter().map(|(name, value)| Some((name.clone(), self.evaluate(value, problems)?))).collect();
        Some(ResolvedStep {
            name: step.name.clone(),
            run: run.into_iter().collect::<Option<_>>()?,
            env: env.into_iter().collect::<Option<_>>()?,
            working_directory: step.working_directory.as_ref().map(|folder| folder.get_ref().clone()),
        })
    }
}

/// A registry of which no more is said than where it is.
fn plain(registry: &Registry, kind: ResolvedRegistryKind, endpoint: Value) -> Option<ResolvedRegistry> {
    let Value::Known(endpoint) = endpoint else { return None };
    Some(ResolvedRegistry {
        name: registry.name.clone(),
        kind,
        endpoint,
        login: None,
        insecure: kind == ResolvedRegistryKind::Local,
        trust_realms: Vec::new(),
    })
}

/// Two apps must not overwrite each other's image.
fn refuse_collisions(application: &Application, apps: &BTreeMap<Name, ResolvedApp>, problems: &mut Diagnostics) {
    let mut taken: BTreeMap<String, &Name> = BTreeMap::new();
    for (name, app) in apps {
        for reference in app.destinations.iter().flat_map(ResolvedDestination::references) {
            let other = *taken.entry(reference.clone()).or_insert(name);
            if other == name {
                continue;
            }
            let mut problem = Diagnostic::error(
                "same-image",
                format!("`{other}` and `{name}` would both be pushed as `{reference}`"),
            )
            .within(&application.source)
            .help("give one of them another `image-name` or `tag`");
            for (name, text) in [(name, "the second one"), (other, "the first one")] {
                if let Some(app) = application.apps.get(name) {
                    problem = problem.at(app.span.clone(), text);
                }
            }
            problems.push(problem);
        }
    }
}

fn literal(name: &Name, span: &Span) -> Expression {
    Expression { parts: vec![crate::model::Part::Literal(name.as_str().to_owned())], span: span.clone() }
}

fn platform_text(platform: &crate::model::Platform) -> String {
    let crate::model::Platform { os, architecture, variant } = platform;
    match variant {
        Some(variant) => format!("{os}/{architecture}/{variant}"),
        None => format!("{os}/{architecture}"),
    }
}
