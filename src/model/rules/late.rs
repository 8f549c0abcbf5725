//! What images are called, and what they are built with, is known before anything runs: it is not made
//! of what only a deployment knows.

use super::{Facts, secrets};
use crate::model::{RegistryKind, Target};

pub(super) fn check(facts: &mut Facts<'_, '_>) {
    let application = facts.application;
    for (place, expression) in secrets::places(application) {
        if place == secrets::COMMAND_LINE {
            continue;
        }
        for reference in expression.references() {
            let late = match &reference.target {
                Target::Parameter(_) | Target::Git(_) | Target::Shipit(_) => None,
                Target::Registry { name, property } => {
                    let is_late =
                        match (application.registries.get(name).map(|registry| &registry.kind), property.as_str()) {
                            (_, "name" | "repository")
                            | (None | Some(RegistryKind::Oci { .. } | RegistryKind::Local { .. }), _) => false,
                            (Some(RegistryKind::Azure(azure)), "endpoint" | "login-server") => azure.name().is_none(),
                            (Some(RegistryKind::Azure(_)), _) => true,
                        };
                    is_late.then_some((name, property))
                }
                Target::Environment { name, property } => (property != "name").then_some((name, property)),
                Target::App { name, property } | Target::Resource { name, property } => Some((name, property)),
            };
            if let Some((name, property)) = late {
                let message = format!("{place} cannot hold `{name}.{property}`: it must be known before anything runs");
                facts
                    .cx
                    .error("late-reference", message, reference.span.clone(), "known too late")
                    .help("refer to parameters, registries, `git` or `shipit` here")
                    .push();
            }
        }
    }
}
