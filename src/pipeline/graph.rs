//! A plan as text: a tree, Mermaid, DOT and JSON. Pure functions; prints nothing.

use super::Plan;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A tree from the steps that nothing waits for down to what they wait for.
///
/// What a step waits for is written once; where the step comes again, `(above)` stands for it.
pub fn text(plan: &Plan) -> String {
    let mut is_waited_for = vec![false; plan.len()];
    plan.dependencies().iter().flatten().for_each(|position| is_waited_for[*position] = true);
    let mut shown = vec![false; plan.len()];
    let mut tree = String::new();
    // What is still to be drawn, the next one last: position, what stands before its name, what
    // stands before the names below it.
    let mut stack: Vec<(usize, String, String)> = (0..plan.len())
        .rev()
        .filter(|position| !is_waited_for[*position])
        .map(|position| (position, String::new(), String::new()))
        .collect();
    while let Some((position, before, below)) = stack.pop() {
        let dependencies = &plan.dependencies()[position];
        let again = std::mem::replace(&mut shown[position], true) && !dependencies.is_empty();
        let note = if again { " (above)" } else { "" };
        writeln!(tree, "{before}{}{note}", plan.steps()[position].id).expect("writing to a String cannot fail");
        if again {
            continue;
        }
        for (index, dependency) in dependencies.iter().enumerate().rev() {
            let (branch, stem) =
                if index + 1 == dependencies.len() { ("└── ", "    ") } else { ("├── ", "│   ") };
            stack.push((*dependency, format!("{below}{branch}"), format!("{below}{stem}")));
        }
    }
    tree
}

/// A Mermaid flowchart; arrows lead from what is done first to what waits for it, and steps that
/// only gather others are round.
pub fn mermaid(plan: &Plan) -> String {
    let mut chart = String::from("flowchart LR\n");
    for (position, step) in plan.steps().iter().enumerate() {
        let name = step.id.as_str().replace('&', "#amp;").replace('"', "#quot;").replace('<', "#lt;");
        let (open, close) = if step.action.is_some() { ("[", "]") } else { ("([", "])") };
        writeln!(chart, "    s{position}{open}\"{name}\"{close}").expect("writing to a String cannot fail");
    }
    for (position, dependencies) in plan.dependencies().iter().enumerate() {
        for dependency in dependencies {
            writeln!(chart, "    s{dependency} --> s{position}").expect("writing to a String cannot fail");
        }
    }
    chart
}

/// A graph for Graphviz; arrows as in [`mermaid`].
pub fn dot(plan: &Plan) -> String {
    let quote = |name: &str| format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    let mut graph = String::from("digraph shipit {\n    rankdir=LR;\n    node [shape=box];\n");
    for step in plan.steps() {
        let shape = if step.action.is_some() { "" } else { " [shape=ellipse]" };
        writeln!(graph, "    {}{shape};", quote(step.id.as_str())).expect("writing to a String cannot fail");
    }
    for step in plan.steps() {
        for dependency in &step.after {
            let (from, to) = (quote(dependency.as_str()), quote(step.id.as_str()));
            writeln!(graph, "    {from} -> {to};").expect("writing to a String cannot fail");
        }
    }
    graph.push_str("}\n");
    graph
}

/// `{"steps": [{"id", "description", "after": [id…], "level", "gathers"}]}` in the plan's order.
///
/// Steps of one `level` could run at once; one that `gathers` does nothing itself.
pub fn json(plan: &Plan) -> Value {
    let steps: Vec<Value> = plan
        .steps()
        .iter()
        .enumerate()
        .map(|(position, step)| {
            json!({
                "id": step.id.as_str(),
                "description": step.description,
                "after": step.after.iter().map(super::StepId::as_str).collect::<Vec<_>>(),
                "level": plan.level(position),
                "gathers": step.action.is_none(),
            })
        })
        .collect();
    json!({ "steps": steps })
}
