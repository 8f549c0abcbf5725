//! References form a graph without cycles.

use super::Facts;
use crate::model::Name;
use crate::model::bind::Edge;
use crate::model::scope::Table;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) fn check(facts: &mut Facts<'_, '_>) {
    let scope = facts.cx.scope;
    // An app may be told its own address.
    let counts = |edge: &&Edge| {
        edge.from != edge.to
            || !scope.get(edge.from.as_str()).is_some_and(|item| matches!(item.table, Table::Apps | Table::Resources))
    };
    let edges: Vec<&Edge> = facts.edges.iter().filter(counts).collect();
    let mut left = graph(&edges);
    while let Some(cycle) = next_cycle(&mut left) {
        report(facts, &edges, &cycle);
        for name in cycle {
            left.remove(name);
        }
    }
}

type Graph<'e> = BTreeMap<&'e Name, BTreeSet<&'e Name>>;

fn graph<'e>(edges: &[&'e Edge]) -> Graph<'e> {
    let mut graph: Graph<'e> = BTreeMap::new();
    for edge in edges {
        graph.entry(&edge.from).or_default().insert(&edge.to);
    }
    graph
}

/// Takes away what no cycle goes through, then follows first successors until one comes again.
fn next_cycle<'e>(left: &mut Graph<'e>) -> Option<Vec<&'e Name>> {
    let mut users: HashMap<&Name, Vec<&'e Name>> = HashMap::new();
    let mut counts: HashMap<&'e Name, usize> = HashMap::new();
    for (from, successors) in left.iter() {
        let count = successors.iter().filter(|to| left.contains_key(*to)).count();
        counts.insert(from, count);
        for to in successors {
            users.entry(to).or_default().push(from);
        }
    }
    let mut ends: Vec<&'e Name> = counts.iter().filter(|(_, count)| **count == 0).map(|(name, _)| *name).collect();
    while let Some(end) = ends.pop() {
        left.remove(end);
        for user in users.get(end).into_iter().flatten() {
            let Some(count) = counts.get_mut(user).filter(|count| **count > 0) else { continue };
            *count -= 1;
            if *count == 0 {
                ends.push(user);
            }
        }
    }
    let mut at = *left.keys().next()?;
    let mut path: Vec<&'e Name> = Vec::new();
    let mut seen: HashMap<&Name, usize> = HashMap::new();
    loop {
        if let Some(&start) = seen.get(at) {
            return Some(path.split_off(start));
        }
        seen.insert(at, path.len());
        path.push(at);
        at = left.get(at)?.iter().copied().find(|to| left.contains_key(to))?;
    }
}

fn report(facts: &mut Facts<'_, '_>, edges: &[&Edge], cycle: &[&Name]) {
    const SHOWN: usize = 8;
    let pairs = cycle.iter().zip(cycle.iter().cycle().skip(1));
    let mut steps: Vec<&Edge> = pairs
        .filter_map(|(from, to)| edges.iter().find(|edge| edge.from == **from && edge.to == **to).copied())
        .collect();
    // It begins where the file does.
    if let Some(first) = (0..steps.len()).min_by_key(|&index| steps[index].span.start) {
        steps.rotate_left(first);
    }
    let Some(first) = steps.first() else { return };
    let mut chain: Vec<String> = steps.iter().map(|edge| format!("`{}`", edge.from)).collect();
    chain.push(format!("`{}`", first.from));
    if chain.len() > 2 * SHOWN {
        let hidden = chain.len() - 2 * SHOWN;
        chain.splice(SHOWN..SHOWN + hidden, [format!("({hidden} more)")]);
    }
    let message = match steps.as_slice() {
        [only] => format!("`{}` refers to itself", only.from),
        _ => format!("references form a cycle: {}", chain.join(" → ")),
    };
    let label = |edge: &Edge| format!("`{}` refers to `{}`", edge.from, edge.to);
    let mut report = facts.cx.error("cycle", message, first.span.clone(), label(first));
    for edge in steps.iter().skip(1).take(SHOWN) {
        report = report.also(&edge.span, label(edge));
    }
    report.help("take one of these references out").push();
}
