//! `azure-container-apps`: what is written for Azure Container Apps, and what it cannot do.
//!
//! [`kind`] is the door. An app or a service becomes a [`workload`], which [`check`] looks at before
//! anything is made; [`environment`] makes the environment's modules, [`app`] those of workloads.

mod app;
mod check;
mod container;
mod environment;
mod ingress;
mod kind;
mod names;
mod scale;
mod secrets;
mod volumes;
mod workload;

pub(super) use kind::ContainerApps;
