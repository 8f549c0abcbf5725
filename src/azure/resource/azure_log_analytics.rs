//! `azure-log-analytics`: Log Analytics workspaces.

use super::making::{Making, NameRule};
use crate::azure::{Builder, Cx, Failure, Lowered, Module};
use crate::model::Resource;
use crate::model::resource::AzureLogAnalytics;
use serde_json::json;

pub(super) const NAME: NameRule = NameRule { most: 63, separator: "-", is_lower: false };

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, logs: &AzureLogAnalytics) -> Result<Vec<Module>, Failure> {
    let mut making = Making::new(cx, &resource.name, &resource.span, &logs.azure, NAME);
    let data = json!({
        "sku": making.or(logs.sku.as_ref(), "PerGB2018"),
        "retention_days": logs.retention_days,
        "daily_quota_gb": logs.daily_quota_gb,
    });
    let symbol = making.symbol();
    Ok(vec![making.finish("azure-log-analytics/module.bicep.hbs", &symbol, data)?])
}

pub(super) fn property(builder: &mut Builder<'_>, resource: &Resource, property: &str) -> Option<Lowered> {
    let output = match property {
        "id" => "logAnalyticsWorkspaceId",
        "workspace-id" => "customerId",
        "name" => property,
        _ => return None,
    };
    Some(Lowered::plain(builder.output(resource.name.as_str(), output)))
}
