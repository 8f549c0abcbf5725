//! The environment itself: the plan, the identity that pulls, the dashboard, where telemetry goes.

use super::names::unique_name;
use super::settings::{Settings, dashboard_settings};
use crate::azure::pull::{self, Access};
use crate::azure::{Builder, Cx, Failure, Module, Stage, Value, resource};
use crate::model::environment::{AppServiceEnvironment, ApplicationInsights};
use crate::model::{Application, Environment, Name};
use crate::render::bicep;
use serde::Serialize;
use serde_json::json;

/// Outputs of the environment's module, under the names that Azure's tools know.
pub(super) mod output {
    pub(in super::super) const PLAN_ID: &str = "planId";
    /// Of an existing plan: its sites must be there too.
    pub(in super::super) const LOCATION: &str = "location";
    pub(in super::super) const SUFFIX: &str = "webSiteSuffix";
    pub(in super::super) const PULL_ID: &str = "AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID";
    pub(in super::super) const PULL_CLIENT_ID: &str = "AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_CLIENT_ID";
    pub(in super::super) const CONTRIBUTOR_ID: &str = "AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_ID";
    pub(in super::super) const CONTRIBUTOR_PRINCIPAL: &str = "AZURE_WEBSITE_CONTRIBUTOR_MANAGED_IDENTITY_PRINCIPAL_ID";
    pub(in super::super) const DASHBOARD: &str = "AZURE_APP_SERVICE_DASHBOARD_URI";
    pub(in super::super) const INSIGHTS_KEY: &str = "AZURE_APPLICATION_INSIGHTS_INSTRUMENTATIONKEY";
    pub(in super::super) const INSIGHTS: &str = "AZURE_APPLICATION_INSIGHTS_CONNECTION_STRING";
}

const DEFAULT_SKU: &str = "P0v3";
/// The most machines of automatic scaling where nothing is said.
const MOST_WORKERS: u32 = 10;
/// Zones are spread over at least two machines.
const ZONE_WORKERS: u32 = 2;

#[derive(Serialize)]
struct Output {
    name: &'static str,
    value: Value,
}

#[derive(Serialize)]
struct Plan {
    symbol: String,
    is_existing: bool,
    name: Value,
    scope: Value,
    sku: String,
    tier: &'static str,
    capacity: Option<Value>,
    most_workers: Option<Value>,
    /// Each site has its own number of workers.
    is_per_site: bool,
    zone_redundant: bool,
}

#[derive(Serialize)]
struct Dashboard {
    symbol: String,
    name: Value,
    identity: String,
    identity_name: Value,
    identity_key: Value,
    role: String,
    subnet: Option<Value>,
    pull_client_id: Option<Value>,
    settings: Value,
}

/// A component of its own, and its workspace.
#[derive(Serialize)]
struct Insights {
    workspace: String,
    workspace_name: Value,
    symbol: String,
    name: Value,
}

pub(super) fn modules(
    cx: &Cx<'_>,
    environment: &Environment,
    settings: &AppServiceEnvironment,
) -> Result<Vec<Module>, Failure> {
    let azure = &settings.azure;
    let mut modules = pull::modules(cx, environment, azure)?;
    let mut builder = Builder::new(cx, environment.name.as_str(), Stage::Infrastructure, &environment.span)
        .in_scope(pull::scope(&azure.placement));
    let access =
        has_identity(cx.application, environment, settings).then(|| pull::access(&mut builder, environment, azure));
    let plan = plan(&mut builder, environment, settings);
    let dashboard = settings.dashboard.then(|| dashboard(&mut builder, environment, settings, access.as_ref()));
    let (insights, keys) = insights(environment, settings);
    let client_id = access.as_ref().map(|access| access.client_id(&mut builder, environment));
    let outputs = outputs(&plan, access.as_ref().zip(client_id), dashboard.as_ref(), keys.as_ref());
    let mut data = access.map(|access| access.data).unwrap_or_else(|| Access::none().data);
    let makes_identity = data.get("identity").is_some_and(|identity| !identity.is_null());
    if makes_identity || !plan.is_existing || dashboard.is_some() || insights.is_some() {
        builder.location(azure.placement.location.as_ref());
        data.insert("tags".to_owned(), json!(pull::tags(&mut builder, environment, azure)));
    } else {
        data.insert("tags".to_owned(), json!(null));
    }
    data.insert("plan".to_owned(), json!(plan));
    data.insert("dashboard".to_owned(), json!(dashboard));
    data.insert("insights".to_owned(), json!(insights));
    data.insert("outputs".to_owned(), json!(outputs));
    modules.push(builder.finish("azure-app-service/environment.bicep.hbs", &data)?);
    Ok(modules)
}

