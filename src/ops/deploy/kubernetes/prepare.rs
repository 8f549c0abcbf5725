//! Fills in the values of a release: the objects for the API, the chart and its values for Helm.

use super::super::prepare::{failure, folder, parameter, write_file};
use crate::cluster::{Object, ObjectRef};
use crate::environment::kubernetes::{self, Input};
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::environment::KubernetesFormat;
use crate::model::{Application, Environment, Name};
use crate::ops::Error;
use crate::ops::publish::Subject;
use crate::ops::run::Run;
use crate::pipeline::{Failure, StepOutput};
use crate::render::yaml;
use crate::resolve::Inputs;
use crate::state::State;
use crate::util::{FailureClass, Secret, fs};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The most bytes of a file that becomes part of a Secret: that of an object altogether.
const FILE_LIMIT: u64 = 1024 * 1024;
const VALUES: &str = "values.deploy.yaml";

/// What `helm-upgrade` and `apply` have to know of what was prepared.
#[derive(Debug)]
pub(in crate::ops) struct Release {
    pub(super) name: String,
    pub(super) objects: Vec<Object>,
    /// The app, or what else, that each object is for.
    pub(super) owners: BTreeMap<ObjectRef, String>,
    /// The chart's folder and the file with its values; `None` where Helm is not wanted.
    pub(super) chart: Option<(PathBuf, PathBuf)>,
}

/// Makes everything once to see that it can be; gives the parameters that it needs.
pub(in crate::ops::deploy) fn check(
    subject: &Subject,
    application: &Application,
    inputs: &Inputs<'_>,
    state: &State,
    environment: &Environment,
    problems: &mut Diagnostics,
) -> Result<Vec<Name>, Error> {
    let folder = folder(state, application, &environment.name);
    let release = subject.release(application, &inputs.project, state, environment, folder, problems)?;
    let mut parameters = Vec::new();
    for (input, info) in &release.inputs {
        match input {
            Input::Parameter(name) => parameters.push(name.clone()),
            Input::Foreign { name, property } if info.default.is_none() => {
                let message =
                    format!("`{name}.{property}` is known only elsewhere, not when `{}` is deployed", environment.name);
                let diagnostic = Diagnostic::error("foreign-value", message).within(&application.source);
                let diagnostic = diagnostic.at(environment.kind.span(), "this environment");
                problems.push(diagnostic.help("pass it as a parameter"));
            }
            _ => {}
        }
    }
    Ok(parameters)
}

/// Fills in every value; in a run that pushed before, with the digests of what was pushed.
pub(in crate::ops::deploy) fn prepare(run: &Run, name: &Name) -> Result<StepOutput, Failure> {
    let deploying = run.deploying.as_ref().expect("a run with this step was prepared for it");
    let environment = &run.application.environments[name];
    let folder = folder(run.state(), &run.application, name);
    let mut problems = Diagnostics::default();
    let release = deploying
        .subject
        .release(&run.application, &run.root, run.state(), environment, folder.clone(), &mut problems)
        .map_err(crate::ops::publishing::failure)?;
    let values = values(run, &release)?;
    let objects = release.objects(&values).map_err(|missing| unknown(&missing))?;
    let objects: Vec<kubernetes::Object> =
        // The namespace is made before everything else, and never taken away.
        objects.into_iter().filter(|object| object.kind != "Namespace").collect();
    let reference = |object: &kubernetes::Object| reference(object, release.namespace.as_deref());
    let owners = objects.iter().map(|object| (reference(object), object.owner.clone())).collect();
    let number = objects.len();
    let chart = match kubernetes::settings(environment).map(|settings| settings.format) {
        Some(KubernetesFormat::Helm) => Some(write_chart(&folder, &release, &values)?),
        Some(KubernetesFormat::Manifests) | None => None,
    };
    let objects =
        objects.into_iter().map(|object| Object { reference: reference(&object), document: object.document }).collect();
    run.keep_release(name, Release { name: release.name.clone(), objects, owners, chart });
    Ok(StepOutput { summary: Some(format!("{number} objects")), ..StepOutput::default() })
}

/// Without the release's own namespace: the command line may name another.
fn reference(object: &kubernetes::Object, own: Option<&str>) -> ObjectRef {
    ObjectRef {
        api_version: object.api_version.clone(),
        kind: object.kind.clone(),
        namespace: object.namespace.clone().filter(|namespace| Some(namespace.as_str()) != own),
        name: object.name.clone(),
    }
}

/// Writes the chart anew, so that nothing of an older one is left, and beside it the values, which
/// only this user can read.
fn write_chart(
    folder: &Path,
    release: &kubernetes::Release,
    values: &BTreeMap<Input, Secret>,
) -> Result<(PathBuf, PathBuf), Failure> {
    fs::create_private_dir(folder).map_err(|error| failure(&error))?;
    let chart = folder.join("chart");
    match std::fs::remove_dir_all(&chart) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            let error = fs::FileError::new("remove the folder", &chart, error);
            return Err(failure(&error));
        }
        _ => {}
    }
    for artifact in release.chart() {
        write_file(&chart.join(&artifact.path), artifact.text.as_bytes(), 0o644).map_err(|error| failure(&error))?;
    }
    let file = folder.join(VALUES);
    let text = yaml::document(&release.helm_values(values));
    write_file(&file, text.as_bytes(), 0o600).map_err(|error| failure(&error))?;
    Ok((chart, file))
}

/// The values that only a run knows; all others are in the chart.
fn values(run: &Run, release: &kubernetes::Release) -> Result<BTreeMap<Input, Secret>, Failure> {
    let mut values = BTreeMap::new();
    let pushed = run.images_by_digest();
    for input in release.inputs.keys() {
        let value = match input {
            Input::Parameter(name) => Some(parameter(run, name)?),
            Input::Image(app) => pushed.get(app).map(Secret::new),
            Input::File { path, .. } => Some(read(run, path)?),
            _ => None,
        };
        values.extend(value.map(|value| (input.clone(), value)));
    }
    Ok(values)
}

fn read(run: &Run, path: &str) -> Result<Secret, Failure> {
    let content = fs::read(&run.root.join(path), FILE_LIMIT).map_err(|error| failure(&error))?;
    let text = String::from_utf8(content.bytes).map_err(|_| {
        let message = format!("`{path}` is not text (UTF-8): it cannot become part of a Secret");
        Failure::new(FailureClass::Permanent, message)
    })?;
    Ok(Secret::new(text))
}

/// What has neither a value nor a default.
fn unknown(missing: &[Input]) -> Failure {
    let said = missing.iter().map(|input| match input {
        Input::Image(app) => format!("the image of `{app}`, which was not pushed yet"),
        Input::Foreign { name, property } => format!("`{name}.{property}`, which only another environment knows"),
        Input::Parameter(name) => format!("the parameter `{name}`"),
        other => format!("{other:?}"),
    });
    let message = format!("these values are not known: {}", said.collect::<Vec<_>>().join("; "));
    let is_image = missing.iter().all(|input| matches!(input, Input::Image(_)));
    let help = if is_image { "run `shipit do push` first" } else { "pass them as parameters" };
    Failure::new(FailureClass::Permanent, message).help(help)
}
