//! Events of the parser to a tree.

use super::Fatal;
use super::anchors::Anchors;
use super::scalar;
use crate::manifest::{Diagnostic, Diagnostics, Key, Kind, Node, Source, Span, limits};
use serde_saphyr::granit_parser::ScalarStyle;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// The key whose tables are merged into the one that it stands in.
const MERGE: &str = "<<";

/// Nobody reads more than this.
const MISTAKES: usize = 200;

#[derive(Debug)]
pub(super) struct Builder<'a> {
    source: &'a Arc<Source>,
    problems: &'a mut Diagnostics,
    open: Vec<Frame>,
    root: Option<Node>,
    anchors: Anchors,
    /// Values so far; the difference of two times is the size of what was between.
    values: usize,
    documents: usize,
}

/// An array or a table whose end was not yet seen.
#[derive(Debug)]
struct Frame {
    start: usize,
    end: usize,
    anchor: usize,
    values: usize,
    items: Vec<Node>,
    /// Of a table.
    entries: Vec<(Key, Node)>,
    is_table: bool,
    key: Option<Key>,
    /// The value to come belongs to a key that was refused.
    skips: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a Arc<Source>, problems: &'a mut Diagnostics) -> Self {
        Self { source, problems, open: Vec::new(), root: None, anchors: Anchors::default(), values: 0, documents: 0 }
    }

    pub(super) fn refuse(&mut self, diagnostic: Diagnostic) {
        if self.problems.len() >= MISTAKES {
            return;
        }
        self.problems.push(diagnostic.within(self.source));
    }

    pub(super) fn refuse_tag(&mut self, span: Span) {
        let tag = self.source.text.get(span.clone()).unwrap_or_default();
        let diagnostic = Diagnostic::error("tag", format!("tags such as `{tag}` are not supported"))
            .at(span, "remove this")
            .help("put quotes round what is meant to be a string; write anything else as it is");
        self.refuse(diagnostic);
    }

    pub(super) fn document(&mut self, span: Span) -> Result<(), Fatal> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::error("second-document", "a second document starts here")
                .at(span, "only one document is read")
                .help("put everything into one document, or into a file of its own"),
        ))
    }

    pub(super) fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span, anchor: usize) -> Result<(), Fatal> {
        let kind = match style {
            ScalarStyle::Plain => scalar::resolve(text).unwrap_or_else(|| {
                self.refuse(limits::integer(text, span.clone()));
                Kind::Integer(0)
            }),
            _ => Kind::String(text.to_owned()),
        };
        self.values += 1;
        let node = Node { span, kind };
        if anchor > 0 {
            self.anchors.keep(anchor, &node, 1)?;
        }
        self.add(node);
        Ok(())
    }

    pub(super) fn open(&mut self, span: Span, anchor: usize, is_table: bool) -> Result<(), Fatal> {
        if self.open.len() >= limits::NESTING {
            return Err(Box::new(limits::nesting(span)));
        }
        self.open.push(Frame {
            start: span.start,
            end: span.end,
            anchor,
            values: self.values,
            items: Vec::new(),
            entries: Vec::new(),
            is_table,
            key: None,
            skips: false,
        });
        self.values += 1;
        Ok(())
    }

    pub(super) fn close(&mut self, span: Span) -> Result<(), Fatal> {
        let Some(frame) = self.open.pop() else { return Ok(()) };
        // The end of a block is where the next token stands; its last value tells where it ends.
        let end = if span.is_empty() { frame.end } else { frame.end.max(span.end) };
        let kind = if frame.is_table { Kind::Table(self.table(frame.entries)) } else { Kind::Array(frame.items) };
        let node = Node { span: frame.start..end, kind };
        if frame.anchor > 0 {
            self.anchors.keep(frame.anchor, &node, self.values - frame.values)?;
        }
        self.add(node);
        Ok(())
    }

    pub(super) fn name_anchor(&mut self, id: usize, name: &str, span: Span) -> Result<(), Fatal> {
        self.anchors.name(id, name, span);
        Ok(())
    }

    pub(super) fn alias(&mut self, id: usize, span: Span) -> Result<(), Fatal> {
        let (node, values) = self.anchors.expand(id, &span)?;
        if self.open.len() + node.depth() > limits::NESTING {
            return Err(Box::new(limits::nesting(span)));
        }
        self.values += values;
        if let Some(frame) = self.open.last_mut() {
            frame.end = frame.end.max(span.end);
        }
        self.add(node);
        Ok(())
    }

    pub(super) fn unknown_alias(&mut self, name: &str, span: Span) -> Result<(), Fatal> {
        let label = match self.anchors.nearest(name) {
            Some(near) => format!("did you mean `*{near}`?"),
            None => "no such anchor before this".to_owned(),
        };
        let diagnostic = Diagnostic::error("alias", format!("there is no anchor `&{name}`"))
            .at(span.clone(), label)
            .help(format!("quote it if it is text: `\"*{name}\"`"));
        self.refuse(diagnostic);
        self.add(Node { span, kind: Kind::Null });
        Ok(())
    }

    /// The document; an empty one is an empty table.
    pub(super) fn finish(self) -> Option<Node> {
        let root = self.root.unwrap_or(Node { span: 0..0, kind: Kind::Null });
        Some(match root.kind {
            Kind::Null => Node { kind: Kind::Table(Vec::new()), ..root },
            _ => root,
        })
    }

    /// Puts a value where it belongs.
    fn add(&mut self, node: Node) {
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        if !frame.is_table {
            frame.end = frame.end.max(node.span.end);
            frame.items.push(node);
        } else if let Some(key) = frame.key.take() {
            frame.end = frame.end.max(node.span.end).max(key.span.end);
            frame.entries.push((key, node));
        } else if std::mem::take(&mut frame.skips) {
            frame.end = frame.end.max(node.span.end);
        } else {
            match key(node, &self.source.text) {
                Ok(key) => frame.key = Some(key),
                Err(problem) => {
                    frame.skips = true;
                    self.refuse(*problem);
                }
            }
        }
    }

    /// Merges what `<<` says and reports keys that stand twice; the first one stays.
    fn table(&mut self, entries: Vec<(Key, Node)>) -> Vec<(Key, Node)> {
        let mut merges = Vec::new();
        let mut own: Vec<(Key, Node)> = Vec::with_capacity(entries.len());
        let mut index: HashMap<String, usize> = HashMap::with_capacity(entries.len());
        for (key, node) in entries {
            if key.name == MERGE && self.source.text.get(key.span.clone()) == Some(MERGE) {
                merges.push(node);
                continue;
            }
            match index.entry(key.name.clone()) {
                Entry::Vacant(entry) => {
                    entry.insert(own.len());
                    own.push((key, node));
                }
                Entry::Occupied(entry) => {
                    let first = own[*entry.get()].0.span.clone();
                    let diagnostic = Diagnostic::error("duplicate-key", format!("duplicate key `{}`", key.name))
                        .at(key.span, "stands here again")
                        .at(first, "first here");
                    self.refuse(diagnostic);
                }
            }
        }
        for node in merges {
            self.merge(node, &mut own, &mut index);
        }
        own
    }

    fn merge(&mut self, node: Node, own: &mut Vec<(Key, Node)>, index: &mut HashMap<String, usize>) {
        let span = node.span;
        match node.kind {
            Kind::Table(entries) => {
                for (key, node) in entries {
                    if let Entry::Vacant(entry) = index.entry(key.name.clone()) {
                        entry.insert(own.len());
                        own.push((key, node));
                    }
                }
            }
            Kind::Array(items) if items.iter().all(|item| matches!(item.kind, Kind::Table(_))) => {
                for item in items {
                    self.merge(item, own, index);
                }
            }
            kind => {
                let message = format!("`<<` merges a table or an array of tables, not a value of type {}", kind.name());
                self.refuse(Diagnostic::error("merge", message).at(span, "cannot be merged"));
            }
        }
    }
}

/// The name of an entry.
fn key(node: Node, text: &str) -> Result<Key, Fatal> {
    let raw = text.get(node.span.clone()).unwrap_or_default().trim_end();
    let (message, help) = match node.kind {
        Kind::String(name) => return Ok(Key { span: node.span, name }),
        kind @ (Kind::Null | Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_)) => {
            (format!("a key must be a string, not the {} `{raw}`", kind.name()), format!("quote it: `\"{raw}\"`"))
        }
        kind @ (Kind::Array(_) | Kind::Table(_)) => (
            format!("a key must be a string, not an inner {}", kind.name()),
            "put quotes round text that starts with `{` or `[`".to_owned(),
        ),
    };
    Err(Box::new(Diagnostic::error("key", message).at(node.span, "not a string").help(help)))
}
