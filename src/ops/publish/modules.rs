//! The modules of everything that is declared, made on several threads where there are many.

use crate::azure::{self, Cx, Failure, Module};
use crate::environment::{self, AzureKind};
use crate::manifest::Diagnostics;
use crate::model::{App, Application, Environment, Name, Registry, RegistryKind, Resource};
use crate::util::fs;
use std::collections::{BTreeSet, HashMap, HashSet};
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
            if azure::resource::environments(application, service).contains(&&environment.name) {
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
    let by_name: HashMap<&str, &Module> = modules.iter().map(|module| (module.name.as_str(), module)).collect();
    let mut belonging: HashMap<&str, Vec<&str>> = HashMap::new();
    for module in &modules {
        for owner in owners(module, application) {
            belonging.entry(owner).or_default().push(&module.name);
        }
    }
    let mut waiting: Vec<&str> = own.iter().copied().collect();
    let mut wanted: HashSet<String> = HashSet::new();
    while let Some(name) = waiting.pop() {
        if wanted.insert(name.to_owned()) {
            waiting.extend(belonging.get(name).into_iter().flatten());
            waiting.extend(by_name.get(name).into_iter().flat_map(|module| module.needs()));
        }
    }
    modules.into_iter().filter(|module| wanted.contains(&module.name)).collect()
}

/// What a module is for that nothing takes outputs of: it is wanted where that is.
fn owners<'a>(module: &'a Module, application: &Application) -> Vec<&'a str> {
    // Roles belong to the app or the identity that they are for, private endpoints to the registry
    // that they lead to.
    let of = module.name.split_once("-roles-").map(|(of, _)| of);
    let is_endpoint = module.template == azure::registry::PRIVATE_ENDPOINT;
    let leads_to = module.needs().filter(|needed| is_endpoint && application.registries.contains_key(*needed));
    of.into_iter().chain(leads_to).collect()
}

/// A file, relative to the manifest's folder, whose text becomes part of what is published.
pub(super) fn read_text(root: &Path, name: &str) -> Result<String, String> {
    /// The most bytes of it: what Container Apps and Kubernetes take as a secret.
    const LIMIT: u64 = 1024 * 1024;
    let content =
        fs::read(&root.join(name), LIMIT).map_err(|error| format!("`{name}` cannot be read: {}", error.source))?;
    String::from_utf8(content.bytes).map_err(|_| format!("`{name}` is not text in UTF-8"))
}
