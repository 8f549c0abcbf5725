//! Repositories that mirror other registries.

use super::super::Cx;
use super::access::vault_address;
use super::part::{Names, Part};
use crate::manifest::Spanned;
use crate::model::scope::Item;
use crate::model::written::{CacheRule, Registry};
use crate::model::{RegistryCacheCredentials, RegistryCacheRule};
use crate::oci;

pub(super) fn lower(cx: &mut Cx<'_>, item: &Item<'_>, written: &Registry) -> Vec<RegistryCacheRule> {
    let mut names = Names::new("cache rule", "-");
    let mut targets = Names::new("repositories of cache rule", "");
    let mut rules = Vec::new();
    for rule in written.cache_rules.iter().flatten() {
        let part = Part::of(item, "cache-rules", "a cache rule", rule.span());
        if let Some(rule) = self::rule(cx, &part, rule.get_ref(), &mut names, &mut targets) {
            rules.push(rule);
        }
    }
    rules
}

fn rule(
    cx: &mut Cx<'_>,
    part: &Part<'_>,
    written: &CacheRule,
    names: &mut Names,
    targets: &mut Names,
) -> Option<RegistryCacheRule> {
    let source = part.need(cx, "source", written.source.as_ref()).and_then(|text| cx.plain("source", text));
    let target = part.need(cx, "target", written.target.as_ref()).and_then(|text| cx.plain("target", text));
    let source = source.filter(|text| is_source(cx, text));
    let target = target.filter(|text| is_target(cx, text));
    let credentials = written.credentials.as_ref().and_then(|credentials| {
        let part = part.inner("credentials", "`credentials`", credentials.span());
        let username = part.need(cx, "username", credentials.username.as_ref());
        let username = username.and_then(|text| vault_address(cx, "username", "secrets", text));
        let password = part.need(cx, "password", credentials.password.as_ref());
        let password = password.and_then(|text| vault_address(cx, "password", "secrets", text));
        Some(RegistryCacheCredentials { username: username?, password: password? })
    });
    if let Some(target) = &target {
        targets.add(cx, target.get_ref(), target.span())?;
    }
    let name = match &written.name {
        Some(name) => Some(names.take(cx, name)?.into_inner()),
        None if part.has("name") => None,
        None => {
            let name = name_of(target.as_ref()?.get_ref());
            names.add(cx, &name, target.as_ref()?.span()).map(|()| name)
        }
    };
    let (source, target) = (source?, target?);
    if source.get_ref().ends_with('*') != target.get_ref().ends_with('*') {
        let message = "a cache rule has `*` at the end of its source and of its target, or of neither";
        cx.error("bad-repository", message, target.span(), "").also(&source.span(), "its source").push();
        return None;
    }
    Some(RegistryCacheRule { name: name?, source, target: target.into_inner(), credentials })
}

fn is_source(cx: &mut Cx<'_>, text: &Spanned<String>) -> bool {
    let known = text.split_once('/').filter(|(host, _)| host.contains('.') || host.contains(':'));
    let is_good = known.is_some_and(|(host, path)| host.parse::<oci::Endpoint>().is_ok() && is_repository(path));
    if !is_good {
        cx.error("bad-repository", format!("`{}` is no repository of a registry", text.get_ref()), text.span(), "")
            .help("write host and path without a tag, for example `docker.io/library/nginx` or `mcr.microsoft.com/*`")
            .push();
    }
    is_good
}

fn is_target(cx: &mut Cx<'_>, text: &Spanned<String>) -> bool {
    let is_good = is_repository(text);
    if !is_good {
        cx.error("bad-repository", format!("`{}` is no repository", text.get_ref()), text.span(), "")
            .help("write a path in lower case without a tag, for example `library/nginx` or `hub/*`")
            .push();
    }
    is_good
}

/// A repository, or all below one.
fn is_repository(text: &str) -> bool {
    text == "*" || text.strip_suffix("/*").unwrap_or(text).parse::<oci::Repository>().is_ok()
}

/// A name made of the target's: letters, digits and single hyphens, 5 to 50 of them.
fn name_of(target: &str) -> String {
    let mut name = "cache".to_owned();
    for c in target.replace('*', "all").chars() {
        if c.is_ascii_alphanumeric() {
            if name == "cache" {
                name.push('-');
            }
            name.push(c);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(50);
    name.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_called_after_their_target() {
        assert_eq!(name_of("library/nginx"), "cache-library-nginx");
        assert_eq!(name_of("hub/*"), "cache-hub-all");
        assert_eq!(name_of("*"), "cache-all");
        assert_eq!(name_of("a__b"), "cache-a-b");
        assert!(name_of(&"x".repeat(99)).len() == 50);
    }

    #[test]
    fn stars_stand_alone_or_after_a_slash() {
        for good in ["library/nginx", "library/*", "*"] {
            assert!(is_repository(good), "{good}");
        }
        for bad in ["", "a*", "Library", "a/*/b", "nginx:1"] {
            assert!(!is_repository(bad), "{bad}");
        }
    }
}
