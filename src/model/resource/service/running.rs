//! A service as it is to run.

use super::Readiness;
use crate::manifest::Spanned;
use crate::model::resource::Child;
use crate::model::{Endpoint, Expression, Health, Memory, Security, Volume};
use std::collections::BTreeMap;

/// A piece of a text of a service.
#[derive(Clone, Debug, PartialEq)]
pub enum ValuePiece {
    Text(String),
    /// Name by which apps of the same environment reach it.
    Host,
    /// Of its first endpoint, as they see it.
    Port,
    Value(Expression),
    /// Percent-encoded.
    UriEncoded(Expression),
}

/// A service in a container.
#[derive(Clone, Debug)]
pub struct Service {
    /// Its kind as a manifest calls it.
    pub kind: &'static str,
    pub image: Expression,
    pub command: Option<Vec<Expression>>,
    pub args: Option<Vec<Expression>>,
    /// The kind's own, then the manifest's; one of the manifest replaces one of the kind.
    pub env: BTreeMap<String, Vec<ValuePiece>>,
    /// The one that [`ValuePiece::Port`] means comes first.
    pub endpoints: Vec<ServiceEndpoint>,
    pub username: Option<Expression>,
    pub password: Option<Expression>,
    pub databases: Vec<Child>,
    pub volumes: Vec<Volume>,
    /// Folder of its data, where its kind says so.
    pub data: Option<&'static str>,
    /// What its processes may do; default: the environment's.
    pub security: Option<Security>,
    /// Files that it runs on its first start, by their path in the container.
    pub files: BTreeMap<String, String>,
    pub health: Health,
    /// Where no probe is written.
    pub readiness: Readiness,
    pub cpu: Option<Spanned<f64>>,
    pub memory: Option<Spanned<Memory>>,
    /// The texts that reach it, by property; those of a database as `<key>.<property>`.
    pub texts: BTreeMap<String, Vec<ValuePiece>>,
}

/// A port that a service listens on.
#[derive(Clone, Debug)]
pub struct ServiceEndpoint {
    pub name: String,
    pub endpoint: Endpoint,
}
