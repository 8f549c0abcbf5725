//! A step of the user's own takes no name that shipit gives to a step.

use super::Facts;
use crate::model::scope::Table;

/// Steps that are always there.
const BUILT_IN: &[&str] = &[
    "process-parameters",
    "check-engine",
    "azure-context",
    "build",
    "push",
    "provision",
    "publish",
    "deploy",
    "destroy",
];

/// Beginnings of the names of steps that things bring, and the tables of those things.
const PREFIXES: &[(&str, &[Table])] = &[
    ("build-", &[Table::Apps]),
    ("push-", &[Table::Apps]),
    ("deploy-", &[Table::Apps]),
    ("login-", &[Table::Registries]),
    ("provision-", &[Table::Registries, Table::Environments, Table::Resources, Table::Apps]),
    ("publish-", &[Table::Environments]),
    ("prepare-", &[Table::Environments]),
    ("compose-up-", &[Table::Environments]),
    ("compose-down-", &[Table::Environments]),
    ("helm-upgrade-", &[Table::Environments]),
];

pub(super) fn check(facts: &mut Facts<'_, '_>) {
    let scope = facts.cx.scope;
    for step in scope.names(Table::Steps) {
        let name = step.name.as_str();
        if BUILT_IN.contains(&name) {
            facts
                .cx
                .error("reserved-name", format!("the step `{name}` is shipit's own"), step.span.clone(), "")
                .help(format!("choose another name; set `before = [\"{name}\"]` to run before it"))
                .push();
            continue;
        }
        let owner = PREFIXES.iter().find_map(|(prefix, tables)| {
            scope.get(name.strip_prefix(prefix)?).filter(|item| tables.contains(&item.table))
        });
        if let Some(owner) = owner {
            facts
                .cx
                .error("reserved-name", format!("`{}` has a step `{name}` already", owner.name), step.span.clone(), "")
                .also(&owner.span, "declared here")
                .help(format!("choose another name; set `before = [\"{name}\"]` to run before it"))
                .push();
        }
    }
}
