//! The modules of everything that is declared, made on several threads where there are many.

use crate::azure::{self, Cx, Failure, Module};
use crate::environment::{self, AzureKind};
use crate::manifest::Diagnostics;
use crate::model::{App, Application, Environment, Name, Registry, RegistryKind, Resource};
use crate::util::fs;
use std::collections::BTreeSet;
use std::path::Path;

/// Threads pay from so many modules on.
const MANY: usize = 32;

/// What one module, or a few that belong together, are made for.
enum Job<'a> {
    Registry(&'a Registry),
    Environment(&'static dyn AzureKind, &'a Environment),
    Resource(&'a Resource),
    Identity(&'a App),
    App(&'static dyn AzureKind, &'a Environment, &'a App),
    Service(&'static dyn AzureKind, &'a Environment, &'a Resource),
}

/// All modules, in the order in which people read: registries, environments, resources, identities,
/// apps. Every mistake in the manifest is reported, the first one of a template.
pub(super) fn modules(
    cx: &Cx<'_>,
    environments: &[&Environment],
    problems: &mut Diagnostics,
) -> Result<Vec<Module>, Failure> {
    let mut modules = Vec::new();
    for made in run(cx, &jobs(cx.application, environments)) {
        match made {
            Ok(some) => modules.extend(some),
            Err(Failure::Invalid(found)) => problems.extend(found.into_sorted()),
            Err(failure @ Failure::Template(_)) => return Err(failure),
        }
    }
    for module in &mut modules {
        problems.extend(std::mem::take(&mut module.warnings));
    }
    Ok(modules)
}

fn jobs<'a>(application: &'a Application, environments: &[&'a Environment]) -> Vec<Job<'a>> {
    let azure_registries = application.registries.values().filter(|it| matches!(it.kind, RegistryKind::Azure(_)));
    let mut jobs: Vec<Job<'_>> = azure_registries.map(Job::Registry).collect();
    let azure: Vec<(&Environment, &dyn AzureKind)> = environments
        .iter()
        .filter_map(|environment| Some((*environment, environment::kind(environment.kind.get_ref())?.azure()?)))
        .collect();
    jobs.extend(azure.iter().map(|(environment, kind)| Job::Environment(*kind, environment)));
    jobs.extend(application.resources.values().map(Job::Resource));
    let mut identities: BTreeSet<&Name> = BTreeSet::new();
    for (environment, kind) in azure {
        for app in environment::apps(application, &environment.name) {
            if identities.insert(&app.name) {
                jobs.push(Job::Identity(app));
            }
            jobs.push(Job::App(kind, environment, app));
        }
        for service in application.resources.values() {
            if azure::resource::environment(application, service) == Some(&environment.name) {
                jobs.push(Job::Service(kind, environment, service));
            }
        }
    }
    jobs
}

fn run(cx: &Cx<'_>, jobs: &[Job<'_>]) -> Vec<Result<Vec<Module>, Failure>> {
    super::threads::map(jobs, MANY, |job| match job {
        Job::Registry(registry) => azure::registry::modules(cx, registry),
        Job::Environment(kind, environment) => kind.environment(cx, environment),
        Job::Resource(resource) => azure::resource::modules(cx, resource),
        Job::Identity(app) => azure::identity::modules(cx, app),
        Job::App(kind, environment, app) => kind.app(cx, environment, app),
        Job::Service(kind, environment, service) => kind.service(cx, environment, service),
    })
}

/// The modules of the chosen environments and what those take outputs of.
pub(super) fn reachable(modules: Vec<Module>, environments: &[&Environment], application: &Application) -> Vec<Module> {
    let own: BTreeSet<&str> = environments
        .iter()
        .flat_map(|environment| {
            let apps = environment::apps(application, &environment.name).map(|app| app.name.as_str());
            apps.chain([environment.name.as_str()])
        })
        .collect();
    let mut wanted: BTreeSet<String> =
        modules.iter().map(|module| module.name.clone()).filter(|name| own.contains(name.as_str())).collect();
    loop {
        let before = wanted.len();
        for module in &modules {
            // Roles are taken by nobody's parameters: they belong to the app or the identity that they are for.
            let of = module.name.split_once("-roles-").map(|(of, _)| of);
            let is_role = of.is_some_and(|of| own.contains(of) || wanted.contains(of));
            // So are private endpoints: they belong to the registry that they lead to.
            let leads_to_wanted = module.template == azure::registry::PRIVATE_ENDPOINT
                && module.needs().any(|needed| wanted.contains(needed) && application.registries.contains_key(needed));
            if is_role || leads_to_wanted || wanted.contains(&module.name) {
                wanted.insert(module.name.clone());
                wanted.extend(module.needs().map(str::to_owned));
            }
        }
        if wanted.len() == before {
            break;
        }
    }
    modules.into_iter().filter(|module| wanted.contains(&module.name)).collect()
}

/// A file, relative to the manifest's folder, whose text becomes part of what is published.
pub(super) fn read_text(root: &Path, name: &str) -> Result<String, String> {
    /// The most bytes of it: what Container Apps and Kubernetes take as a secret.
    const LIMIT: u64 = 1024 * 1024;
    let content =
        fs::read(&root.join(name), LIMIT).map_err(|error| format!("`{name}` cannot be read: {}", error.source))?;
    String::from_utf8(content.bytes).map_err(|_| format!("`{name}` is not text in UTF-8"))
}
