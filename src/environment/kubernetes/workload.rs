//! What runs: an app or a backing service, with what both have in common.

use super::names::{self, dns};
use super::node::{Map, Node};
use super::security::Security;
use super::text::{Fact, Text};
use super::writer::Writer;
use crate::environment::lowering::endpoints_of;
use crate::environment::lowering::{Lowering as _, Text as _};
use crate::manifest::Span;
use crate::model::resource::Service;
use crate::model::{App, Endpoint, Expression, FileContent, Memory, Name, Registry, Resource, Target, Volume};
use std::collections::BTreeMap;

/// An app or a backing service.
pub(super) struct Workload<'w> {
    pub(super) name: &'w Name,
    pub(super) span: &'w Span,
    /// What its objects are called.
    pub(super) object: String,
    /// What of the application it is: `app`, `job`, or the kind of a backing service.
    pub(super) component: &'w str,
    pub(super) image: Text,
    pub(super) command: Option<&'w [Expression]>,
    pub(super) args: Option<&'w [Expression]>,
    pub(super) env: BTreeMap<String, Text>,
    /// Variables that the manifest sets to a text without references.
    pub(super) literal: Vec<String>,
    pub(super) endpoints: Vec<(&'w str, &'w Endpoint)>,
    pub(super) volumes: &'w [Volume],
    pub(super) files: Vec<File>,
    pub(super) cpu: Option<f64>,
    pub(super) memory: Option<Memory>,
    pub(super) security: Security,
    /// What its image is pulled from.
    pub(super) registry: Option<&'w Registry>,
    pub(super) what: What<'w>,
}

#[derive(Clone, Copy)]
pub(super) enum What<'w> {
    App(&'w App),
    Service(&'w Service),
}

/// A file that is put into its containers.
pub(super) struct File {
    pub(super) path: String,
    pub(super) content: Text,
    pub(super) mode: Option<u32>,
    pub(super) secret: bool,
}

impl<'w> Workload<'w> {
    pub(super) fn of_app(lowering: &mut Writer<'w>, app: &'w App) -> Self {
        let application = lowering.cx.application;
        let variables = application.variables(app);
        let env = variables.iter().map(|(name, value)| (name.clone(), lowering.lower(value))).collect();
        let literal = variables.iter().filter(|(_, value)| value.as_literal().is_some());
        Self {
            name: &app.name,
            span: &app.span,
            object: dns(app.name.as_str(), names::LABEL),
            component: if app.job.is_some() { "job" } else { "app" },
            image: lowering.image(app),
            command: app.command.as_deref(),
            args: app.args.as_deref(),
            env,
            literal: literal.map(|(name, _)| name.clone()).collect(),
            endpoints: app.endpoints_in_order(),
            volumes: &app.volumes,
            files: super::files::of_app(lowering, app),
            cpu: app.cpu.as_ref().map(|it| *it.get_ref()),
            memory: app.memory.as_ref().map(|it| *it.get_ref()),
            security: Security::of_app(lowering, app),
            registry: crate::azure::pull::registry_of(application, app),
            what: What::App(app),
        }
    }

    pub(super) fn of_service(lowering: &mut Writer<'w>, resource: &'w Resource, service: &'w Service) -> Self {
        let env =
            service.env.iter().map(|(name, value)| (name.clone(), lowering.pieces(resource, service, value))).collect();
        let files = service.files.iter().map(|(path, text)| File {
            path: path.clone(),
            content: Text::literal(text),
            mode: None,
            secret: false,
        });
        Self {
            name: &resource.name,
            span: &resource.span,
            object: dns(resource.name.as_str(), names::LABEL),
            component: service.kind,
            image: lowering.plain("the name of an image", &service.image),
            command: service.command.as_deref(),
            args: service.args.as_deref(),
            env,
            literal: Vec::new(),
            endpoints: endpoints_of(service),
            volumes: &service.volumes,
            files: files.collect(),
            cpu: service.cpu.as_ref().map(|it| *it.get_ref()),
            memory: service.memory.as_ref().map(|it| *it.get_ref()),
            security: Security::of_service(lowering, &resource.name, service),
            registry: crate::azure::pull::registry_of_image(lowering.cx.application, &service.image),
            what: What::Service(service),
        }
    }

    /// What its pods are found by; never changes.
    pub(super) fn selector(&self) -> Map {
        Map::new()
            .with("app.kubernetes.io/name", names::label(&self.object))
            .with("app.kubernetes.io/instance", Text::fact(Fact::Release))
    }

    /// What its pods say of themselves.
    pub(super) fn labels(&self, lowering: &Writer<'_>) -> Map {
        self.selector()
            .with("app.kubernetes.io/component", self.component)
            .with("app.kubernetes.io/part-of", names::label(&lowering.cx.application.name))
    }

    /// `metadata` of one of its objects.
    pub(super) fn metadata(&self, lowering: &Writer<'_>, name: &str) -> Map {
        metadata(name, self.labels(lowering))
    }

    /// The ports that its program listens on, each once.
    pub(super) fn target_ports(&self, lowering: &mut Writer<'_>) -> Vec<u16> {
        let mut ports: Vec<u16> =
            self.endpoints.iter().map(|(_, endpoint)| lowering.target_port(self.name, endpoint)).collect();
        ports.sort_unstable();
        ports.dedup();
        ports
    }

    /// How many run at the most.
    pub(super) fn most(&self) -> u32 {
        match self.what {
            What::App(app) => {
                let count = |count: &Option<crate::manifest::Spanned<u32>>| count.as_ref().map(|it| *it.get_ref());
                count(&app.replicas.max).or(count(&app.replicas.min)).unwrap_or(1)
            }
            What::Service(_) => 1,
        }
    }

    pub(super) fn job(&self) -> Option<&'w crate::model::Job> {
        match self.what {
            What::App(app) => app.job.as_ref(),
            What::Service(_) => None,
        }
    }

    /// Names of apps and services that it speaks with.
    pub(super) fn speaks_with(&self) -> Vec<&'w Name> {
        let What::App(app) = self.what else { return Vec::new() };
        let texts = app.files.iter().filter_map(|file| match &file.content {
            FileContent::Text(text) => Some(text),
            FileContent::From(_) => None,
        });
        let words = app.command.iter().chain(&app.args).flatten().chain(app.env.values()).chain(texts);
        let named = words.flat_map(Expression::references).filter_map(|reference| match &reference.target {
            Target::App { name, .. } | Target::Resource { name, .. } => Some(name),
            Target::Parameter(_)
            | Target::Git(_)
            | Target::Shipit(_)
            | Target::Registry { .. }
            | Target::Environment { .. } => None,
        });
        app.references.iter().chain(&app.wait_for).map(|name| name.get_ref()).chain(named).collect()
    }
}

/// `metadata` with what every object says of where it comes from.
pub(super) fn metadata(name: impl Into<Node>, labels: Map) -> Map {
    let labels = labels
        .with("app.kubernetes.io/version", Text::fact(Fact::Version))
        .with("app.kubernetes.io/managed-by", Text::fact(Fact::Service));
    Map::new().with("name", name).with("labels", labels)
}
