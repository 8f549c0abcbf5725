//! The cluster of an environment, and its words as failures of steps.

use super::Place;
use crate::cluster::{Cluster, Error, Trouble};
use crate::model::Name;
use crate::ops::run::Run;
use crate::pipeline::{Failure, StepContext, StepOutput};
use crate::util::FailureClass;

/// Sees that the cluster answers and takes the credentials, while images are still being built.
pub(in crate::ops) async fn check_cluster(run: &Run, name: &Name, cx: &StepContext) -> Result<StepOutput, Failure> {
    let cluster = connect(place(run, name), cx).await?;
    let version = cluster.version().await.map_err(|error| failure(&error))?;
    let summary = format!("{} ({version})", cluster.context());
    Ok(StepOutput { summary: Some(summary), ..StepOutput::default() })
}

pub(super) fn place<'r>(run: &'r Run, name: &Name) -> &'r Place {
    let deploying = run.deploying.as_ref().expect("a run with this step was prepared for it");
    &deploying.places[name]
}

pub(super) async fn connect(place: &Place, cx: &StepContext) -> Result<Cluster, Failure> {
    Cluster::connect(&place.context, cx.progress.clone()).await.map_err(|error| failure(&error))
}

pub(super) fn failure(error: &Error) -> Failure {
    Failure { help: error.help(), ..Failure::from_error(error.class(), error) }
}

/// Why something does not start, secrets masked.
pub(super) fn explain(run: &Run, place: &Place, trouble: &Trouble) -> Failure {
    let Trouble { object, why, pod, pod_says, events, log } = trouble;
    let mut message = format!("{object} {why}");
    if let Some(says) = pod_says {
        message.push_str(&format!(": {says}"));
    }
    for event in events {
        message.push_str(&format!("\n{event}"));
    }
    match (pod, log.as_slice()) {
        (Some(_), []) => message.push_str("\nit wrote nothing"),
        (Some(_), log) => {
            message.push_str("\nits last lines:");
            for line in log {
                message.push_str(&format!("\n{line}"));
            }
        }
        (None, _) => {}
    }
    let what = match pod {
        Some(pod) => format!("describe pod {pod}"),
        None => format!("describe {} {}", object.kind.to_lowercase(), object.name),
    };
    let help = format!("see more with `{}`", place.kubectl(&what));
    Failure::new(FailureClass::Permanent, run.redactor.redact(&message)).help(help)
}
