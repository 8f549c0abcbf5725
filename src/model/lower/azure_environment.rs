//! What the environments in Azure are told: Container Apps and App Service.

use super::environment::resource_of_kind;
use super::registry::not_empty;
use super::{Cx, azure};
use crate::manifest::{Span, Spanned};
use crate::model::environment::{
    AppServiceEnvironment, ApplicationInsights, AutomaticScaling, AzureSettings, ContainerAppsEnvironment,
    LogAnalytics, Subnet, WorkloadProfile,
};
use crate::model::scope::Item;
use crate::model::written;
use crate::util::text;
use std::collections::HashMap;

/// Kinds of machines of Container Apps (Microsoft Learn, "Workload profiles in Azure Container Apps").
const PROFILE_TYPES: &[&str] = &[
    "D4",
    "D8",
    "D16",
    "D32",
    "E4",
    "E8",
    "E16",
    "E32",
    "NC24-A100",
    "NC48-A100",
    "NC96-A100",
    "Consumption-GPU-NC24-A100",
    "Consumption-GPU-NC8as-T4",
];

/// Tiers of plans that run Linux containers (Microsoft Learn, "App Service pricing").
const PLAN_TIERS: &[&str] = &[
    "B1", "B2", "B3", "S1", "S2", "S3", "P1v2", "P2v2", "P3v2", "P0v3", "P1v3", "P1mv3", "P2v3", "P2mv3", "P3v3",
    "P3mv3", "P4mv3", "P5mv3", "P0v4", "P1v4", "P1mv4", "P2v4", "P2mv4", "P3v4", "P3mv4", "P4mv4", "P5mv4", "I1v2",
    "I2v2", "I3v2", "I4v2", "I5v2", "I6v2",
];

/// What an environment that exists already was given when it was made.
const MADE_ONCE: &[&str] = &[
    "location",
    "resource-group",
    "subscription",
    "log-analytics",
    "workload-profiles",
    "subnet",
    "dashboard",
    "zone-redundant",
    "mutual-tls",
    "sku",
    "automatic-scaling",
];

pub(super) fn container_apps(
    cx: &mut Cx<'_>,
    item: &Item<'_>,
    written: &written::Environment,
    azure: AzureSettings,
) -> Option<ContainerAppsEnvironment> {
    made_once(cx, item, &azure);
    let log_analytics = match &written.log_analytics {
        None => Some(LogAnalytics::Own),
        Some(logs) => self::log_analytics(cx, logs),
    };
    let subnet = match &written.subnet {
        None => Some(None),
        Some(subnet) => self::subnet(cx, subnet).map(Some),
    };
    let workload_profiles = workload_profiles(cx, written.workload_profiles.as_deref().unwrap_or_default());
    if let (Some(zones), None) = (written.zone_redundant.as_ref().filter(|zones| *zones.get_ref()), &written.subnet) {
        cx.error("missing-key", "zone redundancy needs a subnet", zones.span(), "")
            .help("set `subnet` to a subnet that is delegated to `Microsoft.App/environments`")
            .push();
    }
    let dashboard = dashboard(cx, written.dashboard.as_ref()).unwrap_or(true);
    Some(ContainerAppsEnvironment {
        azure,
        log_analytics: log_analytics?,
        workload_profiles,
        subnet: subnet?,
        dashboard,
        zone_redundant: written.zone_redundant.clone(),
        https_upgrade: written.https_upgrade.unwrap_or(true),
        mutual_tls: written.mutual_tls.unwrap_or(false),
    })
}

pub(super) fn app_service(
    cx: &mut Cx<'_>,
    item: &Item<'_>,
    written: &written::Environment,
    azure: AzureSettings,
) -> Option<AppServiceEnvironment> {
    made_once(cx, item, &azure);
    let sku = written.sku.as_ref().and_then(|sku| known(cx, "sku", sku, PLAN_TIERS));
    let subnet = match &written.subnet {
        None => Some(None),
        Some(subnet) => self::subnet(cx, subnet).map(Some),
    }?;
    if let (Some(subnet), Some(written::Subnet::Table(table))) = (&subnet, &written.subnet)
        && let Some(internal) = table.internal.as_ref().filter(|_| subnet.internal)
    {
        cx.error("not-supported", "App Service has no internal environments", internal.span(), "")
            .help("leave `internal` out")
            .push();
    }
    Some(AppServiceEnvironment {
        azure,
        sku,
        application_insights: written.application_insights.as_ref().and_then(|insights| match insights {
            written::Insights::Boolean(on) => on.get_ref().then(|| ApplicationInsights::Own(on.span())),
            written::Insights::String(name) => {
                resource_of_kind(cx, name, "azure-app-insights").map(ApplicationInsights::Resource)
            }
        }),
        slots: slots(cx, written.slots.clone()),
        // One that exists is made nothing for.
        dashboard: dashboard(cx, written.dashboard.as_ref()).unwrap_or(written.existing.is_none()),
        automatic_scaling: written.automatic_scaling.as_ref().and_then(automatic_scaling),
        subnet: subnet.map(|subnet| subnet.id),
        zone_redundant: written.zone_redundant.clone(),
    })
}

