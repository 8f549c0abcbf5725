//! What all environments in Azure have in common.

use crate::manifest::Span;
use crate::model::Expression;
use std::collections::BTreeMap;

/// Where in Azure something is.
#[derive(Clone, Debug, Default)]
pub struct AzurePlacement {
    /// Default: the resource group's.
    pub location: Option<Expression>,
    /// Default: the application's.
    pub resource_group: Option<Expression>,
    /// Default: the one that is deployed to.
    pub subscription: Option<Expression>,
    /// It exists already and is not provisioned.
    pub existing: Option<Existing>,
    pub tags: BTreeMap<String, Expression>,
    /// An identity that may pull from the registry already; default: one of the environment's own.
    pub pull_identity: Option<Existing>,
}

/// Something that exists already in Azure.
#[derive(Clone, Debug)]
pub struct Existing {
    /// Where the whole of it stands.
    pub span: Span,
    pub name: Expression,
    /// Default: the application's.
    pub resource_group: Option<Expression>,
    /// Default: the one that is deployed to.
    pub subscription: Option<Expression>,
}
