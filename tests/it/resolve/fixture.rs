//! Applications built by hand, and the one way in which these tests touch `resolve`.

use shipit::manifest::{Diagnostics, Source, Spanned};
use shipit::model::{
    App, AppKind, Application, Build, Credentials, Expression, Filter, Generate, GitProperty, Name, Parameter,
    ParameterType, Part, Pull, Reference, Registry, RegistryKind, ShipitProperty, Target,
};
use shipit::resolve::{Inputs, Needs, ResolvedApplication, resolve};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// `a$<b>c`, where `b` is a parameter, `git.…`, `shipit.…`, `registry:r.p`, `app:a.p`; `|uri` may follow.
pub(crate) fn text(text: &str) -> Expression {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("$<") {
        let end = start + rest[start..].find('>').unwrap();
        if start > 0 {
            parts.push(Part::Literal(rest[..start].to_owned()));
        }
        let inner = &rest[start + 2..end];
        let (inner, filter) = match inner.strip_suffix("|uri") {
            Some(inner) => (inner, Some(Filter::Uri)),
            None => (inner, None),
        };
        let offset = text.len() - rest.len();
        parts.push(Part::Reference(Reference {
            target: target(inner),
            filter,
            span: offset + start..offset + end + 1,
        }));
        rest = &rest[end + 1..];
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    Expression { parts, span: 0..text.len() }
}

fn target(text: &str) -> Target {
    let owned = |text: &str| {
        let (thing, property) = text.split_once('.').unwrap();
        (name(thing), property.to_owned())
    };
    match text.split_once(':') {
        Some(("registry", rest)) => {
            let (name, property) = owned(rest);
            return Target::Registry { name, property };
        }
        Some(("app", rest)) => {
            let (name, property) = owned(rest);
            return Target::App { name, property };
        }
        _ => {}
    }
    match text {
        "git.sha" => Target::Git(GitProperty::Sha),
        "git.short-sha" => Target::Git(GitProperty::ShortSha),
        "git.branch" => Target::Git(GitProperty::Branch),
        "git.tag" => Target::Git(GitProperty::Tag),
        "shipit.name" => Target::Shipit(ShipitProperty::Name),
        "shipit.profile" => Target::Shipit(ShipitProperty::Profile),
        "shipit.version" => Target::Shipit(ShipitProperty::Version),
        parameter => Target::Parameter(name(parameter)),
    }
}

pub(crate) fn parameter(text: &str) -> Parameter {
    Parameter {
        name: name(text),
        span: 0..1,
        default: None,
        description: None,
        secret: false,
        generate: None,
        kind: ParameterType::String,
        allowed: Vec::new(),
        pattern: None,
        profile_value: None,
    }
}

pub(crate) fn secret(text: &str) -> Parameter {
    Parameter { secret: true, ..parameter(text) }
}

pub(crate) const GENERATE: Generate = Generate {
    length: 22,
    lower: true,
    upper: true,
    digits: true,
    special: true,
    min_lower: 0,
    min_upper: 0,
    min_digits: 0,
    min_special: 0,
};

pub(crate) fn application(params: Vec<Parameter>) -> Application {
    Application {
        name: "shop".to_owned(),
        source: Arc::new(Source { name: "apphost.toml".to_owned(), text: "x".repeat(200) }),
        profile: None,
        profiles: Vec::new(),
        params: params.into_iter().map(|parameter| (parameter.name.clone(), parameter)).collect(),
        registries: BTreeMap::new(),
        environments: BTreeMap::new(),
        resources: BTreeMap::new(),
        apps: BTreeMap::new(),
        steps: BTreeMap::new(),
        publish: shipit::model::Publish::default(),
    }
}

pub(crate) fn registry(text_name: &str, endpoint: &str, repository: Option<&str>) -> Registry {
    Registry {
        name: name(text_name),
        span: 0..1,
        kind: RegistryKind::Oci {
            endpoint: text(endpoint),
            credentials: None,
            insecure: false,
            trust_realms: Vec::new(),
        },
        repository: repository.map(text),
        pull: None,
    }
}

pub(crate) fn with_login(mut registry: Registry, username: &str, password: &str) -> Registry {
    if let RegistryKind::Oci { credentials, .. } = &mut registry.kind {
        *credentials = Some(Credentials { username: text(username), password: text(password) });
    }
    registry
}

pub(crate) fn app(text_name: &str, registries: &[&str], tags: &[&str]) -> App {
    App {
        registries: registries.iter().map(|registry| Spanned::new(0..1, name(registry))).collect(),
        tags: tags.iter().map(|tag| text(tag)).collect(),
        ..App::new(name(text_name), 0..1, AppKind::Dockerfile(build()))
    }
}

pub(crate) fn build() -> Build {
    Build {
        context: Spanned::new(0..1, "./api".to_owned()),
        dockerfile: None,
        target: None,
        build_args: BTreeMap::new(),
        build_secrets: BTreeMap::new(),
        platforms: Vec::new(),
        labels: BTreeMap::new(),
        cache_from: Vec::new(),
        no_cache: false,
        pull: Pull::Missing,
        network: None,
    }
}

/// What came out, and everything that was said, as `code: message`.
pub(crate) struct Outcome {
    pub(crate) resolved: Option<ResolvedApplication>,
    pub(crate) said: Vec<String>,
    /// Everything that a user would see of it.
    pub(crate) whole: String,
}

/// Resolves all apps and steps of an application.
pub(crate) fn run(application: &Application, inputs: &Inputs<'_>) -> Outcome {
    let mut problems = Diagnostics::default();
    let apps: Vec<Name> = application.apps.keys().cloned().collect();
    let steps: Vec<Name> = application.steps.keys().cloned().collect();
    let needs = Needs { built: apps.clone(), pushed: apps, registries: Vec::new(), steps };
    let resolved = resolve(application, &needs, inputs, &mut problems);
    assert_eq!(resolved.is_none(), problems.has_errors());
    let said = problems.iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect();
    Outcome { resolved, said, whole: format!("{problems:?}") }
}

/// An application with the parameters, and one app that is pushed with `tag`.
pub(crate) fn tagged(params: Vec<Parameter>, tag: &str) -> Application {
    let mut application = application(params);
    application.registries.insert(name("hub"), registry("hub", "ghcr.io", Some("me/shop")));
    application.apps.insert(name("api"), app("api", &["hub"], &[tag]));
    application
}

/// The tag that the app of [`tagged`] gets, or what was said instead.
pub(crate) fn tag_of(params: Vec<Parameter>, tag: &str, inputs: &Inputs<'_>) -> Result<String, Vec<String>> {
    let outcome = run(&tagged(params, tag), inputs);
    match outcome.resolved {
        Some(resolved) => Ok(resolved.apps[&name("api")].destinations[0].tags[0].clone()),
        None => Err(outcome.said),
    }
}

pub(crate) fn environment(variables: &[(&str, &str)]) -> Inputs<'static> {
    Inputs {
        environment: variables.iter().map(|(name, value)| (name.into(), value.into())).collect(),
        ..Inputs::default()
    }
}

pub(crate) fn arguments(arguments: &[&str]) -> Inputs<'static> {
    Inputs { arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(), ..Inputs::default() }
}
