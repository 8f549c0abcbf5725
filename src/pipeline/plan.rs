//! The steps of a run as a graph that cannot be cyclic. Runs nothing.
//!
//! [`Plan::new`] checks what was declared and reports every mistake at once; what it returns is in
//! an order that respects the dependencies.

use super::{Step, StepId};
use crate::util::text;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

/// Mistakes after this many are reported without a suggestion: comparing names is slow.
const SUGGESTIONS: usize = 50;
/// The most names that are suggested for one.
const NEAREST: usize = 3;

/// Steps in the order of their levels, those of one level in the order of their declaration.
///
/// Every step's `after` holds all that it waits for, what others declared with `before` too, and
/// nothing twice; `after_any` is the part of it of which one is enough; `before` is empty.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    steps: Vec<Step>,
    /// For each step the positions of what it waits for; all smaller than its own.
    dependencies: Vec<Vec<usize>>,
    /// For each step the length of the longest chain that it waits for.
    levels: Vec<usize>,
    positions: HashMap<StepId, usize>,
}

/// Why steps are no plan: every mistake, never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    pub problems: Vec<PlanProblem>,
}

/// One mistake in the declaration of steps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanProblem {
    #[error("step `{step}` is declared more than once")]
    Duplicate { step: StepId },
    #[error("step `{step}` is to run {relation} `{name}`, which is no step{}", did_you_mean(.nearest))]
    Unknown { step: StepId, relation: Relation, name: StepId, nearest: Vec<StepId> },
    /// Each step waits for the next one and the last one for the first.
    #[error("steps wait for each other: {}", chain(.steps))]
    Cycle { steps: Vec<StepId> },
}

/// In which of a step's lists a name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    After,
    Before,
}

/// A step that was asked for and does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no step `{name}`{}", did_you_mean(.nearest))]
pub struct UnknownStep {
    pub name: String,
    /// What may be meant, the likeliest first; at most three.
    pub nearest: Vec<StepId>,
}

impl Plan {
    /// Checks and orders steps.
    ///
    /// # Errors
    ///
    /// Names that are declared twice, names in `after` and `before` that no step has, and cycles:
    /// all of them at once.
    pub fn new(steps: Vec<Step>) -> Result<Self, PlanError> {
        let mut problems = Vec::new();
        let positions = positions(&steps, &mut problems);
        let dependencies = dependencies(&steps, &positions, &mut problems);
        let levels = levels(&dependencies);
        if levels.contains(&None) {
            let cycles = cycles(&dependencies);
            problems.extend(
                cycles.into_iter().map(|cycle| PlanProblem::Cycle {
                    steps: cycle.into_iter().map(|at| steps[at].id.clone()).collect(),
                }),
            );
        }
        if problems.is_empty() {
            let levels: Vec<usize> = levels.into_iter().flatten().collect();
            Ok(Self::ordered(steps, &dependencies, &levels))
        } else {
            Err(PlanError { problems })
        }
    }

    /// The plan of the named steps and everything that they depend on, and nothing else.
    ///
    /// # Errors
    ///
    /// Every name that no step has.
    pub fn select(&self, names: &[&str]) -> Result<Self, Vec<UnknownStep>> {
        let mut unknown = Vec::new();
        let mut stack = Vec::new();
        for name in names {
            match self.positions.get(*name) {
                Some(position) => stack.push(*position),
                None => unknown.push(UnknownStep { name: (*name).to_owned(), nearest: nearest(name, &self.steps) }),
            }
        }
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let mut chosen = vec![false; self.steps.len()];
        while let Some(position) = stack.pop() {
            if !std::mem::replace(&mut chosen[position], true) {
                stack.extend(&self.dependencies[position]);
            }
        }
        Ok(self.restrict(&chosen))
    }

