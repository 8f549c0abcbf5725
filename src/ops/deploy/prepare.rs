//! Writes what is deployed: the Compose file, its files, its values.

use super::kubernetes::{self, ClusterRequest, Place};
use super::login;
use crate::environment::compose::{
    COMPOSE_FILE, Composition, Variable, VariableSource, env_file, filled, project_name,
};
use crate::manifest::Diagnostics;
use crate::model::{Application, Name};
use crate::ops::Error;
use crate::ops::publish::Subject;
use crate::ops::run::Run;
use crate::ops::steps::Work;
use crate::pipeline::{Failure, StepOutput};
use crate::resolve::{Inputs, Needs};
use crate::state::State;
use crate::util::fs::{self, FileError};
use crate::util::{FailureClass, Secret, text};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The longest value that a variable of a process may have: 128 KiB with its name (Linux,
/// `MAX_ARG_STRLEN`).
const VALUE_LIMIT: usize = 128 * 1024 - 256;
/// The most bytes of a file that is compared with what it is to be.
const LIMIT: u64 = 16 * 1024 * 1024;

/// What a run deploys.
#[derive(Debug)]
pub(in crate::ops) struct Deploying {
    pub(super) subject: Subject,
    /// The services of each environment that mount files or folders of this machine.
    pub(super) of_this_machine: BTreeMap<Name, BTreeSet<String>>,
    /// Volumes go too when a deployment is taken down.
    pub(super) volumes: bool,
    /// Where each Kubernetes environment is.
    pub(super) places: BTreeMap<Name, Place>,
}

/// What whoever runs it wants.
#[derive(Clone, Copy, Debug)]
pub(in crate::ops) struct Wishes<'r> {
    pub(in crate::ops) volumes: bool,
    pub(in crate::ops) cluster: &'r ClusterRequest,
}

/// What `compose-up` has to know of what was prepared.
#[derive(Clone, Debug, Default)]
pub(in crate::ops) struct Deployment {
    /// Every variable of the Compose file.
    pub(super) values: BTreeMap<String, Secret>,
    /// Services whose mounted files changed: Compose does not see that.
    pub(super) changed: BTreeSet<String>,
    /// The files that were made and are mounted.
    pub(super) files: BTreeSet<PathBuf>,
    /// A configuration of Docker's with credentials of the manifest's.
    pub(super) docker_config: Option<PathBuf>,
}

impl Deploying {
    /// What the selected steps deploy or take down, if any of them does. Everything is made once to
    /// see that it can be; the parameters that it needs are added to `needs`.
    pub(in crate::ops) fn prepare<'w>(
        application: &Application,
        state: &State,
        inputs: &Inputs<'_>,
        works: impl Iterator<Item = &'w Work>,
        needs: &mut Needs,
        wishes: Wishes<'_>,
        problems: &mut Diagnostics,
    ) -> Result<Option<Self>, Error> {
        let (mut prepared, mut is_any) = (Vec::new(), false);
        let mut clustered = BTreeSet::new();
        for work in works {
            match work {
                Work::Prepare(name) => prepared.extend(application.environments.get(name)),
                Work::ComposeUp(_) | Work::ComposeDown(_) => is_any = true,
                Work::CheckCluster(name) | Work::ClusterUp(name) | Work::ClusterDown(name) => {
                    clustered.insert(name.clone());
                }
                _ => {}
            }
        }
        if prepared.is_empty() && clustered.is_empty() && !is_any {
            return Ok(None);
        }
        let subject = Subject::new(application, inputs, Vec::new(), problems);
        let mut of_this_machine = BTreeMap::new();
        let mut places = BTreeMap::new();
        for name in clustered {
            match Place::find(application, &application.environments[&name], &inputs.project, wishes.cluster) {
                Ok(place) => {
                    places.insert(name, place);
                }
                Err(diagnostic) => problems.push(diagnostic),
            }
        }
        for environment in prepared {
            if crate::environment::kubernetes::settings(environment).is_some() {
                let parameters = kubernetes::check(&subject, application, inputs, state, environment, problems)?;
                needs.parameters.extend(parameters);
                continue;
            }
            let folder = folder(state, application, &environment.name);
            let composition =
                subject.composition(application, &inputs.project, state, environment, folder, problems)?;
            needs.parameters.extend(parameters(&composition));
            of_this_machine.insert(environment.name.clone(), composition.of_this_machine);
        }
        needs.parameters.sort();
        needs.parameters.dedup();
        Ok(Some(Self { subject, of_this_machine, volumes: wishes.volumes, places }))
    }
}

