//! Addresses that a registry calls.

use super::super::{Cx, azure, show, values};
use super::part::{Names, Part};
use crate::manifest::{Severity, Spanned};
use crate::model::lower::registry::not_empty;
use crate::model::scope::Item;
use crate::model::written::{Registry, Webhook, WebhookAction};
use crate::model::{Expression, Part as Piece, RegistryReplication, RegistryWebhook};
use std::collections::BTreeMap;

pub(super) fn lower(
    cx: &mut Cx<'_>,
    item: &Item<'_>,
    written: &Registry,
    home: Option<&Expression>,
    replications: &[RegistryReplication],
) -> Vec<RegistryWebhook> {
    let mut names = Names::new("webhook", "");
    let mut webhooks = Vec::new();
    for webhook in written.webhooks.iter().flatten() {
        let part = Part::of(item, "webhooks", "a webhook", webhook.span());
        let name = part.need(cx, "name", webhook.name.as_ref()).and_then(|name| names.take(cx, name));
        let url = part.need(cx, "url", webhook.url.as_ref()).and_then(|text| url(cx, text));
        let scope = webhook.scope.as_ref().and_then(|text| not_empty(cx, "scope", text));
        let headers = headers(cx, webhook);
        let location = webhook.location.as_ref().and_then(|text| location(cx, text, home, replications));
        let (Some(name), Some(url)) = (name, url) else { continue };
        webhooks.push(RegistryWebhook {
            name,
            url,
            actions: actions(cx, &part, webhook),
            scope,
            headers,
            enabled: webhook.enabled.unwrap_or(true),
            location,
        });
    }
    webhooks
}

fn url(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<Expression> {
    let url = not_empty(cx, "url", text)?;
    let Some(Piece::Literal(start)) = url.parts.first() else { return Some(url) };
    let Some((scheme, rest)) = start.split_once("://").filter(|(scheme, _)| matches!(*scheme, "https" | "http")) else {
        cx.error("bad-address", "a webhook's `url` is an address on the web", text.span(), "")
            .help("begin it with `https://`")
            .push();
        return None;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.contains('@') && url.as_literal().is_some() {
        let message = "the webhook's `url` holds a user name or a password, which everyone who reads the file has";
        cx.hidden(Severity::Warning, "secret-in-manifest", message, &text.span())
            .help("declare a parameter with `secret = true` and write `$<its-name>` here")
            .push();
    } else if scheme == "http" {
        cx.warning("plain-http", "what the webhook is told can be read on the way", text.span(), "")
            .help("begin its `url` with `https://`")
            .push();
    }
    Some(url)
}

fn actions(cx: &mut Cx<'_>, part: &Part<'_>, webhook: &Webhook) -> Vec<&'static str> {
    let Some(written) = &webhook.actions else { return vec!["push"] };
    if part.is_empty_list("actions") {
        cx.error("empty-value", "`actions` is empty: it would never be called", part.span.clone(), "")
            .help("name at least one, or leave the key out for `push`")
            .push();
    }
    let mut actions = Vec::new();
    for action in written {
        let action = match action.get_ref() {
            WebhookAction::Push => "push",
            WebhookAction::Delete => "delete",
            WebhookAction::Quarantine => "quarantine",
            WebhookAction::ChartPush => "chart_push",
            WebhookAction::ChartDelete => "chart_delete",
        };
        if !actions.contains(&action) {
            actions.push(action);
        }
    }
    actions
}

fn headers(cx: &mut Cx<'_>, webhook: &Webhook) -> BTreeMap<String, Expression> {
    let headers = values(cx, webhook.headers.iter().flatten(), |cx, key| {
        // A token of HTTP (RFC 9110, section 5.6.2).
        let odd = key.chars().find(|&c| !(c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)));
        let why = match odd {
            Some(c) => format!("holds {}", show(c)),
            None if key.is_empty() => "is empty".to_owned(),
            None => return true,
        };
        cx.error("bad-name", format!("the header `{}` {why}", key.get_ref()), key.span(), "").push();
        false
    });
    for (name, value) in &headers {
        if name.eq_ignore_ascii_case("authorization") && value.as_literal().is_some() {
            let message = "a password stands in the manifest, where everyone who reads the file has it";
            cx.hidden(Severity::Warning, "secret-in-manifest", message, &value.span)
                .help("declare a parameter with `secret = true` and write `$<its-name>` here")
                .push();
        }
    }
    headers
}

/// Only where the registry is can a webhook be.
fn location(
    cx: &mut Cx<'_>,
    text: &Spanned<String>,
    home: Option<&Expression>,
    replications: &[RegistryReplication],
) -> Option<Expression> {
    azure::location(cx, text);
    let location = not_empty(cx, "location", text)?;
    let normal = |expression: &Expression| expression.as_literal().map(azure::normal_location);
    let mut places: Vec<Option<String>> =
        replications.iter().map(|replication| normal(&replication.location)).collect();
    places.push(home.and_then(normal));
    if let Some(wanted) = normal(&location)
        && !places.contains(&None)
        && !places.contains(&Some(wanted))
    {
        cx.error("unknown-location", format!("the registry is not in `{}`", text.get_ref()), text.span(), "")
            .help("name its own location or one of its `geo-replications`")
            .push();
    }
    Some(location)
}
