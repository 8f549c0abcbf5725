//! What is inside a registry beside its tasks: scope maps, tokens, cache rules, webhooks.

use super::super::root::Symbols;
use super::super::{Builder, Value};
use super::provisioned::lowered;
use super::vault;
use crate::model::{ProvisionedRegistry, RegistryCacheRule, RegistryWebhook};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// A symbol made of a name of Azure's and what it names.
fn symbol(symbols: &mut Symbols, name: &str, what: &str) -> String {
    symbols.take(&format!("{}_{what}", name.trim_matches('_').replace('-', "_")))
}

/// The registry's own scope maps and those of Azure that a token has.
pub(super) fn scope_maps(symbols: &mut Symbols, registry: &ProvisionedRegistry) -> Vec<Json> {
    map_symbols(registry)
        .into_iter()
        .map(|(name, wanted)| {
            let own = registry.scope_maps.iter().find(|map| map.name.get_ref() == name);
            json!({
                "symbol": symbols.take(&wanted),
                "name": name,
                "is_azures": own.is_none(),
                "description": own.and_then(|map| map.description.as_deref()),
                "actions": own.map(|map| map.actions.clone()).unwrap_or_default(),
            })
        })
        .collect()
}

/// The symbols of scope maps by their names, in the order of the manifest.
fn map_symbols(registry: &ProvisionedRegistry) -> Vec<(&str, String)> {
    let own = registry.scope_maps.iter().map(|map| map.name.get_ref().as_str());
    let mut names: Vec<&str> = own.collect();
    for token in &registry.tokens {
        if !names.iter().any(|name| name.eq_ignore_ascii_case(&token.scope_map)) {
            names.push(&token.scope_map);
        }
    }
    // Names that differ in what a symbol cannot have get a number.
    let mut taken = Symbols::default();
    names.into_iter().map(|name| (name, symbol(&mut taken, name, "scope"))).collect()
}

pub(super) fn tokens(builder: &mut Builder<'_>, symbols: &mut Symbols, registry: &ProvisionedRegistry) -> Vec<Json> {
    let maps: BTreeMap<String, String> =
        map_symbols(registry).into_iter().map(|(name, symbol)| (name.to_ascii_lowercase(), symbol)).collect();
    let mut tokens = Vec::new();
    for token in &registry.tokens {
        tokens.push(json!({
            "symbol": symbol(symbols, token.name.get_ref(), "token"),
            "name": token.name.get_ref(),
            "scope_map": maps.get(&token.scope_map.to_ascii_lowercase()),
            "status": status(token.enabled),
            "expiry": token.expiry.as_ref().map(|expiry| json!({ "value": builder.lower(expiry).value })),
        }));
    }
    tokens
}

fn status(enabled: bool) -> &'static str {
    if enabled { "enabled" } else { "disabled" }
}

pub(super) fn cache_rules(
    builder: &mut Builder<'_>,
    symbols: &mut Symbols,
    registry: &ProvisionedRegistry,
) -> Vec<Json> {
    registry.cache_rules.iter().map(|rule| cache_rule(builder, symbols, rule)).collect()
}

fn cache_rule(builder: &mut Builder<'_>, symbols: &mut Symbols, rule: &RegistryCacheRule) -> Json {
    let credentials = rule.credentials.as_ref().map(|credentials| {
        json!({
            "symbol": symbol(symbols, &rule.name, "credentials"),
            "output": format!("{}_principalId", rule.name.replace('-', "_")),
            "name": rule.name,
            "login_server": rule.source.split('/').next().unwrap_or_default(),
            "username": vault::address(builder, &credentials.username),
            "password": vault::address(builder, &credentials.password),
        })
    });
    json!({
        "symbol": symbol(symbols, &rule.name, "rule"),
        "name": rule.name,
        "source": rule.source.get_ref(),
        "target": rule.target,
        "credentials": credentials,
    })
}

pub(super) fn webhooks(
    builder: &mut Builder<'_>,
    symbols: &mut Symbols,
    registry: &ProvisionedRegistry,
    home: &Value,
) -> Vec<Json> {
    registry.webhooks.iter().map(|webhook| one_webhook(builder, symbols, webhook, home)).collect()
}

fn one_webhook(builder: &mut Builder<'_>, symbols: &mut Symbols, webhook: &RegistryWebhook, home: &Value) -> Json {
    let headers = lowered(builder, webhook.headers.iter());
    let location = webhook.location.as_ref().map(|location| builder.lower(location).value);
    json!({
        "symbol": symbol(symbols, webhook.name.get_ref(), "webhook"),
        "name": webhook.name.get_ref(),
        "location": location.as_ref().unwrap_or(home),
        "status": status(webhook.enabled),
        "url": builder.lower(&webhook.url).value,
        "headers": (!headers.is_empty()).then_some(Value::Object(headers)),
        "actions": webhook.actions,
        "scope": webhook.scope.as_ref().map(|scope| json!({ "value": builder.lower(scope).value })),
    })
}
