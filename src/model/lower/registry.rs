//! `registries`: where images go.

use super::{Cx, azure_registry};
use crate::manifest::{Severity, Spanned};
use crate::model::kinds::REGISTRIES;
use crate::model::scope::Item;
use crate::model::written::{self, RegistryPull};
use crate::model::{
    Application, AzureRegistry, Credentials, Expression, Name, PullCredentials, Registry, RegistryKind,
};

pub(super) fn lower<'a>(cx: &mut Cx<'a>, item: &'a Item<'a>) -> Option<Registry> {
    let (kind, written) = cx.read_kind::<written::Registry>(item, &REGISTRIES)?;
    let repository = written.repository.as_ref().and_then(|text| not_empty(cx, "repository", text));
    if let Some(repository) = &repository {
        super::build::repository(cx, repository);
    }
    let pull = written.pull.as_ref().and_then(|pull| self::pull(cx, pull));
    let kind = match kind.name {
        "oci" => oci(cx, item, &written)?,
        "local" => RegistryKind::Local { port: written.port.clone().map(|port| port.map(u16::from)) },
        _ => RegistryKind::Azure(Box::new(azure_registry::lower(cx, item, &written)?)),
    };
    Some(Registry { name: item.name.clone(), span: item.span.clone(), kind, repository, pull })
}

fn oci(cx: &mut Cx<'_>, item: &Item<'_>, written: &written::Registry) -> Option<RegistryKind> {
    let endpoint = written.endpoint.as_ref().and_then(|text| not_empty(cx, "endpoint", text));
    if let Some(endpoint) = &endpoint {
        super::build::endpoint(cx, endpoint);
    }
    let credentials = match (&written.username, &written.password) {
        (None, None) => None,
        (Some(username), Some(password)) => login(cx, username, password),
        (Some(alone), None) => half(cx, item, "username", "password", alone),
        (None, Some(alone)) => half(cx, item, "password", "username", alone),
    };
    let mut trust_realms = Vec::new();
    for realm in written.trust_realms.iter().flatten() {
        if let Some(realm) = cx.plain("trust-realms", realm)
            && super::build::realm(cx, &realm)
        {
            trust_realms.push(realm);
        }
    }
    Some(RegistryKind::Oci {
        endpoint: endpoint?,
        credentials,
        insecure: written.insecure.unwrap_or(false),
        trust_realms,
    })
}

/// Gives each environment in Azure a registry of its own, `<environment>-acr`, where the manifest
/// declares none at all.
pub(super) fn add_implicit(cx: &mut Cx<'_>, application: &mut Application) {
    if !application.registries.is_empty() || cx.scope.has_refused() {
        return;
    }
    for environment in application.environments.values_mut() {
        if !environment.kind.get_ref().is_azure() || environment.registry.is_some() {
            continue;
        }
        let text = format!("{}-acr", environment.name);
        let Ok(name) = text.parse::<Name>() else { continue };
        if let Some(item) = cx.scope.get(&text) {
            let (message, span) = (format!("`{text}` is the registry of `{}`", environment.name), item.span.clone());
            cx.error("duplicate-name", message, span, "taken")
                .also(&environment.span, "this environment brings a registry")
                .help("give it another name, or declare a registry")
                .push();
            continue;
        }
        environment.registry = Some(Spanned::new(environment.span.clone(), name.clone()));
        let span = environment.span.clone();
        let registry = Registry {
            name: name.clone(),
            span,
            kind: RegistryKind::Azure(Box::new(AzureRegistry::Provisioned(Box::default()))),
            repository: None,
            pull: None,
        };
        application.registries.insert(name, registry);
    }
}

/// Lets apps without a registry use that of their environments.
pub(super) fn use_implicit(application: &mut Application) {
    let Application { apps, environments, .. } = application;
    for app in apps.values_mut().filter(|app| app.registries.is_empty() && app.is_pushed()) {
        let own = app.environments.iter().filter_map(|name| environments.get(name.get_ref())?.registry.clone());
        app.registries = own.collect();
    }
}

fn half(cx: &mut Cx<'_>, item: &Item<'_>, have: &str, lacks: &str, at: &Spanned<String>) -> Option<Credentials> {
    // A broken value is reported already and is no missing one.
    if item.node.get(lacks).is_none() {
        cx.error("missing-key", format!("`{}` has `{have}` and no `{lacks}`", item.name), at.span(), "")
            .help(format!("give both, or neither to use the credentials that Docker has; `{lacks}` is missing"))
            .push();
    }
    None
}

fn pull(cx: &mut Cx<'_>, pull: &RegistryPull) -> Option<PullCredentials> {
    match pull {
        RegistryPull::String(_) => Some(PullCredentials::Anonymous),
        RegistryPull::Table(table) => match (&table.get_ref().username, &table.get_ref().password) {
            (Some(username), Some(password)) => login(cx, username, password).map(PullCredentials::Login),
            (username, _) => {
                let lacks = if username.is_none() { "username" } else { "password" };
                cx.error("missing-key", format!("`pull` has no `{lacks}`"), table.span(), "")
                    .help("give `username` and `password`, or write `pull = \"anonymous\"`")
                    .push();
                None
            }
        },
    }
}

fn login(cx: &mut Cx<'_>, username: &Spanned<String>, password: &Spanned<String>) -> Option<Credentials> {
    let username = not_empty(cx, "username", username);
    let literal = not_empty(cx, "password", password);
    if literal.as_ref().is_some_and(|password| password.as_literal().is_some()) {
        let message = "a password stands in the manifest, where everyone who reads the file has it";
        cx.hidden(Severity::Warning, "secret-in-manifest", message, &password.span())
            .help("declare a parameter with `secret = true` and write `$<its-name>` here")
            .push();
    }
    Some(Credentials { username: username?, password: literal? })
}

pub(super) fn not_empty(cx: &mut Cx<'_>, key: &str, text: &Spanned<String>) -> Option<Expression> {
    if text.get_ref().trim().is_empty() {
        cx.empty(key, text.span());
        return None;
    }
    cx.expression(text)
}
