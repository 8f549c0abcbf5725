//! `shipit do --list` and `--dry-run`: the steps, and what would run.

use super::arguments::DataFormat;
use super::commands::r#do::Args;
use super::{Cx, Exit};
use crate::ops;
use crate::pipeline::{Plan, Step, StepId, graph};

pub(super) fn show(cx: &Cx, args: &Args) -> Result<Exit, ops::Error> {
    let outline = ops::outline(&cx.load_request(), &args.steps)?;
    cx.show_diagnostics(outline.loaded.warnings);
    match (args.format, args.dry_run) {
        (DataFormat::Json, _) => cx.print_json(&graph::json(&outline.plan)),
        (DataFormat::Text, true) => {
            cx.print(&order(&outline.plan));
            cx.say("nothing was done: this is what would run; what shares a number could run at once");
        }
        (DataFormat::Text, false) => cx.print(&list(&outline.plan)),
    }
    Ok(Exit::OK)
}

/// A line a step: name, description, what it waits for.
fn list(plan: &Plan) -> String {
    let width = width(plan);
    let line = |step: &Step| {
        let after: Vec<&str> = step.after.iter().map(StepId::as_str).collect();
        let after = if after.is_empty() { String::new() } else { format!("  (after {})", after.join(", ")) };
        format!("{:width$}  {}{after}\n", step.id.as_str(), step.description)
    };
    plan.steps().iter().map(line).collect()
}

/// What would run, in order; what stands below one number could run at once.
fn order(plan: &Plan) -> String {
    let mut text = String::new();
    let width = width(plan);
    let levels = plan
        .levels()
        .into_iter()
        .map(|level| level.into_iter().filter(|step| step.action.is_some()).collect::<Vec<_>>());
    for (index, level) in levels.filter(|level| !level.is_empty()).enumerate() {
        for (place, step) in level.iter().enumerate() {
            let number = if place == 0 { format!("{}.", index + 1) } else { String::new() };
            text.push_str(&format!("{number:3} {:width$}  {}\n", step.id.as_str(), step.description));
        }
    }
    text
}

fn width(plan: &Plan) -> usize {
    plan.steps().iter().map(|step| step.id.as_str().len()).max().unwrap_or_default()
}
