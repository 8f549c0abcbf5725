//! A Kubernetes cluster: objects are applied, awaited and taken away through its API.
//!
//! Knows objects as JSON and releases as names; knows nothing of the manifest. Every object of a
//! release is in its inventory ([`Inventory`]), a ConfigMap beside it, so that what a release no longer
//! has can be taken away, and nothing else is.
//!
//! Fields are owned by the manager [`MANAGER`] of server-side apply
//! (<https://kubernetes.io/docs/reference/using-api/server-side-apply/>).

mod address;
mod apply;
mod catalogue;
mod connection;
mod error;
mod explain;
mod inventory;
mod kubeconfig;
mod object;
mod pod;
mod remove;
mod settle;
mod workload;

pub use address::Address;
pub use apply::{Applied, Applying};
pub use connection::Cluster;
pub use error::Error;
pub use explain::Trouble;
pub use inventory::Inventory;
pub use kubeconfig::{Context, Selection, select};
pub use object::{Object, ObjectRef};
pub use remove::Removed;
pub use settle::{Patience, SettleError};

/// Who owns the fields that are applied.
pub const MANAGER: &str = "shipit";