/// Refuses what an environment that exists already cannot be given.
fn made_once(cx: &mut Cx<'_>, item: &Item<'_>, azure: &AzureSettings) {
    let Some(existing) = &azure.existing else { return };
    for (key, node) in item.node.entries().iter().filter(|(key, _)| MADE_ONCE.contains(&key.name.as_str())) {
        // Without the dashboard there is nothing to make.
        if node.kind == crate::manifest::Kind::Bool(false) {
            continue;
        }
        let message = format!("`{}` cannot be set: `{}` exists already", key.name, item.name);
        let help = match key.name.as_str() {
            "resource-group" | "subscription" => format!("write it inside of `existing`: `{{ name, {} }}`", key.name),
            _ => format!("leave `{}` out, or leave `existing` out to have the environment made", key.name),
        };
        cx.error("exclusive-keys", message, key.span.clone(), "")
            .also(&existing.span(), "exists already")
            .help(help)
            .push();
    }
}

fn log_analytics(cx: &mut Cx<'_>, written: &written::LogAnalytics) -> Option<LogAnalytics> {
    match written {
        written::LogAnalytics::String(name) => {
            resource_of_kind(cx, name, "azure-log-analytics").map(LogAnalytics::Resource)
        }
        written::LogAnalytics::Table(table) => {
            let own = written::Existing {
                name: table.name.clone(),
                resource_group: table.resource_group.clone(),
                subscription: table.subscription.clone(),
            };
            let existing = match &table.existing {
                None => Spanned::new(table.span(), own),
                Some(existing) => {
                    let keys = [&own.name, &own.resource_group, &own.subscription];
                    if let Some(key) = keys.into_iter().flatten().next() {
                        cx.error("exclusive-keys", "the workspace is named twice", key.span(), "")
                            .also(&existing.span(), "also here")
                            .help("write all of its keys inside of `existing`")
                            .push();
                    }
                    existing.clone()
                }
            };
            azure::named_existing(cx, "log-analytics", &existing).map(LogAnalytics::Existing)
        }
    }
}

fn subnet(cx: &mut Cx<'_>, written: &written::Subnet) -> Option<Subnet> {
    match written {
        written::Subnet::String(id) => not_empty(cx, "subnet", id).map(|id| Subnet { id, internal: false }),
        written::Subnet::Table(table) => {
            let Some(id) = &table.id else {
                if cx.is_reported(&table.span()) {
                    return None;
                }
                cx.error("missing-key", "`subnet` has no `id`", table.span(), "needs `id`")
                    .help("write a reference such as `$<vnet.subnets.apps.id>`, or a resource id")
                    .push();
                return None;
            };
            let id = not_empty(cx, "id", id)?;
            Some(Subnet { id, internal: table.internal.as_ref().is_some_and(|internal| *internal.get_ref()) })
        }
    }
}

fn workload_profiles(cx: &mut Cx<'_>, written: &[Spanned<written::WorkloadProfile>]) -> Vec<WorkloadProfile> {
    let mut profiles = Vec::new();
    let mut seen: HashMap<String, Span> = HashMap::new();
    for profile in written {
        let (Some(name), Some(kind)) = (&profile.name, &profile.r#type) else {
            let lacks = if profile.name.is_none() { "name" } else { "type" };
            if cx.is_reported(&profile.span()) {
                continue;
            }
            cx.error("missing-key", format!("a workload profile has no `{lacks}`"), profile.span(), "")
                .help("write `{ name = \"big\", type = \"D4\", min = 1, max = 3 }`")
                .push();
            continue;
        };
        let Some(name) = cx.plain("name", name).filter(|name| profile_name(cx, name)) else { continue };
        let Some(kind) = known(cx, "type", kind, PROFILE_TYPES) else { continue };
        if let Some(first) = seen.insert(name.to_lowercase(), name.span()) {
            cx.error(
                "duplicate-name",
                format!("the workload profile `{}` is listed twice", name.get_ref()),
                name.span(),
                "",
            )
            .also(&first, "first here")
            .push();
        }
        profiles.push(WorkloadProfile { name, count: profile_count(cx, profile, &kind), kind });
    }
    profiles
}

