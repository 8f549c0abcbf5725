//! No two apps push the same image to the same place.

use super::Facts;
use crate::manifest::Span;
use crate::model::{App, Expression, Name, Part, Registry, RegistryKind, Target};
use std::collections::HashMap;

pub(super) fn check(facts: &mut Facts<'_, '_>) {
    let mut seen: HashMap<String, (&Name, Span)> = HashMap::new();
    let mut apps: Vec<&App> = facts.application.apps.values().collect();
    apps.sort_by_key(|app| app.span.start);
    for app in apps {
        let name = app.image_name.as_ref().map_or_else(|| app.name.to_string(), text);
        for registry in app.registries.iter().filter_map(|name| facts.application.registries.get(name.get_ref())) {
            let tags = app.tags.iter().map(text);
            let clash =
                tags.map(|tag| format!("{}/{name}:{tag}", place(registry))).find_map(|image| match seen.get(&image) {
                    Some((other, span)) if **other != app.name => Some((image, (*other).clone(), span.clone())),
                    Some(_) => None,
                    None => {
                        seen.insert(image, (&app.name, here(app)));
                        None
                    }
                });
            let Some((image, other, span)) = clash else { continue };
            facts
                .cx
                .error(
                    "same-image",
                    format!("`{}` and `{other}` would both be pushed as `{image}`", app.name),
                    here(app),
                    format!("image of `{}`", app.name),
                )
                .also(&span, format!("image of `{other}`"))
                .help("give one of them another `image-name`, `tag` or `registry`")
                .push();
            break;
        }
    }
}

fn here(app: &App) -> Span {
    app.image_name.as_ref().map_or_else(|| app.span.clone(), |name| name.span.clone())
}

fn place(registry: &Registry) -> String {
    let host = match &registry.kind {
        RegistryKind::Oci { endpoint, .. } => text(endpoint),
        RegistryKind::Local { .. } | RegistryKind::Azure(_) => registry.name.to_string(),
    };
    match &registry.repository {
        Some(repository) => format!("{host}/{}", text(repository)),
        None => host,
    }
}

/// An expression as it is written, for comparing and for people.
fn text(expression: &Expression) -> String {
    expression
        .parts
        .iter()
        .map(|part| match part {
            Part::Literal(text) => text.clone(),
            Part::Reference(reference) => match &reference.target {
                Target::Parameter(name) => format!("$<{name}>"),
                Target::Git(property) => format!("$<git.{property:?}>").to_lowercase(),
                Target::Shipit(property) => format!("$<shipit.{property:?}>").to_lowercase(),
                Target::Registry { name, property }
                | Target::App { name, property }
                | Target::Environment { name, property }
                | Target::Resource { name, property } => format!("$<{name}.{property}>"),
            },
        })
        .collect()
}
