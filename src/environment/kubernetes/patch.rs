//! Changes of the user's own, laid over objects by their kind and name.

use super::node::{Map, Node};
use super::release::Document;
use super::writer::Writer;
use crate::environment::lowering::Lowering as _;
use crate::manifest::Spanned;
use crate::util::text;
use serde_json::Value;

/// Keys that tell the items of a list apart (Kubernetes, "strategic merge patch": `patchMergeKey`).
const MERGE_KEYS: &[&str] = &["name", "mountPath", "containerPort", "port", "key", "ip", "topologyKey", "uid"];

pub(super) fn lay(lowering: &mut Writer<'_>, documents: &mut [Document], patch: &Spanned<Value>) {
    let Value::Object(kinds) = patch.get_ref() else { return };
    if holds_template(patch.get_ref()) {
        let message = "a key of `patch` holds `{{`, which Helm takes for its own";
        lowering.error("patch", message, &patch.span(), "use another key");
        return;
    }
    for (kind, names) in kinds {
        let Value::Object(names) = names else {
            let message = format!("`patch.{kind}` is no table of objects");
            let help = "write changes by kind and name: `patch = { Deployment = { api = { … } } }`";
            lowering.error("patch", message, &patch.span(), help);
            continue;
        };
        for (name, change) in names {
            let found = documents.iter_mut().find(|it| it.kind == *kind && it.name() == Some(name));
            match found {
                Some(document) => merge_map(&mut document.node, change),
                None => {
                    let known: Vec<String> =
                        documents.iter().filter_map(|it| Some(format!("{} {}", it.kind, it.name()?))).collect();
                    let wanted = format!("{kind} {name}");
                    let help = match text::nearest(&wanted, known.iter().map(String::as_str)) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "look at the published files: each has its kind and its name".to_owned(),
                    };
                    lowering.error("patch", format!("there is no {kind} `{name}` to patch"), &patch.span(), help);
                }
            }
        }
    }
}

fn holds_template(value: &Value) -> bool {
    match value {
        Value::Object(entries) => entries.iter().any(|(key, value)| key.contains("{{") || holds_template(value)),
        Value::Array(items) => items.iter().any(holds_template),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Tables are merged, null takes away, everything else replaces what was there.
fn merge_map(map: &mut Map, change: &Value) {
    let Value::Object(entries) = change else { return };
    for (key, change) in entries {
        if change.is_null() {
            map.0.retain(|(known, _)| known != key);
        } else {
            merge(map.entry(key), change);
        }
    }
}

fn merge(node: &mut Node, change: &Value) {
    match (&mut *node, change) {
        (Node::Map(map), Value::Object(_)) => merge_map(map, change),
        (Node::List(items), Value::Array(changes)) => match merge_key(items, changes) {
            Some(key) => merge_items(items, changes, key),
            None => *node = Node::from(change),
        },
        (node, Value::Object(_)) => {
            let mut map = Map::new();
            merge_map(&mut map, change);
            *node = Node::Map(map);
        }
        (node, _) => *node = Node::from(change),
    }
}

/// The key that every item of both lists has.
fn merge_key(items: &[Node], changes: &[Value]) -> Option<&'static str> {
    let has = |key: &str| {
        items.iter().all(|item| matches!(item, Node::Map(map) if map.get(key).is_some()))
            && changes.iter().all(|change| change.get(key).is_some())
    };
    MERGE_KEYS.iter().find(|key| !items.is_empty() && has(key)).copied()
}

fn merge_items(items: &mut Vec<Node>, changes: &[Value], key: &str) {
    for change in changes {
        let wanted = Node::from(&change[key]);
        let found = items.iter_mut().find(|item| matches!(item, Node::Map(map) if map.get(key) == Some(&wanted)));
        match found {
            Some(item) => merge(item, change),
            None => items.push(Node::from(change)),
        }
    }
}
