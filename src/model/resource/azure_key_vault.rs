//! `azure-key-vault`: a vault with its secrets.

use super::kind::Azure;
use super::parts::{self, NameRule};
use super::property::{Properties, Property, keys};
use super::spec::{Entry, Spec};
use super::{Child, ResourceKind, Role};
use crate::manifest::{Entries, Severity, Spanned, Text};
use crate::model::Expression;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::written::Int;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-key-vault",
    about: "Azure Key Vault",
    keys: &[
        "name",
        "existing",
        "location",
        "tags",
        "roles",
        "sku",
        "secrets",
        "purge-protection",
        "soft-delete-days",
        "public-network-access",
    ],
    required: &[],
    schema: crate::model::schema::object::<Written>,
    lower,
    properties,
    roles: ROLES,
    default_roles: 1,
    recipe: None,
};

const ROLES: &[Role] = &[
    Role { name: "Key Vault Secrets User", id: "4633458b-17de-408a-b874-0445c86b69e6" },
    Role { name: "Key Vault Administrator", id: "00482a5a-887f-4fb3-b363-3b7fe8e74483" },
    Role { name: "Key Vault Certificate User", id: "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba" },
    Role { name: "Key Vault Certificates Officer", id: "a4417e6f-fecd-4de8-b567-7b0420556985" },
    Role { name: "Key Vault Contributor", id: "f25e0fa2-a7c8-4377-a976-54943a77a395" },
    Role { name: "Key Vault Crypto Officer", id: "14b46e9e-c2b7-41b4-b07b-48a6ebf60603" },
    Role { name: "Key Vault Crypto Service Encryption User", id: "e147488a-f6f5-4113-8e2d-b22465e65bf6" },
    Role { name: "Key Vault Crypto User", id: "12338af0-0e69-4776-bea7-57ae8d297424" },
    Role { name: "Key Vault Reader", id: "21090545-7ca7-4776-b22c-e363652d74d2" },
    Role { name: "Key Vault Secrets Officer", id: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7" },
];

/// "About Key Vault secrets", Microsoft Learn.
const SECRET: NameRule = NameRule {
    noun: "a secret",
    least: 1,
    most: 127,
    fits: |name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
    help: "use 1 to 127 ASCII letters, digits and hyphens",
};

/// A vault.
#[derive(Clone, Debug)]
pub struct AzureKeyVault {
    pub azure: Azure,
    /// Default: `standard`.
    pub sku: Option<Expression>,
    pub secrets: Vec<VaultSecret>,
    pub purge_protection: bool,
    /// Default: Azure's own, which is 90.
    pub soft_delete_days: Option<i64>,
    /// Default: on.
    pub public_network_access: Option<bool>,
}

/// A secret of a vault.
#[derive(Clone, Debug)]
pub struct VaultSecret {
    pub secret: Child,
    pub value: Expression,
}

/// Azure Key Vault.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// `standard` (the default) or `premium`.
    sku: Option<Spanned<String>>,
    /// Secrets: names and values, which are references to secret parameters. Of an existing vault:
    /// secrets that it has, with an empty value.
    secrets: Option<Entries<Spanned<Text>>>,
    /// Whether what is deleted stays until its time is over. It cannot be switched off again. Default: yes.
    purge_protection: Option<bool>,
    /// Days that deleted secrets can be got back. Default: 90.
    soft_delete_days: Option<Spanned<Int<7, 90>>>,
    /// Whether the vault answers on the public network. Default: yes.
    public_network_access: Option<bool>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let mut properties = Properties::of(item.name.as_str());
    properties.own(false, &[("connection-string", "*"), ("uri", "URI"), ("name", ""), ("id", "")]);
    for key in keys(item.node, "secrets") {
        properties.listed("secrets", key, true);
    }
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let mut secrets: Vec<VaultSecret> = Vec::new();
    let found = written.secrets.as_ref().map(|table| parts::entries(cx, table, &SECRET, |_| None)).unwrap_or_default();
    for (secret, text) in found {
        let Some(value) = cx.text(text) else { continue };
        if value.as_literal() == Some("") && entry.azure.existing.is_none() {
            cx.error("empty-value", format!("the secret `{}` is empty", secret.key), text.span(), "")
                .help("write a reference to a secret parameter; only an `existing` vault has secrets already")
                .push();
            continue;
        }
        if value.as_literal().is_some_and(|text| !text.is_empty()) {
            let message = "a secret stands in the manifest, where everyone who reads the file has it";
            cx.hidden(Severity::Warning, "secret-in-manifest", message, &text.span())
                .help("declare a parameter with `secret = true` and write `$<its-name>` here")
                .push();
        }
        secrets.push(VaultSecret { secret, value });
    }
    Some(ResourceKind::AzureKeyVault(Box::new(AzureKeyVault {
        sku: parts::choice(cx, "sku", written.sku.as_ref(), &["standard", "premium"]),
        secrets,
        purge_protection: written.purge_protection.unwrap_or(true),
        soft_delete_days: parts::count(written.soft_delete_days.as_ref()),
        public_network_access: written.public_network_access,
        azure: entry.azure,
    })))
}
