//! What the steps do. Each action is a future that is safe to drop at any await point.

use super::contexts;
use super::images::PushedImage;
use super::run::Run;
use super::steps::Work;
use crate::image::push::Destination;
use crate::image::{BuildSpec, BuiltImage};
use crate::model::Name;
use crate::oci;
use crate::pipeline::{Action, Failure, StepContext, StepOutput};
use crate::resolve::{ResolvedBuild, ResolvedKind};
use crate::util::{FailureClass, text};
use std::sync::Arc;

type Done = Result<StepOutput, Failure>;

/// The action of a step.
pub(super) fn action(run: &Arc<Run>, work: &Work) -> Action {
    let (run, work) = (run.clone(), work.clone());
    Arc::new(move |cx| {
        let (run, work) = (run.clone(), work.clone());
        Box::pin(async move { perform(&run, &work, &cx).await })
    })
}

async fn perform(run: &Run, work: &Work, cx: &StepContext) -> Done {
    match work {
        Work::ProcessParameters => Ok(summary(run.parameters_summary())),
        Work::CheckEngine => check_engine(run).await,
        Work::Build(app) => build(run, app, cx).await,
        Work::SignIn(registry) => sign_in(run, registry, cx).await,
        Work::Push(app) => push(run, app, cx).await,
        Work::Mirror(app) => mirror(run, app, cx).await,
        Work::Custom(step) => super::custom::custom(run, step, cx).await,
    }
}

fn summary(text: impl Into<String>) -> StepOutput {
    StepOutput { summary: Some(text.into()), ..StepOutput::default() }
}

async fn check_engine(run: &Run) -> Done {
    let engine = run.engine().await?;
    let info = engine.describe();
    Ok(summary(format!("{} {} ({}/{})", info.kind.name(), info.version, info.os, info.architecture)))
}

async fn build(run: &Run, name: &Name, cx: &StepContext) -> Done {
    let engine = run.engine().await?;
    let spec = run.build_spec(name);
    let _slot = run.build_slot().await;
    let image = engine
        .build(&spec, run.base_image_credentials(), &cx.progress)
        .await
        .map_err(|error| failure(error.class(), &error, error.help()))?;
    let output = summary(match image.platforms.as_slice() {
        [only] => short(&only.id).to_owned(),
        several => format!("{} platforms", several.len()),
    });
    run.built(name, image);
    Ok(output)
}

async fn sign_in(run: &Run, name: &Name, cx: &StepContext) -> Done {
    if let Some(started) = run.start_local_registry(name).await? {
        cx.progress.notice(started);
    }
    let registry = run.registry(name).await?;
    let repositories = run.repositories_in(name);
    registry.sign_in(&repositories, &cx.progress).await.map_err(oci_failure)?;
    Ok(summary(registry.describe_login()))
}

async fn push(run: &Run, name: &Name, cx: &StepContext) -> Done {
    let image = run.built_image(name);
    let engine = run.engine().await?;
    let destinations = run.destinations(name).await?;
    let pushed = run.pusher().push(engine, &image, &destinations, &cx.progress).await;
    record(run, name, pushed)
}

async fn mirror(run: &Run, name: &Name, cx: &StepContext) -> Done {
    let (source, reference) = run.mirror_source(name).await?;
    let destinations = run.destinations(name).await?;
    let pushed = run.pusher().mirror(&source, &reference, &destinations, &cx.progress).await;
    record(run, name, pushed)
}