    /// In an order that respects the dependencies; the same for the same input.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub fn get(&self, name: &str) -> Option<&Step> {
        self.positions.get(name).map(|position| &self.steps[*position])
    }

    pub fn len(&self) -> usize {
        self.steps.len()
    }

    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps by what could run at once: those of a level wait only for those of levels before.
    pub fn levels(&self) -> Vec<Vec<&Step>> {
        let mut levels: Vec<Vec<&Step>> = Vec::new();
        for (step, level) in self.steps.iter().zip(&self.levels) {
            if *level == levels.len() {
                levels.push(Vec::new());
            }
            levels[*level].push(step);
        }
        levels
    }

    /// For each step, in the plan's order, the positions of what it waits for.
    pub(super) fn dependencies(&self) -> &[Vec<usize>] {
        &self.dependencies
    }

    /// For each step, in the plan's order, the positions of what waits for it.
    pub(super) fn dependents(&self) -> Vec<Vec<usize>> {
        let mut dependents = vec![Vec::new(); self.steps.len()];
        for (position, dependencies) in self.dependencies.iter().enumerate() {
            for dependency in dependencies {
                dependents[*dependency].push(position);
            }
        }
        dependents
    }

    /// For each step, in the plan's order, the positions of what it waits for and of which one is enough.
    pub(super) fn alternatives(&self) -> Vec<BTreeSet<usize>> {
        let of = |step: &Step| step.after_any.iter().filter_map(|id| self.positions.get(id).copied()).collect();
        self.steps.iter().map(of).collect()
    }

    pub(super) fn level(&self, position: usize) -> usize {
        self.levels[position]
    }

    fn ordered(steps: Vec<Step>, dependencies: &[Vec<usize>], levels: &[usize]) -> Self {
        let mut order: Vec<usize> = (0..steps.len()).collect();
        order.sort_by_key(|declared| levels[*declared]);
        let mut position = vec![0; order.len()];
        for (new, declared) in order.iter().enumerate() {
            position[*declared] = new;
        }
        let ids: Vec<StepId> = steps.iter().map(|step| step.id.clone()).collect();
        let mut plan = Self::default();
        let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
        for declared in order {
            let mut step = steps[declared].take().expect("an order holds each position once");
            step.after = dependencies[declared].iter().map(|dependency| ids[*dependency].clone()).collect();
            step.before = Vec::new();
            let waits_for = dependencies[declared].iter().map(|dependency| position[*dependency]).collect();
            plan.push(step, waits_for, levels[declared]);
        }
        plan
    }

    fn restrict(&self, chosen: &[bool]) -> Self {
        let mut position = vec![usize::MAX; self.steps.len()];
        let mut plan = Self::default();
        for (old, step) in self.steps.iter().enumerate().filter(|(old, _)| chosen[*old]) {
            position[old] = plan.len();
            let waits_for = self.dependencies[old].iter().map(|dependency| position[*dependency]).collect();
            plan.push(step.clone(), waits_for, self.levels[old]);
        }
        plan
    }

    fn push(&mut self, step: Step, dependencies: Vec<usize>, level: usize) {
        self.positions.insert(step.id.clone(), self.steps.len());
        self.steps.push(step);
        self.dependencies.push(dependencies);
        self.levels.push(level);
    }
}

fn positions(steps: &[Step], problems: &mut Vec<PlanProblem>) -> HashMap<StepId, usize> {
    let mut positions = HashMap::with_capacity(steps.len());
    let mut reported = HashSet::new();
    for (position, step) in steps.iter().enumerate() {
        if positions.contains_key(&step.id) {
            if reported.insert(&step.id) {
                problems.push(PlanProblem::Duplicate { step: step.id.clone() });
            }
        } else {
            positions.insert(step.id.clone(), position);
        }
    }
    positions
}

/// For each step the positions of what it waits for, in the order of their declaration.
fn dependencies(
    steps: &[Step],
    positions: &HashMap<StepId, usize>,
    problems: &mut Vec<PlanProblem>,
) -> Vec<Vec<usize>> {
    let mut dependencies = vec![Vec::new(); steps.len()];
    for (at, step) in steps.iter().enumerate() {
        let named = step.after.iter().chain(&step.after_any).map(|name| (Relation::After, name));
        for (relation, name) in named.chain(step.before.iter().map(|name| (Relation::Before, name))) {
            match (positions.get(name), relation) {
                (Some(other), Relation::After) => dependencies[at].push(*other),
                (Some(other), Relation::Before) => dependencies[*other].push(at),
                (None, _) => {
                    let nearest = if problems.len() < SUGGESTIONS { nearest(name.as_str(), steps) } else { Vec::new() };
                    let (step, name) = (step.id.clone(), name.clone());
                    problems.push(PlanProblem::Unknown { step, relation, name, nearest });
                }
            }
        }
    }
    for list in &mut dependencies {
        list.sort_unstable();
        list.dedup();
    }
    dependencies
}

