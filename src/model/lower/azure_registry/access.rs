//! Who may do what with a registry: tokens and their scope maps, the key that it is encrypted with.

use super::super::{Cx, azure};
use super::part::{Names, Part};
use super::registry::plain_list;
use crate::manifest::Spanned;
use crate::model::lower::registry::not_empty;
use crate::model::scope::Item;
use crate::model::written::{Registry, Token, TokenAction};
use crate::model::{Expression, RegistryEncryption, RegistryScopeMap, RegistryToken};
use crate::oci;
use crate::util::text;

/// Scope maps that every registry has.
const BUILT_IN: &[&str] = &[
    "_repositories_pull",
    "_repositories_pull_metadata_read",
    "_repositories_push",
    "_repositories_push_metadata_write",
    "_repositories_admin",
];

/// Scope maps and tokens; a token with repositories of its own gets a scope map of its own name.
pub(super) fn tokens(
    cx: &mut Cx<'_>,
    item: &Item<'_>,
    written: &Registry,
) -> (Vec<RegistryScopeMap>, Vec<RegistryToken>) {
    let mut map_names = Names::new("scope map", "-_");
    let mut maps = Vec::new();
    for map in written.scope_maps.iter().flatten() {
        let part = Part::of(item, "scope-maps", "a scope map", map.span());
        let name = part.need(cx, "name", map.name.as_ref()).and_then(|name| map_names.take(cx, name));
        let description = map.description.as_ref().and_then(|text| cx.plain("description", text));
        let repositories = part.need(cx, "repositories", map.repositories.as_ref());
        let actions = part.need(cx, "actions", map.actions.as_ref());
        let (Some(repositories), Some(actions)) = (repositories, actions) else { continue };
        let actions = grants(cx, repositories, actions, &part);
        let Some(name) = name.filter(|name| not_built_in(cx, name)) else { continue };
        maps.push(RegistryScopeMap { name, description: description.map(Spanned::into_inner), actions });
    }
    let mut token_names = Names::new("token", "-");
    let mut tokens = Vec::new();
    for token in written.tokens.iter().flatten() {
        let part = Part::of(item, "tokens", "a token", token.span());
        let name = part.need(cx, "name", token.name.as_ref()).and_then(|name| token_names.take(cx, name));
        let expiry = token.expiry.as_ref().and_then(|text| expiry(cx, text));
        let scope = scope(cx, &part, token, name.as_ref(), &mut map_names);
        let (Some(name), Some(scope)) = (name, scope) else { continue };
        let scope_map = match scope {
            Scope::Named(map) => map,
            Scope::Own(actions) => {
                maps.push(RegistryScopeMap { name: name.clone(), description: None, actions });
                name.get_ref().clone()
            }
        };
        tokens.push(RegistryToken { name, scope_map, enabled: token.enabled.unwrap_or(true), expiry });
    }
    (maps, tokens)
}

enum Scope {
    /// A scope map by its name.
    Named(String),
    /// Actions of its own.
    Own(Vec<String>),
}

fn scope(
    cx: &mut Cx<'_>,
    part: &Part<'_>,
    token: &Token,
    name: Option<&Spanned<String>>,
    maps: &mut Names,
) -> Option<Scope> {
    let own = token.repositories.as_ref().map(Spanned::span).or(token.actions.as_ref().map(Spanned::span));
    match (&token.scope_map, own) {
        (Some(map), Some(own)) => {
            cx.error("exclusive-keys", "a token has a scope map, or repositories and actions", map.span(), "")
                .also(&own, "also here")
                .help("keep one of them")
                .push();
            None
        }
        (Some(map), None) => named(cx, map, maps).map(Scope::Named),
        (None, None) if part.has("scope-map") => None,
        (None, None) => {
            cx.error("missing-key", "a token has nothing that it may do", part.span.clone(), "needs `scope-map`")
                .help("set `scope-map`, or `repositories` and `actions`")
                .push();
            None
        }
        (None, Some(_)) => {
            let repositories = part.need(cx, "repositories", token.repositories.as_ref());
            let actions = part.need(cx, "actions", token.actions.as_ref());
            let (repositories, actions) = (repositories?, actions?);
            let actions = grants(cx, repositories.get_ref(), actions.get_ref(), part);
            maps.add(cx, name?.get_ref(), name?.span())?;
            Some(Scope::Own(actions))
        }
    }
}

fn named(cx: &mut Cx<'_>, map: &Spanned<String>, maps: &Names) -> Option<String> {
    let map = cx.plain("scope-map", map)?;
    if maps.has(map.get_ref()) || BUILT_IN.contains(&map.get_ref().as_str()) {
        return Some(map.into_inner());
    }
    let near = cx.nearest(map.get_ref(), BUILT_IN.iter().copied());
    let label = near.map_or_else(|| "not declared".to_owned(), |near| format!("did you mean `{near}`?"));
    cx.error("unknown-name", format!("no scope map is called `{}`", map.get_ref()), map.span(), label)
        .help(format!("declare it under `scope-maps`; Azure has {}", text::list(BUILT_IN.iter().copied())))
        .push();
    None
}

