//! What aliases stand for, and how far they may expand.

use super::Fatal;
use crate::manifest::{Diagnostic, Node, Span, limits};
use std::collections::HashMap;

#[derive(Debug, Default)]
pub(super) struct Anchors {
    known: HashMap<usize, Anchor>,
    /// Values that were copied, when an anchor was kept and when an alias was expanded.
    copied: usize,
}

#[derive(Debug, Default)]
struct Anchor {
    name: String,
    span: Span,
    /// What it stands for and how many values that is; `None` inside of itself.
    content: Option<(Node, usize)>,
}

impl Anchors {
    pub(super) fn name(&mut self, id: usize, name: &str, span: Span) {
        let anchor = self.known.entry(id).or_default();
        name.clone_into(&mut anchor.name);
        anchor.span = span;
    }

    pub(super) fn keep(&mut self, id: usize, node: &Node, values: usize) -> Result<(), Fatal> {
        self.count(id, values, None)?;
        self.known.entry(id).or_default().content = Some((node.clone(), values));
        Ok(())
    }

    /// What an alias stands for, and how many values that is.
    pub(super) fn expand(&mut self, id: usize, span: &Span) -> Result<(Node, usize), Fatal> {
        let values = self.known.get(&id).and_then(|anchor| anchor.content.as_ref()).map_or(0, |(_, values)| *values);
        self.count(id, values, Some(span))?;
        let anchor = self.known.get(&id);
        if let Some((node, values)) = anchor.and_then(|anchor| anchor.content.as_ref()) {
            return Ok((node.clone(), *values));
        }
        let name = anchor.map(|anchor| anchor.name.as_str()).unwrap_or_default();
        let diagnostic = Diagnostic::error("alias", format!("the alias `*{name}` stands inside of its own anchor"))
            .at(span.clone(), "refers to itself");
        Err(Box::new(match anchor {
            Some(anchor) => diagnostic.at(anchor.span.clone(), "the anchor"),
            None => diagnostic,
        }))
    }

    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        crate::util::text::nearest(name, self.known.values().map(|anchor| anchor.name.as_str()))
    }

    fn count(&mut self, id: usize, values: usize, alias: Option<&Span>) -> Result<(), Fatal> {
        self.copied += values;
        if self.copied <= limits::ALIAS_VALUES {
            return Ok(());
        }
        let (name, span) =
            self.known.get(&id).map(|anchor| (anchor.name.as_str(), anchor.span.clone())).unwrap_or_default();
        let message = format!("the anchor `&{name}` expands too far");
        let limit = format!("aliases may add at most {} values to a document", limits::ALIAS_VALUES);
        let diagnostic = Diagnostic::error("alias", message).help(limit);
        Err(Box::new(match alias {
            Some(alias) => diagnostic.at(alias.clone(), "one alias too many").at(span, "the anchor"),
            None => diagnostic.at(span, "the anchor"),
        }))
    }
}
