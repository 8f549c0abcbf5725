//! One entry of a table into its written type: which keys its kind has, what is missing, then serde.

use super::Cx;
use crate::manifest::{self, Diagnostics, Kind as NodeKind, Node};
use crate::model::kinds::{self, Kind, KindTable, Support};
use crate::model::scope::Item;
use crate::util::text;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

impl Cx<'_> {
    /// Reads an entry whose kind decides which keys it has.
    pub(super) fn read_kind<T: DeserializeOwned>(
        &mut self,
        item: &Item<'_>,
        table: &'static KindTable,
    ) -> Option<(&'static Kind, T)> {
        let (kind, node) = self.known_keys(item, table)?;
        self.read(&node).map(|value| (kind, value))
    }

    /// The kind of an entry, and the entry without the keys that this kind does not have, which are reported.
    pub(in crate::model) fn known_keys<'n>(
        &mut self,
        item: &Item<'n>,
        table: &'static KindTable,
    ) -> Option<(&'static Kind, Cow<'n, Node>)> {
        if !self.is_table(item) {
            return None;
        }
        let kind = self.kind(item, table)?;
        let mut refused: Vec<&str> = Vec::new();
        for (key, _) in item.node.entries() {
            if key.name == "kind" || table.common.contains(&key.name.as_str()) || kind.keys.contains(&key.name.as_str())
            {
                continue;
            }
            refused.push(&key.name);
            let span = key.span.clone();
            let is_absent = |absent: &&kinds::Absent| {
                (absent.table, absent.kind, absent.key) == (table.table, kind.name, key.name.as_str())
            };
            if let Some(absent) = kinds::ABSENT.iter().find(is_absent) {
                let message = format!("`{}` {}", absent.key, absent.why);
                self.error("not-offered", message, span, "").help(absent.help).push();
                continue;
            }
            let nearest = self.nearest(&key.name, table.keys(kind));
            match table.kinds_with(&key.name) {
                Some(having) => {
                    let message = format!("{} of kind `{}` has no `{}`", article(table.noun), kind.name, key.name);
                    let label =
                        nearest.map_or_else(|| "not of this kind".to_owned(), |near| format!("did you mean `{near}`?"));
                    self.error("key-of-other-kind", message, span, label)
                        .help(format!("only {having} {} it", if having.contains(" and ") { "have" } else { "has" }))
                        .push();
                }
                None => {
                    let label =
                        nearest.map_or_else(|| "not known here".to_owned(), |near| format!("did you mean `{near}`?"));
                    let known = text::list(table.keys(kind));
                    self.error("unknown-key", format!("unknown key `{}`", key.name), span, label)
                        .help(format!("known keys of kind `{}` are {known}", kind.name))
                        .push();
                }
            }
        }
        self.required(item, kind.required);
        let node = if refused.is_empty() { Cow::Borrowed(item.node) } else { Cow::Owned(without(item.node, &refused)) };
        Some((kind, node))
    }

    /// Reports the keys that an entry lacks.
    pub(super) fn required(&mut self, item: &Item<'_>, keys: &[&str]) {
        for key in keys.iter().filter(|key| item.node.get(key).is_none()) {
            let misspelt = item.node.entries().iter().any(|(have, _)| strsim::levenshtein(&have.name, key) <= 2);
            if !misspelt {
                self.error(
                    "missing-key",
                    format!("`{}` has no `{key}`", item.name),
                    item.span.clone(),
                    format!("needs `{key}`"),
                )
                .push();
            }
        }
    }

    /// Reads a node into a type. Where parts of it are wrong, they are reported and left out, so that
    /// the rest can be checked too.
    pub(in crate::model) fn read<T: DeserializeOwned>(&mut self, node: &Node) -> Option<T> {
        if node.kind == NodeKind::Null {
            let empty = Node { span: node.span.clone(), kind: NodeKind::Table(Vec::new()) };
            return self.read(&empty);
        }
        let before = self.problems.len();
        if let Some(value) = manifest::deserialize(node, self.source, self.problems) {
            return Some(value);
        }
        let places: Vec<usize> =
            self.problems.iter().skip(before).filter_map(|problem| Some(problem.labels.first()?.span.start)).collect();
        let mut node = node.clone();
        prune(&mut node, &places);
        manifest::deserialize(&node, self.source, &mut Diagnostics::default())
    }

    /// Reports an entry that is no table; in YAML an entry without anything is an empty one.
    pub(super) fn is_table(&mut self, item: &Item<'_>) -> bool {
        if matches!(item.node.kind, NodeKind::Table(_) | NodeKind::Null) {
            return true;
        }
        let message = format!("`{}` must be a table, not {}", item.name, article(item.node.kind.name()));
        let label = format!("expected the keys of {}", item.table.noun());
        let (start, key) = (item.node.span.start, item.table.key());
        let is_double = self.source.text.get(start..).is_some_and(|text| text.starts_with("[["));
        let report = self.error("wrong-type", message, item.node.span.clone(), label);
        match is_double {
            true => report.help(format!("write single brackets: `[{key}.{}]`", item.name)).push(),
            false => report.push(),
        }
        false
    }

    fn kind(&mut self, item: &Item<'_>, table: &'static KindTable) -> Option<&'static Kind> {
        let kinds = || text::list(table.built()).replace(" and ", " or ");
        let Some(node) = item.node.get("kind") else {
            self.error("missing-key", format!("`{}` has no `kind`", item.name), item.span.clone(), "needs `kind`")
                .help(format!("set `kind` to {}", kinds()))
                .push();
            return None;
        };
        let NodeKind::String(written) = &node.kind else {
            let message = format!("`kind` must be a string, not {}", article(node.kind.name()));
            self.error("wrong-type", message, node.span.clone(), "").help(format!("set `kind` to {}", kinds())).push();
            return None;
        };
        let Some(kind) = table.find(written) else {
            let names = table.kinds.iter().map(|kind| kind.name);
            let near = table.known_as(written).or_else(|| self.nearest(written, names));
            let label = near.map_or_else(|| "not a known kind".to_owned(), |near| format!("did you mean `{near}`?"));
            self.error("unknown-kind", format!("unknown kind of {} `{written}`", table.noun), node.span.clone(), label)
                .help(format!("set `kind` to {}", kinds()))
                .push();
            return None;
        };
        if kind.support == Support::Later {
            self.error(
                "kind-not-supported",
                format!("this version does not support the kind `{written}` yet"),
                node.span.clone(),
                kind.about,
            )
            .help(format!(
                "it supports {}; write a Dockerfile and use the kind `dockerfile`",
                text::list(table.built())
            ))
            .push();
            return None;
        }
        Some(kind)
    }
}

