//! `azure-service-bus`: a namespace with queues, topics and their subscriptions.

use super::kind::Azure;
use super::parts::{self, NameRule};
use super::property::{Properties, Property, keys};
use super::spec::{Entry, Spec};
use super::written::Parts;
use super::{Child, ResourceKind, Role};
use crate::manifest::Spanned;
use crate::model::Expression;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::written::Int;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-service-bus",
    about: "Azure Service Bus",
    keys: &[
        "name",
        "existing",
        "location",
        "tags",
        "roles",
        "sku",
        "capacity",
        "queues",
        "topics",
        "local-auth",
        "public-network-access",
    ],
    required: &[],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: ROLES,
    default_roles: 1,
    recipe: None,
};

const ROLES: &[Role] = &[
    Role { name: "Azure Service Bus Data Owner", id: "090c5cfd-751d-490a-894a-3ce6f1109419" },
    Role { name: "Azure Service Bus Data Receiver", id: "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0" },
    Role { name: "Azure Service Bus Data Sender", id: "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39" },
];

const SKUS: &[&str] = &["Basic", "Standard", "Premium"];

/// "Naming rules and restrictions for Azure resources", Microsoft Learn.
const QUEUE: NameRule = NameRule {
    noun: "a queue",
    least: 1,
    most: 260,
    fits: is_entity,
    help: "use 1 to 260 ASCII letters, digits, `.`, `-`, `_` and `/`, starting and ending with a letter or digit",
};
const TOPIC: NameRule = NameRule { noun: "a topic", ..QUEUE };
const SUBSCRIPTION: NameRule = NameRule {
    noun: "a subscription",
    most: 50,
    fits: is_single,
    help: "use 1 to 50 ASCII letters, digits, `.`, `-` and `_`, starting and ending with a letter or digit",
    ..QUEUE
};

pub(super) fn is_entity(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'))
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// The same without `/`.
pub(super) fn is_single(name: &str) -> bool {
    is_entity(name) && !name.contains('/')
}

/// A namespace of Service Bus.
#[derive(Clone, Debug)]
pub struct AzureServiceBus {
    pub azure: Azure,
    /// Default: `Standard`.
    pub sku: Option<Expression>,
    /// Messaging units of the tier premium.
    pub capacity: Option<i64>,
    pub queues: Vec<Queue>,
    pub topics: Vec<Topic>,
    /// Access by key beside Entra.
    pub local_auth: bool,
    pub public_network_access: bool,
}

/// A queue.
#[derive(Clone, Debug)]
pub struct Queue {
    pub queue: Child,
    pub options: QueueOptions,
}

/// A topic.
#[derive(Clone, Debug)]
pub struct Topic {
    pub topic: Child,
    pub options: QueueOptions,
    pub subscriptions: Vec<Subscription>,
}

/// A subscription of a topic.
#[derive(Clone, Debug)]
pub struct Subscription {
    pub subscription: Child,
    pub options: QueueOptions,
}

/// What may be said of a queue; a topic and a subscription have some of it. Durations are of ISO 8601.
#[derive(Clone, Debug, Default)]
pub struct QueueOptions {
    pub lock_duration: Option<Expression>,
    pub max_delivery_count: Option<i64>,
    pub dead_letter_expired: Option<bool>,
    pub time_to_live: Option<Expression>,
    pub max_size_mb: Option<i64>,
    pub requires_session: Option<bool>,
    /// Messages of the same id within this time are one.
    pub duplicate_window: Option<Expression>,
    pub forward_to: Option<Expression>,
    pub forward_dead_letters_to: Option<Expression>,
    pub partitioning: Option<bool>,
}

/// Azure Service Bus.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// `basic`, `standard` (the default) or `premium`.
    sku: Option<Spanned<String>>,
    /// Messaging units of the tier premium: 1, 2, 4, 8 or 16.
    capacity: Option<Spanned<Int<1, 16>>>,
    /// Queues: names, or keys with options.
    queues: Option<Parts<WrittenQueue>>,
    /// Topics: names, or keys with options.
    topics: Option<Parts<WrittenTopic>>,
    /// Access by key beside Entra identities. Default: no.
    local_auth: Option<bool>,
    /// Whether it answers on the public network. Default: yes.
    public_network_access: Option<Spanned<bool>>,
}

