//! `azure-service-bus`: namespaces with queues, topics and subscriptions.

use super::making::{Making, NameRule, enabled, text};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Value};
use crate::model::Resource;
use crate::model::resource::{AzureServiceBus, QueueOptions};
use serde_json::{Value as Json, json};

pub(super) const NAME: NameRule = NameRule { most: 50, separator: "-", is_lower: false };

/// A part of a namespace while its module is made.
struct Entity<'m> {
    /// Of the manifest, with that of its topic before it.
    key: String,
    name: Value,
    properties: Value,
    kind: Kind<'m>,
}

enum Kind<'m> {
    Queue,
    Topic,
    /// Of the topic with this key.
    Subscription(&'m str),
}

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, bus: &AzureServiceBus) -> Result<Vec<Module>, Failure> {
    let mut making = Making::new(cx, &resource.name, &resource.span, &bus.azure, NAME);
    let mut entities = Vec::new();
    for queue in &bus.queues {
        let name = segment(making.lowered(&queue.queue.name));
        let properties = properties(&mut making, &queue.options);
        entities.push(Entity { key: queue.queue.key.clone(), name, properties, kind: Kind::Queue });
    }
    for topic in &bus.topics {
        let name = segment(making.lowered(&topic.topic.name));
        let properties = self::properties(&mut making, &topic.options);
        entities.push(Entity { key: topic.topic.key.clone(), name, properties, kind: Kind::Topic });
        for subscription in &topic.subscriptions {
            let name = making.lowered(&subscription.subscription.name);
            let properties = self::properties(&mut making, &subscription.options);
            let key = format!("{}_{}", topic.topic.key, subscription.subscription.key);
            entities.push(Entity { key, name, properties, kind: Kind::Subscription(&topic.topic.key) });
        }
    }
    let sku = making.or(bus.sku.as_ref(), "Standard");
    let mut data = json!({
        "sku": sku,
        "capacity": bus.capacity,
        "disable_local_auth": !bus.local_auth,
        "is_public": bus.public_network_access,
        "local_auth": bus.local_auth,
        "public_network_access": enabled(bus.public_network_access),
        "is_premium": sku.as_literal() == Some("Premium"),
    });
    let symbol = making.symbol();
    let mut topics: Vec<(String, String)> = Vec::new();
    let mut list: Vec<Json> = Vec::new();
    for Entity { key, name, properties, kind } in entities {
        let own = making.part(&key);
        let (parent, path) = match kind {
            Kind::Queue => (symbol.clone(), "queues"),
            Kind::Topic => {
                topics.push((key, own.clone()));
                (symbol.clone(), "topics")
            }
            Kind::Subscription(topic) => {
                let found = topics.iter().find(|(key, _)| key == topic).map(|(_, symbol)| symbol.clone());
                (found.unwrap_or_default(), "topics/subscriptions")
            }
        };
        let kind = format!("Microsoft.ServiceBus/namespaces/{path}@2024-01-01");
        let has_properties = !matches!(&properties, Value::Object(entries) if entries.is_empty());
        list.push(json!({
            "symbol": own, "type": kind, "name": name, "parent": parent, "properties": properties,
            "has_properties": has_properties,
        }));
    }
    data["entities"] = json!(list);
    Ok(vec![making.finish("azure-service-bus/module.bicep.hbs", &symbol, data)?])
}

/// The name of a queue or topic in a template: `~` stands for `/`, which would be a part's.
fn segment(name: Value) -> Value {
    match name.as_literal() {
        Some(literal) => Value::from(literal.replace('/', "~")),
        None => name,
    }
}

/// What is said of a queue, a topic or a subscription, in Azure's words.
fn properties(making: &mut Making<'_>, options: &QueueOptions) -> Value {
    let QueueOptions {
        lock_duration,
        max_delivery_count,
        dead_letter_expired,
        time_to_live,
        max_size_mb,
        requires_session,
        duplicate_window,
        forward_to,
        forward_dead_letters_to,
        partitioning,
    } = options;
    let detects = duplicate_window.as_ref().map(|_| Value::from(true));
    let entries = [
        ("deadLetteringOnMessageExpiration", dead_letter_expired.map(Value::from)),
        ("defaultMessageTimeToLive", time_to_live.as_ref().map(|it| making.lowered(it))),
        ("duplicateDetectionHistoryTimeWindow", duplicate_window.as_ref().map(|it| making.lowered(it))),
        ("enablePartitioning", partitioning.map(Value::from)),
        ("forwardDeadLetteredMessagesTo", forward_dead_letters_to.as_ref().map(|it| making.lowered(it))),
        ("forwardTo", forward_to.as_ref().map(|it| making.lowered(it))),
        ("lockDuration", lock_duration.as_ref().map(|it| making.lowered(it))),
        ("maxDeliveryCount", max_delivery_count.map(Value::from)),
        ("maxSizeInMegabytes", max_size_mb.map(Value::from)),
        ("requiresDuplicateDetection", detects),
        ("requiresSession", requires_session.map(Value::from)),
    ];
    Value::object(entries.into_iter().filter_map(|(name, value)| Some((name, value?))))
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    bus: &AzureServiceBus,
    property: &str,
) -> Option<Lowered> {
    let module = resource.name.as_str();
    let output = match property {
        "host" => "serviceBusHostName",
        "connection-string" | "uri" | "endpoint" => "serviceBusEndpoint",
        "name" | "id" => property,
        _ => return part(builder, resource, bus, property),
    };
    Some(Lowered::plain(builder.output(module, output)))
}

fn part(builder: &mut Builder<'_>, resource: &Resource, bus: &AzureServiceBus, property: &str) -> Option<Lowered> {
    let (path, property) = property.rsplit_once('.')?;
    let (name, whole) = if let Some((topic, subscription)) = path.split_once('.') {
        let topic = bus.topics.iter().find(|it| it.topic.key == topic)?;
        let found = topic.subscriptions.iter().find(|it| it.subscription.key == subscription)?;
        let name = builder.lower(&found.subscription.name).value;
        let topic = builder.lower(&topic.topic.name).value;
        (name.clone(), text([topic, "/Subscriptions/".into(), name]))
    } else {
        let queue = bus.queues.iter().map(|queue| &queue.queue).find(|child| child.key == path);
        let child = queue.or_else(|| bus.topics.iter().map(|topic| &topic.topic).find(|child| child.key == path))?;
        let name = builder.lower(&child.name).value;
        (name.clone(), name)
    };
    match property {
        "name" => Some(Lowered::plain(name)),
        "connection-string" => {
            let endpoint = builder.output(resource.name.as_str(), "serviceBusEndpoint");
            Some(Lowered::plain(text(["Endpoint=".into(), endpoint, ";EntityPath=".into(), whole])))
        }
        _ => None,
    }
}
