//! One table inside an entry, for its mistakes: what it lacks, what it is called, what it repeats.

use super::super::{Cx, show};
use crate::manifest::{Kind, Node, Span, Spanned};
use crate::model::scope::Item;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// One table of a list, such as one of `tokens`.
pub(super) struct Part<'n> {
    /// With its article, e.g. `a token`.
    what: &'static str,
    pub(super) span: Span,
    node: Option<&'n Node>,
}

impl<'n> Part<'n> {
    /// The part of `key` that stands at `span`.
    pub(super) fn of(item: &Item<'n>, key: &str, what: &'static str, span: Span) -> Self {
        let node = item.node.get(key).and_then(|node| match &node.kind {
            Kind::Array(list) => list.iter().find(|node| node.span == span),
            _ => Some(node),
        });
        Self { what, span, node }
    }

    /// The same for a table inside this one.
    pub(super) fn inner(&self, key: &str, what: &'static str, span: Span) -> Self {
        Self { what, span, node: self.node.and_then(|node| node.get(key)) }
    }

    /// Whether a key is written, be its value right or wrong.
    pub(super) fn has(&self, key: &str) -> bool {
        self.node.is_some_and(|node| node.get(key).is_some())
    }

    /// A value that must be there; reported unless it is written and wrong.
    pub(super) fn need<'v, T>(&self, cx: &mut Cx<'_>, key: &str, value: Option<&'v T>) -> Option<&'v T> {
        if value.is_none() && !self.has(key) && !self.is_misspelt(key) {
            let message = format!("{} has no `{key}`", self.what);
            cx.error("missing-key", message, self.span.clone(), format!("needs `{key}`")).push();
        }
        value
    }

    /// Whether a list is written without anything in it. Wrong items are reported and left out, so that
    /// what is read of it does not tell.
    pub(super) fn is_empty_list(&self, key: &str) -> bool {
        let list = self.node.and_then(|node| node.get(key)).map(|node| &node.kind);
        matches!(list, Some(Kind::Array(list)) if list.is_empty())
    }

    fn is_misspelt(&self, key: &str) -> bool {
        let entries = self.node.map(Node::entries).unwrap_or_default();
        entries.iter().any(|(have, _)| strsim::levenshtein(&have.name, key) <= 2)
    }
}

/// Names in Azure of 5 to 50 ASCII letters, digits and some more characters, no two alike.
pub(super) struct Names {
    /// Without its article, e.g. `token`.
    what: &'static str,
    also: &'static str,
    seen: HashMap<String, Span>,
}

impl Names {
    pub(super) fn new(what: &'static str, also: &'static str) -> Self {
        Self { what, also, seen: HashMap::new() }
    }

    /// A name that is written.
    pub(super) fn take(&mut self, cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<Spanned<String>> {
        let text = cx.plain("name", text)?;
        self.check(cx, &text)?;
        self.add(cx, text.get_ref(), text.span())?;
        Some(text)
    }

    /// Notes a name, whoever made it. `None` where it is taken, which is reported.
    pub(super) fn add(&mut self, cx: &mut Cx<'_>, name: &str, span: Span) -> Option<()> {
        let what = self.what;
        let first = match self.seen.entry(name.to_ascii_lowercase()) {
            Entry::Vacant(free) => {
                free.insert(span);
                return Some(());
            }
            Entry::Occupied(first) => first.get().clone(),
        };
        cx.error("duplicate-name", format!("two {what}s are called `{name}`"), span, "")
            .also(&first, "first here")
            .help("give one of them another `name`")
            .push();
        None
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.seen.contains_key(&name.to_ascii_lowercase())
    }

    fn check(&self, cx: &mut Cx<'_>, text: &Spanned<String>) -> Option<()> {
        let name = text.get_ref().as_str();
        let length = name.chars().count();
        let odd = name.chars().find(|&c| !(c.is_ascii_alphanumeric() || self.also.contains(c)));
        let why = match odd {
            Some(c) => format!("holds {}", show(c)),
            None if !(5..=50).contains(&length) => format!("has {length} characters"),
            None => return Some(()),
        };
        let also: String = self.also.chars().map(|c| format!(" or `{c}`")).collect();
        cx.error("bad-azure-name", format!("the name `{name}` {why}"), text.span(), "")
            .help(format!("a {}'s name is 5 to 50 ASCII letters and digits{also}", self.what))
            .push();
        None
    }
}
