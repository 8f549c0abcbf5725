//! `registries.<name>` of kind `azure`: every key bound and checked, against each other and against
//! the tier.

mod access;
mod cache;
mod network;
mod part;
mod registry;
mod replication;
mod tasks;
mod tiers;
mod trigger;
mod webhooks;

pub(super) use registry::lower;
