//! Takes a release down, with whom it was deployed with.

use super::cluster::{connect, failure, place};
use super::helm::Helm;
use crate::manifest::Diagnostics;
use crate::model::Name;
use crate::ops::deploy::prepare::folder;
use crate::ops::run::Run;
use crate::pipeline::{Failure, StepContext, StepOutput};
use crate::util::FailureClass;

/// Takes everything of the release away; volumes only where that was asked for.
pub(in crate::ops) async fn down(run: &Run, name: &Name, cx: &StepContext) -> Result<StepOutput, Failure> {
    let place = place(run, name);
    let release = release_name(run, name)?;
    let volumes = run.deploying.as_ref().is_some_and(|deploying| deploying.volumes);
    let cluster = connect(place, cx).await?;
    let applied = cluster.inventory(&release, &place.namespace).await.map_err(|error| failure(&error))?;
    if applied.is_some() {
        let removed = cluster.remove(&release, &place.namespace, volumes);
        let removed = removed.await.map_err(|error| failure(&error))?;
        let mut summary = format!("{} objects removed", removed.objects.len());
        if !removed.kept.is_empty() {
            summary.push_str(&format!(", {} volumes kept", removed.kept.len()));
        }
        return Ok(StepOutput { summary: Some(summary), ..StepOutput::default() });
    }
    let is_helm = cluster.has_helm_release(&release, &place.namespace).await.map_err(|error| failure(&error))?;
    let mut summary = "not deployed".to_owned();
    if is_helm {
        let Some(helm) = Helm::find().await else {
            let message = format!("`{release}` was deployed with Helm, and there is no `helm` on PATH");
            let help = format!("install Helm, or run `helm uninstall {release} --namespace {}`", place.namespace);
            return Err(Failure::new(FailureClass::Permanent, message).help(help));
        };
        helm.uninstall(run, place, &release, cx).await?;
        summary = release.clone();
    }
    let mut cached = !is_helm;
    if volumes {
        let removed = cluster.remove_volumes(&release, &place.namespace).await.map_err(|error| failure(&error))?;
        cached &= removed.is_empty();
        if !removed.is_empty() {
            summary = format!("{} volumes removed", removed.len());
        }
    }
    Ok(StepOutput { cached, summary: Some(summary), ..StepOutput::default() })
}

fn release_name(run: &Run, name: &Name) -> Result<String, Failure> {
    let deploying = run.deploying.as_ref().expect("a run with this step was prepared for it");
    let environment = &run.application.environments[name];
    let folder = folder(run.state(), &run.application, name);
    let mut problems = Diagnostics::default();
    let release = deploying
        .subject
        .release(&run.application, &run.root, run.state(), environment, folder, &mut problems)
        .map_err(crate::ops::publishing::failure)?;
    Ok(release.name)
}
