//! What is said of the registry itself, and what excludes each other.

use super::super::{Cx, azure};
use super::part::Part;
use super::{access, cache, network, replication, tasks, tiers, webhooks};
use crate::manifest::{Key, Span, Spanned};
use crate::model::lower::registry::not_empty;
use crate::model::scope::Item;
use crate::model::written::{self, Registry, Sku};
use crate::model::{AzureExisting, AzureRegistry, ProvisionedRegistry, RegistrySku};

/// Keys that a registry that exists already may have.
const OF_EXISTING: &[&str] = &["kind", "existing", "repository", "pull"];

/// Keys that `existing` has too.
const INSIDE_EXISTING: &[&str] = &["name", "resource-group", "subscription"];

pub(in crate::model::lower) fn lower(cx: &mut Cx<'_>, item: &Item<'_>, written: &Registry) -> Option<AzureRegistry> {
    if let Some((key, node)) = item.node.entries().iter().find(|(key, _)| key.name == "existing") {
        nothing_to_change(cx, item, key);
        let part = Part::of(item, "existing", "`existing`", node.span.clone());
        return existing(cx, &part, written.existing.as_ref()?).map(AzureRegistry::Existing);
    }
    let registry = provisioned(cx, item, written);
    if !(item.node.get("sku").is_some() && written.sku.is_none()) {
        tiers::check(cx, item, written, &registry);
    }
    exclusions(cx, item, &registry);
    Some(AzureRegistry::Provisioned(Box::new(registry)))
}

fn existing(cx: &mut Cx<'_>, part: &Part<'_>, written: &written::Existing) -> Option<AzureExisting> {
    part.need(cx, "name", written.name.as_ref());
    if let Some(name) = &written.name {
        azure::registry_name(cx, name);
    }
    needs_group(cx, written.subscription.as_ref(), part.has("resource-group"));
    azure::existing(cx, written)
}

/// The application's resource group is in the application's subscription.
pub(super) fn needs_group(cx: &mut Cx<'_>, subscription: Option<&Spanned<String>>, has_group: bool) {
    if let Some(subscription) = subscription.filter(|_| !has_group) {
        let message = "a subscription is named and no resource group in it";
        cx.error("missing-key", message, subscription.span(), "needs `resource-group`").push();
    }
}

/// What exists is not changed: reports every key that would change it.
fn nothing_to_change(cx: &mut Cx<'_>, item: &Item<'_>, existing: &Key) {
    for (key, _) in item.node.entries() {
        if OF_EXISTING.contains(&key.name.as_str()) {
            continue;
        }
        let message = format!("`{}` has no effect: `{}` exists already and is not changed", key.name, item.name);
        let help = if INSIDE_EXISTING.contains(&key.name.as_str()) {
            format!("write `{}` inside `existing`", key.name)
        } else {
            format!("take `{}` out, or take `existing` out to have the registry made", key.name)
        };
        cx.error("exclusive-keys", message, key.span.clone(), "")
            .also(&existing.span, "exists already")
            .help(help)
            .push();
    }
}

fn provisioned(cx: &mut Cx<'_>, item: &Item<'_>, written: &Registry) -> ProvisionedRegistry {
    needs_group(cx, written.subscription.as_ref(), item.node.get("resource-group").is_some());
    if let Some(name) = &written.name {
        azure::registry_name(cx, name);
    }
    let name = written.name.as_ref().and_then(|text| not_empty(cx, "name", text));
    let placement =
        azure::placement(cx, written.location.as_ref(), written.resource_group.as_ref(), written.subscription.as_ref());
    let replications = replication::lower(cx, item, written, placement.location.as_ref());
    let (scope_maps, tokens) = access::tokens(cx, item, written);
    let (purges, tasks) = tasks::lower(cx, item, written);
    let webhooks = webhooks::lower(cx, item, written, placement.location.as_ref(), &replications);
    ProvisionedRegistry {
        name,
        placement,
        sku: written.sku.as_ref().map(|sku| self::sku(*sku.get_ref())).unwrap_or_default(),
        replications,
        zone_redundancy: written.zone_redundancy,
        anonymous_pull: written.anonymous_pull.unwrap_or(false),
        admin_user: written.admin_user.unwrap_or(false),
        public_network_access: written.public_network_access,
        network_rules: written.network_rules.as_ref().map(|rules| network::rules(cx, rules.get_ref())),
        private_endpoints: network::private_endpoints(cx, item, written),
        retention_days: written.retention_days.as_ref().and_then(|days| u16::try_from(days.get_ref().get()).ok()),
        quarantine: written.quarantine.unwrap_or(false),
        export_policy: written.export_policy,
        dedicated_data_endpoints: written.dedicated_data_endpoints.unwrap_or(false),
        encryption: access::encryption(cx, item, written),
        scope_maps,
        tokens,
        purges,
        tasks,
        cache_rules: cache::lower(cx, item, written),
        webhooks,
        tags: azure::tags(cx, written.tags.as_ref()),
    }
}

fn sku(written: Sku) -> RegistrySku {
    match written {
        Sku::Basic => RegistrySku::Basic,
        Sku::Standard => RegistrySku::Standard,
        Sku::Premium => RegistrySku::Premium,
    }
}

/// Settings that make others pointless or impossible.
fn exclusions(cx: &mut Cx<'_>, item: &Item<'_>, registry: &ProvisionedRegistry) {
    let is_written = |key: &str| item.node.get(key).is_some();
    if registry.public_network_access == Some(false)
        && let Some(span) = key_span(item, "public-network-access")
    {
        if !is_written("private-endpoints") {
            let message = format!("nothing reaches `{}`: it is not on the public network and nowhere else", item.name);
            cx.warning("unreachable", message, span.clone(), "")
                .help("give it `private-endpoints`, or take `public-network-access` out")
                .push();
        }
        if let Some(rules) = key_span(item, "network-rules") {
            cx.warning("no-effect", "`network-rules` has no effect: they are of the public network", rules, "")
                .also(&span, "which is off")
                .help("take one of them out")
                .push();
        }
    }
    if registry.export_policy == Some(false)
        && registry.public_access() != Some(false)
        && let Some(span) = key_span(item, "export-policy")
    {
        let message = "Azure forbids exports only where the public network is off";
        cx.error("exclusive-keys", message, span, "").help("set `public-network-access = false`").push();
    }
}

/// Where a key stands.
pub(super) fn key_span(item: &Item<'_>, key: &str) -> Option<Span> {
    item.node.entries().iter().find(|(have, _)| have.name == key).map(|(key, _)| key.span.clone())
}

/// The values of a list that have no references in them.
pub(super) fn plain_list(cx: &mut Cx<'_>, key: &str, list: &[Spanned<String>]) -> Vec<Spanned<String>> {
    list.iter().filter_map(|text| cx.plain(key, text)).collect()
}
