//! Everything that is written for an application, as texts, and the folder that they go to.

mod check;
mod folder;
mod modules;
mod patch;
mod threads;

pub use folder::{PUBLISH_FOLDER, edit_warnings, plan_folder, publish_folder, write_folder};

use super::load::{LoadRequest, Loaded, load};
use super::templates::{template_diagnostic, templates_of};
use super::{Error, ProjectTemplates, state_folder};
use crate::azure::{self, Assembly, Cx, Failure, Given};
use crate::environment::compose::{Composition, compose};
use crate::environment::kubernetes::{self, Release};
use crate::environment::{self, FileCx, Files};
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::{AppKind, Application, Environment, GitProperty, Name, RegistryKind};
use crate::render::{Artifact, Templates};
use crate::resolve::{self, Inputs, ParameterRow, Value};
use crate::state::State;
use crate::util::{FailureClass, text};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What is to be published.
#[derive(Debug)]
pub struct PublishRequest<'a> {
    pub load: LoadRequest,
    /// Only these environments and what they need; empty: all.
    pub environments: Vec<String>,
    pub inputs: Inputs<'a>,
    /// Folder of the state; `None`: `.shipit` beside the manifest.
    pub state: Option<PathBuf>,
    /// Where the files will be, absolute; `None`: [`PUBLISH_FOLDER`] beside the manifest.
    pub output: Option<PathBuf>,
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

/// What files are made from, beside the application itself: the same at the start of a run and when
/// its step comes.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) environments: Vec<String>,
    values: BTreeMap<Name, Given>,
    branch: Option<String>,
    tag: Option<String>,
    version: String,
    /// The folder that the files go to, absolute: what is kept there is read, and paths are seen from there.
    out: PathBuf,
    /// Messages name files as seen from here.
    current: PathBuf,
}

/// Makes every file. Every mistake is reported at once.
pub fn publish(request: PublishRequest<'_>) -> Result<Publication, Error> {
    let Loaded { application, root, warnings } = load(&request.load)?;
    let mut problems = Diagnostics::default();
    problems.extend(warnings);
    let folder = state_folder(request.state.as_deref(), &root);
    let profile = application.profile.as_ref().map(Name::as_str);
    let state = State::open(&folder, profile).map(|(state, _)| state).map_err(state_failure)?;
    let mut inputs = request.inputs;
    inputs.project.clone_from(&root);
    inputs.state = state.parameters().map_err(state_failure)?;
    let mut subject = Subject::new(&application, &inputs, request.environments, &mut problems);
    subject.out = publish_folder(request.output.as_deref(), &root);
    let artifacts = subject.files(&application, &root, &state, &mut problems)?;
    Ok(Publication { artifacts, warnings: problems.into_sorted(), root })
}

impl Subject {
    /// Looks the parameters up. Values that are missing are no mistake: whoever deploys gives them.
    pub(super) fn new(
        application: &Application,
        inputs: &Inputs<'_>,
        environments: Vec<String>,
        problems: &mut Diagnostics,
    ) -> Self {
        let table = resolve::parameters(application, inputs, problems);
        Self {
            environments,
            values: table.rows.iter().map(|row| (row.name.clone(), given(row))).collect(),
            branch: inputs.branch.clone(),
            tag: inputs.tag.clone(),
            version: inputs.version.clone(),
            out: publish_folder(None, &inputs.project),
            current: inputs.current_folder.clone(),
        }
    }