fn parameters(composition: &Composition) -> impl Iterator<Item = Name> {
    let variables = composition.variables.values().chain(composition.pull_variables.values());
    variables.filter_map(|variable| match &variable.source {
        VariableSource::Parameter { name, .. } => Some(name.clone()),
        _ => None,
    })
}

/// Where the files of a deployment are, absolute.
pub(super) fn folder(state: &State, application: &Application, environment: &Name) -> PathBuf {
    let profile = application.profile.as_ref().map_or("default", Name::as_str);
    let folder = state.folder().join("deploy").join(profile).join(environment.as_str());
    std::path::absolute(&folder).unwrap_or(folder)
}

/// Writes everything; in a run that pushed before, with the digests of what was pushed.
pub(in crate::ops) async fn prepare_environment(run: &Arc<Run>, name: &Name) -> Result<StepOutput, Failure> {
    let is_kubernetes = crate::environment::kubernetes::settings(&run.application.environments[name]).is_some();
    let (run, name) = (run.clone(), name.clone());
    let written = tokio::task::spawn_blocking(move || match is_kubernetes {
        true => kubernetes::prepare(&run, &name),
        false => write(&run, &name),
    });
    let written = written.await;
    written.unwrap_or_else(|error| Err(Failure::from_error(FailureClass::Permanent, &error)))
}

fn write(run: &Run, name: &Name) -> Result<StepOutput, Failure> {
    let deploying = run.deploying.as_ref().expect("a run with this step was prepared for it");
    let environment = &run.application.environments[name];
    let folder = folder(run.state(), &run.application, name);
    let mut problems = Diagnostics::default();
    let composition = deploying
        .subject
        .composition(&run.application, &run.root, run.state(), environment, folder.clone(), &mut problems)
        .map_err(crate::ops::publishing::failure)?;
    fs::create_private_dir(&folder).map_err(|error| failure(&error))?;
    let pull_values = values(run, composition.pull_variables.values(), &BTreeMap::new())?;
    let logins = login::logins(run, name, &composition, &plain(&pull_values))?;
    let mut values = values(run, composition.variables.values(), &BTreeMap::new())?;
    let mut files: BTreeMap<usize, String> = BTreeMap::new();
    for (index, file) in composition.files.iter().enumerate() {
        let content = filled(&file.content, &plain(&values)).unwrap_or_default();
        // Another content has another name, so that Compose sees the difference.
        let hash = text::hex(&Sha256::digest(&content)[..6]);
        let path = folder.join("files").join(format!("{hash}-{}", file.name));
        write_file(&path, content.as_bytes(), file.mode).map_err(|error| failure(&error))?;
        files.insert(index, path.display().to_string());
    }
    values.extend(self::values(run, composition.variables.values(), &files)?);
    let mut changed = BTreeSet::new();
    for artifact in &composition.artifacts {
        let path = folder.join(&artifact.path);
        let before = fs::read(&path, LIMIT).ok().map(|content| content.bytes);
        if before.as_deref().is_some_and(|before| before == artifact.text.as_bytes()) {
            continue;
        }
        write_file(&path, artifact.text.as_bytes(), 0o644).map_err(|error| failure(&error))?;
        changed.extend(before.and_then(|_| artifact.path.split('/').next()).map(str::to_owned));
    }
    write_file(&folder.join(COMPOSE_FILE), composition.text.as_bytes(), 0o600).map_err(|error| failure(&error))?;
    let project = project_name(&run.application, environment);
    let known = values.iter().map(|(name, value)| (name.as_str(), value.expose()));
    let env = env_file::values(std::iter::once((env_file::PROJECT, project.as_str())).chain(known));
    write_file(&folder.join(env_file::ENV_FILE), env.as_bytes(), 0o600).map_err(|error| failure(&error))?;
    let kept = files.values().map(PathBuf::from).collect();
    let docker_config = login::write(run, &folder, &logins)?;
    let summary = match values.len() {
        0 => None,
        1 => Some("1 value".to_owned()),
        number => Some(format!("{number} values")),
    };
    run.keep_deployment(name, Deployment { values, changed, files: kept, docker_config });
    Ok(StepOutput { summary, ..StepOutput::default() })
}

