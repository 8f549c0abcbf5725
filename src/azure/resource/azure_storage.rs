//! `azure-storage`: storage accounts.

use super::making::{Making, NameRule, default_action, enabled, text};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Value};
use crate::model::Resource;
use crate::model::resource::{AzureStorage, Child};
use serde_json::{Value as Json, json};

pub(super) const NAME: NameRule = NameRule { most: 24, separator: "", is_lower: true };

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, storage: &AzureStorage) -> Result<Vec<Module>, Failure> {
    let mut making = Making::new(cx, &resource.name, &resource.span, &storage.azure, NAME);
    let lists = [
        ("blobs", &storage.containers),
        ("queues", &storage.queues),
        ("tables", &storage.tables),
        ("shares", &storage.shares),
    ];
    let names: Vec<Vec<(&Child, Value)>> =
        lists.iter().map(|(_, list)| list.iter().map(|child| (child, making.lowered(&child.name))).collect()).collect();
    let public = storage.public_network_access;
    let mut data = json!({
        "sku": making.or(storage.sku.as_ref(), "Standard_GRS"),
        "account_kind": making.or(storage.account_kind.as_ref(), "StorageV2"),
        "access_tier": making.or(storage.access_tier.as_ref(), "Hot"),
        "hierarchical_namespace": storage.hierarchical_namespace,
        "shared_key_access": storage.shared_key_access,
        "public_blob_access": storage.public_blob_access,
        "default_action": default_action(public.unwrap_or(true)),
        "public_network_access": enabled(public.unwrap_or(true)),
        "is_public": public.unwrap_or(true),
        "is_replicated": storage.sku.is_none(),
        "versioning": storage.versioning,
        "soft_delete_days": storage.soft_delete_days,
    });
    let symbol = making.symbol();
    let has_blob_settings = storage.versioning || storage.soft_delete_days.is_some();
    for ((list, _), children) in lists.iter().zip(names) {
        let is_there = !children.is_empty() || *list == "blobs" && has_blob_settings;
        let service = if is_there { json!(making.part(list)) } else { Json::Null };
        let children: Vec<Json> = children
            .into_iter()
            .map(|(child, name)| json!({ "symbol": making.part(&child.key), "name": name, "service": service }))
            .collect();
        data[*list] = json!({ "service": service, "list": children });
    }
    Ok(vec![making.finish("azure-storage/module.bicep.hbs", &symbol, data)?])
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    storage: &AzureStorage,
    property: &str,
) -> Option<Lowered> {
    let module = resource.name.as_str();
    let output = match property {
        "connection-string" | "blob-endpoint" => "blobEndpoint",
        "queue-endpoint" => "queueEndpoint",
        "table-endpoint" => "tableEndpoint",
        "file-endpoint" => "fileEndpoint",
        "data-lake-endpoint" => "dataLakeEndpoint",
        "name" | "id" => property,
        _ => return part(builder, resource, storage, property),
    };
    Some(Lowered::plain(builder.output(module, output)))
}

fn part(builder: &mut Builder<'_>, resource: &Resource, storage: &AzureStorage, property: &str) -> Option<Lowered> {
    let (key, property) = property.rsplit_once('.')?;
    let lists = [
        (&storage.containers, "blobEndpoint", ";ContainerName="),
        (&storage.queues, "queueEndpoint", ";QueueName="),
        (&storage.tables, "tableEndpoint", ";TableName="),
        (&storage.shares, "fileEndpoint", ";ShareName="),
    ];
    let (child, output, keyword) =
        lists.into_iter().find_map(|(list, output, keyword)| Some((super::child(list, key)?, output, keyword)))?;
    let name = builder.lower(&child.name).value;
    Some(Lowered::plain(match property {
        "name" => name,
        "uri" => text([builder.output(resource.name.as_str(), output), name]),
        "connection-string" => {
            let endpoint = builder.output(resource.name.as_str(), output);
            text(["Endpoint=".into(), endpoint, keyword.into(), name])
        }
        _ => return None,
    }))
}
