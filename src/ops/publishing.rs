//! The steps `publish-<environment>`: one folder is written for all that are asked for, by the first
//! of them; the others find it done.

use super::Error;
use super::publish::{Subject, publish_folder, write_folder};
use super::run::Run;
use super::steps::{Work, is_published};
use crate::manifest::Diagnostics;
use crate::model::Application;
use crate::pipeline::{Failure, StepOutput};
use crate::resolve::Inputs;
use crate::state::State;
use crate::util::FailureClass;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// What a run publishes.
#[derive(Debug)]
pub(super) struct Publishing {
    subject: Subject,
    done: OnceCell<StepOutput>,
}

impl Publishing {
    /// What the selected steps are to publish, if any of them does. Everything is made once to see
    /// that it can be: a mistake is found before anything is touched.
    pub(super) fn prepare<'w>(
        application: &Application,
        root: &Path,
        state: &State,
        inputs: &Inputs<'_>,
        works: impl Iterator<Item = &'w Work>,
        problems: &mut Diagnostics,
    ) -> Result<Option<Self>, Error> {
        let mut asked = Vec::new();
        let mut is_any = false;
        for work in works {
            match work {
                Work::Publish(environment) => {
                    is_any = true;
                    asked.extend(environment.iter().map(ToString::to_string));
                }
                Work::ProcessParameters
                | Work::CheckEngine
                | Work::Build(_)
                | Work::SignIn(_)
                | Work::Push(_)
                | Work::Mirror(_)
                | Work::Custom(_)
                | Work::Provision(_)
                | Work::Prepare(_)
                | Work::ComposeUp(_)
                | Work::ComposeDown(_)
                | Work::CheckCluster(_)
                | Work::ClusterUp(_)
                | Work::ClusterDown(_) => {}
            }
        }
        if !is_any {
            return Ok(None);
        }
        if asked.len() == application.environments.values().filter(|it| is_published(it)).count() {
            asked.clear();
        }
        let subject = Subject::new(application, inputs, asked, problems);
        subject.files(application, root, state, problems)?;
        Ok(Some(Self { subject, done: OnceCell::new() }))
    }
}

/// Writes the files; in a run that pushed before, with the digests of what was pushed.
pub(super) async fn publish(run: &Arc<Run>) -> Result<StepOutput, Failure> {
    let publishing = run.publishing.as_ref().expect("a run with this step was prepared for it");
    let run = run.clone();
    let done = publishing.done.get_or_try_init(|| async move {
        let written = tokio::task::spawn_blocking(move || write(&run)).await;
        written.unwrap_or_else(|error| Err(Failure::from_error(FailureClass::Permanent, &error)))
    });
    done.await.cloned()
}

fn write(run: &Run) -> Result<StepOutput, Failure> {
    let publishing = run.publishing.as_ref().expect("a run with this step was prepared for it");
    // What is found on the way was said when the run was prepared.
    let files = publishing.subject.files(&run.application, &run.root, run.state(), &mut Diagnostics::default());
    let artifacts = files.map_err(failure)?;
    let out = publish_folder(None, &run.root);
    let changes = write_folder(&out, &artifacts).map_err(failure)?;
    let number = changes.added.len() + changes.changed.len() + changes.removed.len();
    let summary = match number {
        0 => format!("{} files unchanged", changes.unchanged),
        _ => format!("{number} of {} files written", artifacts.len().max(number)),
    };
    Ok(StepOutput { cached: changes.is_empty(), summary: Some(summary), ..StepOutput::default() })
}

pub(super) fn failure(error: Error) -> Failure {
    match error {
        Error::Failed { class, message, help } => Failure { class, message, causes: Vec::new(), help },
        Error::Locked(message) => Failure::new(FailureClass::Permanent, message),
        Error::Invalid(diagnostics) => {
            let mut messages = diagnostics.into_iter().map(|diagnostic| diagnostic.message);
            let first = messages.next().unwrap_or_default();
            Failure { causes: messages.collect(), ..Failure::new(FailureClass::Permanent, first) }
        }
    }
}