fn not_built_in(cx: &mut Cx<'_>, name: &Spanned<String>) -> bool {
    let is_built_in = name.get_ref().starts_with("_repositories_");
    if is_built_in {
        let message = format!("the name `{}` is Azure's own", name.get_ref());
        cx.error("reserved-name", message, name.span(), "").help("choose another name").push();
    }
    !is_built_in
}

/// Actions as Azure writes them.
fn grants(
    cx: &mut Cx<'_>,
    repositories: &[Spanned<String>],
    actions: &[Spanned<TokenAction>],
    part: &Part<'_>,
) -> Vec<String> {
    for key in ["repositories", "actions"].into_iter().filter(|key| part.is_empty_list(key)) {
        cx.error("empty-value", format!("`{key}` is empty"), part.span.clone(), "").help("name at least one").push();
    }
    let mut grants = Vec::new();
    for repository in plain_list(cx, "repositories", repositories) {
        if !is_repository(repository.get_ref()) {
            let message = format!("`{}` is no repository", repository.get_ref());
            cx.error("bad-repository", message, repository.span(), "")
                .help("write the path in the registry in lower case, for example `shop/api`, `shop/*` or `*`")
                .push();
        }
        for action in actions {
            let grant = format!("repositories/{}/{}", repository.get_ref(), action_name(*action.get_ref()));
            if !grants.contains(&grant) {
                grants.push(grant);
            }
        }
    }
    grants
}

/// A repository, or all below one.
fn is_repository(text: &str) -> bool {
    let path = text.strip_suffix('*').map_or(text, |path| path.strip_suffix('/').unwrap_or(path));
    (path.is_empty() && text == "*") || path.parse::<oci::Repository>().is_ok()
}

fn action_name(action: TokenAction) -> &'static str {
    match action {
        TokenAction::ContentRead => "content/read",
        TokenAction::ContentWrite => "content/write",
        TokenAction::ContentDelete => "content/delete",
        TokenAction::MetadataRead => "metadata/read",
        TokenAction::MetadataWrite => "metadata/write",
    }
}

fn expiry(cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<Expression> {
    let expiry = not_empty(cx, "expiry", text)?;
    if expiry.as_literal().is_some_and(|text| !is_moment(text)) {
        cx.error("bad-date", format!("`{}` is no moment in time", text.get_ref()), text.span(), "")
            .help("write date and time in UTC, for example `2027-01-31T00:00:00Z`")
            .push();
    }
    Some(expiry)
}

/// `2027-01-31T00:00:00Z` (RFC 3339, section 5.6, in UTC and whole seconds).
fn is_moment(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00Z";
    let is_form = text.len() == FORM.len()
        && text.bytes().zip(FORM).all(|(byte, form)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form });
    let number = |from: usize| text.get(from..from + 2).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(99);
    is_form
        && (1..=12).contains(&number(5))
        && (1..=31).contains(&number(8))
        && number(11) < 24
        && number(14) < 60
        && number(17) < 60
}

pub(super) fn encryption(cx: &mut Cx<'_>, item: &Item<'_>, written: &Registry) -> Option<RegistryEncryption> {
    let written = written.customer_managed_key.as_ref()?;
    let part = Part::of(item, "customer-managed-key", "`customer-managed-key`", written.span());
    let key = part.need(cx, "key", written.key.as_ref()).and_then(|text| vault_address(cx, "key", "keys", text));
    let identity = part.need(cx, "identity", written.identity.as_ref()).and_then(|identity| {
        let inner = part.inner("identity", "`identity`", identity.span());
        inner.need(cx, "name", identity.name.as_ref());
        super::registry::needs_group(cx, identity.subscription.as_ref(), inner.has("resource-group"));
        azure::existing(cx, identity.get_ref())
    });
    Some(RegistryEncryption { key: key?, identity: identity? })
}

/// The address of something in a Key Vault, where it is known.
pub(super) fn vault_address(cx: &mut Cx<'_>, key: &str, folder: &str, text: &Spanned<String>) -> Option<Expression> {
    let address = not_empty(cx, key, text)?;
    let is_address = |text: &str| {
        let path = text.strip_prefix("https://").and_then(|rest| rest.split_once('/'));
        path.is_some_and(|(host, path)| {
            let mut parts = path.split('/');
            host.contains('.') && parts.next() == Some(folder) && parts.next().is_some_and(|name| !name.is_empty())
        })
    };
    if address.as_literal().is_some_and(|text| !is_address(text)) {
        let message = format!("`{key}` is no address in a Key Vault");
        cx.error("bad-address", message, text.span(), "")
            .help(format!("write it as `https://vault.vault.azure.net/{folder}/name`"))
            .push();
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_utc_seconds() {
        assert!(is_moment("2027-01-31T23:59:59Z"));
        for bad in ["2027-01-31", "2027-13-01T00:00:00Z", "2027-01-31T24:00:00Z", "2027-01-31T00:00:00+01:00", "é"] {
            assert!(!is_moment(bad), "{bad}");
        }
    }

    #[test]
    fn repositories_may_end_with_a_star() {
        for good in ["shop/api", "shop/*", "*", "shop*"] {
            assert!(is_repository(good), "{good}");
        }
        for bad in ["", "Shop", "a/*/b", "/", "/*"] {
            assert!(!is_repository(bad), "{bad}");
        }
    }
}
