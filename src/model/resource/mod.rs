//! Backing services: `resources.<name>`. One file for each kind says which keys it has, how they are
//! read, which properties references may name, which variables an app that refers to it is given, and
//! which roles such an app gets.
//!
//! `spec` lists the kinds, `lower` does what all have in common, `parts` reads what several of
//! them have: names, choices, numbers, firewalls. `service` is what all services in containers are.

mod azure_app_insights;
mod azure_cosmos;
mod azure_event_hubs;
mod azure_key_vault;
mod azure_log_analytics;
mod azure_openai;
mod azure_postgres;
mod azure_redis;
mod azure_service_bus;
mod azure_sql;
mod azure_storage;
mod azure_virtual_network;
mod bicep;
mod connection_string;
mod container;
mod kafka;
mod kind;
mod lower;
mod minio;
mod mongodb;
mod mysql;
mod nats;
mod network;
mod parts;
mod passwords;
mod postgres;
mod property;
mod rabbitmq;
mod redis;
mod role;
mod seq;
mod service;
pub(super) mod spec;
mod sqlserver;
mod valkey;
pub mod written;

pub use azure_app_insights::AzureAppInsights;
pub use azure_cosmos::{AzureCosmos, CosmosContainer, CosmosDatabase};
pub use azure_event_hubs::{AzureEventHubs, EventHub};
pub use azure_key_vault::{AzureKeyVault, VaultSecret};
pub use azure_log_analytics::AzureLogAnalytics;
pub use azure_openai::{AzureOpenAi, ModelDeployment};
pub use azure_postgres::{AzurePostgres, HighAvailability, PasswordAuthentication};
pub use azure_redis::AzureRedis;
pub use azure_service_bus::{AzureServiceBus, Queue, QueueOptions, Subscription, Topic};
pub use azure_sql::{AzureSql, SqlAdministrator, SqlDatabase};
pub use azure_storage::AzureStorage;
pub use azure_virtual_network::{AzureVirtualNetwork, NetworkSubnet};
pub use bicep::Bicep;
pub use connection_string::ConnectionString;
pub use kind::{Azure, Resource, ResourceKind};
pub use parts::{Child, FirewallRule};
pub use property::Property;
pub use role::Role;
pub use service::{Database, Piece, PieceValue, Readiness, Recipe, Service, ServiceEndpoint, ValuePiece};

pub(super) use lower::lower;
pub(super) use passwords::{declare as declare_passwords, settle as settle_passwords};
