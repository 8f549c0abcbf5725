//! `environments`: where apps run.

use super::registry::not_empty;
use super::{Cx, azure, azure_environment};
use crate::manifest::Spanned;
use crate::model::environment::{AzurePlacement, ComposeEnvironment, KubernetesEnvironment};
use crate::model::kinds::{ENVIRONMENTS, Kind};
use crate::model::scope::{Item, Table};
use crate::model::written;
use crate::model::{Environment, EnvironmentKind, Name};

pub(super) fn lower<'a>(cx: &mut Cx<'a>, item: &'a Item<'a>) -> Option<Environment> {
    let (kind, written) = cx.read_kind::<written::Environment>(item, &ENVIRONMENTS)?;
    let span = written.kind.as_ref().map_or_else(|| item.span.clone(), Spanned::span);
    let registry = written.registry.as_ref().and_then(|text| {
        let named = cx.named(text, &[Table::Registries])?;
        Some(Spanned::new(text.span(), named.name.clone()))
    });
    let kind = self::kind(cx, item, kind, &written)?;
    Some(Environment { name: item.name.clone(), span: item.span.clone(), kind: Spanned::new(span, kind), registry })
}

fn kind(cx: &mut Cx<'_>, item: &Item<'_>, kind: &Kind, written: &written::Environment) -> Option<EnvironmentKind> {
    match kind.name {
        "azure-container-apps" => {
            let placement = placement(cx, written);
            let settings = azure_environment::container_apps(cx, item, written, placement);
            settings.map(Box::new).map(EnvironmentKind::AzureContainerApps)
        }
        "azure-app-service" => {
            let placement = placement(cx, written);
            let settings = azure_environment::app_service(cx, item, written, placement);
            settings.map(Box::new).map(EnvironmentKind::AzureAppService)
        }
        other => {
            for (_, node) in
                item.node.entries().iter().filter(|(key, _)| !matches!(key.name.as_str(), "kind" | "registry"))
            {
                cx.check_kept(node);
            }
            match other {
                "docker-compose" => Some(EnvironmentKind::DockerCompose(ComposeEnvironment)),
                _ => Some(EnvironmentKind::Kubernetes(KubernetesEnvironment)),
            }
        }
    }
}

/// What is wrong is reported and left out: nothing comes of a manifest with mistakes.
fn placement(cx: &mut Cx<'_>, written: &written::Environment) -> AzurePlacement {
    azure::environment(cx, written);
    let mut text = |key: &str, text: &Option<Spanned<String>>| text.as_ref().and_then(|text| not_empty(cx, key, text));
    let location = text("location", &written.location);
    let resource_group = text("resource-group", &written.resource_group);
    let subscription = text("subscription", &written.subscription);
    let mut existing = |key: &str, existing: &Option<Spanned<written::Existing>>| {
        existing.as_ref().and_then(|existing| azure::existing(cx, key, existing))
    };
    let pull_identity = existing("pull-identity", &written.pull_identity);
    let existing = existing("existing", &written.existing);
    let tags = super::values(cx, written.tags.iter().flatten(), |_, _| true);
    AzurePlacement { location, resource_group, subscription, existing, tags, pull_identity }
}

/// A declared resource of one kind.
pub(super) fn resource_of_kind(cx: &mut Cx<'_>, text: &Spanned<String>, kind: &str) -> Option<Spanned<Name>> {
    let item = cx.named(text, &[Table::Resources])?;
    let found = item.kind?;
    if found.name != kind {
        let message = format!("`{}` is of kind `{}`, not `{kind}`", item.name, found.name);
        cx.error("wrong-name", message, text.span(), "")
            .also(&item.span, "declared here")
            .help(format!("name a resource of kind `{kind}`"))
            .push();
        return None;
    }
    cx.edge(&item.name, &text.span());
    Some(Spanned::new(text.span(), item.name.clone()))
}
