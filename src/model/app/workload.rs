//! An app: what is built or taken, where it runs and what it is given.

use super::{Build, Domain, Endpoint, File, Health, Job, Memory, Replicas, RoleGrant, Scale, Security, Volume};
use crate::manifest::{Span, Spanned};
use crate::model::{AzureExisting, Expression, Name, Part};
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub struct App {
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    pub kind: AppKind,
    /// Where its images go; bound to what is declared, defaults applied. Empty for an app whose
    /// image is not pushed.
    pub registries: Vec<Spanned<Name>>,
    /// Where it runs; the only one that is declared where it names none. Empty when none is declared.
    pub environments: Vec<Spanned<Name>>,
    /// Last part of the repository's path; default: the app's name.
    pub image_name: Option<Expression>,
    /// Never empty: default `latest`.
    pub tags: Vec<Expression>,
    pub command: Option<Vec<Expression>>,
    pub args: Option<Vec<Expression>>,
    pub env: BTreeMap<String, Expression>,
    /// By name; [`App::endpoints_in_order`] has them as they are written.
    pub endpoints: BTreeMap<String, Endpoint>,
    /// Names of apps and resources that it is given the addresses of.
    pub references: Vec<Spanned<Name>>,
    pub wait_for: Vec<Spanned<Name>>,
    pub health: Health,
    pub replicas: Replicas,
    pub scale: Option<Scale>,
    /// Processors of one replica.
    pub cpu: Option<Spanned<f64>>,
    /// Memory of one replica.
    pub memory: Option<Spanned<Memory>>,
    /// Runs to its end instead of serving.
    pub job: Option<Job>,
    pub volumes: Vec<Volume>,
    pub files: Vec<File>,
    /// What its identity may do, in place of the defaults of what it refers to.
    pub roles: Vec<RoleGrant>,
    /// A user-assigned identity that exists already, in place of one of its own.
    pub identity: Option<Spanned<AzureExisting>>,
    pub domains: Vec<Domain>,
    /// A workload profile of its environment.
    pub workload_profile: Option<Spanned<String>>,
    /// What its processes may do; default: the environment's.
    pub security: Option<Security>,
}

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every app is built, and there is one for each app")]
pub enum AppKind {
    Dockerfile(Build),
    /// An image that exists already; copied into the registries when `mirror` is set.
    Image {
        image: Expression,
        mirror: bool,
    },
}

impl App {
    /// An app that says no more than what it is.
    pub fn new(name: Name, span: Span, kind: AppKind) -> Self {
        let latest = Expression { parts: vec![Part::Literal("latest".to_owned())], span: span.clone() };
        Self {
            name,
            span,
            kind,
            registries: Vec::new(),
            environments: Vec::new(),
            image_name: None,
            tags: vec![latest],
            command: None,
            args: None,
            env: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            references: Vec::new(),
            wait_for: Vec::new(),
            health: Health::default(),
            replicas: Replicas::default(),
            scale: None,
            cpu: None,
            memory: None,
            job: None,
            volumes: Vec::new(),
            files: Vec::new(),
            roles: Vec::new(),
            identity: None,
            domains: Vec::new(),
            workload_profile: None,
            security: None,
        }
    }

    /// Whether its image is pushed: it is built, or copied from elsewhere.
    pub fn is_pushed(&self) -> bool {
        match &self.kind {
            AppKind::Dockerfile(_) => true,
            AppKind::Image { mirror, .. } => *mirror,
        }
    }

    /// Its endpoints in the order of the manifest: the first is what it mainly serves.
    pub fn endpoints_in_order(&self) -> Vec<(&str, &Endpoint)> {
        Endpoint::in_order(&self.endpoints)
    }
}
