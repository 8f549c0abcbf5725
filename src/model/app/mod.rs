//! Workloads of the user's own: [`App`] and what it is made of.

mod access;
mod build;
mod endpoint;
mod health;
mod job;
mod memory;
mod scale;
mod security;
mod storage;
mod workload;

pub use access::{Domain, RoleGrant};
pub use build::{Build, Platform, Pull};
pub use endpoint::{Endpoint, Scheme};
pub use health::{Health, Probe, ProbeCheck};
pub use job::{EventTrigger, Job, JobTrigger};
pub use memory::Memory;
pub use scale::{CustomTrigger, Replicas, Scale, ScaleRule, ScaleTrigger};
pub use security::{Security, SecurityLevel};
pub use storage::{File, FileContent, Volume, VolumeSource};
pub use workload::{App, AppKind};