/// A queue.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenQueue {
    /// Name in Azure. Default: the key.
    name: Option<Spanned<String>>,
    /// How long a message is locked for its receiver, for example `PT1M`.
    lock_duration: Option<Spanned<String>>,
    /// How often a message is delivered before it is a dead letter.
    max_delivery_count: Option<Spanned<Int<1, 2000>>>,
    /// Whether messages whose time is over become dead letters.
    dead_letter_expired: Option<bool>,
    /// How long messages live, for example `P14D`.
    time_to_live: Option<Spanned<String>>,
    /// Size in MiB: 1024, 2048, 3072, 4096 or 5120; more in the tier premium.
    max_size_mb: Option<Spanned<Int<1024, 81920>>>,
    /// Whether messages belong to sessions.
    requires_session: Option<bool>,
    /// Time within which messages of the same id are one, for example `PT10M`.
    duplicate_window: Option<Spanned<String>>,
    /// Queue or topic that messages are passed on to.
    forward_to: Option<Spanned<String>>,
    /// Queue or topic that dead letters are passed on to.
    forward_dead_letters_to: Option<Spanned<String>>,
    /// Whether it is spread over several brokers.
    partitioning: Option<bool>,
}

/// A topic.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenTopic {
    /// Name in Azure. Default: the key.
    name: Option<Spanned<String>>,
    /// Subscriptions: names, or keys with options.
    subscriptions: Option<Parts<WrittenSubscription>>,
    /// How long messages live, for example `P14D`.
    time_to_live: Option<Spanned<String>>,
    /// Size in MiB: 1024, 2048, 3072, 4096 or 5120; more in the tier premium.
    max_size_mb: Option<Spanned<Int<1024, 81920>>>,
    /// Time within which messages of the same id are one, for example `PT10M`.
    duplicate_window: Option<Spanned<String>>,
    /// Whether it is spread over several brokers.
    partitioning: Option<bool>,
}

/// A subscription of a topic.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenSubscription {
    /// Name in Azure. Default: the key.
    name: Option<Spanned<String>>,
    /// How long a message is locked for its receiver, for example `PT1M`.
    lock_duration: Option<Spanned<String>>,
    /// How often a message is delivered before it is a dead letter.
    max_delivery_count: Option<Spanned<Int<1, 2000>>>,
    /// Whether messages whose time is over become dead letters.
    dead_letter_expired: Option<bool>,
    /// How long messages live, for example `P14D`.
    time_to_live: Option<Spanned<String>>,
    /// Whether messages belong to sessions.
    requires_session: Option<bool>,
    /// Queue or topic that messages are passed on to.
    forward_to: Option<Spanned<String>>,
    /// Queue or topic that dead letters are passed on to.
    forward_dead_letters_to: Option<Spanned<String>>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let mut properties = Properties::of(item.name.as_str());
    properties.own(
        false,
        &[("connection-string", "*"), ("host", "HOST"), ("uri", "URI"), ("endpoint", ""), ("name", ""), ("id", "")],
    );
    for key in keys(item.node, "queues") {
        properties.part(key, false, &[("connection-string", "*"), ("name", "QUEUENAME")]);
    }
    for key in keys(item.node, "topics") {
        properties.part(key, false, &[("connection-string", "*"), ("name", "TOPICNAME")]);
        let topic = item.node.get("topics").and_then(|topics| topics.get(key));
        for subscription in topic.map(|topic| keys(topic, "subscriptions")).unwrap_or_default() {
            let path = format!("{key}.{subscription}");
            let given = &[("connection-string", "*"), ("name", "SUBSCRIPTIONNAME")];
            properties.prefixed_part(&path, subscription, false, given);
        }
    }
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let sku = parts::choice(cx, "sku", written.sku.as_ref(), SKUS);
    let is = |wanted: &str| sku.as_ref().and_then(Expression::as_literal) == Some(wanted);
    if is("Basic")
        && let Some((key, _)) = entry.node.entries().iter().find(|(key, _)| key.name == "topics")
    {
        cx.error("tier-lacks", "the tier `basic` has no topics", key.span.clone(), "")
            .help("set `sku = \"standard\"` or `\"premium\"`")
            .push();
    }
    let is_known = written.sku.as_ref().is_none_or(|sku| !cx.has_reference(sku.get_ref()));
    if let Some(capacity) = written.capacity.as_ref().filter(|_| is_known && !is("Premium")) {
        cx.error("tier-lacks", "only the tier `premium` has a `capacity`", capacity.span(), "")
            .help("set `sku = \"premium\"`, or leave `capacity` out")
            .push();
    }
    let public = written.public_network_access.as_ref();
    if let Some(public) = public.filter(|on| !*on.get_ref() && is_known && !is("Premium")) {
        cx.error("tier-lacks", "only the tier `premium` can be closed to the public network", public.span(), "")
            .help("set `sku = \"premium\"`, or leave `public-network-access` out")
            .push();
    }
    let queues = queues(cx, written.queues.as_ref());
    let topics = topics(cx, written.topics.as_ref());
    let (queue_keys, topic_keys): (Vec<Child>, Vec<Child>) = (
        queues.iter().map(|queue| queue.queue.clone()).collect(),
        topics.iter().map(|topic| topic.topic.clone()).collect(),
    );
    parts::unique_keys(cx, &[&queue_keys, &topic_keys]);
    Some(ResourceKind::AzureServiceBus(Box::new(AzureServiceBus {
        sku,
        capacity: parts::number(cx, "capacity", written.capacity.as_ref(), &[1, 2, 4, 8, 16]),
        queues,
        topics,
        local_auth: written.local_auth.unwrap_or(false),
        public_network_access: written.public_network_access.is_none_or(Spanned::into_inner),
        azure: entry.azure,
    })))
}

