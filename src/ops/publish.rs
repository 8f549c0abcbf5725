//! Everything that is written for an application, as texts. Writes nothing.

use super::load::{LoadRequest, Loaded, load};
use super::{Error, state_folder};
use crate::azure::{self, Assembly, Cx, Failure, Given, Module};
use crate::environment::{self, AzureKind};
use crate::manifest::{Diagnostic, Diagnostics, Source};
use crate::model::{AppKind, Application, Environment, GitProperty, Name, RegistryKind};
use crate::render::{Artifact, TemplateError, Templates};
use crate::resolve::{self, Inputs, ParameterRow, Value};
use crate::state::State;
use crate::util::{FailureClass, fs};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What is to be published.
#[derive(Debug)]
pub struct PublishRequest<'a> {
    pub load: LoadRequest,
    /// Only this environment and what it needs.
    pub environment: Option<String>,
    pub inputs: Inputs<'a>,
    /// Folder of the state; `None`: `.shipit` beside the manifest.
    pub state: Option<PathBuf>,
    /// Of shipit.
    pub version: String,
}

/// What is to be written.
#[derive(Debug)]
pub struct Publication {
    /// In the order of their paths.
    pub artifacts: Vec<Artifact>,
    pub warnings: Vec<Diagnostic>,
    /// The manifest's folder, absolute.
    pub root: PathBuf,
}

/// Makes every file. Every mistake is reported at once.
pub fn publish(request: PublishRequest<'_>) -> Result<Publication, Error> {
    let Loaded { application, root, warnings } = load(&request.load)?;
    let mut problems = Diagnostics::default();
    problems.extend(warnings);
    environment::check(&application, &mut problems);
    let state = open_state(&application, &root, request.state.as_deref())?;
    let mut inputs = request.inputs;
    inputs.project.clone_from(&root);
    inputs.state = state.parameters().map_err(state_failure)?;
    let table = resolve::parameters(&application, &inputs, &mut problems);
    if problems.has_errors() {
        return Err(problems.into());
    }
    let templates = Templates::embedded();
    let (branch, tag) = (inputs.branch.clone(), inputs.tag.clone());
    let facts: Mutex<BTreeMap<GitProperty, Result<String, String>>> = Mutex::default();
    let git = |property: GitProperty| {
        let mut facts = facts.lock().unwrap_or_else(PoisonError::into_inner);
        let ci = match property {
            GitProperty::Branch => branch.as_deref(),
            GitProperty::Tag => tag.as_deref(),
            GitProperty::Sha | GitProperty::ShortSha => None,
        };
        facts.entry(property).or_insert_with(|| resolve::git_fact(&root, property, ci)).clone()
    };
    let read = |path: &str| read_text(&root, path);
    let cx = Cx {
        application: &application,
        templates: &templates,
        git: &git,
        read: &read,
        version: &request.version,
        lower: environment::lower,
    };
    let environments = chosen(&application, request.environment.as_deref())?;
    let modules = modules(&cx, &environments, &mut problems)?;
    let modules = match request.environment {
        None => modules,
        Some(_) => reachable(modules, &environments, &application),
    };
    let images = images(&application, &state)?;
    let values = table.rows.iter().map(|row| (row.name.clone(), given(row))).collect();
    let assembly = Assembly { cx: &cx, modules, values: &values, images: &images };
    let artifacts = azure::assemble(&assembly).map_err(failed)?;
    Ok(Publication { artifacts, warnings: problems.into_sorted(), root })
}

/// A file whose text becomes part of what is published.
fn read_text(root: &Path, name: &str) -> Result<String, String> {
    /// The most bytes of it: what Container Apps and Kubernetes take as a secret.
    const LIMIT: u64 = 1024 * 1024;
    let content =
        fs::read(&root.join(name), LIMIT).map_err(|error| format!("`{name}` cannot be read: {}", error.source))?;
    String::from_utf8(content.bytes).map_err(|_| format!("`{name}` is not text in UTF-8"))
}

fn open_state(application: &Application, root: &Path, asked: Option<&Path>) -> Result<State, Error> {
    let folder = state_folder(asked, root);
    let profile = application.profile.as_ref().map(Name::as_str);
    State::open(&folder, profile).map(|(state, _)| state).map_err(state_failure)
}

fn state_failure(error: crate::state::StateError) -> Error {
    Error::Failed { class: FailureClass::Permanent, message: error.to_string(), help: error.help() }
}

fn failed(failure: Failure) -> Error {
    match failure {
        Failure::Invalid(problems) => problems.into(),
        Failure::Template(error) => Error::from(template_problem(&error)),
    }
}

