//! Who reaches a registry: rules for addresses, private endpoints.

use super::super::Cx;
use super::part::Part;
use crate::manifest::Spanned;
use crate::model::lower::registry::not_empty;
use crate::model::lower::subnet;
use crate::model::scope::Item;
use crate::model::written::{NetworkAction, NetworkBypass, NetworkRules, Registry};
use crate::model::{RegistryNetworkRules, RegistryPrivateEndpoint};
use std::collections::HashMap;
use std::net::Ipv4Addr;

pub(super) fn rules(cx: &mut Cx<'_>, written: &NetworkRules) -> RegistryNetworkRules {
    let mut allow = Vec::new();
    for text in written.allow.iter().flatten() {
        let Some(range) = not_empty(cx, "allow", text) else { continue };
        if let Some(why) = range.as_literal().and_then(wrong_range) {
            cx.error("bad-address", format!("`{}` {why}", text.get_ref()), text.span(), "")
                .help("write an IPv4 address or a range, for example `203.0.113.7` or `203.0.113.0/24`")
                .push();
        }
        allow.push(range);
    }
    RegistryNetworkRules {
        deny_others: written.default_action != Some(NetworkAction::Allow),
        allow,
        bypass_azure_services: written.bypass != Some(NetworkBypass::None),
    }
}

/// Why a text is no address that Azure takes.
fn wrong_range(text: &str) -> Option<&'static str> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let Ok(address) = address.parse::<Ipv4Addr>() else {
        return Some(if text.contains(':') { "is no IPv4 address" } else { "is no address" });
    };
    let is_length = |length: &str| !length.starts_with('+') && length.parse::<u8>().is_ok_and(|length| length <= 32);
    if length.is_some_and(|length| !is_length(length)) {
        return Some("has no length of 0 to 32 bits");
    }
    let is_private = address.is_private() || address.is_loopback() || address.is_link_local();
    is_private.then_some("is a private address, which the public network does not show")
}

pub(super) fn private_endpoints(cx: &mut Cx<'_>, item: &Item<'_>, written: &Registry) -> Vec<RegistryPrivateEndpoint> {
    let mut seen: HashMap<String, Spanned<String>> = HashMap::new();
    let mut endpoints = Vec::new();
    for endpoint in written.private_endpoints.iter().flatten() {
        let part = Part::of(item, "private-endpoints", "a private endpoint", endpoint.span());
        let name = endpoint.name.as_ref().and_then(|name| cx.plain("name", name)).filter(|name| self::name(cx, name));
        if let Some(name) = &name
            && let Some(first) = seen.insert(name.to_ascii_lowercase(), name.clone())
        {
            cx.error(
                "duplicate-name",
                format!("two private endpoints are called `{}`", name.get_ref()),
                name.span(),
                "",
            )
            .also(&first.span(), "first here")
            .push();
        }
        let Some(text) = part.need(cx, "subnet", endpoint.subnet.as_ref()) else { continue };
        let Some(subnet) = subnet::lower(cx, text) else { continue };
        endpoints.push(RegistryPrivateEndpoint { name, subnet, span: endpoint.span() });
    }
    endpoints
}

/// The rule for private endpoints (Microsoft Learn, "Naming rules and restrictions for Azure resources").
fn name(cx: &mut Cx<'_>, name: &Spanned<String>) -> bool {
    let text = name.get_ref().as_str();
    let inside = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let is_good = text.len() <= 64
        && text.chars().all(inside)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    if !is_good {
        cx.error("bad-azure-name", format!("`{text}` is no name of a private endpoint"), name.span(), "")
            .help("use 1 to 64 ASCII letters, digits, `-`, `_` and `.`, first a letter or a digit, last no `-` and no `.`")
            .push();
    }
    is_good
}
