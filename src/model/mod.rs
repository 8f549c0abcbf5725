//! The application: validated, immutable, no I/O.
//!
//! [`Application`] is what the rest of shipit works with: names are unique, references are bound,
//! nothing in it is cyclic. It still says *where* each value was written, for what can only be
//! found out later.
//!
//! [`load()`] makes it of text: `manifest` reads the tree, `lower` declares names, reads each entry
//! into its type of [`written`] and binds the references, `rules` check what must hold between
//! entries. Which kinds there are stands in [`kinds`]; [`schema()`] tells editors the same.

mod age;
mod app;
mod application;
mod azure;
mod azure_registry;
mod bind;
mod cron;
pub mod environment;
mod expression;
mod injected;
pub mod kinds;
mod load;
mod lower;
mod name;
mod parameter;
mod reference;
mod registry;
pub mod resource;
mod rules;
mod schema;
mod scope;
pub mod written;

pub use app::{
    App, AppKind, Build, CustomTrigger, Domain, Endpoint, EventTrigger, File, FileContent, Health, Job, JobTrigger,
    Memory, Platform, Probe, ProbeCheck, Pull, Replicas, RoleGrant, Scale, ScaleRule, ScaleTrigger, Scheme, Security,
    SecurityLevel, Volume, VolumeSource,
};
pub use application::{Application, CustomStep, Publish};
pub use azure::{AzureExisting, AzurePlacement, Subnet};
pub use azure_registry::{
    AzureRegistry, BaseImageTrigger, CommitEvent, ProvisionedRegistry, REGISTRY_ROLES, RegistryCacheCredentials,
    RegistryCacheRule, RegistryCommitTrigger, RegistryEncryption, RegistryNetworkRules, RegistryPrivateEndpoint,
    RegistryPurge, RegistryReplication, RegistryScopeMap, RegistrySku, RegistryTask, RegistryTaskPlatform,
    RegistryTaskRun, RegistryToken, RegistryWebhook, SourceHost,
};
pub use environment::{Environment, EnvironmentKind};
pub use expression::{Expression, Filter, GitProperty, Part, Reference, ShipitProperty, Target};
pub use load::load;
pub use name::{NAME_LIMIT, Name, NameError};
pub use parameter::{Generate, Parameter, ParameterType};
pub use registry::{Credentials, PullCredentials, Registry, RegistryKind};
pub use resource::{Resource, ResourceKind};
pub use schema::schema;
