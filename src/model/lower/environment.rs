//! `environments`: where apps run.

use super::{Cx, azure, azure_environment, compose_environment, kubernetes_environment};
use crate::manifest::Spanned;
use crate::model::environment::AzureSettings;
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
            let azure = settings(cx, written);
            let settings = azure_environment::container_apps(cx, item, written, azure);
            settings.map(Box::new).map(EnvironmentKind::AzureContainerApps)
        }
        "azure-app-service" => {
            let azure = settings(cx, written);
            let settings = azure_environment::app_service(cx, item, written, azure);
            settings.map(Box::new).map(EnvironmentKind::AzureAppService)
        }
        "docker-compose" => {
            let settings = compose_environment::compose(cx, item, written);
            Some(EnvironmentKind::DockerCompose(Box::new(settings)))
        }
        _ => {
            let settings = kubernetes_environment::kubernetes(cx, item, written);
            Some(EnvironmentKind::Kubernetes(Box::new(settings)))
        }
    }
}

/// What is wrong is reported and left out: nothing comes of a manifest with mistakes.
fn settings(cx: &mut Cx<'_>, written: &written::Environment) -> AzureSettings {
    let placement =
        azure::placement(cx, written.location.as_ref(), written.resource_group.as_ref(), written.subscription.as_ref());
    let mut existing = |key: &str, written: &Option<Spanned<written::Existing>>| {
        let written = written.as_ref()?;
        azure::named_existing(cx, key, written).map(|existing| Spanned::new(written.span(), existing))
    };
    let pull_identity = existing("pull-identity", &written.pull_identity);
    let existing = existing("existing", &written.existing);
    AzureSettings { placement, existing, tags: azure::tags(cx, written.tags.as_ref()), pull_identity }
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