/// Whether the environment has an identity: to pull with, or to send telemetry to the dashboard with.
pub(super) fn has_identity(
    application: &Application,
    environment: &Environment,
    settings: &AppServiceEnvironment,
) -> bool {
    settings.dashboard
        || settings.azure.pull_identity.is_some()
        || !pull::registries(application, environment).is_empty()
}

fn symbol(environment: &Name, what: &str) -> String {
    format!("{}_{what}", bicep::identifier(environment.as_str()))
}

fn plan(builder: &mut Builder<'_>, environment: &Environment, settings: &AppServiceEnvironment) -> Plan {
    let symbol = symbol(&environment.name, "asplan");
    let sku = settings.sku.as_ref().map_or(DEFAULT_SKU, |sku| sku.get_ref().as_str()).to_owned();
    let tier = tier(&sku);
    if let Some(existing) = &settings.azure.existing {
        let name = builder.lower(&existing.name).value;
        let own = pull::scope(&settings.azure.placement);
        let scope = pull::existing_scope_value(builder, &own, &pull::existing_scope(existing));
        return Plan {
            symbol,
            is_existing: true,
            name,
            scope,
            sku,
            tier,
            capacity: None,
            most_workers: None,
            is_per_site: false,
            zone_redundant: false,
        };
    }
    let zone_redundant = settings.zone_redundant.as_ref().is_some_and(|zones| *zones.get_ref());
    let replicas = super::super::apps(builder.cx.application, &environment.name)
        .filter_map(|app| app.replicas.min.as_ref().or(app.replicas.max.as_ref()))
        .map(|count| *count.get_ref());
    let least = if zone_redundant { ZONE_WORKERS } else { 1 };
    let capacity = replicas.max().unwrap_or(1).max(least);
    let most = settings.automatic_scaling.as_ref().map(|scaling| {
        let most = scaling.max.as_ref().map_or(MOST_WORKERS, |max| *max.get_ref());
        Value::from(most.max(capacity))
    });
    let is_per_site = most.is_none() && !sku.starts_with('B');
    Plan {
        symbol,
        is_existing: false,
        name: unique_name(environment.name.as_str(), "plan", 60),
        scope: Value::Null,
        sku,
        tier,
        capacity: (capacity > 1).then(|| Value::from(capacity)),
        is_per_site,
        most_workers: most,
        zone_redundant,
    }
}

/// As Azure calls the tier of a size (`az appservice plan create` knows the same table).
fn tier(sku: &str) -> &'static str {
    let sku = sku.to_ascii_lowercase();
    let generation = sku.rsplit_once('v').map_or("", |(_, generation)| generation);
    let is_memory = sku.contains('m');
    match (sku.chars().next(), generation) {
        (Some('b'), _) => "Basic",
        (Some('s'), _) => "Standard",
        (Some('i'), _) => "IsolatedV2",
        (_, "2") => "PremiumV2",
        (_, "4") if sku.starts_with("p0") => "Premium0V4",
        (_, "4") if is_memory => "PremiumMV4",
        (_, "4") => "PremiumV4",
        _ if sku.starts_with("p0") => "Premium0V3",
        _ if is_memory => "PremiumMV3",
        _ => "PremiumV3",
    }
}

fn dashboard(
    builder: &mut Builder<'_>,
    environment: &Environment,
    settings: &AppServiceEnvironment,
    access: Option<&Access>,
) -> Dashboard {
    let identity = symbol(&environment.name, "contributor_mi");
    let pull_client_id = access.map(|access| access.client_id(builder, environment));
    let client_id = Value::expression(format!("{identity}.properties.clientId"));
    Dashboard {
        symbol: symbol(&environment.name, "dashboard"),
        name: unique_name(environment.name.as_str(), "dashboard", 60),
        identity_name: unique_name(environment.name.as_str(), "contributor-mi", 128),
        identity_key: Value::expression(format!("'${{{identity}.id}}'")),
        role: symbol(&environment.name, "ra"),
        subnet: settings.subnet.as_ref().map(|subnet| builder.lower(subnet).value),
        settings: dashboard_settings(&environment.name, client_id, pull_client_id.clone().unwrap_or(Value::Null)),
        pull_client_id,
        identity,
    }
}

