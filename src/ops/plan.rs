//! Makes the plan of an application: its steps, bound to each other and free of cycles.

use super::load::{LoadRequest, Loaded, load};
use super::steps::{Draft, Work, drafts};
use super::Error;
use crate::manifest::{Diagnostic, Span};
use crate::model::Application;
use crate::pipeline::{Action, Plan, PlanError, Step, StepId};
use crate::util::text;
use std::collections::BTreeMap;

/// A plan that can be looked at but not run.
#[derive(Debug)]
pub struct Outline {
    pub plan: Plan,
    pub loaded: Loaded,
}

/// The whole plan of an application, or the part of it that `steps` name, without actions.
pub fn outline(request: &LoadRequest, steps: &[String]) -> Result<Outline, Error> {
    let loaded = load(request)?;
    let (plan, _) = select(&loaded.application, steps, |_| None)?;
    Ok(Outline { plan, loaded })
}

/// What is wrong with the plan itself: steps of the user's own that wait for what is not there.
pub(super) fn check(application: &Application) -> Vec<Diagnostic> {
    match whole(application, drafts(application), |_| None) {
        Ok(_) => Vec::new(),
        Err(diagnostics) => diagnostics,
    }
}

/// The plan of the steps that are named and of what they depend on; empty `steps`: all of them.
/// With it, what each selected step is there to do.
pub(super) fn select(
    application: &Application,
    steps: &[String],
    action: impl Fn(&Work) -> Option<Action>,
) -> Result<(Plan, BTreeMap<StepId, Work>), Error> {
    let drafts = drafts(application);
    let works: BTreeMap<StepId, Work> =
        drafts.iter().filter_map(|draft| Some((draft.step.id.clone(), draft.work.clone()?))).collect();
    let plan = whole(application, drafts, action).map_err(Error::Invalid)?;
    let plan = if steps.is_empty() {
        plan
    } else {
        let names: Vec<&str> = steps.iter().map(String::as_str).collect();
        plan.select(&names).map_err(|unknown| unknown_steps(application, unknown))?
    };
    let selected = plan.steps().iter().filter_map(|step| Some((step.id.clone(), works.get(&step.id)?.clone()))).collect();
    Ok((plan, selected))
}

fn whole(
    application: &Application,
    drafts: Vec<Draft>,
    action: impl Fn(&Work) -> Option<Action>,
) -> Result<Plan, Vec<Diagnostic>> {
    let steps = drafts.into_iter().map(|Draft { step, work }| Step { action: work.as_ref().and_then(&action), ..step }).collect();
    Plan::new(steps).map_err(|errors| errors.into_iter().map(|error| place(application, error)).collect())
}

/// Only steps of the user's own can make a plan wrong; their words are where to point at.
fn place(application: &Application, error: PlanError) -> Diagnostic {
    let message = error.to_string();
    match error {
        PlanError::Duplicate { id } => with_place(application, Diagnostic::error("duplicate-step", message), id.as_str(), "declared here"),
        PlanError::UnknownDependency { step, dependency, nearest } => {
            let help = match nearest {
                Some(name) => format!("did you mean `{name}`?"),
                None => "run `shipit do --list` to see the steps".to_owned(),
            };
            let span = mention(application, step.as_str(), dependency.as_str());
            let diagnostic = Diagnostic::error("unknown-step", message).within(&application.source).help(help);
            diagnostic.at(span, "no such step")
        }
        PlanError::Cycle { chain } => {
            let own = chain.iter().find(|id| application.steps.keys().any(|name| name.as_str() == id.as_str()));
            let diagnostic = Diagnostic::error("step-cycle", message).help("take one of these steps out of `after` or `before`");
            match own {
                Some(id) => with_place(application, diagnostic, id.as_str(), "this step is part of it"),
                None => diagnostic,
            }
        }
    }
}

fn with_place(application: &Application, diagnostic: Diagnostic, step: &str, label: &str) -> Diagnostic {
    match application.steps.iter().find(|(name, _)| name.as_str() == step) {
        Some((_, step)) => diagnostic.within(&application.source).at(step.span.clone(), label),
        None => diagnostic,
    }
}

/// Where a step of the user's own says `dependency`.
fn mention(application: &Application, step: &str, dependency: &str) -> Span {
    let Some((_, step)) = application.steps.iter().find(|(name, _)| name.as_str() == step) else { return 0..0 };
    let said = step.after.iter().chain(&step.before).find(|name| name.get_ref() == dependency);
    said.map_or_else(|| step.span.clone(), |name| name.span())
}
