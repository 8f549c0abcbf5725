//! Roles on a registry are roles that registries have.

use super::Facts;
use crate::model::{REGISTRY_ROLES, RegistryKind};
use crate::util::text;

pub(super) fn check(facts: &mut Facts<'_, '_>) {
    let application = facts.application;
    for grant in application.apps.values().flat_map(|app| &app.roles) {
        let registry = application.registries.get(grant.on.get_ref());
        if !registry.is_some_and(|registry| matches!(registry.kind, RegistryKind::Azure(_))) {
            continue;
        }
        for role in &grant.roles {
            if is_id(role.get_ref()) || REGISTRY_ROLES.iter().any(|known| known.is_called(role.get_ref())) {
                continue;
            }
            let names = || REGISTRY_ROLES.iter().map(|known| known.name);
            let near = facts.cx.nearest(role.get_ref(), names());
            let label = near.map_or_else(|| "not known".to_owned(), |near| format!("did you mean `{near}`?"));
            let message = format!("a registry has no role `{}`", role.get_ref());
            facts
                .cx
                .error("unknown-role", message, role.span(), label)
                .help(format!("its roles are {}; a role of your own is named by its id", text::list(names())))
                .push();
        }
    }
}

/// Whether a text is a GUID, which may be that of a role of the user's own.
fn is_id(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
