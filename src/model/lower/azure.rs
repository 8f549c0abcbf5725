//! What Azure's naming rules say of literal values (Microsoft Learn, "Naming rules and restrictions
//! for Azure resources").

use super::registry::not_empty;
use super::{Cx, values};
use crate::manifest::Spanned;
use crate::model::written::{Existing, Values};
use crate::model::{AzureExisting, AzurePlacement, Expression};
use crate::util::text;
use std::collections::BTreeMap;

/// Locations that take deployments (`az account list-locations`, November 2026), public cloud.
const LOCATIONS: &[&str] = &[
    "asia",
    "asiapacific",
    "australia",
    "australiacentral",
    "australiacentral2",
    "australiaeast",
    "australiasoutheast",
    "austriaeast",
    "belgiumcentral",
    "brazil",
    "brazilsouth",
    "brazilsoutheast",
    "canada",
    "canadacentral",
    "canadaeast",
    "centralindia",
    "centralus",
    "chilecentral",
    "denmarkeast",
    "eastasia",
    "eastus",
    "eastus2",
    "europe",
    "france",
    "francecentral",
    "francesouth",
    "germany",
    "germanynorth",
    "germanywestcentral",
    "global",
    "india",
    "indonesiacentral",
    "israelcentral",
    "italynorth",
    "japan",
    "japaneast",
    "japanwest",
    "jioindiacentral",
    "jioindiawest",
    "korea",
    "koreacentral",
    "koreasouth",
    "malaysiawest",
    "mexicocentral",
    "newzealandnorth",
    "northcentralus",
    "northeurope",
    "norway",
    "norwayeast",
    "norwaywest",
    "polandcentral",
    "qatarcentral",
    "southafrica",
    "southafricanorth",
    "southafricawest",
    "southcentralus",
    "southeastasia",
    "southindia",
    "spaincentral",
    "sweden",
    "swedencentral",
    "switzerland",
    "switzerlandnorth",
    "switzerlandwest",
    "uae",
    "uaecentral",
    "uaenorth",
    "uk",
    "uksouth",
    "ukwest",
    "unitedstates",
    "westcentralus",
    "westeurope",
    "westindia",
    "westus",
    "westus2",
    "westus3",
];

/// Where something is put, each value checked as far as it is known.
pub(super) fn placement(
    cx: &mut Cx<'_>,
    location: Option<&Spanned<String>>,
    group: Option<&Spanned<String>>,
    subscription: Option<&Spanned<String>>,
) -> AzurePlacement {
    common(cx, location, group, subscription, None);
    AzurePlacement {
        location: location.and_then(|text| not_empty(cx, "location", text)),
        resource_group: group.and_then(|text| not_empty(cx, "resource-group", text)),
        subscription: subscription.and_then(|text| not_empty(cx, "subscription", text)),
    }
}

/// Something that exists already; its name's rule is the caller's.
pub(in crate::model) fn existing(cx: &mut Cx<'_>, written: &Existing) -> Option<AzureExisting> {
    let Existing { name, resource_group, subscription } = written;
    common(cx, None, None, None, Some(written));
    let resource_group = resource_group.as_ref().and_then(|text| not_empty(cx, "resource-group", text));
    let subscription = subscription.as_ref().and_then(|text| not_empty(cx, "subscription", text));
    let name = name.as_ref().and_then(|text| not_empty(cx, "name", text))?;
    Some(AzureExisting { name, resource_group, subscription })
}

/// The same, for a key that needs a name.
pub(super) fn named_existing(cx: &mut Cx<'_>, key: &str, written: &Spanned<Existing>) -> Option<AzureExisting> {
    if written.name.is_none() && !cx.is_reported(&written.span()) {
        cx.error("missing-key", format!("`{key}` has no `name`"), written.span(), "needs `name`")
            .help("write what it is called in Azure: `{ name = \"…\", resource-group = \"…\" }`")
            .push();
    }
    existing(cx, written)
}

