//! `azure-app-insights`: Application Insights, kept in a Log Analytics workspace.

use super::ResourceKind;
use super::kind::Azure;
use super::parts;
use super::property::{Properties, Property};
use super::spec::{Entry, Spec};
use crate::manifest::Spanned;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::written::Int;
use crate::model::{Expression, Name};
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-app-insights",
    about: "Application Insights",
    keys: &[
        "name",
        "existing",
        "location",
        "tags",
        "log-analytics",
        "application-type",
        "retention-days",
        "local-auth",
    ],
    required: &[],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: &[],
    default_roles: 0,
    recipe: None,
};

const RETENTION: &[i64] = &[30, 60, 90, 120, 180, 270, 365, 550, 730];

/// Application Insights.
#[derive(Clone, Debug)]
pub struct AzureAppInsights {
    pub azure: Azure,
    /// `None`: one of its own.
    pub log_analytics: Option<Spanned<Name>>,
    /// Default: `web`.
    pub application_type: Option<Expression>,
    pub retention_days: Option<i64>,
    /// Whether telemetry is taken with the connection string alone; else only with an Entra token.
    pub local_auth: bool,
}

/// Application Insights.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// The `azure-log-analytics` that keeps its data. Default: one of its own.
    log_analytics: Option<Spanned<String>>,
    /// `web` (the default) or `other`.
    application_type: Option<Spanned<String>>,
    /// Days that data are kept: 30, 60, 90, 120, 180, 270, 365, 550 or 730.
    retention_days: Option<Spanned<Int<1, 730>>>,
    /// Whether telemetry is taken with the connection string alone. Default: yes.
    local_auth: Option<bool>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    // The variable that all SDKs of Azure Monitor read.
    Properties::of(item.name.as_str())
        .fixed("connection-string", "APPLICATIONINSIGHTS_CONNECTION_STRING", false)
        .own(false, &[("name", ""), ("id", "")])
        .done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    Some(ResourceKind::AzureAppInsights(Box::new(AzureAppInsights {
        log_analytics: parts::resource(cx, written.log_analytics.as_ref(), "azure-log-analytics"),
        application_type: parts::choice(cx, "application-type", written.application_type.as_ref(), &["web", "other"]),
        retention_days: parts::number(cx, "retention-days", written.retention_days.as_ref(), RETENTION),
        local_auth: written.local_auth.unwrap_or(true),
        azure: entry.azure,
    })))
}
