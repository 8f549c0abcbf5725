//! A secret stays out of everything that is printed, stored or seen by others: names, tags, labels,
//! build arguments, command lines.

use super::Facts;
use crate::manifest::Span;
use crate::model::{AppKind, Application, AzureRegistry, Expression, Name, Parameter, Reference, RegistryKind, Target};
use std::collections::BTreeMap;

/// Makes every parameter a secret whose default or profile's value refers to one.
pub(in crate::model) fn settle(params: &mut BTreeMap<Name, Parameter>) {
    let mut users: BTreeMap<Name, Vec<Name>> = BTreeMap::new();
    for parameter in params.values() {
        let values = [&parameter.default, &parameter.profile_value];
        for reference in values.into_iter().flatten().flat_map(Expression::references) {
            if let Target::Parameter(used) = &reference.target {
                users.entry(used.clone()).or_default().push(parameter.name.clone());
            }
        }
    }
    let mut secrets: Vec<Name> = params.values().filter(|param| param.secret).map(|param| param.name.clone()).collect();
    while let Some(secret) = secrets.pop() {
        for user in users.remove(&secret).unwrap_or_default() {
            if let Some(parameter) = params.get_mut(&user).filter(|parameter| !parameter.secret) {
                parameter.secret = true;
                secrets.push(user);
            }
        }
    }
}

/// A place where a word is an argument of a program.
pub(super) const COMMAND_LINE: &str = "a command line";

/// A place where everyone who may look at a task sees it.
const TASK_ARGUMENT: &str = "an argument of a task";

/// Everything that is printed, stored or seen by others, with what it is called.
pub(super) fn places(application: &Application) -> Vec<(&'static str, &Expression)> {
    let mut places = Vec::new();
    for registry in application.registries.values() {
        if let RegistryKind::Oci { endpoint, .. } = &registry.kind {
            places.push(("an endpoint", endpoint));
        }
        places.extend(registry.repository.iter().map(|repository| ("a repository", repository)));
    }
    for app in application.apps.values() {
        places.extend(app.image_name.iter().map(|name| ("an image's name", name)));
        places.extend(app.tags.iter().map(|tag| ("a tag", tag)));
        match &app.kind {
            AppKind::Image { image, .. } => places.push(("an image's name", image)),
            AppKind::Dockerfile(build) => {
                places.extend(build.labels.values().map(|label| ("a label", label)));
                places.extend(build.build_args.values().map(|arg| ("a build argument", arg)));
                places.extend(build.cache_from.iter().map(|image| ("an image's name", image)));
            }
        }
    }
    for step in application.steps.values() {
        places.extend(step.run.iter().map(|word| (COMMAND_LINE, word)));
    }
    places
}

/// What everyone who may look at the deployment sees, though only the deployment need know it.
fn published(application: &Application) -> Vec<(&'static str, &Expression)> {
    let mut places = Vec::new();
    for registry in application.registries.values() {
        let RegistryKind::Azure(azure) = &registry.kind else { continue };
        let AzureRegistry::Provisioned(azure) = azure.as_ref() else { continue };
        places.extend(azure.tags.values().map(|tag| ("a tag in Azure", tag)));
        for task in &azure.tasks {
            places.push(("a build context", &task.context));
            places.extend(task.images.iter().map(|image| ("an image's name", image)));
            places.extend(task.args.values().map(|arg| (TASK_ARGUMENT, arg)));
        }
    }
    places
}

pub(super) fn check(facts: &mut Facts<'_, '_>) {
    let published = published(facts.application);
    for (place, expression) in places(facts.application).into_iter().chain(published) {
        for reference in expression.references() {
            if let Some((what, declared)) = secret(facts, reference) {
                report(facts, place, reference, &what, declared);
            }
        }
    }
}

/// What is secret about a reference, and where that was said.
fn secret(facts: &Facts<'_, '_>, reference: &Reference) -> Option<(String, Option<Span>)> {
    match &reference.target {
        Target::Parameter(name) => {
            let parameter = facts.application.params.get(name).filter(|parameter| parameter.secret)?;
            Some((format!("`{name}`"), Some(parameter.span.clone())))
        }
        Target::Resource { name, property } => {
            let property = facts.application.resources.get(name)?.property(property).filter(|it| it.secret)?;
            Some((format!("`{name}.{}`", property.name), None))
        }
        Target::Git(_)
        | Target::Shipit(_)
        | Target::Registry { .. }
        | Target::App { .. }
        | Target::Environment { .. } => None,
    }
}

fn report(facts: &mut Facts<'_, '_>, place: &str, reference: &Reference, what: &str, declared: Option<Span>) {
    let help = match place {
        "a build argument" => "build arguments stay in the image's history; use `build-secrets`",
        TASK_ARGUMENT => "the arguments of a task are shown; use `secret-args`",
        COMMAND_LINE => "other users of the machine can read command lines; pass it in `env`",
        _ => "it would be printed and stored in the open; use a parameter that is no secret",
    };
    let message = format!("a secret may not appear in {place}: {what} is one");
    let mut report = facts.cx.error("secret-exposed", message, reference.span.clone(), "secret").help(help);
    if let Some(declared) = declared {
        report = report.also(&declared, "declared here");
    }
    report.push();
}
