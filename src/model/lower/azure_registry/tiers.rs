//! What each tier of Azure Container Registry has (Microsoft Learn, "Azure Container Registry service
//! tiers", November 2026).

use super::super::Cx;
use super::registry::key_span;
use crate::manifest::{Kind, Node, Spanned};
use crate::model::scope::Item;
use crate::model::written::Registry;
use crate::model::{ProvisionedRegistry, RegistrySku};

use RegistrySku::{Premium, Standard};

/// When a key asks for its feature.
#[derive(Clone, Copy)]
enum When {
    /// It is `true`.
    True,
    /// It is `false`.
    False,
    /// It is there and not empty.
    Filled,
}

/// Features that not every tier has: key, when it asks for it, the first tier that has it.
const FEATURES: &[(&str, When, RegistrySku)] = &[
    ("anonymous-pull", When::True, Standard),
    ("geo-replications", When::Filled, Premium),
    ("zone-redundancy", When::True, Premium),
    ("public-network-access", When::False, Premium),
    ("network-rules", When::Filled, Premium),
    ("private-endpoints", When::Filled, Premium),
    ("retention-days", When::Filled, Premium),
    ("quarantine", When::True, Premium),
    ("export-policy", When::False, Premium),
    ("dedicated-data-endpoints", When::True, Premium),
    ("customer-managed-key", When::Filled, Premium),
];

type Count = fn(&ProvisionedRegistry) -> usize;

/// How many there may be: key, what they are, in basic, standard and premium.
const LIMITS: &[(&str, &str, [usize; 3], Count)] = &[
    ("tokens", "tokens", [100, 500, 50_000], |registry| registry.tokens.len()),
    ("scope-maps", "scope maps", [100, 500, 50_000], |registry| registry.scope_maps.len()),
    ("webhooks", "webhooks", [2, 10, 500], |registry| registry.webhooks.len()),
    ("private-endpoints", "private endpoints", [0, 0, 200], |registry| registry.private_endpoints.len()),
    ("network-rules", "rules for addresses", [0, 0, 100], |registry| {
        registry.network_rules.as_ref().map_or(0, |rules| rules.allow.len())
    }),
];

pub(super) fn check(cx: &mut Cx<'_>, item: &Item<'_>, written: &Registry, registry: &ProvisionedRegistry) {
    let tier = registry.sku;
    let tier_span = written.sku.as_ref().map(Spanned::span);
    for (key, when, needed) in FEATURES {
        let Some(node) = item.node.get(key).filter(|node| tier < *needed && asks(node, *when)) else { continue };
        let span = key_span(item, key).unwrap_or_else(|| node.span.clone());
        let have: Vec<&str> = RegistrySku::ALL.into_iter().filter(|sku| sku >= needed).map(RegistrySku::name).collect();
        let wish = if matches!(when, When::False) { format!("{key} = false") } else { (*key).to_owned() };
        let message = format!("the tier `{}` has no `{wish}`", tier.name());
        let help = format!("set `sku = \"{}\"`, or take `{key}` out", have.join("\"` or `\""));
        let report = cx.error("tier", message, span, format!("needs tier `{}`", needed.name())).help(help);
        match &tier_span {
            Some(span) => report.also(span, "the tier").push(),
            None => report.push(),
        }
    }
    for (key, what, limits, count) in LIMITS {
        let found = count(registry);
        let limit = limits[tier as usize];
        // What a tier does not have at all is a feature above.
        if limit == 0 || found <= limit {
            continue;
        }
        let span = key_span(item, key).unwrap_or_else(|| item.span.clone());
        let larger = RegistrySku::ALL.into_iter().find(|sku| limits[*sku as usize] >= found);
        let message = format!("the tier `{}` has at most {limit} {what}, these are {found}", tier.name());
        let help = match larger {
            Some(sku) => format!("set `sku = \"{}\"`, which has {}", sku.name(), limits[sku as usize]),
            None => "declare fewer of them; no tier has so many".to_owned(),
        };
        cx.error("tier", message, span, "").help(help).push();
    }
}

fn asks(node: &Node, when: When) -> bool {
    match (when, &node.kind) {
        (When::True, Kind::Bool(value)) => *value,
        (When::False, Kind::Bool(value)) => !*value,
        (When::True | When::False, _) | (When::Filled, Kind::Null) => false,
        (When::Filled, Kind::Array(list)) => !list.is_empty(),
        (When::Filled, Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_) | Kind::Table(_)) => true,
    }
}
