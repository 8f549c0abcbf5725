//! `azure-key-vault`: vaults and their secrets.

use super::making::{Making, default_action, enabled};
use super::vault::NAME;
use crate::azure::{Builder, Cx, Failure, Lowered, Module, Value, VaultSecret};
use crate::manifest::Span;
use crate::model::resource::{Azure, AzureKeyVault};
use crate::model::{AzureExisting, Name, Resource};
use serde_json::json;

pub(super) fn modules(cx: &Cx<'_>, resource: &Resource, vault: &AzureKeyVault) -> Result<Vec<Module>, Failure> {
    let making = Making::new(cx, &resource.name, &resource.span, &vault.azure, NAME);
    Ok(vec![vault_module(making, vault)?])
}

/// The vault that is made for another resource, in the place where that one is.
pub(super) fn own(cx: &Cx<'_>, name: &str, span: &Span, of: &Azure) -> Result<Vec<Module>, Failure> {
    let Ok(name) = name.parse::<Name>() else {
        return Err(too_long(cx, name, span));
    };
    let azure = Azure { location: of.location.clone(), tags: of.tags.clone(), ..Azure::default() };
    let vault = AzureKeyVault {
        azure,
        sku: None,
        secrets: Vec::new(),
        purge_protection: true,
        soft_delete_days: None,
        public_network_access: None,
    };
    let mut making = Making::new(cx, &name, span, &vault.azure, NAME);
    // What writes into it is deployed where the resource is.
    if let Some(AzureExisting { resource_group: Some(_), .. }) = &of.existing {
        let message = format!("`{name}` would have to be made in the resource group of something that exists");
        let help = "name a vault of that group: `key-vault = \"…\"`";
        making.builder.error("not-supported", message, span, help);
    }
    Ok(vec![vault_module(making, &vault)?])
}

fn too_long(cx: &Cx<'_>, name: &str, span: &Span) -> Failure {
    let mut problems = crate::manifest::Diagnostics::default();
    let message = format!("its key vault would be called `{name}`, which is too long");
    let problem = crate::manifest::Diagnostic::error("bad-name", message).within(&cx.application.source);
    problems.push(problem.at(span.clone(), "").help("give it a shorter name, or a `key-vault` of the manifest"));
    Failure::Invalid(problems)
}

fn vault_module(mut making: Making<'_>, vault: &AzureKeyVault) -> Result<Module, Failure> {
    let secrets: Vec<(&str, Value, Value)> = vault
        .secrets
        .iter()
        .filter(|secret| secret.value.as_literal() != Some(""))
        .map(|it| (it.secret.key.as_str(), making.lowered(&it.secret.name), making.lowered(&it.value)))
        .collect();
    let is_public = vault.public_network_access.unwrap_or(true);
    let mut data = json!({
        "sku": making.or(vault.sku.as_ref(), "standard"),
        "purge_protection": vault.purge_protection,
        "soft_delete_days": vault.soft_delete_days,
        "default_action": default_action(is_public),
        "public_network_access": enabled(is_public),
        "is_public": is_public,
    });
    let symbol = making.symbol();
    data["secrets"] = secrets
        .into_iter()
        .map(|(key, name, value)| json!({ "symbol": making.part(&format!("secret_{key}")), "name": name, "value": value }))
        .collect();
    making.finish("azure-key-vault/module.bicep.hbs", &symbol, data)
}

pub(super) fn property(
    builder: &mut Builder<'_>,
    resource: &Resource,
    vault: &AzureKeyVault,
    property: &str,
) -> Option<Lowered> {
    let module = resource.name.as_str();
    let output = match property {
        "connection-string" | "uri" => "vaultUri",
        "name" | "id" => property,
        _ => {
            let key = property.strip_prefix("secrets.")?;
            vault.secrets.iter().find(|secret| secret.secret.key == key)?;
            let vault_uri = builder.output(module, "vaultUri");
            // It is read from the vault: the parameter that it is made of need not be passed once more.
            let vault = VaultSecret { vault: resource.name.clone(), secret: key.to_owned(), vault_uri };
            return Some(Lowered { value: Value::Null, is_secret: true, vault: Some(vault) });
        }
    };
    Some(Lowered::plain(builder.output(module, output)))
}
