//! `kubernetes`: what is written for Kubernetes, and what is deployed there.
//!
//! [`release()`] lowers the application to one [`Release`]: objects whose texts say which values they
//! need ([`Input`]). The same objects become a Helm chart, where Helm fills the values in
//! ([`Release::chart`]), plain manifests with a base of Kustomize ([`Release::manifests`]), and what is
//! applied with every value ([`Release::objects`]). Nothing here speaks with a cluster.

mod base;
mod chart;
mod config;
mod controller;
mod files;
mod input;
mod kind;
mod names;
mod network;
mod node;
mod patch;
mod pod;
mod pull;
mod release;
mod security;
mod storage;
mod text;
mod workload;
mod writer;

pub use input::{Input, InputInfo, Replicas};
pub use kind::Kubernetes;
pub use names::settings;
pub use release::{Object, Release, release};
