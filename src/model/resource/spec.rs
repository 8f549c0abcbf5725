//! The table of kinds: what there is to know of each before anything is read.

use super::kind::Azure;
use super::property::Property;
use super::service::Recipe;
use super::{
    ResourceKind, Role, azure_app_insights, azure_cosmos, azure_event_hubs, azure_key_vault, azure_log_analytics,
    azure_openai, azure_postgres, azure_redis, azure_service_bus, azure_sql, azure_storage, azure_virtual_network,
    bicep, connection_string, container, kafka, minio, mongodb, mysql, nats, postgres, rabbitmq, redis, seq, sqlserver,
    valkey,
};
use crate::manifest::Node;
use crate::model::kinds::Kind;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use serde_json::Value;

/// The kinds in the order in which they are listed to people.
pub(in crate::model) const SPECS: &[Spec] = &[
    postgres::SPEC,
    mysql::SPEC,
    sqlserver::SPEC,
    mongodb::SPEC,
    redis::SPEC,
    valkey::SPEC,
    rabbitmq::SPEC,
    nats::SPEC,
    kafka::SPEC,
    minio::SPEC,
    seq::SPEC,
    container::SPEC,
    azure_postgres::SPEC,
    azure_redis::SPEC,
    azure_storage::SPEC,
    azure_key_vault::SPEC,
    azure_service_bus::SPEC,
    azure_event_hubs::SPEC,
    azure_cosmos::SPEC,
    azure_sql::SPEC,
    azure_app_insights::SPEC,
    azure_log_analytics::SPEC,
    azure_virtual_network::SPEC,
    azure_openai::SPEC,
    bicep::SPEC,
    connection_string::SPEC,
];

/// The same kinds, for the reader and the schema.
pub(in crate::model) const KINDS: &[Kind] = &{
    let mut kinds = [const { SPECS[0].kind() }; SPECS.len()];
    let mut index = 0;
    while index < SPECS.len() {
        kinds[index] = SPECS[index].kind();
        index += 1;
    }
    kinds
};

/// One kind.
#[derive(Debug)]
pub(in crate::model) struct Spec {
    pub(in crate::model) name: &'static str,
    pub(in crate::model) about: &'static str,
    pub(in crate::model) keys: &'static [&'static str],
    pub(in crate::model) required: &'static [&'static str],
    pub(in crate::model) schema: fn() -> Value,
    pub(super) lower: fn(&mut Cx<'_>, Entry<'_>) -> Option<ResourceKind>,
    /// What references may name, of an entry as it is written.
    pub(in crate::model) properties: fn(&Item<'_>) -> Vec<Property>,
    /// All roles, those first that apps get by default.
    pub(super) roles: &'static [Role],
    pub(super) default_roles: usize,
    /// What a service in a container is.
    pub(in crate::model) recipe: Option<&'static Recipe>,
}

/// An entry as its kind sees it.
pub(super) struct Entry<'e> {
    pub(super) item: &'e Item<'e>,
    /// Without the keys that all kinds have.
    pub(super) node: &'e Node,
    pub(super) azure: Azure,
}

impl Spec {
    const fn kind(&self) -> Kind {
        crate::model::kinds::kind(self.name, self.about, self.keys, self.required)
    }

    pub(super) fn default_roles(&self) -> impl Iterator<Item = &'static Role> + use<> {
        self.roles.iter().take(self.default_roles)
    }
}

pub(in crate::model) fn find(name: &str) -> Option<&'static Spec> {
    SPECS.iter().find(|spec| spec.name == name)
}
