//! Which apps and backing services run in an environment, and what an application is called there.

use crate::manifest::{Diagnostic, Diagnostics, Span};
use crate::model::resource::ValuePiece;
use crate::model::{App, Application, Environment, Expression, FileContent, Name, Resource, ResourceKind, Target};
use std::collections::BTreeSet;

/// Whether an app runs in an environment.
pub(super) fn runs_here(app: &App, environment: &Environment) -> bool {
    app.environments.iter().any(|name| *name.get_ref() == environment.name)
}

/// An application's name in lower-case letters, digits and hyphens.
pub(super) fn folder_of(application: &str) -> String {
    let clean: String =
        application.to_ascii_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = clean.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "shipit".to_owned() } else { parts.join("-") }
}

/// The backing services that run here: those that say so, and those that say nothing and are used
/// by what runs here. One that nobody uses runs in the only environment that there is.
pub(super) fn services<'a>(
    application: &'a Application,
    environment: &'a Environment,
) -> impl Iterator<Item = &'a Resource> {
    let used = used(application, |app| runs_here(app, environment));
    let anywhere = used_anywhere(application);
    application.resources.values().filter(move |resource| {
        let ResourceKind::Service(_) = resource.kind else { return false };
        if !resource.environments.is_empty() {
            return resource.environments.iter().any(|name| *name.get_ref() == environment.name);
        }
        let is_idle = !anywhere.contains(&resource.name);
        used.contains(&resource.name) || (is_idle && application.environments.len() == 1)
    })
}

fn used_anywhere(application: &Application) -> BTreeSet<Name> {
    used(application, |_| true)
}

/// The resources that some apps use, and those that these use.
fn used(application: &Application, is_wanted: impl Fn(&App) -> bool) -> BTreeSet<Name> {
    let mut found: BTreeSet<Name> = BTreeSet::new();
    for app in application.apps.values().filter(|app| is_wanted(app)) {
        found.extend(app.references.iter().chain(&app.wait_for).map(|name| name.get_ref().clone()));
        let files = app.files.iter().filter_map(|file| match &file.content {
            FileContent::Text(text) => Some(text),
            FileContent::From(_) => None,
        });
        let words = app.command.iter().chain(&app.args).flatten();
        for expression in app.env.values().chain(words).chain(files) {
            found.extend(named(expression));
        }
    }
    loop {
        let before = found.len();
        for resource in application.resources.values() {
            let ResourceKind::Service(service) = &resource.kind else { continue };
            if !found.contains(&resource.name) {
                continue;
            }
            for piece in service.env.values().flatten() {
                if let ValuePiece::Value(expression) | ValuePiece::UriEncoded(expression) = piece {
                    found.extend(named(expression));
                }
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn named(expression: &Expression) -> impl Iterator<Item = Name> {
    expression.references().filter_map(|reference| match &reference.target {
        Target::Resource { name, .. } => Some(name.clone()),
        _ => None,
    })
}

/// Whether an app runs in Azure too.
pub(super) fn is_in_azure(application: &Application, app: &App) -> bool {
    let mut environments = app.environments.iter().filter_map(|name| application.environments.get(name.get_ref()));
    environments.any(|environment| environment.kind.get_ref().is_azure())
}

/// Warns of what only Azure has, of an app that does not run there.
pub(super) fn only_azure(application: &Application, app: &App, problems: &mut Diagnostics) {
    if is_in_azure(application, app) {
        return;
    }
    let name = &app.name;
    let mut warn = |message: String, span: Span| {
        let diagnostic = Diagnostic::warning("no-effect", message).within(&application.source);
        problems.push(diagnostic.at(span, "").help("nothing is to be done if that is meant"));
    };
    for role in &app.roles {
        warn(format!("roles of `{name}` are for Azure"), role.on.span());
    }
    if let Some(identity) = &app.identity {
        warn(format!("the identity of `{name}` is for Azure"), identity.span());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_a_name_that_every_target_takes() {
        assert_eq!(folder_of("My Shop!"), "my-shop");
        assert_eq!(folder_of("--"), "shipit");
    }
}