    /// Every file, checked. What is found is added to `problems`; with an error among it there are none.
    pub(super) fn files(
        &self,
        application: &Application,
        root: &Path,
        state: &State,
        problems: &mut Diagnostics,
    ) -> Result<Vec<Artifact>, Error> {
        let environments = self.chosen(application, problems)?;
        environment::check(application, problems);
        let images = images(application, state)?;
        stop(problems)?;
        let ProjectTemplates { templates, warnings } = templates_of(root, &self.current)?;
        problems.extend(warnings);
        let failed = |failure: Failure, problems: &mut Diagnostics| {
            match failure {
                Failure::Invalid(found) => problems.extend(found),
                Failure::Template(error) => problems.push(template_diagnostic(&error, &self.current)),
            }
            Error::from(std::mem::take(problems))
        };
        let git = self.facts(root);
        let (version, lower) = (self.version.as_str(), environment::lower);
        let read = |path: &str| modules::read_text(root, path);
        let cx = Cx { application, templates: &templates, git: &git, read: &read, version, lower };
        let mut modules =
            modules::modules(&cx, &environments, problems).map_err(|failure| failed(failure, problems))?;
        stop(problems)?;
        if !self.environments.is_empty() {
            modules = modules::reachable(modules, &environments, application);
        }
        let project = Project { application, root, templates: &templates, git: &git, images: &images };
        let own = self.own_files(&project, &environments, problems).map_err(|failure| failed(failure, problems))?;
        if modules.is_empty() && !is_azure(application, &environments) {
            return if own.is_empty() { Err(nothing(application)) } else { Ok(own) };
        }
        let origins = modules.iter().map(|module| (module.path(), module.template.clone())).collect();
        let assembly = Assembly { cx: &cx, modules, values: &self.values, images: &images };
        let mut artifacts = azure::assemble(&assembly).map_err(|failure| failed(failure, problems))?;
        let edited = patch::edit(application, root, &mut artifacts, self.environments.is_empty(), problems);
        stop(problems)?;
        let edits = application.publish.patch.as_ref().map(|path| path.get_ref().as_str());
        let origins =
            check::Origins { templates: origins, catalogue: &templates, edited, edits, current: &self.current };
        check::check(&artifacts, &origins, problems);
        stop(problems)?;
        artifacts.extend(own);
        artifacts.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(artifacts)
    }

    /// The files of environments that write their own: in the folder itself where nothing else is
    /// published, else in one that is called as the environment.
    fn own_files(
        &self,
        project: &Project<'_>,
        environments: &[&Environment],
        problems: &mut Diagnostics,
    ) -> Result<Vec<Artifact>, Failure> {
        let application = project.application;
        let published = application.environments.values().filter(|it| environment::kind(it.kind.get_ref()).is_some());
        let is_alone = published.count() == 1;
        let mut artifacts = Vec::new();
        for environment in environments {
            let kind = environment::kind(environment.kind.get_ref()).and_then(|kind| kind.files());
            let Some(kind) = kind else { continue };
            let prefix = if is_alone { String::new() } else { format!("{}/", environment.name) };
            let cx = FileCx {
                application,
                templates: project.templates,
                git: project.git,
                version: &self.version,
                values: &self.values,
                images: project.images,
                root: project.root,
                folder: self.out.join(&prefix),
            };
            match kind.files(&cx, environment) {
                Ok(Files { artifacts: files, warnings }) => {
                    problems.extend(warnings);
                    artifacts
                        .extend(files.into_iter().map(|it| Artifact { path: format!("{prefix}{}", it.path), ..it }));
                }
                Err(Failure::Invalid(found)) => problems.extend(found),
                Err(failure @ Failure::Template(_)) => return Err(failure),
            }
        }
        if problems.has_errors() {
            return Err(Failure::Invalid(std::mem::take(problems)));
        }
        artifacts.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(artifacts)
    }

    /// Facts about the repository, each looked up once.
    fn facts<'f>(&'f self, root: &'f Path) -> impl Fn(GitProperty) -> Result<String, String> + Sync + 'f {
        let facts: Mutex<BTreeMap<GitProperty, Result<String, String>>> = Mutex::default();
        move |property: GitProperty| {
            let mut facts = facts.lock().unwrap_or_else(PoisonError::into_inner);
            let ci = match property {
                GitProperty::Branch => self.branch.as_deref(),
                GitProperty::Tag => self.tag.as_deref(),
                GitProperty::Sha | GitProperty::ShortSha => None,
            };
            facts.entry(property).or_insert_with(|| resolve::git_fact(root, property, ci)).clone()
        }
    }

    /// A project of Docker Compose as it is deployed, with its files in `folder`.
    pub(super) fn composition(
        &self,
        application: &Application,
        root: &Path,
        state: &State,
        environment: &Environment,
        folder: PathBuf,
        problems: &mut Diagnostics,
    ) -> Result<Composition, Error> {
        let mut composition = self.made(application, root, state, folder, problems, |cx| compose(cx, environment))?;
        problems.extend(std::mem::take(&mut composition.warnings));
        Ok(composition)
    }

