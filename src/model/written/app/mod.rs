//! `apps.<name>` and what is below it.

mod access;
mod endpoint;
mod health;
mod job;
mod scale;
mod storage;
mod workload;

pub use access::{Domain, DomainTable, Domains, Security, SecurityLevel, SecurityTable};
pub use endpoint::Endpoint;
pub use health::{Health, Probe, ProbeScheme};
pub use job::{Job, JobEvent, JobTable, JobWord};
pub use scale::{HttpScale, LoadScale, QueueScale, QueueScales, Replicas, Scale, ScaleRule, TcpScale};
pub use storage::{File, Volume, VolumeTable};
pub use workload::{App, FilesFrom, Pull, PullWord};
