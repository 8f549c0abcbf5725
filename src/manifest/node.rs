//! The neutral document that TOML and YAML both become.

use super::Span;
use std::collections::HashMap;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub span: Span,
    pub kind: Kind,
}

/// What a value is, in words that both syntaxes share.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    String(String),
    Array(Vec<Node>),
    /// Entries in the order of the file; keys are unique.
    Table(Vec<(Key, Node)>),
}

/// The name of an entry and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub span: Span,
    pub name: String,
}

impl From<Kind> for Node {
    /// A value that stands nowhere.
    fn from(kind: Kind) -> Self {
        Self { span: 0..0, kind }
    }
}

impl Node {
    /// The same value without places, to compare values from different files.
    #[must_use]
    pub fn without_places(self) -> Node {
        Node::from(match self.kind {
            Kind::Array(items) => Kind::Array(items.into_iter().map(Node::without_places).collect()),
            Kind::Table(entries) => Kind::Table(
                entries
                    .into_iter()
                    .map(|(key, node)| (Key { span: 0..0, name: key.name }, node.without_places()))
                    .collect(),
            ),
            scalar @ (Kind::Null | Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_)) => scalar,
        })
    }

    /// The value of an entry of a table; `None` where this is no table.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The entries of a table; none where this is no table.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.kind {
            Kind::Table(entries) => entries,
            Kind::Null | Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_) | Kind::Array(_) => &[],
        }
    }

    /// How many arrays and tables are inside each other here.
    pub(super) fn depth(&self) -> usize {
        match &self.kind {
            Kind::Array(items) => 1 + items.iter().map(Self::depth).max().unwrap_or(0),
            Kind::Table(entries) => 1 + entries.iter().map(|(_, node)| node.depth()).max().unwrap_or(0),
            Kind::Null | Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_) => 0,
        }
    }

    /// Takes an entry out of a table.
    pub fn remove(&mut self, name: &str) -> Option<(Key, Node)> {
        let Kind::Table(entries) = &mut self.kind else { return None };
        let index = entries.iter().position(|(key, _)| key.name == name)?;
        Some(entries.remove(index))
    }

    /// Lays `overlay` over `base`, key by key: tables are merged, everything else replaces what was
    /// there. Each value keeps its own place; a merged table keeps that of `base`.
    pub fn merge(base: Node, overlay: Node) -> Node {
        match (base.kind, overlay.kind) {
            (Kind::Table(below), Kind::Table(above)) => {
                Node { span: base.span, kind: Kind::Table(merge_entries(below, above)) }
            }
            (_, kind) => Node { span: overlay.span, kind },
        }
    }
}

fn merge_entries(below: Vec<(Key, Node)>, above: Vec<(Key, Node)>) -> Vec<(Key, Node)> {
    let index: HashMap<String, usize> =
        below.iter().enumerate().map(|(index, (key, _))| (key.name.clone(), index)).collect();
    let mut merged: Vec<Option<(Key, Node)>> = below.into_iter().map(Some).collect();
    for (key, node) in above {
        let Some(slot) = index.get(&key.name).and_then(|&index| merged.get_mut(index)) else {
            merged.push(Some((key, node)));
            continue;
        };
        *slot = slot.take().map(|(place, below)| match (&below.kind, &node.kind) {
            (Kind::Table(_), Kind::Table(_)) => (place, Node::merge(below, node)),
            _ => (key, node),
        });
    }
    merged.into_iter().flatten().collect()
}

impl Kind {
    /// What users call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Float(_) => "float",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Table(_) => "table",
        }
    }
}