/// For each step the length of the longest chain that it waits for; `None` for steps of a cycle and
/// those that wait for one.
fn levels(dependencies: &[Vec<usize>]) -> Vec<Option<usize>> {
    let mut waiting: Vec<usize> = dependencies.iter().map(Vec::len).collect();
    let mut dependents = vec![Vec::new(); dependencies.len()];
    for (position, list) in dependencies.iter().enumerate() {
        for dependency in list {
            dependents[*dependency].push(position);
        }
    }
    let mut deepest = vec![0; dependencies.len()];
    let mut levels = vec![None; dependencies.len()];
    let mut ready: Vec<usize> = (0..dependencies.len()).filter(|position| waiting[*position] == 0).collect();
    while let Some(position) = ready.pop() {
        levels[position] = Some(deepest[position]);
        for dependent in &dependents[position] {
            deepest[*dependent] = deepest[*dependent].max(deepest[position] + 1);
            waiting[*dependent] -= 1;
            if waiting[*dependent] == 0 {
                ready.push(*dependent);
            }
        }
    }
    levels
}

/// Cycles that share no step, each from the step that is declared first. Depth first without
/// recursion: a chain may be as long as the plan.
fn cycles(dependencies: &[Vec<usize>]) -> Vec<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        OnPath,
        Done,
    }
    let mut marks = vec![Mark::New; dependencies.len()];
    let mut reported = vec![false; dependencies.len()];
    let mut cycles = Vec::new();
    for start in 0..dependencies.len() {
        if marks[start] != Mark::New {
            continue;
        }
        marks[start] = Mark::OnPath;
        let mut path = vec![(start, 0)];
        while let Some((position, next)) = path.last_mut() {
            let Some(dependency) = dependencies[*position].get(*next).copied() else {
                marks[*position] = Mark::Done;
                path.pop();
                continue;
            };
            *next += 1;
            match marks[dependency] {
                Mark::New => {
                    marks[dependency] = Mark::OnPath;
                    path.push((dependency, 0));
                }
                Mark::OnPath => {
                    let from = path.iter().position(|(on_path, _)| *on_path == dependency);
                    let from = from.expect("a step that is marked as on the path is on it");
                    let mut cycle: Vec<usize> = path[from..].iter().map(|(on_path, _)| *on_path).collect();
                    if cycle.iter().all(|step| !reported[*step]) {
                        cycle.iter().for_each(|step| reported[*step] = true);
                        let first = (0..cycle.len()).min_by_key(|at| cycle[*at]).unwrap_or(0);
                        cycle.rotate_left(first);
                        cycles.push(cycle);
                    }
                }
                Mark::Done => {}
            }
        }
    }
    cycles
}

/// What may be meant by a name: the one with the fewest edits, then those that have it as a part
/// (`api` for `build-api` and `push-api`).
fn nearest(name: &str, steps: &[Step]) -> Vec<StepId> {
    let ids = || steps.iter().map(|step| step.id.as_str());
    let mut found: Vec<&str> = text::nearest(name, ids()).into_iter().collect();
    if !name.is_empty() {
        let is_part = |id: &&str| {
            id.strip_suffix(name).is_some_and(|rest| rest.ends_with('-'))
                || id.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
        };
        for id in ids().filter(is_part) {
            if found.len() == NEAREST {
                break;
            }
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found.into_iter().map(StepId::new).collect()
}

fn did_you_mean(nearest: &[StepId]) -> String {
    match nearest {
        [] => String::new(),
        [only] => format!(" (did you mean `{only}`?)"),
        _ => format!(" (near: {})", text::list(nearest.iter().map(StepId::as_str))),
    }
}

fn chain(steps: &[StepId]) -> String {
    let names = steps.iter().chain(steps.first()).map(|step| format!("`{step}`"));
    names.collect::<Vec<_>>().join(" after ")
}

impl std::error::Error for PlanError {}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::After => "after",
            Self::Before => "before",
        })
    }
}