pub(in crate::model) fn article(noun: &str) -> String {
    if noun.starts_with(['a', 'e', 'i', 'o']) { format!("an {noun}") } else { format!("a {noun}") }
}

pub(in crate::model) fn without(node: &Node, keys: &[&str]) -> Node {
    let entries = node.entries().iter().filter(|(key, _)| !keys.contains(&key.name.as_str())).cloned().collect();
    Node { span: node.span.clone(), kind: NodeKind::Table(entries) }
}

/// Takes out everything that begins at one of the places.
fn prune(node: &mut Node, places: &[usize]) {
    let is_hit = |node: &Node| match &node.kind {
        NodeKind::Table(_) | NodeKind::Array(_) => places.contains(&node.span.start),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Integer(_) | NodeKind::Float(_) | NodeKind::String(_) => {
            places.iter().any(|place| node.span.contains(place))
        }
    };
    match &mut node.kind {
        NodeKind::Table(entries) => {
            entries.retain(|(key, node)| !places.iter().any(|place| key.span.contains(place)) && !is_hit(node));
            entries.iter_mut().for_each(|(_, node)| prune(node, places));
        }
        NodeKind::Array(list) => {
            list.retain(|node| !is_hit(node));
            list.iter_mut().for_each(|node| prune(node, places));
        }
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Integer(_) | NodeKind::Float(_) | NodeKind::String(_) => {}
    }
}
