//! `azure-app-insights`: Application Insights.

use super::making::{Making, NameRule};
use crate::azure::{Builder, Cx, Failure, Lowered, Module};
use crate::model::Resource;
use crate::model::resource::AzureAppInsights;
use serde_json::json;

pub(super) const NAME: NameRule = NameRule { most: 260, separator: "-", is_lower: false };

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, insights: &AzureAppInsights) -> Result<Vec<Module>, Failure> {
    let mut making = Making::new(cx, &resource.name, &resource.span, &insights.azure, NAME);
    let workspace = insights.log_analytics.as_ref().filter(|_| !making.is_existing);
    let workspace_id = workspace.map(|name| making.builder.output(name.get_ref().as_str(), "logAnalyticsWorkspaceId"));
    let mut data = json!({
        "application_type": making.or(insights.application_type.as_ref(), "web"),
        "retention_days": insights.retention_days,
        "disable_local_auth": !insights.local_auth,
        "workspace_id": workspace_id,
        "law_name": making.beside("law"),
    });
    let symbol = making.symbol();
    data["law"] = match making.is_existing || workspace_id.is_some() {
        true => json!(null),
        false => json!(making.part("law")),
    };
    Ok(vec![making.finish("azure-app-insights/module.bicep.hbs", &symbol, data)?])
}

pub(super) fn property(builder: &mut Builder<'_>, resource: &Resource, property: &str) -> Option<Lowered> {
    let output = match property {
        "connection-string" => "appInsightsConnectionString",
        "name" | "id" => property,
        _ => return None,
    };
    Some(Lowered::plain(builder.output(resource.name.as_str(), output)))
}
