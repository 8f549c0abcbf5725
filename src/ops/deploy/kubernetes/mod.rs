//! Deploying to Kubernetes: `check-cluster-<environment>`, `prepare-<environment>`, then
//! `helm-upgrade-<environment>` or `apply-<environment>`; `helm-uninstall-<environment>` or
//! `delete-<environment>`.
//!
//! An environment with the format `helm` is installed by `helm` where that is there, and stays with
//! whoever installed it first: what was applied through the API is not taken over by Helm, nor the
//! other way round.

mod cluster;
mod down;
mod helm;
mod place;
mod prepare;
mod up;

pub(in crate::ops) use cluster::check_cluster;
pub(in crate::ops) use down::down;
pub use place::ClusterRequest;
pub(super) use place::Place;
pub(in crate::ops) use prepare::Release;
pub(super) use prepare::{check, prepare};
pub(in crate::ops) use up::up;
