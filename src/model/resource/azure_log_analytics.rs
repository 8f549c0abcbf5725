//! `azure-log-analytics`: a Log Analytics workspace.

use super::ResourceKind;
use super::kind::Azure;
use super::parts;
use super::property::{Properties, Property};
use super::spec::{Entry, Spec};
use crate::manifest::Spanned;
use crate::model::Expression;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::written::Int;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-log-analytics",
    about: "Log Analytics workspace",
    keys: &["name", "existing", "location", "tags", "sku", "retention-days", "daily-quota-gb"],
    required: &[],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: &[],
    default_roles: 0,
    recipe: None,
};

const SKUS: &[&str] =
    &["PerGB2018", "CapacityReservation", "Free", "LACluster", "PerNode", "Premium", "Standalone", "Standard"];

/// A workspace.
#[derive(Clone, Debug)]
pub struct AzureLogAnalytics {
    pub azure: Azure,
    /// Default: `PerGB2018`.
    pub sku: Option<Expression>,
    /// Default: Azure's own, which is 30.
    pub retention_days: Option<i64>,
    /// GiB that are taken in a day.
    pub daily_quota_gb: Option<i64>,
}

/// Log Analytics workspace.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// What is paid for. Default: `PerGB2018`.
    sku: Option<Spanned<String>>,
    /// Days that data are kept. Default: 30.
    retention_days: Option<Spanned<Int<30, 730>>>,
    /// GiB that are taken in a day. Default: no limit.
    daily_quota_gb: Option<Spanned<Int<1, 100_000>>>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    Properties::of(item.name.as_str()).own(false, &[("id", ""), ("name", ""), ("workspace-id", "")]).done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    Some(ResourceKind::AzureLogAnalytics(Box::new(AzureLogAnalytics {
        sku: parts::choice(cx, "sku", written.sku.as_ref(), SKUS),
        retention_days: parts::count(written.retention_days.as_ref()),
        daily_quota_gb: parts::count(written.daily_quota_gb.as_ref()),
        azure: entry.azure,
    })))
}
