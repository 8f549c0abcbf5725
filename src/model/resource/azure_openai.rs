//! `azure-openai`: an account of Azure OpenAI with deployments of models.

use super::kind::Azure;
use super::parts::{self, NameRule};
use super::property::{Properties, Property, keys};
use super::spec::{Entry, Spec};
use super::{Child, ResourceKind, Role};
use crate::manifest::{Entries, Spanned, Text};
use crate::model::Expression;
use crate::model::lower::Cx;
use crate::model::scope::Item;
use crate::model::written::Int;
use schemars::JsonSchema;
use serde::Deserialize;

pub(super) const SPEC: Spec = Spec {
    name: "azure-openai",
    about: "Azure OpenAI",
    keys: &[
        "name",
        "existing",
        "location",
        "tags",
        "roles",
        "sku",
        "deployments",
        "local-auth",
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
    Role { name: "Cognitive Services OpenAI User", id: "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd" },
    Role { name: "Cognitive Services OpenAI Contributor", id: "a001fd3d-188f-4b5d-821b-7da978bf7442" },
    Role { name: "Cognitive Services User", id: "a97b65f3-24c7-4388-baec-2e87135dc908" },
    Role { name: "Cognitive Services Contributor", id: "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68" },
    Role { name: "Cognitive Services Data Reader", id: "b59867f0-fa02-499b-be73-45a86b5b3e1c" },
    Role { name: "Cognitive Services Usages Reader", id: "bba48692-92b0-4667-a9ad-c31c7b334ac2" },
];

const DEPLOYMENT: NameRule = NameRule {
    noun: "a deployment",
    least: 2,
    most: 64,
    fits: |name| {
        name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
            && name.starts_with(|c: char| c.is_ascii_alphanumeric())
    },
    help: "use 2 to 64 ASCII letters, digits, `.`, `-` and `_`, starting with a letter or digit",
};

/// An account of Azure OpenAI.
#[derive(Clone, Debug)]
pub struct AzureOpenAi {
    pub azure: Azure,
    /// Default: `S0`.
    pub sku: Option<Expression>,
    pub deployments: Vec<ModelDeployment>,
    /// Access by key beside Entra.
    pub local_auth: bool,
    pub public_network_access: bool,
}

/// A model that answers.
#[derive(Clone, Debug)]
pub struct ModelDeployment {
    pub deployment: Child,
    pub model: Expression,
    pub version: Expression,
    /// Default: `Standard`.
    pub sku: Option<Expression>,
    /// Thousands of tokens in a minute. Default: 8.
    pub capacity: Option<i64>,
}

/// Azure OpenAI.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct Written {
    /// Tier of the account. Default: `S0`.
    sku: Option<Spanned<String>>,
    /// Models that answer, by key.
    deployments: Option<Entries<WrittenDeployment>>,
    /// Access by key beside Entra identities. Default: no.
    local_auth: Option<bool>,
    /// Whether it answers on the public network. Default: yes.
    public_network_access: Option<bool>,
}

/// A model that answers.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
struct WrittenDeployment {
    /// Name in Azure. Default: the key.
    name: Option<Spanned<String>>,
    /// The model, for example `gpt-4.1-mini`.
    #[schemars(required)]
    model: Option<Spanned<String>>,
    /// Its version, for example `2025-04-14`.
    #[schemars(required)]
    version: Option<Spanned<Text>>,
    /// `Standard` (the default), `GlobalStandard`, `DataZoneStandard`, `ProvisionedManaged`, …
    sku: Option<Spanned<String>>,
    /// Thousands of tokens in a minute. Default: 8.
    capacity: Option<Spanned<Int<1, 1_000_000>>>,
}

fn properties(item: &Item<'_>) -> Vec<Property> {
    let mut properties = Properties::of(item.name.as_str());
    properties.own(false, &[("connection-string", "*"), ("uri", "URI"), ("endpoint", ""), ("name", ""), ("id", "")]);
    for key in keys(item.node, "deployments") {
        properties.part(
            key,
            false,
            &[("connection-string", "*"), ("uri", "URI"), ("name", "DEPLOYMENTNAME"), ("model", "MODELNAME")],
        );
    }
    properties.done()
}

fn lower(cx: &mut Cx<'_>, entry: Entry<'_>) -> Option<ResourceKind> {
    let written: Written = cx.read(entry.node)?;
    let mut deployments = Vec::new();
    let found = written
        .deployments
        .as_ref()
        .map(|table| parts::entries(cx, table, &DEPLOYMENT, |written| written.name.as_ref()))
        .unwrap_or_default();
    for (deployment, written) in found {
        for (key, is_there) in [("model", written.model.is_some()), ("version", written.version.is_some())] {
            if !is_there {
                let message = format!("the deployment `{}` has no `{key}`", deployment.key);
                cx.error("missing-key", message, deployment.span.clone(), format!("needs `{key}`"))
                    .help("`az cognitiveservices model list --location …` lists models and versions")
                    .push();
            }
        }
        let version = written.version.clone().map(|version| version.map(Text::into_string));
        let sku = parts::text(cx, "sku", written.sku.as_ref());
        let model = parts::text(cx, "model", written.model.as_ref());
        let version = parts::text(cx, "version", version.as_ref());
        let (Some(model), Some(version)) = (model, version) else { continue };
        let capacity = parts::count(written.capacity.as_ref());
        deployments.push(ModelDeployment { deployment, model, version, sku, capacity });
    }
    Some(ResourceKind::AzureOpenAi(Box::new(AzureOpenAi {
        sku: parts::text(cx, "sku", written.sku.as_ref()),
        deployments,
        local_auth: written.local_auth.unwrap_or(false),
        public_network_access: written.public_network_access.unwrap_or(true),
        azure: entry.azure,
    })))
}