/// A mistake in a template, at its place.
fn template_problem(error: &TemplateError) -> Diagnostic {
    let name = error.file.as_ref().map_or_else(|| error.template.clone(), |file| file.display().to_string());
    let mut diagnostic = Diagnostic::error("template", error.reason.clone());
    match &error.place {
        Some(place) => {
            let source = Arc::new(Source { name, text: place.text.to_string() });
            diagnostic = diagnostic.within(&source).at(place.span.clone(), "");
        }
        None => diagnostic.message = format!("the template `{name}`: {}", error.reason),
    }
    match &error.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

fn chosen<'a>(application: &'a Application, asked: Option<&str>) -> Result<Vec<&'a Environment>, Error> {
    let Some(asked) = asked else { return Ok(application.environments.values().collect()) };
    if let Some(environment) = application.environments.get(asked) {
        return Ok(vec![environment]);
    }
    let names = application.environments.keys().map(Name::as_str);
    let help = match crate::util::text::nearest(asked, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("declared are {}", crate::util::text::list(names)),
    };
    Err(Error::invalid("unknown-environment", format!("no environment is called `{asked}`"), help))
}

/// The modules of everything that is declared, in the order in which people read: registries,
/// environments, resources, identities, apps.
fn modules(cx: &Cx<'_>, environments: &[&Environment], problems: &mut Diagnostics) -> Result<Vec<Module>, Error> {
    let application = cx.application;
    let mut made: Vec<Result<Vec<Module>, Failure>> = Vec::new();
    let azure_registries = application.registries.values().filter(|it| matches!(it.kind, RegistryKind::Azure(_)));
    made.extend(azure_registries.map(|registry| azure::registry::modules(cx, registry)));
    let azure: Vec<(&Environment, &dyn AzureKind)> = environments
        .iter()
        .filter_map(|environment| Some((*environment, environment::kind(environment.kind.get_ref())?.azure()?)))
        .collect();
    made.extend(azure.iter().map(|(environment, kind)| kind.environment(cx, environment)));
    made.extend(application.resources.values().map(|resource| azure::resource::modules(cx, resource)));
    let mut identities: BTreeSet<&Name> = BTreeSet::new();
    for (environment, kind) in &azure {
        for app in environment::apps(application, &environment.name) {
            if identities.insert(&app.name) {
                made.push(azure::identity::modules(cx, app));
            }
            made.push(kind.app(cx, environment, app));
        }
        for service in application.resources.values() {
            if azure::resource::environment(application, service) == Some(&environment.name) {
                made.push(kind.service(cx, environment, service));
            }
        }
    }
    let mut modules = Vec::new();
    for result in made {
        match result {
            Ok(some) => modules.extend(some),
            Err(Failure::Invalid(found)) => problems.extend(found.into_sorted()),
            Err(failure @ Failure::Template(_)) => return Err(failed(failure)),
        }
    }
    for module in &mut modules {
        problems.extend(std::mem::take(&mut module.warnings));
    }
    if problems.has_errors() { Err(std::mem::take(problems).into()) } else { Ok(modules) }
}

/// The modules of the chosen environments and what those take outputs of.
fn reachable(modules: Vec<Module>, environments: &[&Environment], application: &Application) -> Vec<Module> {
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
            // Roles are taken by nobody's parameters: they belong to the app that they are for.
            let is_role = module.name.split_once("-roles-").is_some_and(|(app, _)| own.contains(app));
            if is_role || wanted.contains(&module.name) {
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

/// The images of apps: by digest once they are pushed, else as the manifest calls them if it can.
fn images(application: &Application, state: &State) -> Result<BTreeMap<Name, String>, Error> {
    let pushed = state.images().map_err(state_failure)?;
    let mut images = BTreeMap::new();
    for (name, app) in &application.apps {
        if let Some(image) = pushed.get(name.as_str()).and_then(|images| images.first()) {
            images.insert(name.clone(), image.pinned());
        } else if let AppKind::Image { image, mirror: false } = &app.kind
            && let Some(literal) = image.as_literal()
        {
            images.insert(name.clone(), literal.to_owned());
        }
    }
    Ok(images)
}

fn given(row: &ParameterRow) -> Given {
    match &row.value {
        Some(Value::Known(text)) if !row.secret => Given::Known(text.clone()),
        Some(Value::Known(_) | Value::Secret(_) | Value::Deferred(_)) | None => Given::Variable(row.variable.clone()),
    }
}
