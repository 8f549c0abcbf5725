//! An entry of `resources` to a [`Resource`]: what all kinds have, then its kind's own.

use super::kind::Azure;
use super::parts::{self, NameRule};
use super::spec::{self, Entry, Spec};
use super::{Resource, Role, written};
use crate::manifest::{Node, Spanned};
use crate::model::AzureExisting;
use crate::model::kinds::RESOURCES;
use crate::model::lower::{Cx, azure, without};
use crate::model::scope::{Item, Table};
use crate::model::written::OneOrMany;
use crate::util::text;

/// What the names of something that exists may be: each type has narrower rules, which Azure knows.
const EXISTING: NameRule = NameRule {
    noun: "a resource in Azure",
    least: 1,
    most: 260,
    fits: |name| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')'))
            && !name.ends_with('.')
    },
    help: "use letters, digits, `-`, `_` and `.`, as its type allows",
};

/// Letters, digits and hyphens, in upper case too.
const MIXED: NameRule = NameRule {
    noun: "a resource in Azure",
    least: 6,
    most: 50,
    fits: |name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && is_framed(name),
    help: "use 6 to 50 letters, digits and hyphens, starting with a letter",
};

/// The same in lower case.
const LOWER: NameRule = NameRule {
    noun: "a resource in Azure",
    least: 3,
    most: 63,
    fits: |name| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') && is_framed(name),
    help: "use 3 to 63 lower-case letters, digits and hyphens, starting with a letter",
};

/// The rules of names by kind ("Naming rules and restrictions for Azure resources", Microsoft Learn).
const NAMES: &[(&str, NameRule)] = &[
    (
        "azure-storage",
        NameRule {
            least: 3,
            most: 24,
            fits: |name| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()),
            help: "use 3 to 24 lower-case letters and digits; it is unique in all of Azure",
            ..LOWER
        },
    ),
    ("azure-postgres", LOWER),
    ("azure-sql", LOWER),
    ("azure-cosmos", NameRule { most: 44, help: "use 3 to 44 lower-case letters, digits and hyphens", ..LOWER }),
    ("azure-redis", NameRule { most: 60, help: "use 3 to 60 lower-case letters, digits and hyphens", ..LOWER }),
    (
        "azure-key-vault",
        NameRule {
            least: 3,
            most: 24,
            help: "use 3 to 24 letters, digits and hyphens; it is unique in all of Azure",
            ..MIXED
        },
    ),
    ("azure-service-bus", MIXED),
    ("azure-event-hubs", MIXED),
    ("azure-log-analytics", NameRule { least: 4, most: 63, help: "use 4 to 63 letters, digits and hyphens", ..MIXED }),
    ("azure-openai", NameRule { least: 2, most: 64, help: "use 2 to 64 letters, digits and hyphens", ..MIXED }),
    (
        "azure-virtual-network",
        NameRule { least: 2, most: 64, help: "use 2 to 64 letters, digits and hyphens", ..MIXED },
    ),
    ("azure-app-insights", EXISTING),
];

fn is_framed(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// Keys that this reads, for every kind that has them.
const COMMON: &[&str] = &["kind", "environment", "name", "existing", "location", "tags", "roles"];

pub(in crate::model) fn lower<'a>(cx: &mut Cx<'a>, item: &'a Item<'a>) -> Option<Resource> {
    let (kind, node) = cx.known_keys(item, &RESOURCES)?;
    let spec = spec::find(kind.name)?;
    let (common, own) = split(&node);
    let written: written::Resource = cx.read(&common)?;
    let kind_span = written.kind.as_ref().map_or_else(|| item.span.clone(), Spanned::span);
    let mut environments = Vec::new();
    for environment in written.environment.clone().map(OneOrMany::into_vec).unwrap_or_default() {
        if let Some(named) = cx.named(&environment, &[Table::Environments]) {
            environments.push(Spanned::new(environment.span(), named.name.clone()));
        }
    }
    let azure = self::azure(cx, spec, &written);
    let kind = (spec.lower)(cx, Entry { item, node: &own, azure })?;
    let properties = (spec.properties)(item);
    Some(Resource { name: item.name.clone(), span: item.span.clone(), kind, kind_span, environments, properties })
}

/// What all kinds have and the rest.
fn split(node: &Node) -> (Node, Node) {
    let own: Vec<&str> =
        node.entries().iter().map(|(key, _)| key.name.as_str()).filter(|key| !COMMON.contains(key)).collect();
    (without(node, &own), without(node, COMMON))
}

fn azure(cx: &mut Cx<'_>, spec: &Spec, written: &written::Resource) -> Azure {
    if let Some(location) = &written.location {
        azure::location(cx, location);
    }
    let rule = NAMES.iter().find(|(kind, _)| *kind == spec.name).map_or(&EXISTING, |(_, rule)| rule);
    Azure {
        name: parts::ruled(cx, written.name.as_ref(), rule),
        location: parts::text(cx, "location", written.location.as_ref()),
        tags: azure::tags(cx, written.tags.as_ref()),
        existing: written.existing.as_ref().and_then(|existing| self::existing(cx, existing)),
        roles: written.roles.as_ref().map(|roles| self::roles(cx, spec, roles.get_ref())),
    }
}

fn existing(cx: &mut Cx<'_>, written: &Spanned<crate::model::written::Existing>) -> Option<AzureExisting> {
    let span = written.span();
    let written = written.get_ref();
    if let (Some(subscription), None) = (&written.subscription, &written.resource_group) {
        cx.error("missing-key", "`existing` has `subscription` and no `resource-group`", subscription.span(), "")
            .help("give the resource group that it is in")
            .push();
    }
    if written.name.is_none() {
        cx.error("missing-key", "`existing` has no `name`", span, "needs `name`")
            .help("write its name in Azure, or a parameter that has it: `{ name = \"$<store-name>\" }`")
            .push();
        return None;
    }
    if let Some(name) = written.name.as_ref().filter(|name| !name.get_ref().contains('$'))
        && !EXISTING.check(cx, name.get_ref(), &name.span())
    {
        return None;
    }
    azure::existing(cx, written)
}

/// Roles by their names. `spec` tells which there are.
fn roles(cx: &mut Cx<'_>, spec: &Spec, written: &[Spanned<String>]) -> Vec<&'static Role> {
    let mut roles: Vec<&'static Role> = Vec::new();
    for text in written {
        let Some(role) = spec.roles.iter().find(|role| role.is_called(text.get_ref())) else {
            let names = spec.roles.iter().map(|role| role.name);
            let near = cx.nearest(text.get_ref(), names.clone());
            let label = near.map_or_else(|| "not known".to_owned(), |near| format!("did you mean `{near}`?"));
            let message = format!("`{}` is no role of the kind `{}`", text.get_ref(), spec.name);
            let list = text::list(names).replace(" and ", " or ");
            cx.error("unknown-value", message, text.span(), label).help(format!("write {list}")).push();
            continue;
        };
        if roles.contains(&role) {
            cx.error("duplicate-name", format!("the role `{}` is listed twice", role.name), text.span(), "").push();
            continue;
        }
        roles.push(role);
    }
    roles
}
