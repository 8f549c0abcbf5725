//! The module of the environment: identity, workspace, managed environment, dashboard, storage.

use super::volumes::Volumes;
use super::{names, workload};
use crate::azure::{Builder, Cx, Failure, Module, Scope, Stage, Value, pull, resource};
use crate::model::Environment;
use crate::model::environment::{ContainerAppsEnvironment, LogAnalytics, WorkloadProfile};
use serde_json::{Map, Value as Json, json};

/// The profile that every environment has.
const CONSUMPTION: &str = "consumption";
/// Characters of the environment's name.
const NAME_LENGTH: usize = 24;
/// Characters of a storage account's name.
const STORAGE_LENGTH: usize = 24;
/// Characters of a workspace's name.
const WORKSPACE_LENGTH: usize = 63;

/// The modules of an environment.
pub(super) fn modules(
    cx: &Cx<'_>,
    environment: &Environment,
    settings: &ContainerAppsEnvironment,
) -> Result<Vec<Module>, Failure> {
    let mut modules = pull::modules(cx, environment, &settings.azure)?;
    let builder = Builder::new(cx, environment.name.as_str(), Stage::Infrastructure, &environment.span);
    let builder = builder.in_scope(pull::scope(&settings.azure.placement));
    modules.push(match &settings.azure.existing {
        Some(_) => existing(builder, environment, settings)?,
        None => provisioned(builder, environment, settings)?,
    });
    Ok(modules)
}

fn provisioned(
    mut builder: Builder<'_>,
    environment: &Environment,
    settings: &ContainerAppsEnvironment,
) -> Result<Module, Failure> {
    let symbol = names::symbol(environment.name.as_str());
    builder.location(settings.azure.placement.location.as_ref());
    let tags = pull::tags(&mut builder, environment, &settings.azure);
    let access = access(&mut builder, environment, settings);
    let logs = logs(&mut builder, environment, settings);
    let volumes = Volumes::of(&workload::all(builder.cx.application, environment));
    let subnet = settings
        .subnet
        .as_ref()
        .map(|subnet| json!({ "id": builder.lower(&subnet.id).value, "internal": subnet.internal }));
    let mut outputs = volume_outputs(&volumes);
    let workspace = logs["symbol"].as_str().unwrap_or_default();
    outputs.push(output("AZURE_LOG_ANALYTICS_WORKSPACE_NAME", &format!("{workspace}.name")));
    outputs.push(output("AZURE_LOG_ANALYTICS_WORKSPACE_ID", &format!("{workspace}.id")));
    outputs.extend(own_outputs(&symbol, &access));
    let mut data = access.data;
    data.extend(object(json!({
        "tags": tags,
        "logs": logs,
        "symbol": symbol,
        "name": names::unique(environment.name.as_str(), "", NAME_LENGTH),
        "mutual_tls": settings.mutual_tls,
        "subnet": subnet,
        "workload_profiles": profiles(&settings.workload_profiles),
        "has_zones": settings.zone_redundant.is_some(),
        "zone_redundant": settings.zone_redundant.as_ref().is_some_and(|zones| *zones.get_ref()),
        "dashboard": settings.dashboard.then_some("aspireDashboard"),
        "storage": storage(environment, &symbol, &volumes),
        "outputs": outputs,
    })));
    builder.finish("azure-container-apps/environment.bicep.hbs", &data)
}

/// The module of an environment that is there already: it says what others need to know of it.
fn existing(
    mut builder: Builder<'_>,
    environment: &Environment,
    settings: &ContainerAppsEnvironment,
) -> Result<Module, Failure> {
    let symbol = names::symbol(environment.name.as_str());
    let access = access(&mut builder, environment, settings);
    let mut tags = Value::Null;
    if !access.data["identity"].is_null() {
        builder.location(settings.azure.placement.location.as_ref());
        tags = pull::tags(&mut builder, environment, &settings.azure);
    }
    let outputs: Vec<Json> = own_outputs(&symbol, &access).collect();
    let Some(there) = &settings.azure.existing else {
        // It is only called for one that exists.
        return Err(Failure::Invalid(crate::manifest::Diagnostics::default()));
    };
    let name = builder.lower(&there.name).value;
    let scope = pull::existing_scope_value(&mut builder, &Scope::Group, &pull::existing_scope(there));
    let mut data = access.data;
    data.extend(object(json!({
        "tags": tags, "symbol": symbol, "name": name, "scope": scope, "outputs": outputs,
    })));
    builder.finish("azure-container-apps/existing.bicep.hbs", &data)
}

/// The identity that pulls; none where everything comes from elsewhere.
fn access(builder: &mut Builder<'_>, environment: &Environment, settings: &ContainerAppsEnvironment) -> pull::Access {
    match pull::primary(builder.cx.application, environment) {
        Some(_) => pull::access(builder, environment, &settings.azure),
        None => pull::Access::none(),
    }
}

fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(object) => object,
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => Map::new(),
    }
}

fn output(name: &str, code: &str) -> Json {
    json!({ "name": name, "value": Value::expression(code) })
}

fn volume_outputs(volumes: &Volumes) -> Vec<Json> {
    volumes.outputs.iter().map(|(name, symbol)| output(name, &format!("{symbol}.name"))).collect()
}

/// What apps take of it.
fn own_outputs<'s>(symbol: &'s str, access: &pull::Access) -> impl Iterator<Item = Json> + use<'s> {
    let mut outputs = Vec::new();
    if let Some(registry) = &access.registry {
        outputs.push(output("AZURE_CONTAINER_REGISTRY_NAME", &format!("{registry}.name")));
        outputs.push(output("AZURE_CONTAINER_REGISTRY_ENDPOINT", &format!("{registry}.properties.loginServer")));
        let id = json!({ "name": "AZURE_CONTAINER_REGISTRY_MANAGED_IDENTITY_ID", "value": access.id });
        outputs.push(id);
    }
    outputs.push(output("AZURE_CONTAINER_APPS_ENVIRONMENT_NAME", &format!("{symbol}.name")));
    outputs.push(output("AZURE_CONTAINER_APPS_ENVIRONMENT_ID", &format!("{symbol}.id")));
    let domain = format!("{symbol}.properties.defaultDomain");
    outputs.push(output("AZURE_CONTAINER_APPS_ENVIRONMENT_DEFAULT_DOMAIN", &domain));
    outputs.into_iter()
}

fn logs(builder: &mut Builder<'_>, environment: &Environment, settings: &ContainerAppsEnvironment) -> Json {
    let own = pull::scope(&settings.azure.placement);
    let symbol = format!("{}_law", crate::render::bicep::identifier(environment.name.as_str()));
    match &settings.log_analytics {
        LogAnalytics::Own => {
            let name = names::unique(environment.name.as_str(), "law-", WORKSPACE_LENGTH);
            json!({ "symbol": symbol, "name": name, "scope": null, "exists": false })
        }
        LogAnalytics::Resource(name) => {
            let application = builder.cx.application;
            let declared = application.resources.get(name.get_ref());
            let scope = declared
                .and_then(|resource| resource.azure()?.existing.as_ref())
                .map_or(Scope::Group, pull::existing_scope);
            let property = |builder: &mut Builder<'_>, property: &str| {
                declared
                    .and_then(|it| resource::property(builder, it, property, &name.span(), &|_, _, _, _| None))
                    .map_or(Value::Null, |lowered| lowered.value)
            };
            let name_there = property(builder, "name");
            let scope = match scope {
                Scope::Group if !pull::is_same(&own, &Scope::Group) => pull::group_of(&property(builder, "id")),
                other => pull::existing_scope_value(builder, &own, &other),
            };
            let symbol = names::symbol(name.as_str());
            json!({ "symbol": symbol, "name": name_there, "scope": scope, "exists": true })
        }
        LogAnalytics::Existing(existing) => {
            let name = builder.lower(&existing.name).value;
            let scope = pull::existing_scope_value(builder, &own, &pull::existing_scope(existing));
            json!({ "symbol": symbol, "name": name, "scope": scope, "exists": true })
        }
    }
}

fn profiles(written: &[WorkloadProfile]) -> Value {
    let consumption =
        Value::object([("name", Value::from(CONSUMPTION)), ("workloadProfileType", Value::from("Consumption"))]);
    let others = written.iter().map(|profile| {
        let mut entries = vec![
            ("name", Value::from(profile.name.as_str())),
            ("workloadProfileType", Value::from(profile.kind.as_str())),
        ];
        if let Some((fewest, most)) = profile.count {
            entries.push(("minimumCount", Value::from(fewest)));
            entries.push(("maximumCount", Value::from(most)));
        }
        Value::object(entries)
    });
    Value::Array([consumption].into_iter().chain(others).collect())
}

fn storage(environment: &Environment, symbol: &str, volumes: &Volumes) -> Json {
    if volumes.shares.is_empty() {
        return Json::Null;
    }
    let shares =
        volumes.shares.iter().map(|share| json!({ "symbol": share.symbol, "name": share.name, "quota": share.quota }));
    let mounts = volumes.mounts.iter().map(|mount| {
        let access = if mount.read_only { "ReadOnly" } else { "ReadWrite" };
        json!({ "symbol": mount.symbol, "name": mount.name, "share": mount.share, "access": access })
    });
    json!({
        "symbol": format!("{symbol}_storageVolume"),
        "service": "storageVolumeFileService",
        "name": names::unique(environment.name.as_str(), "sv", STORAGE_LENGTH),
        "shares": shares.collect::<Vec<_>>(),
        "mounts": mounts.collect::<Vec<_>>(),
    })
}
