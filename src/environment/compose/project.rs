//! Which apps and services are in a project, and what the project is called.

use crate::model::environment::ComposeEnvironment;
use crate::model::resource::ValuePiece;
use crate::model::{
    App, Application, Environment, EnvironmentKind, Expression, FileContent, Name, Resource, ResourceKind, Target,
};
use std::collections::BTreeSet;

pub(super) fn settings(environment: &Environment) -> Option<&ComposeEnvironment> {
    match environment.kind.get_ref() {
        EnvironmentKind::DockerCompose(settings) => Some(settings),
        _ => None,
    }
}

pub(super) fn runs_here(app: &App, environment: &Environment) -> bool {
    app.environments.iter().any(|name| *name.get_ref() == environment.name)
}

/// What the project is called: as the manifest says, else after the application, the environment
/// where there are several, and the profile.
pub fn project_name(application: &Application, environment: &Environment) -> String {
    if let Some(name) = settings(environment).and_then(|settings| settings.project_name.as_ref()) {
        return name.get_ref().clone();
    }
    let compose = application.environments.values().filter(|it| settings(it).is_some()).count();
    let mut name = folder_of(&application.name);
    if compose > 1 {
        name.push_str(&format!("-{}", environment.name.as_str().to_ascii_lowercase()));
    }
    if let Some(profile) = &application.profile {
        name.push_str(&format!("-{}", profile.as_str().to_ascii_lowercase()));
    }
    name
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_has_a_name_that_compose_takes() {
        assert_eq!(folder_of("My Shop!"), "my-shop");
        assert_eq!(folder_of("--"), "shipit");
    }
}
