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
        (DataFormat::Text, true) => cx.print(&order(&outline.plan)),
        (DataFormat::Text, false) => cx.print(&list(&outline.plan)),
    }
    Ok(Exit::OK)
}

/// A line a step: name, description, what it waits for.
fn list(plan: &Plan) -> String {
    let width = plan.steps().iter().map(|step| step.id.as_str().len()).max().unwrap_or_default();
    let line = |step: &Step| {
        let after: Vec<&str> = step.after.iter().map(StepId::as_str).collect();
        let after = if after.is_empty() { String::new() } else { format!("  (after {})", after.join(", ")) };
        format!("{:width$}  {}{after}\n", step.id.as_str(), step.description)
    };
    plan.steps().iter().map(line).collect()
}

/// What would run, in order; what stands in one group could run at once.
fn order(plan: &Plan) -> String {
    let mut text = String::new();
    for (index, level) in plan.levels().iter().enumerate() {
        text.push_str(&format!("{}.\n", index + 1));
        for step in level {
            text.push_str(&format!("   {:24} {}\n", step.id.as_str(), step.description));
        }
    }
    text.push_str("nothing was done\n");
    text
}
