//! Where something is in Azure: what everything that is provisioned there, or is there already, has.

use super::{Expression, Name};
use crate::manifest::Spanned;

/// Where something is put; what is not said is the application's.
#[derive(Clone, Debug, Default)]
pub struct AzurePlacement {
    /// E.g. `westeurope`.
    pub location: Option<Expression>,
    pub resource_group: Option<Expression>,
    /// A GUID.
    pub subscription: Option<Expression>,
}

/// Something that exists already: it is looked up and never changed.
#[derive(Clone, Debug)]
pub struct AzureExisting {
    /// Its name in Azure.
    pub name: Expression,
    /// `None`: the application's.
    pub resource_group: Option<Expression>,
    /// `None`: the application's.
    pub subscription: Option<Expression>,
}

/// A subnet that something is put into.
#[derive(Clone, Debug)]
pub enum Subnet {
    /// Of a resource of kind `azure-virtual-network`, by its name there.
    Declared { network: Spanned<Name>, subnet: Spanned<String> },
    /// Its resource id.
    Id(Expression),
}
