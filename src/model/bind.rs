//! Strings to expressions: each reference is bound to what it names.

use super::lower::Cx;
use super::reference::{self, Piece, RawReference};
use super::scope::{BUILT_IN, Item, Properties, Table};
use super::{Expression, Filter, Name, Part, Reference, Target};
use crate::manifest::{Span, Spanned, Text};
use crate::util::text;

/// One thing that refers to another, and where.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) from: Name,
    pub(super) to: Name,
    pub(super) span: Span,
}

impl Cx<'_> {
    /// Binds a string. `None` when a reference in it is wrong, which is reported.
    pub(super) fn expression(&mut self, text: &Spanned<String>) -> Option<Expression> {
        self.bind(text.get_ref(), &text.span())
    }

    pub(super) fn text(&mut self, text: &Spanned<Text>) -> Option<Expression> {
        self.bind(text.get_ref().as_str(), &text.span())
    }

    /// Whether a string is more than its own text; a broken reference counts, for it is reported.
    pub(super) fn has_reference(&self, value: &str) -> bool {
        let mut mistakes = Vec::new();
        let scope = self.scope;
        let pieces = reference::parse(value, &|name| scope.is_parameter(name), &mut mistakes);
        !mistakes.is_empty() || pieces.iter().any(|piece| matches!(piece, Piece::Reference(_)))
    }

    pub(super) fn bind(&mut self, value: &str, span: &Span) -> Option<Expression> {
        if !value.contains('$') {
            let parts = if value.is_empty() { Vec::new() } else { vec![Part::Literal(value.to_owned())] };
            return Some(Expression { parts, span: span.clone() });
        }
        let scope = self.scope;
        let mut mistakes = Vec::new();
        let pieces = reference::parse(value, &|name| scope.is_parameter(name), &mut mistakes);
        let mut good = mistakes.is_empty();
        for (range, mistake) in mistakes {
            let place = self.locate(value, span, &range);
            self.error("bad-reference", mistake.to_string(), place, "").help(mistake.help()).push();
        }
        let mut parts: Vec<Part> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match piece {
                Piece::Literal(text) => match parts.last_mut() {
                    Some(Part::Literal(before)) => before.push_str(text),
                    _ => parts.push(Part::Literal(text.to_owned())),
                },
                Piece::Reference(raw) => {
                    let place = self.locate(value, span, &raw.range);
                    match self.reference(&raw, place) {
                        Some(reference) => parts.push(Part::Reference(reference)),
                        None => good = false,
                    }
                }
            }
        }
        good.then(|| Expression { parts, span: span.clone() })
    }

    /// The place in the file of a range of a string's value.
    ///
    /// Escapes and indentation make the text differ from the value; a reference holds neither, so
    /// it is found again as the same occurrence of the same text. Where that fails it is the whole string.
    pub(super) fn locate(&self, value: &str, span: &Span, range: &Span) -> Span {
        let Some(raw) = self.source.text.get(span.clone()) else { return span.clone() };
        if let Some(found) = raw.find(value) {
            let start = span.start + found;
            return start + range.start..start + range.end;
        }
        let wanted = &value[range.clone()];
        let before = value[..range.start].matches(wanted).count();
        if raw.matches(wanted).count() != value.matches(wanted).count() {
            return span.clone();
        }
        match raw.match_indices(wanted).nth(before) {
            Some((found, _)) => span.start + found..span.start + found + wanted.len(),
            None => span.clone(),
        }
    }

    fn reference(&mut self, raw: &RawReference<'_>, span: Span) -> Option<Reference> {
        let filter = match raw.filter {
            None => None,
            Some("uri") => Some(Filter::Uri),
            Some(other) => {
                self.error("unknown-filter", format!("unknown filter `{other}`"), span, "")
                    .help("the only filter is `uri`, which percent-encodes")
                    .push();
                return None;
            }
        };
        let target = self.target(raw, &span)?;
        Some(Reference { target, filter, span })
    }

    fn target(&mut self, raw: &RawReference<'_>, span: &Span) -> Option<Target> {
        if let Some((name, properties)) = BUILT_IN.iter().find(|(name, _)| *name == raw.name) {
            let found = properties.iter().find(|(property, _)| Some(*property) == raw.property);
            if let Some((_, target)) = found {
                return Some(target.clone());
            }
            let known: Vec<String> = properties.iter().map(|(property, _)| (*property).to_owned()).collect();
            self.unknown_property(name, raw.property, &known, span);
            return None;
        }
        let scope = self.scope;
        let Some(item) = scope.get(raw.name) else {
            if !scope.is_refused(raw.name) {
                self.unknown_reference(raw, span);
            }
            return None;
        };
        match (item.table, raw.property) {
            (Table::Params, None) => {}
            (Table::Params, Some(property)) => {
                let message = format!("`{}` is a parameter and has no property `{property}`", raw.name);
                self.error("unknown-property", message, span.clone(), "")
                    .help(format!("write `$<{}>`", raw.name))
                    .also(&item.span, "declared here")
                    .push();
                return None;
            }
            (Table::Steps, _) => {
                let message = format!("`{}` is a step and has no value", raw.name);
                self.error("unknown-property", message, span.clone(), "").also(&item.span, "declared here").push();
                return None;
            }
            (_, property) => self.property(item, property, span)?,
        }
        self.edge(&item.name, span);
        Some(item.target(raw.property.unwrap_or_default()))
    }

    fn property(&mut self, item: &Item<'_>, property: Option<&str>, span: &Span) -> Option<()> {
        let properties = item.properties();
        match (property, &properties) {
            (Some(property), _) if properties.has(property) => return Some(()),
            (_, Properties::Closed(known)) => self.unknown_property(item.name.as_str(), property, known, span),
            (_, Properties::Below(list)) => {
                let known = [format!("{list}.<name>")];
                self.unknown_property(item.name.as_str(), property, &known, span);
            }
            (_, Properties::Open) => self.unknown_property(item.name.as_str(), property, &[], span),
        }
        None
    }

    fn unknown_property(&mut self, name: &str, property: Option<&str>, known: &[String], span: &Span) {
        let list = text::list(known.iter().map(String::as_str));
        let help = match known.len() {
            0 => format!("write `$<{name}.property>`"),
            1 => format!("its only property is {list}"),
            _ => format!("its properties are {list}"),
        };
        let (message, label) = match property {
            None => (format!("`{name}` alone has no value, only its properties have"), "names no property".to_owned()),
            Some(property) => {
                let near = self.nearest(property, known.iter().map(String::as_str));
                let label =
                    near.map_or_else(|| "no such property".to_owned(), |near| format!("did you mean `{near}`?"));
                (format!("`{name}` has no property `{property}`"), label)
            }
        };
        let declared = self.scope.get(name).map(|item| item.span.clone());
        let mut error = self.error("unknown-property", message, span.clone(), label).help(help);
        if let Some(declared) = declared {
            error = error.also(&declared, "declared here");
        }
        error.push();
    }

    fn unknown_reference(&mut self, raw: &RawReference<'_>, span: &Span) {
        let wants_parameter = raw.property.is_none();
        let scope = self.scope;
        let near = self
            .may_search()
            .then(|| scope.nearest(raw.name, |table| (table == Table::Params) == wants_parameter))
            .flatten();
        let label = near.map_or_else(|| "not declared".to_owned(), |item| format!("did you mean `{}`?", item.name));
        let (message, help) = if wants_parameter {
            let variable = raw.name.replace('-', "_");
            (
                format!("no parameter is called `{}`", raw.name),
                format!(
                    "declare it under `params`; its value then comes from `--param {}=…`, from the variable \
                     `Parameters__{variable}` or from its `default`",
                    raw.name
                ),
            )
        } else {
            (
                format!("nothing is called `{}`", raw.name),
                "refer to a registry, an environment, a resource, an app, `git` or `shipit`".to_owned(),
            )
        };
        let near = near.map(|item| item.span.clone());
        let mut error = self.error("unknown-reference", message, span.clone(), label).help(help);
        if let Some(near) = near {
            error = error.also(&near, "declared here");
        }
        error.push();
    }
}
