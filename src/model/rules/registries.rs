//! What is built has somewhere to go.

use super::Facts;
use crate::model::AppKind;
use crate::model::scope::Table;

/// Warns once where no registry is declared. Azure's environments bring one of their own.
pub(super) fn check(facts: &mut Facts<'_, '_>) {
    let scope = facts.cx.scope;
    if !scope.names(Table::Registries).is_empty() || scope.has_refused() {
        return;
    }
    let homeless = facts.application.apps.values().find(|app| {
        let is_pushed = match &app.kind {
            AppKind::Dockerfile(_) => true,
            AppKind::Image { mirror, .. } => *mirror,
        };
        is_pushed && app.environments.is_empty()
    });
    let Some(app) = homeless else { return };
    let message = format!("no registry is declared: the image of `{}` cannot be pushed", app.name);
    facts
        .cx
        .warning("no-registry", message, app.span.clone(), "has nowhere to go")
        .help("declare one under `registries`, for a first try one of kind `local`")
        .push();
}