    /// What a kind of environment makes of all that there is.
    fn made<T>(
        &self,
        application: &Application,
        root: &Path,
        state: &State,
        folder: PathBuf,
        problems: &mut Diagnostics,
        make: impl FnOnce(&FileCx<'_>) -> Result<T, Failure>,
    ) -> Result<T, Error> {
        let images = images(application, state)?;
        let ProjectTemplates { templates, .. } = templates_of(root, &self.current)?;
        let git = self.facts(root);
        let cx = FileCx {
            application,
            templates: &templates,
            git: &git,
            version: &self.version,
            values: &self.values,
            images: &images,
            root,
            folder,
        };
        make(&cx).map_err(|failure| {
            match failure {
                Failure::Invalid(found) => problems.extend(found),
                Failure::Template(error) => problems.push(template_diagnostic(&error, &self.current)),
            }
            Error::from(std::mem::take(problems))
        })
    }

    /// What is deployed to a cluster, with its files in `folder`.
    pub(super) fn release(
        &self,
        application: &Application,
        root: &Path,
        state: &State,
        environment: &Environment,
        folder: PathBuf,
        problems: &mut Diagnostics,
    ) -> Result<Release, Error> {
        let mut release =
            self.made(application, root, state, folder, problems, |cx| kubernetes::release(cx, environment))?;
        problems.extend(std::mem::take(&mut release.warnings));
        Ok(release)
    }

    /// The environments that were asked for. Warns of those that this version writes nothing for.
    fn chosen<'a>(
        &self,
        application: &'a Application,
        problems: &mut Diagnostics,
    ) -> Result<Vec<&'a Environment>, Error> {
        let mut chosen = Vec::new();
        for name in &self.environments {
            match application.environments.get(name.as_str()) {
                Some(environment) => chosen.push(environment),
                None => return Err(unknown_environment(application, name)),
            }
        }
        let is_asked = !chosen.is_empty();
        if !is_asked {
            chosen.extend(application.environments.values());
        }
        for environment in chosen.iter().filter(|it| environment::kind(it.kind.get_ref()).is_none()) {
            let message = format!("nothing is published for `{}` yet", environment.kind.get_ref().name());
            let diagnostic = match is_asked {
                true => Diagnostic::error("not-published", message),
                false => Diagnostic::warning("not-published", message),
            };
            problems.push(diagnostic.within(&application.source).at(environment.kind.span(), ""));
        }
        Ok(chosen)
    }
}

/// What all files of an application are made from.
struct Project<'a> {
    application: &'a Application,
    root: &'a Path,
    templates: &'a Templates,
    git: &'a (dyn Fn(GitProperty) -> Result<String, String> + Sync),
    images: &'a BTreeMap<Name, String>,
}

/// Ends the work where there is an error.
fn stop(problems: &mut Diagnostics) -> Result<(), Error> {
    if problems.has_errors() { Err(std::mem::take(problems).into()) } else { Ok(()) }
}

/// Whether anything is declared that is written for Azure.
fn is_azure(application: &Application, environments: &[&Environment]) -> bool {
    let is_in_azure =
        |it: &&Environment| environment::kind(it.kind.get_ref()).is_some_and(|kind| kind.azure().is_some());
    environments.iter().any(is_in_azure)
        || application.registries.values().any(|registry| matches!(registry.kind, RegistryKind::Azure(_)))
}

fn nothing(application: &Application) -> Error {
    let help = "declare where apps run, for example `[environments.cloud]` with `kind = \"azure-container-apps\"`";
    let diagnostic = Diagnostic::error("nothing-to-publish", "nothing in this manifest can be published");
    diagnostic.within(&application.source).help(help).into()
}

fn state_failure(error: crate::state::StateError) -> Error {
    Error::Failed { class: FailureClass::Permanent, message: error.to_string(), help: error.help() }
}

pub(super) fn unknown_environment(application: &Application, asked: &str) -> Error {
    let names = application.environments.keys().map(Name::as_str);
    let help = match text::nearest(asked, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.len() == 0 => "the manifest declares no environments".to_owned(),
        None => format!("declared are {}", text::list(names)),
    };
    Error::invalid("unknown-environment", format!("no environment is called `{asked}`"), help)
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