/// Fewest and most machines; consumption profiles count none.
fn profile_count(cx: &mut Cx<'_>, profile: &written::WorkloadProfile, kind: &Spanned<String>) -> Option<(u32, u32)> {
    let number = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
    if kind.starts_with("Consumption") {
        let counts = [profile.min.as_ref().map(Spanned::span), profile.max.as_ref().map(Spanned::span)];
        for span in counts.into_iter().flatten() {
            let message = format!("machines of the type `{}` are not counted", kind.get_ref());
            cx.error("exclusive-keys", message, span, "").help("leave `min` and `max` out").push();
        }
        return None;
    }
    let min = profile.min.as_ref().map_or(1, |min| number(min.get_ref().get()));
    let max = profile.max.as_ref().map_or(min.max(3), |max| number(max.get_ref().get()));
    if let (true, Some(at)) = (min > max, &profile.max) {
        let message = format!("`min` is {min}, more than `max`, which is {max}");
        cx.error("bad-value", message, at.span(), "").push();
    }
    Some((min, max))
}

/// Azure's rule for names of workload profiles: 15 letters, digits and hyphens at most.
fn profile_name(cx: &mut Cx<'_>, name: &Spanned<String>) -> bool {
    let text = name.get_ref().as_str();
    let fits = (1..=15).contains(&text.chars().count())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && !text.starts_with('-');
    let is_taken = text.eq_ignore_ascii_case("consumption");
    if fits && !is_taken {
        return true;
    }
    let message = match is_taken {
        true => format!("the workload profile `{text}` is always there"),
        false => format!("`{text}` is no name of a workload profile"),
    };
    cx.error("bad-name", message, name.span(), "").help("use 1 to 15 ASCII letters, digits and `-`").push();
    false
}

fn dashboard(cx: &mut Cx<'_>, written: Option<&written::Dashboard>) -> Option<bool> {
    match written? {
        written::Dashboard::Boolean(on) => Some(*on),
        written::Dashboard::Table(table) => {
            cx.error("wrong-type", "`dashboard` must be a boolean here, not a table", table.span(), "")
                .help("write `dashboard = true` or `dashboard = false`")
                .push();
            None
        }
    }
}

fn slots(cx: &mut Cx<'_>, written: Option<written::OneOrMany>) -> Vec<crate::model::Expression> {
    let mut slots: Vec<crate::model::Expression> = Vec::new();
    for text in written.map(written::OneOrMany::into_vec).unwrap_or_default() {
        let Some(slot) = not_empty(cx, "slots", &text) else { continue };
        if let Some(name) = slot.as_literal() {
            let fits =
                (2..=59).contains(&name.chars().count()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            if !fits || name.eq_ignore_ascii_case("production") {
                cx.error("bad-azure-name", format!("`{name}` is no name of a deployment slot"), text.span(), "")
                    .help("use 2 to 59 ASCII letters, digits and `-`; `production` is always there")
                    .push();
            }
        }
        match slots.iter().find(|other| super::app::is_same(other, &slot)) {
            Some(first) => cx
                .error("duplicate-name", format!("the slot `{}` is listed twice", text.get_ref()), text.span(), "")
                .also(&first.span, "first here")
                .push(),
            None => slots.push(slot),
        }
    }
    slots
}

fn automatic_scaling(written: &written::AutomaticScaling) -> Option<AutomaticScaling> {
    match written {
        written::AutomaticScaling::Boolean(on) => on.get_ref().then(|| AutomaticScaling { span: on.span(), max: None }),
        written::AutomaticScaling::Table(table) => {
            let count = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
            let max = table.max.clone().map(|max| max.map(|max| count(max.get())));
            Some(AutomaticScaling { span: table.span(), max })
        }
    }
}

/// One of Azure's words, in whatever case.
fn known(cx: &mut Cx<'_>, key: &str, word: &Spanned<String>, words: &[&str]) -> Option<Spanned<String>> {
    let word = cx.plain(key, word)?;
    if let Some(found) = words.iter().find(|known| known.eq_ignore_ascii_case(&word)) {
        return Some(Spanned::new(word.span(), (*found).to_owned()));
    }
    let near = cx.nearest(&word, words.iter().copied());
    let label = near.map_or_else(|| "not known".to_owned(), |near| format!("did you mean `{near}`?"));
    cx.error("unknown-value", format!("unknown `{key}`: `{}`", word.get_ref()), word.span(), label)
        .help(format!("write one of {}", text::list(words.iter().copied()).replace(" and ", " or ")))
        .push();
    None
}
