//! What runs in a container: an app of the manifest or a service, as one type.

use super::names;
use crate::azure::resource;
use crate::environment;
use crate::manifest::{Span, Spanned};
use crate::model::resource::{Readiness, Service, ValuePiece};
use crate::model::{
    App, AppKind, Application, Domain, Endpoint, Environment, Expression, File, FileContent, Health, Job, Memory, Name,
    Part, Probe, ProbeCheck, Replicas, Resource, ResourceKind, Scale, Scheme, Volume, VolumeSource,
};
use crate::render::bicep;
use std::collections::BTreeMap;

/// An app or a service.
#[derive(Debug)]
pub(super) struct Workload<'a> {
    pub(super) name: &'a Name,
    /// Where its name stands.
    pub(super) span: &'a Span,
    /// `None` for a service.
    pub(super) app: Option<&'a App>,
    /// `None` for an app.
    pub(super) service: Option<&'a Resource>,
    pub(super) image: Image<'a>,
    pub(super) command: Option<&'a [Expression]>,
    pub(super) args: Option<&'a [Expression]>,
    pub(super) env: BTreeMap<String, EnvValue<'a>>,
    /// In the order of the manifest.
    pub(super) endpoints: Vec<(&'a str, &'a Endpoint)>,
    pub(super) health: &'a Health,
    pub(super) replicas: Replicas,
    pub(super) scale: Option<&'a Scale>,
    pub(super) cpu: Option<&'a Spanned<f64>>,
    pub(super) memory: Option<&'a Spanned<Memory>>,
    pub(super) job: Option<&'a Job>,
    pub(super) volumes: Vec<Volume>,
    pub(super) files: Vec<File>,
    pub(super) domains: &'a [Domain],
    pub(super) workload_profile: Option<&'a Spanned<String>>,
}

/// Where its image comes from.
#[derive(Debug)]
pub(super) enum Image<'a> {
    /// It is pushed before the app is deployed.
    Pushed,
    /// It exists already.
    Given(&'a Expression),
}

/// The value of a variable.
#[derive(Debug)]
pub(super) enum EnvValue<'a> {
    Text(Expression),
    /// Of a service, which speaks of itself.
    Pieces(&'a [ValuePiece]),
}

/// A volume that outlives a replica.
#[derive(Debug)]
pub(super) struct Kept<'w> {
    pub(super) volume: &'w Volume,
    /// Among the volumes of its kind: `v0`, `bm1`.
    pub(super) name: String,
    /// The output of the environment's module that says what it is called there.
    pub(super) output: String,
}

/// Everything that runs in an environment, apps first, each in the order of their names.
pub(super) fn all<'a>(application: &'a Application, environment: &Environment) -> Vec<Workload<'a>> {
    let apps = environment::apps(application, &environment.name).map(|app| Workload::of_app(application, app));
    let services = application
        .resources
        .values()
        .filter(|service| resource::environments(application, service).contains(&&environment.name))
        .filter_map(Workload::of_service);
    apps.chain(services).collect()
}

impl<'a> Workload<'a> {
    pub(super) fn of_app(application: &Application, app: &'a App) -> Self {
        let variables = application.variables(app);
        Self {
            name: &app.name,
            span: &app.span,
            app: Some(app),
            service: None,
            image: match &app.kind {
                AppKind::Image { image, mirror: false } => Image::Given(image),
                AppKind::Image { mirror: true, .. } | AppKind::Dockerfile(_) => Image::Pushed,
            },
            command: app.command.as_deref(),
            args: app.args.as_deref(),
            env: variables.into_iter().map(|(name, value)| (name, EnvValue::Text(value))).collect(),
            endpoints: app.endpoints_in_order(),
            health: &app.health,
            replicas: app.replicas.clone(),
            scale: app.scale.as_ref(),
            cpu: app.cpu.as_ref(),
            memory: app.memory.as_ref(),
            job: app.job.as_ref(),
            volumes: app.volumes.clone(),
            files: app.files.clone(),
            domains: &app.domains,
            workload_profile: app.workload_profile.as_ref(),
        }
    }

    /// `None` for a resource that is no service in a container.
    pub(super) fn of_service(resource: &'a Resource) -> Option<Self> {
        let ResourceKind::Service(service) = &resource.kind else { return None };
        let service: &Service = service;
        let at = |text: &str| Spanned::new(resource.span.clone(), text.to_owned());
        let files = service.files.iter().map(|(path, text)| {
            let parts = vec![Part::Literal(text.clone())];
            File {
                span: resource.span.clone(),
                path: at(path),
                content: FileContent::Text(Expression { parts, span: resource.span.clone() }),
                mode: None,
                secret: false,
            }
        });
        Some(Self {
            name: &resource.name,
            span: &resource.span,
            app: None,
            service: Some(resource),
            image: Image::Given(&service.image),
            command: service.command.as_deref(),
            args: service.args.as_deref(),
            env: service.env.iter().map(|(name, pieces)| (name.clone(), EnvValue::Pieces(pieces))).collect(),
            endpoints: service.endpoints.iter().map(|it| (it.name.as_str(), &it.endpoint)).collect(),
            health: &service.health,
            replicas: Replicas::default(),
            scale: None,
            cpu: service.cpu.as_ref(),
            memory: service.memory.as_ref(),
            job: None,
            volumes: service.volumes.clone(),
            files: files.collect(),
            domains: &[],
            workload_profile: None,
        })
    }

    /// How one sees that a service answers, where the manifest does not say.
    pub(super) fn readiness(&self) -> Option<Probe> {
        let resource = self.service?;
        let ResourceKind::Service(service) = &resource.kind else { return None };
        let at = |port| Spanned::new(resource.span.clone(), port);
        let (check, port) = match service.readiness {
            Readiness::Http(port, path) => {
                let path = Some(Spanned::new(resource.span.clone(), path.to_owned()));
                (ProbeCheck::Http { path, https: false }, Some(at(port)))
            }
            Readiness::Tcp => {
                let first = &service.endpoints.first()?.endpoint;
                if *first.scheme.get_ref() == Scheme::Udp {
                    return None;
                }
                (ProbeCheck::Tcp, first.target_port.clone())
            }
        };
        Some(Probe {
            span: resource.span.clone(),
            check,
            command: None,
            port: Some(port?),
            initial_delay: None,
            period: None,
            timeout: None,
            failure_threshold: None,
            success_threshold: None,
        })
    }

    /// What it is called in Azure.
    pub(super) fn name(&self) -> String {
        names::app(self.name)
    }

    /// The volumes that outlive a replica.
    pub(super) fn kept_volumes(&self) -> Vec<Kept<'_>> {
        let symbol = bicep::identifier(self.name.as_str());
        let (mut named, mut folders) = (0, 0);
        let count = |number: &mut usize| {
            *number += 1;
            *number - 1
        };
        self.volumes
            .iter()
            .filter_map(|volume| {
                let (short, list, number) = match volume.source {
                    VolumeSource::Named(_) => ("v", "volumes", count(&mut named)),
                    VolumeSource::Folder(_) => ("bm", "bindmounts", count(&mut folders)),
                    VolumeSource::Temporary => return None,
                };
                let (name, output) = (format!("{short}{number}"), format!("{list}_{symbol}_{number}"));
                Some(Kept { volume, name, output })
            })
            .collect()
    }
}