/// What the template makes, and its instrumentation key and connection string.
fn insights(environment: &Environment, settings: &AppServiceEnvironment) -> (Option<Insights>, Option<[Value; 2]>) {
    match &settings.application_insights {
        Some(ApplicationInsights::Own(_)) => {
            let symbol = symbol(&environment.name, "ai");
            let name = environment.name.as_str();
            let keys = ["InstrumentationKey", "ConnectionString"]
                .map(|property| Value::expression(format!("{symbol}.properties.{property}")));
            let own = Insights {
                workspace: self::symbol(&environment.name, "law"),
                workspace_name: unique_name(name, "law", 63),
                name: unique_name(name, "ai", 260),
                symbol,
            };
            (Some(own), Some(keys))
        }
        // Sites take it from the resource itself.
        Some(ApplicationInsights::Resource(_)) | None => (None, None),
    }
}

/// What sends a site's telemetry there.
pub(super) fn insights_of(
    builder: &mut Builder<'_>,
    environment: &Environment,
    settings: &AppServiceEnvironment,
) -> Option<Settings> {
    let name = environment.name.as_str();
    let mut values = Settings::default();
    match settings.application_insights.as_ref()? {
        ApplicationInsights::Own(_) => {
            values.set("APPINSIGHTS_INSTRUMENTATIONKEY", builder.output(name, output::INSIGHTS_KEY));
            values.set("APPLICATIONINSIGHTS_CONNECTION_STRING", builder.output(name, output::INSIGHTS));
        }
        ApplicationInsights::Resource(resource) => {
            let declared = builder.cx.application.resources.get(resource.get_ref())?;
            let span = resource.span();
            // It is in Azure: no address of a container is asked for.
            let lowered = resource::property(builder, declared, "connection-string", &span, &|_, _, _, _| None)?;
            values.set("APPLICATIONINSIGHTS_CONNECTION_STRING", lowered.value);
        }
    }
    values.set("ApplicationInsightsAgent_EXTENSION_VERSION", Value::from("~3"));
    Some(values)
}

fn outputs(
    plan: &Plan,
    access: Option<(&Access, Value)>,
    dashboard: Option<&Dashboard>,
    insights: Option<&[Value; 2]>,
) -> Vec<Output> {
    let code = |text: String| Value::expression(text);
    let mut outputs = vec![
        Output { name: "name", value: code(format!("{}.name", plan.symbol)) },
        Output { name: output::PLAN_ID, value: code(format!("{}.id", plan.symbol)) },
        Output { name: output::SUFFIX, value: code("uniqueString(resourceGroup().id)".to_owned()) },
    ];
    if plan.is_existing {
        outputs.push(Output { name: output::LOCATION, value: code(format!("{}.location", plan.symbol)) });
    }
    if let Some((access, client_id)) = access {
        if let Some(registry) = &access.registry {
            let endpoint = code(format!("{registry}.properties.loginServer"));
            outputs.push(Output { name: "AZURE_CONTAINER_REGISTRY_NAME", value: code(format!("{registry}.name")) });
            outputs.push(Output { name: "AZURE_CONTAINER_REGISTRY_ENDPOINT", value: endpoint });
        }
        outputs.push(Output { name: output::PULL_ID, value: access.id.clone() });
        outputs.push(Output { name: output::PULL_CLIENT_ID, value: client_id });
    }
    if let Some(dashboard) = dashboard {
        let identity = &dashboard.identity;
        let host = format!("'https://${{{}.properties.defaultHostName}}'", dashboard.symbol);
        outputs.push(Output { name: output::CONTRIBUTOR_ID, value: code(format!("{identity}.id")) });
        outputs.push(Output {
            name: output::CONTRIBUTOR_PRINCIPAL,
            value: code(format!("{identity}.properties.principalId")),
        });
        outputs.push(Output { name: output::DASHBOARD, value: code(host) });
    }
    if let Some([key, connection]) = insights {
        outputs.push(Output { name: output::INSIGHTS_KEY, value: key.clone() });
        outputs.push(Output { name: output::INSIGHTS, value: connection.clone() });
    }
    outputs
}

#[cfg(test)]
mod tests {
    use super::tier;

    #[test]
    fn sizes_have_the_tier_that_azure_calls_them() {
        let skus = ["B1", "S2", "P1v2", "P0v3", "P1v3", "P2mv3", "P0v4", "P1v4", "P5mv4", "I1v2"];
        let tiers = [
            "Basic",
            "Standard",
            "PremiumV2",
            "Premium0V3",
            "PremiumV3",
            "PremiumMV3",
            "Premium0V4",
            "PremiumV4",
            "PremiumMV4",
            "IsolatedV2",
        ];
        assert_eq!(skus.map(tier), tiers);
    }
}
