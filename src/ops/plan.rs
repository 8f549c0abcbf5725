//! Makes the plan of an application: its steps, bound to each other and free of cycles.

use super::Error;
use super::load::{LoadRequest, Loaded, load};
use super::steps::{Draft, Work, drafts};
use crate::manifest::{Diagnostic, Span};
use crate::model::{Application, CustomStep};
use crate::pipeline::{Action, Failure, Plan, PlanProblem, Step, StepId, UnknownStep};
use crate::util::FailureClass;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A plan that can be looked at but not run.
#[derive(Debug)]
pub struct Outline {
    pub plan: Plan,
    pub loaded: Loaded,
}

/// The whole plan of an application, or the part of it that `steps` name, without actions.
pub fn outline(request: &LoadRequest, steps: &[String]) -> Result<Outline, Error> {
    let loaded = load(request)?;
    let (plan, _) = select(&loaded.application, steps, |_| Some(no_action()))?;
    Ok(Outline { plan, loaded })
}

/// Tells steps that do something from those that only gather others.
fn no_action() -> Action {
    Arc::new(|_| {
        let failure = Failure::new(FailureClass::Permanent, "this plan is only to be looked at");
        Box::pin(std::future::ready(Err(failure)))
    })
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
        plan.select(&names).map_err(unknown_steps)?
    };
    let selected =
        plan.steps().iter().filter_map(|step| Some((step.id.clone(), works.get(&step.id)?.clone()))).collect();
    Ok((plan, selected))
}

fn whole(
    application: &Application,
    drafts: Vec<Draft>,
    action: impl Fn(&Work) -> Option<Action>,
) -> Result<Plan, Vec<Diagnostic>> {
    let steps = drafts.into_iter().map(|Draft { step, work }| Step { action: work.as_ref().and_then(&action), ..step });
    Plan::new(steps.collect())
        .map_err(|error| error.problems.iter().map(|problem| place(application, problem)).collect())
}

/// Only steps of the user's own can make a plan wrong; their words are what to point at.
fn place(application: &Application, problem: &PlanProblem) -> Diagnostic {
    let own = |id: &StepId| application.steps.values().find(|step| step.name.as_str() == id.as_str());
    let message = problem.to_string();
    let (diagnostic, label) = match problem {
        PlanProblem::Duplicate { step } => {
            let diagnostic = Diagnostic::error("duplicate-step", message).help("give the step another name");
            (diagnostic, own(step).map(|step| (step.span.clone(), "shipit has a step of this name")))
        }
        PlanProblem::Unknown { step, relation: _, name, nearest } => {
            let diagnostic = match nearest.first() {
                Some(id) => Diagnostic::error("unknown-step", format!("there is no step `{name}`"))
                    .help(format!("did you mean `{id}`?")),
                None => Diagnostic::error("unknown-step", format!("there is no step `{name}`"))
                    .help("run `shipit graph` without this line to see the steps that there are"),
            };
            (diagnostic, own(step).map(|step| (mention(step, name), "no such step")))
        }
        PlanProblem::Cycle { steps } => {
            let diagnostic =
                Diagnostic::error("step-cycle", message).help("take one of them out of an `after` or a `before`");
            let mentions = cycle_mentions(application, steps);
            let labelled = |diagnostic: Diagnostic| {
                mentions.into_iter().fold(diagnostic, |diagnostic, (span, text)| diagnostic.at(span, text))
            };
            return labelled(diagnostic.within(&application.source));
        }
    };
    match label {
        Some((span, text)) => diagnostic.within(&application.source).at(span, text),
        None => diagnostic,
    }
}

/// The words of a manifest that close a cycle: what steps of the user's own say of their neighbours.
fn cycle_mentions(application: &Application, steps: &[StepId]) -> Vec<(Span, String)> {
    let own = |id: &StepId| application.steps.values().find(|step| step.name.as_str() == id.as_str());
    let mut mentions = Vec::new();
    for (index, id) in steps.iter().enumerate() {
        // Each step of the cycle waits for the next one, the last for the first.
        let Some(earlier) = steps.get(index + 1).or(steps.first()) else { continue };
        let find = |step: Option<&CustomStep>, in_after: bool, other: &StepId| {
            let step = step?;
            let list = if in_after { &step.after } else { &step.before };
            list.iter().find(|said| said.get_ref().as_str() == other.as_str()).map(|said| said.span())
        };
        if let Some(span) = find(own(id), true, earlier) {
            mentions.push((span, format!("`{id}` waits for `{earlier}`")));
        } else if let Some(span) = find(own(earlier), false, id) {
            mentions.push((span, format!("`{id}` waits for `{earlier}`")));
        }
    }
    mentions
}

/// Where a step of the user's own says `name`.
fn mention(step: &CustomStep, name: &StepId) -> Span {
    let said = step.after.iter().chain(&step.before).find(|said| said.get_ref().as_str() == name.as_str());
    said.map_or_else(|| step.span.clone(), |said| said.span())
}

fn unknown_steps(unknown: Vec<UnknownStep>) -> Error {
    let diagnostics = unknown.into_iter().map(|step| {
        let help = match step.nearest.first() {
            Some(id) => format!("did you mean `{id}`?"),
            None => "run `shipit do --list` to see the steps".to_owned(),
        };
        Diagnostic::error("unknown-step", format!("there is no step `{}`", step.name)).help(help)
    });
    Error::Invalid(diagnostics.collect())
}
