//! What all environments in Azure have in common.

use crate::manifest::Spanned;
use crate::model::{AzureExisting, AzurePlacement, Expression};
use std::collections::BTreeMap;

/// What every environment in Azure may say.
#[derive(Clone, Debug, Default)]
pub struct AzureSettings {
    pub placement: AzurePlacement,
    /// It exists already and is not provisioned.
    pub existing: Option<Spanned<AzureExisting>>,
    pub tags: BTreeMap<String, Expression>,
    /// An identity that may pull from the registry already; default: one of the environment's own.
    pub pull_identity: Option<Spanned<AzureExisting>>,
}
