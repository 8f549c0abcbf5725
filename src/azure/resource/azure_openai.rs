//! `azure-openai`: accounts of Azure OpenAI.

use super::making::{Making, NameRule, default_action, enabled, text};
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Value};
use crate::model::Resource;
use crate::model::resource::AzureOpenAi;
use serde_json::{Value as Json, json};

pub(super) const NAME: NameRule = NameRule { most: 64, separator: "-", is_lower: false };
/// Of the domain's part that is the account's own.
const DOMAIN: NameRule = NameRule { most: 24, separator: "", is_lower: true };

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, openai: &AzureOpenAi) -> Result<Vec<Module>, Failure> {
    let mut making = Making::new(cx, &resource.name, &resource.span, &openai.azure, NAME);
    let deployments: Vec<Json> = openai
        .deployments
        .iter()
        .map(|it| {
            json!({
                "name": making.lowered(&it.deployment.name),
                "model": making.lowered(&it.model),
                "version": making.lowered(&it.version),
                "sku": making.or(it.sku.as_ref(), "Standard"),
                "capacity": it.capacity.unwrap_or(8),
            })
        })
        .collect();
    let mut data = json!({
        "sku": making.or(openai.sku.as_ref(), "S0"),
        "domain": DOMAIN.name(resource.name.as_str()),
        "disable_local_auth": !openai.local_auth,
        "local_auth": openai.local_auth,
        "is_public": openai.public_network_access,
        "public_network_access": enabled(openai.public_network_access),
        "default_action": default_action(openai.public_network_access),
    });
    let symbol = making.symbol();
    let endpoint = Value::expression(format!("{symbol}.properties.endpoint"));
    data["connection_string"] = json!(text(["Endpoint=".into(), endpoint]));
    // Azure makes one deployment of an account at a time.
    let mut before = Json::Null;
    let mut list: Vec<Json> = Vec::new();
    for (it, mut deployment) in openai.deployments.iter().zip(deployments) {
        let own = making.part(&it.deployment.key);
        deployment["symbol"] = json!(own);
        deployment["before"] = before;
        before = json!(own);
        list.push(deployment);
    }
    data["deployments"] = json!(list);
    Ok(vec![making.finish("azure-openai/module.bicep.hbs", &symbol, data)?])
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    openai: &AzureOpenAi,
    property: &str,
) -> Option<Lowered> {
    let module = resource.name.as_str();
    Some(Lowered::plain(match property {
        "connection-string" => builder.output(module, "connectionString"),
        "uri" | "endpoint" => builder.output(module, "endpoint"),
        "name" | "id" => builder.output(module, property),
        _ => {
            let (key, property) = property.rsplit_once('.')?;
            let found = openai.deployments.iter().find(|it| it.deployment.key == key)?;
            let name = builder.lower(&found.deployment.name).value;
            match property {
                "name" => name,
                "model" => builder.lower(&found.model).value,
                "uri" => builder.output(module, "endpoint"),
                "connection-string" => {
                    let whole: Value = builder.output(module, "connectionString");
                    text([whole, ";Deployment=".into(), name])
                }
                _ => return None,
            }
        }
    }))
}