fn queues(cx: &mut Cx<'_>, written: Option<&Parts<WrittenQueue>>) -> Vec<Queue> {
    let mut queues = Vec::new();
    for (queue, written) in parts::tables(cx, written, &QUEUE, |written| written.name.as_ref()) {
        let options = written.map(|written| QueueOptions {
            lock_duration: parts::duration(cx, "lock-duration", written.lock_duration.as_ref()),
            max_delivery_count: parts::count(written.max_delivery_count.as_ref()),
            dead_letter_expired: written.dead_letter_expired,
            time_to_live: parts::duration(cx, "time-to-live", written.time_to_live.as_ref()),
            max_size_mb: parts::count(written.max_size_mb.as_ref()),
            requires_session: written.requires_session,
            duplicate_window: parts::duration(cx, "duplicate-window", written.duplicate_window.as_ref()),
            forward_to: parts::text(cx, "forward-to", written.forward_to.as_ref()),
            forward_dead_letters_to: parts::text(
                cx,
                "forward-dead-letters-to",
                written.forward_dead_letters_to.as_ref(),
            ),
            partitioning: written.partitioning,
        });
        queues.push(Queue { queue, options: options.unwrap_or_default() });
    }
    queues
}

fn topics(cx: &mut Cx<'_>, written: Option<&Parts<WrittenTopic>>) -> Vec<Topic> {
    let mut topics = Vec::new();
    for (topic, written) in parts::tables(cx, written, &TOPIC, |written| written.name.as_ref()) {
        let options = written.map(|written| QueueOptions {
            time_to_live: parts::duration(cx, "time-to-live", written.time_to_live.as_ref()),
            max_size_mb: parts::count(written.max_size_mb.as_ref()),
            duplicate_window: parts::duration(cx, "duplicate-window", written.duplicate_window.as_ref()),
            partitioning: written.partitioning,
            ..QueueOptions::default()
        });
        let subscriptions = subscriptions(cx, written.and_then(|written| written.subscriptions.as_ref()));
        topics.push(Topic { topic, options: options.unwrap_or_default(), subscriptions });
    }
    topics
}

fn subscriptions(cx: &mut Cx<'_>, written: Option<&Parts<WrittenSubscription>>) -> Vec<Subscription> {
    let mut subscriptions = Vec::new();
    for (subscription, written) in parts::tables(cx, written, &SUBSCRIPTION, |written| written.name.as_ref()) {
        let options = written.map(|written| QueueOptions {
            lock_duration: parts::duration(cx, "lock-duration", written.lock_duration.as_ref()),
            max_delivery_count: parts::count(written.max_delivery_count.as_ref()),
            dead_letter_expired: written.dead_letter_expired,
            time_to_live: parts::duration(cx, "time-to-live", written.time_to_live.as_ref()),
            requires_session: written.requires_session,
            forward_to: parts::text(cx, "forward-to", written.forward_to.as_ref()),
            forward_dead_letters_to: parts::text(
                cx,
                "forward-dead-letters-to",
                written.forward_dead_letters_to.as_ref(),
            ),
            ..QueueOptions::default()
        });
        subscriptions.push(Subscription { subscription, options: options.unwrap_or_default() });
    }
    subscriptions
}