/// The values of variables; those of files only where `files` has them.
fn values<'v>(
    run: &Run,
    variables: impl Iterator<Item = &'v Variable>,
    files: &BTreeMap<usize, String>,
) -> Result<BTreeMap<String, Secret>, Failure> {
    let mut values = BTreeMap::new();
    for variable in variables {
        let Some(value) = value(run, variable, files)? else { continue };
        let value = if variable.is_encoded { Secret::new(text::percent_encode(value.expose())) } else { value };
        if value.expose().len() > VALUE_LIMIT {
            let message = format!("`{}` is too long: a variable takes at most 128 KiB", variable.name);
            return Err(Failure::new(FailureClass::Permanent, message).help("put it into a file: `files` of the app"));
        }
        values.insert(variable.name.clone(), value);
    }
    Ok(values)
}

fn plain(values: &BTreeMap<String, Secret>) -> BTreeMap<String, String> {
    values.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect()
}

fn value(run: &Run, variable: &Variable, files: &BTreeMap<usize, String>) -> Result<Option<Secret>, Failure> {
    Ok(match &variable.source {
        VariableSource::Parameter { name, .. } => Some(parameter(run, name)?),
        VariableSource::Image(app) => Some(Secret::new(image(run, app)?)),
        VariableSource::Folder(path) => Some(Secret::new(path.display().to_string())),
        VariableSource::File(index) => files.get(index).map(Secret::new),
    })
}

/// The value of a parameter.
pub(super) fn parameter(run: &Run, name: &Name) -> Result<Secret, Failure> {
    let value = run
        .resolved
        .parameters
        .get(name)
        .and_then(|value| value.complete(&run.images_by_digest()).ok().and_then(|value| value.as_secret()));
    value.ok_or_else(|| {
        Failure::new(FailureClass::Permanent, format!("the parameter `{name}` is not known in this run"))
            .help("run the steps that make it in the same run")
    })
}

/// What the engine calls an image that goes into no registry.
fn image(run: &Run, app: &Name) -> Result<String, Failure> {
    let is_local = run.application.apps.get(app).is_some_and(|app| app.registries.is_empty());
    if is_local {
        return Ok(format!("{}:latest", crate::ops::actions::engine_name(&run.resolved.name, app)));
    }
    let message = format!("the image of `{app}` was not pushed yet");
    Err(Failure::new(FailureClass::Permanent, message).help(format!("run `shipit do push-{app}` first")))
}

/// Writes a file with exactly these permissions: a container's user has to be able to read it. The
/// folder above keeps everybody else out.
pub(super) fn write_file(path: &Path, bytes: &[u8], mode: u32) -> Result<(), FileError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|source| FileError::new("create the folder", folder, source))?;
    }
    fs::write_atomic(path, bytes, 0o600)?;
    let permissions = std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(path, permissions).map_err(|source| FileError::new("set the permissions of", path, source))
}

pub(super) fn failure(error: &FileError) -> Failure {
    Failure::from_error(FailureClass::Permanent, error)
}
