//! What the passes over one tree have learnt.

use super::error::Error;
use super::wording::choice;
use crate::manifest::{Diagnostic, Diagnostics, Key, Node, Source, Span};
use crate::util::text;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// More passes than this find nothing that anybody would read.
const PASSES: usize = 100;
/// After this many mistakes the search ends.
const MISTAKES: usize = 500;

#[derive(Debug)]
pub(super) struct Run<'a> {
    source: &'a Arc<Source>,
    found: RefCell<Vec<Diagnostic>>,
    nodes: RefCell<HashMap<NodeId, State>>,
    /// Tables whose unknown keys are reported.
    checked: RefCell<HashSet<NodeId>>,
    /// Keys that were suggested in place of unknown ones, with their tables.
    suggested: RefCell<HashSet<(NodeId, &'static str)>>,
    /// Keys that are reported as missing, by table.
    missing: RefCell<HashMap<NodeId, Vec<&'static str>>>,
    pass: Cell<usize>,
    progress: Cell<bool>,
}

/// The place of a node in memory: the tree does not move while it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct NodeId(usize);

impl NodeId {
    fn of(node: &Node) -> Self {
        Self(std::ptr::from_ref(node).addr())
    }
}

/// What is known of a node before a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Not read, or worth reading again.
    Open,
    /// Nothing is wrong with it.
    Good,
    /// Reported; in a struct an invented value takes its place.
    Bad,
    /// Reported, and no value could be invented.
    Hopeless,
}

impl<'a> Run<'a> {
    pub(super) fn new(source: &'a Arc<Source>) -> Self {
        Self {
            source,
            found: RefCell::default(),
            nodes: RefCell::default(),
            checked: RefCell::default(),
            suggested: RefCell::default(),
            missing: RefCell::default(),
            pass: Cell::new(0),
            progress: Cell::new(false),
        }
    }

    /// The text of a value as it is written.
    pub(super) fn raw(&self, span: &Span) -> &str {
        self.source.text.get(span.clone()).unwrap_or_default().trim_end()
    }

    /// Whether values are read for the sake of their mistakes only.
    pub(super) fn is_later_pass(&self) -> bool {
        self.pass.get() > 0
    }

    /// Whether no mistake was found yet.
    pub(super) fn is_clean(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// Whether another pass may find something new; starts it.
    pub(super) fn next_pass(&self) -> bool {
        self.pass.set(self.pass.get() + 1);
        self.progress.replace(false) && self.pass.get() < PASSES && !self.is_full()
    }

    /// Whether no further mistake is of interest.
    pub(super) fn is_full(&self) -> bool {
        self.found.borrow().len() >= MISTAKES
    }

    pub(super) fn report(&self, diagnostic: Diagnostic) {
        if !self.is_full() {
            self.found.borrow_mut().push(diagnostic.within(self.source));
        }
    }

    pub(super) fn state(&self, node: &Node) -> State {
        if !self.is_later_pass() && self.nodes.borrow().is_empty() {
            return State::Open;
        }
        self.nodes.borrow().get(&NodeId::of(node)).copied().unwrap_or(State::Open)
    }

    pub(super) fn set(&self, node: &Node, state: State) {
        self.nodes.borrow_mut().insert(NodeId::of(node), state);
        if state != State::Good {
            self.progress.set(true);
        }
    }

    /// Notes that the value of a node failed, reports why, and gives the error for who asked for it.
    pub(super) fn settle(&self, error: Error, node: &Node, key: Option<&Key>) -> Error {
        match error {
            Error::Reported => return Error::Reported,
            Error::Dead => {}
            Error::Problem(diagnostic) => self.report(*diagnostic),
            Error::UnknownVariant { word, allowed } => self.report(unknown_word(&word, allowed, node, key)),
            Error::Missing(_) | Error::Custom(_) => {
                if let Error::Problem(diagnostic) = Error::Custom(error.to_string()).at(&node.span) {
                    self.report(*diagnostic);
                }
            }
        }
        self.set(node, State::Bad);
        Error::Reported
    }

    /// Whether the unknown keys of this table are still to be reported; they are from now on.
    pub(super) fn check_keys(&self, table: &Node) -> bool {
        self.checked.borrow_mut().insert(NodeId::of(table))
    }

    /// Reports a key that is no field of its table.
    pub(super) fn unknown_key(&self, table: &Node, key: &Key, fields: &[&'static str], near: Option<&'static str>) {
        let known = match fields {
            [] => "no key is known here".to_owned(),
            [only] => format!("the only key here is `{only}`"),
            _ => format!("known keys here are {}", text::list(fields.iter().copied())),
        };
        let diagnostic = Diagnostic::error("unknown-key", format!("unknown key `{}`", key.name));
        self.report(match near {
            Some(near) => {
                self.suggested.borrow_mut().insert((NodeId::of(table), near));
                diagnostic.at(key.span.clone(), format!("did you mean `{near}`?")).help(known)
            }
            None => diagnostic.at(key.span.clone(), "not known here").help(known),
        });
    }

    /// Whether this field was suggested in place of a key of the table.
    pub(super) fn is_suggested(&self, table: &Node, field: &'static str) -> bool {
        self.suggested.borrow().contains(&(NodeId::of(table), field))
    }

    /// The keys that this table lacks, as far as reported.
    pub(super) fn missing(&self, table: &Node) -> Vec<&'static str> {
        if !self.is_later_pass() {
            return Vec::new();
        }
        self.missing.borrow().get(&NodeId::of(table)).cloned().unwrap_or_default()
    }

    /// Notes that a key is missing. `false` if that was known.
    pub(super) fn add_missing(&self, table: &Node, field: &'static str) -> bool {
        let mut missing = self.missing.borrow_mut();
        let fields = missing.entry(NodeId::of(table)).or_default();
        let new = !fields.contains(&field);
        if new {
            fields.push(field);
            self.progress.set(true);
        }
        new
    }

    pub(super) fn finish(self, problems: &mut Diagnostics) {
        problems.extend(self.found.into_inner());
    }
}

fn unknown_word(word: &str, allowed: &'static [&'static str], node: &Node, key: Option<&Key>) -> Diagnostic {
    let message = match key {
        Some(key) => format!("`{}` cannot be `{word}`", key.name),
        None => format!("`{word}` is not possible here"),
    };
    let diagnostic = Diagnostic::error("unknown-value", message);
    match text::nearest(word, allowed.iter().copied()) {
        Some(near) => diagnostic
            .at(node.span.clone(), format!("did you mean `{near}`?"))
            .help(format!("write {}", choice(allowed))),
        None => diagnostic.at(node.span.clone(), "not a known value").help(format!("write {}", choice(allowed))),
    }
}
