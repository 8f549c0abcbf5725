//! Brings a release up to date and waits until it runs.

use super::Place;
use super::cluster::{connect, explain, failure, place};
use super::helm::Helm;
use super::prepare::Release;
use crate::cluster::{Applied, Applying, Cluster, ObjectRef, Patience, SettleError};
use crate::model::Name;
use crate::ops::Address;
use crate::ops::run::Run;
use crate::pipeline::{Failure, StepContext, StepOutput};
use crate::util::FailureClass;

/// Deploys with Helm where that is wanted and there, else through the API.
pub(in crate::ops) async fn up(run: &Run, name: &Name, cx: &StepContext) -> Result<StepOutput, Failure> {
    let place = place(run, name);
    let release = run.release(name);
    let cluster = connect(place, cx).await?;
    cluster.version().await.map_err(|error| failure(&error))?;
    let done = match helm(&cluster, place, &release, cx).await? {
        Some((helm, chart)) => {
            let upgraded = helm.upgrade(run, place, &release, chart, cx).await;
            if let Err(mut failed) = upgraded {
                if cx.cancel.is_cancelled() {
                    return Err(Failure::new(FailureClass::Permanent, "cancelled"));
                }
                // Helm says that it waited, not for what.
                if let Ok(Some(trouble)) = cluster.look(&references(&release, place)).await {
                    let explained = explain(run, place, &trouble);
                    failed.message = format!("{}\n{}", failed.message, explained.message);
                    failed.help = explained.help;
                }
                return Err(failed);
            }
            format!("Helm {}", helm.version)
        }
        None => {
            tokio::select! {
                // What is applied half can be applied again.
                () = cx.cancel.cancelled() => return Err(Failure::new(FailureClass::Permanent, "cancelled")),
                applied = apply(run, place, &cluster, &release) => applied?,
            }
        }
    };
    let addresses = addresses(&cluster, name, place, &release).await;
    let mut summary = vec![done];
    summary.extend(addresses.iter().map(|it| format!("{} {}", it.app, it.url)));
    run.keep_addresses(addresses);
    Ok(StepOutput { summary: Some(summary.join(", ")), ..StepOutput::default() })
}

/// The Helm to deploy with, and the chart and its values; `None`: the API.
async fn helm<'r>(
    cluster: &Cluster,
    place: &Place,
    release: &'r Release,
    cx: &StepContext,
) -> Result<Option<(Helm, (&'r std::path::Path, &'r std::path::Path))>, Failure> {
    let Some((chart, values)) = &release.chart else { return Ok(None) };
    let Some(helm) = Helm::find().await else {
        cx.progress.notice("there is no `helm` on PATH: applies the objects through the API");
        return Ok(None);
    };
    let applied = cluster.inventory(&release.name, &place.namespace).await.map_err(|error| failure(&error))?;
    if applied.is_some() {
        cx.progress.notice(format!(
            "`{}` was deployed without Helm, and goes on so; `shipit destroy` before the next deployment changes that",
            release.name
        ));
        return Ok(None);
    }
    Ok(Some((helm, (chart, values))))
}

async fn apply(run: &Run, place: &Place, cluster: &Cluster, release: &Release) -> Result<String, Failure> {
    let applying = Applying {
        release: &release.name,
        namespace: &place.namespace,
        objects: &release.objects,
        create_namespace: place.create_namespace,
        force: place.force,
    };
    let applied = cluster.apply(&applying).await.map_err(|error| masked(run, failure(&error)))?;
    let settled = cluster.settle(&references(release, place), &Patience::default()).await;
    settled.map_err(|error| match error {
        SettleError::Cluster(error) => failure(&error),
        SettleError::Trouble(trouble) => explain(run, place, &trouble),
    })?;
    Ok(counted(&applied))
}

/// A refusal may quote the value that is refused.
fn masked(run: &Run, failure: Failure) -> Failure {
    Failure { message: run.redactor.redact(&failure.message).into_owned(), ..failure }
}

fn counted(applied: &Applied) -> String {
    let Applied { created, changed, unchanged, removed, kept: _ } = applied;
    let parts = [(created, "created"), (changed, "changed"), (unchanged, "unchanged"), (removed, "removed")];
    let parts = parts.iter().filter(|(objects, _)| !objects.is_empty());
    parts.map(|(objects, word)| format!("{} {word}", objects.len())).collect::<Vec<_>>().join(", ")
}

/// What the objects are called in the cluster.
fn references(release: &Release, place: &Place) -> Vec<ObjectRef> {
    let placed = release.objects.iter().map(|object| {
        let mut reference = object.reference.clone();
        reference.namespace.get_or_insert_with(|| place.namespace.clone());
        reference
    });
    placed.collect()
}

/// Where it is reached. What cannot be found out is left out: it runs all the same.
async fn addresses(cluster: &Cluster, name: &Name, place: &Place, release: &Release) -> Vec<Address> {
    let found = cluster.addresses(&references(release, place)).await.unwrap_or_default();
    let mut addresses: Vec<Address> = found
        .into_iter()
        .map(|address| {
            let owner = release
                .owners
                .iter()
                .find(|(object, _)| (&object.kind, &object.name) == (&address.object.kind, &address.object.name));
            let app = owner.map_or_else(|| address.object.name.clone(), |(_, owner)| owner.clone());
            Address { environment: name.to_string(), app, url: address.url }
        })
        .collect();
    addresses.sort();
    addresses.dedup();
    addresses
}
