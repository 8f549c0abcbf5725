//! The whole application.

use super::{App, Environment, Expression, Name, Parameter, Registry, Resource};
use crate::manifest::{Source, Span, Spanned};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything a manifest declares, with the chosen profile laid over it.
#[derive(Clone, Debug)]
pub struct Application {
    pub name: String,
    pub source: Arc<Source>,
    /// The chosen profile.
    pub profile: Option<Name>,
    /// All profiles that are declared.
    pub profiles: Vec<Name>,
    pub params: BTreeMap<Name, Parameter>,
    pub registries: BTreeMap<Name, Registry>,
    pub environments: BTreeMap<Name, Environment>,
    pub resources: BTreeMap<Name, Resource>,
    pub apps: BTreeMap<Name, App>,
    pub steps: BTreeMap<Name, CustomStep>,
    pub publish: Publish,
}

/// How files are published.
#[derive(Clone, Debug, Default)]
pub struct Publish {
    /// A file of edits, relative to the manifest's folder.
    pub patch: Option<Spanned<String>>,
}

/// A pipeline step of the user's own.
#[derive(Clone, Debug)]
pub struct CustomStep {
    pub name: Name,
    pub span: Span,
    /// Program and arguments; never empty.
    pub run: Vec<Expression>,
    /// Names of steps, bound when the plan is made.
    pub after: Vec<Spanned<String>>,
    pub before: Vec<Spanned<String>>,
    pub env: BTreeMap<String, Expression>,
    /// Relative to the manifest's folder.
    pub working_directory: Option<Spanned<String>>,
    pub description: Option<String>,
}