/// Tags of a resource (Microsoft Learn, "Use tags to organize your Azure resources", "Limitations").
pub(in crate::model) fn tags(cx: &mut Cx<'_>, written: Option<&Values>) -> BTreeMap<String, Expression> {
    const MOST: usize = 50;
    if let Some((key, _)) = written.and_then(|tags| tags.iter().nth(MOST)) {
        cx.error("too-many-tags", "a resource in Azure has at most 50 tags", key.span(), "the 51st").push();
    }
    values(cx, written.into_iter().flatten(), |cx, key| {
        let name = key.get_ref().as_str();
        let why = if name.is_empty() {
            "is empty".to_owned()
        } else if name.chars().count() > 512 {
            "has more than 512 characters".to_owned()
        } else if let Some(c) = name.chars().find(|c| "<>%&\\?/".contains(*c) || c.is_control()) {
            format!("holds {}", super::show(c))
        } else {
            return true;
        };
        cx.error("bad-tag-name", format!("the tag's name `{name}` {why}"), key.span(), "")
            .help("use other characters than `<`, `>`, `%`, `&`, `\\`, `?` and `/`")
            .push();
        false
    })
}

fn common(
    cx: &mut Cx<'_>,
    location: Option<&Spanned<String>>,
    group: Option<&Spanned<String>>,
    subscription: Option<&Spanned<String>>,
    existing: Option<&Existing>,
) {
    if let Some(location) = location {
        self::location(cx, location);
    }
    let groups = [group, existing.and_then(|existing| existing.resource_group.as_ref())];
    for group in groups.into_iter().flatten() {
        resource_group(cx, group);
    }
    let subscriptions = [subscription, existing.and_then(|existing| existing.subscription.as_ref())];
    for subscription in subscriptions.into_iter().flatten() {
        self::subscription(cx, subscription);
    }
}

/// Whether a value is known now; what holds a reference is checked when it is resolved.
fn literal<'t>(cx: &Cx<'_>, text: &'t Spanned<String>) -> Option<&'t str> {
    (!cx.has_reference(text.get_ref())).then_some(text.get_ref().as_str())
}

pub(super) fn registry_name(cx: &mut Cx<'_>, name: &Spanned<String>) {
    let Some(text) = literal(cx, name) else { return };
    let length = text.chars().count();
    let better: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let why = if better.len() != length {
        "holds characters that are neither letters nor digits".to_owned()
    } else if !(5..=50).contains(&length) {
        format!("has {length} characters")
    } else if better != text {
        "holds upper-case letters".to_owned()
    } else {
        return;
    };
    let rule = "a registry's name in Azure is 5 to 50 lower-case letters and digits, unique in all of Azure";
    let help = match (5..=50).contains(&better.len()) {
        true => format!("{rule}; for example `{better}`"),
        false => rule.to_owned(),
    };
    cx.error("bad-azure-name", format!("the registry name `{text}` {why}"), name.span(), "").help(help).push();
}

pub(in crate::model) fn location(cx: &mut Cx<'_>, location: &Spanned<String>) {
    let Some(text) = literal(cx, location) else { return };
    // Azure takes display names too: `West Europe` is `westeurope`.
    let normal = normal_location(text);
    if LOCATIONS.contains(&normal.as_str()) {
        return;
    }
    let near = cx.nearest(&normal, LOCATIONS.iter().copied());
    let label = near.map_or_else(|| "not known".to_owned(), |near| format!("did you mean `{near}`?"));
    cx.error("unknown-location", format!("unknown Azure location `{text}`"), location.span(), label)
        .help("`az account list-locations --output table` lists them")
        .push();
}

/// The name of a location as Azure itself writes it.
pub(super) fn normal_location(text: &str) -> String {
    text.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_lowercase()).collect()
}

fn resource_group(cx: &mut Cx<'_>, group: &Spanned<String>) {
    let Some(text) = literal(cx, group) else { return };
    let length = text.chars().count();
    let odd = text.chars().find(|c| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')')));
    let why = if length == 0 || length > 90 {
        format!("has {length} characters")
    } else if text.ends_with('.') {
        "ends with a dot".to_owned()
    } else if let Some(c) = odd {
        format!("holds {}", super::show(c))
    } else {
        return;
    };
    cx.error("bad-azure-name", format!("the resource group's name `{text}` {why}"), group.span(), "")
        .help("use 1 to 90 letters, digits, `-`, `_`, `.` and brackets, not ending with a dot")
        .push();
}

fn subscription(cx: &mut Cx<'_>, subscription: &Spanned<String>) {
    let Some(text) = literal(cx, subscription) else { return };
    let groups: Vec<&str> = text.split('-').collect();
    let is_guid = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !is_guid {
        cx.error("bad-azure-name", format!("the subscription `{text}` is no GUID"), subscription.span(), "")
            .help(format!("write its id, such as {}", text::list(["00000000-0000-0000-0000-000000000000"])))
            .push();
    }
}
