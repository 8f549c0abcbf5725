//! What Azure's naming rules say of literal values (Microsoft Learn, "Naming rules and restrictions
//! for Azure resources").

use super::Cx;
use crate::manifest::Spanned;
use crate::model::written::{Environment, Existing, Registry};
use crate::util::text;

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

pub(super) fn registry(cx: &mut Cx<'_>, written: &Registry) {
    if let Some(name) = &written.name {
        registry_name(cx, name);
    }
    if let Some(name) = written.existing.as_ref().and_then(|existing| existing.name.as_ref()) {
        registry_name(cx, name);
    }
    common(
        cx,
        written.location.as_ref(),
        written.resource_group.as_ref(),
        written.subscription.as_ref(),
        written.existing.as_ref(),
    );
    for replication in written.geo_replications.iter().flatten() {
        if let Some(location) = &replication.location {
            self::location(cx, location);
        }
    }
}

pub(super) fn environment(cx: &mut Cx<'_>, written: &Environment) {
    common(
        cx,
        written.location.as_ref(),
        written.resource_group.as_ref(),
        written.subscription.as_ref(),
        written.existing.as_ref(),
    );
}

/// Checks a resource group and a subscription that something is in.
pub(in crate::model) fn scope(
    cx: &mut Cx<'_>,
    group: Option<&Spanned<String>>,
    subscription: Option<&Spanned<String>>,
) {
    if let Some(group) = group {
        resource_group(cx, group);
    }
    if let Some(subscription) = subscription {
        self::subscription(cx, subscription);
    }
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
fn literal(text: &Spanned<String>) -> Option<&str> {
    (!text.get_ref().contains('$')).then_some(text.get_ref().as_str())
}

fn registry_name(cx: &mut Cx<'_>, name: &Spanned<String>) {
    let Some(text) = literal(name) else { return };
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
    let Some(text) = literal(location) else { return };
    // Azure takes display names too: `West Europe` is `westeurope`.
    let normal: String = text.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_lowercase()).collect();
    if LOCATIONS.contains(&normal.as_str()) {
        return;
    }
    let near = cx.nearest(&normal, LOCATIONS.iter().copied());
    let label = near.map_or_else(|| "not known".to_owned(), |near| format!("did you mean `{near}`?"));
    cx.error("unknown-location", format!("unknown Azure location `{text}`"), location.span(), label)
        .help("`az account list-locations --output table` lists them")
        .push();
}

fn resource_group(cx: &mut Cx<'_>, group: &Spanned<String>) {
    let Some(text) = literal(group) else { return };
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
    let Some(text) = literal(subscription) else { return };
    let groups: Vec<&str> = text.split('-').collect();
    let is_guid = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if !is_guid {
        cx.error("bad-azure-name", format!("the subscription `{text}` is no GUID"), subscription.span(), "")
            .help(format!("write its id, such as {}", text::list(["00000000-0000-0000-0000-000000000000"])))
            .push();
    }
}
