//! `patch` of an environment: a table in the target's own words, kept as it is.

use super::{Cx, article};
use crate::manifest::{Kind, Node};
use serde_json::{Map, Value};

/// What helps, in the target's words.
pub(super) struct Words {
    /// Where it is no table.
    pub(super) table: &'static str,
    /// Where it holds a reference of the manifest's.
    pub(super) reference: &'static str,
}

pub(super) fn patch(cx: &mut Cx<'_>, node: &Node, words: &Words) -> Option<Value> {
    match &node.kind {
        Kind::Table(_) => Some(value(cx, node, words)),
        other => {
            let message = format!("`patch` must be a table here, not {}", article(other.name()));
            cx.error("wrong-type", message, node.span.clone(), "").help(words.table).push();
            None
        }
    }
}

fn value(cx: &mut Cx<'_>, node: &Node, words: &Words) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Integer(number) => Value::from(*number),
        Kind::Float(number) => Value::from(*number),
        Kind::String(text) => {
            if text.contains("$<") {
                cx.error("no-reference-here", "`patch` cannot hold a reference", node.span.clone(), "")
                    .help(words.reference)
                    .push();
            }
            Value::from(text.as_str())
        }
        Kind::Array(items) => items.iter().map(|item| value(cx, item, words)).collect(),
        Kind::Table(entries) => {
            let entries: Map<String, Value> =
                entries.iter().map(|(key, node)| (key.name.clone(), value(cx, node, words))).collect();
            Value::Object(entries)
        }
    }
}
