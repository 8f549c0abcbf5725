//! TOML to nodes. The grammar is the `toml` crate's.

use super::{Diagnostic, Diagnostics, Key, Kind, Node, Source, Span};
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

pub(super) fn parse(source: &Arc<Source>, problems: &mut Diagnostics) -> Option<Node> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let failed = !errors.is_empty();
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        problems.push(Diagnostic::error("syntax", error.message()).at(span, "").within(source));
    }
    let mut reader = Reader { source, problems };
    let span = table.span();
    let root = reader.table(span, table.get_ref());
    (!failed || !root.entries().is_empty()).then_some(root)
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    problems: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn table(&mut self, span: Span, table: &DeTable<'_>) -> Node {
        let mut entries: Vec<(Key, Node)> = table
            .iter()
            .map(|(key, value)| {
                let name = Key { span: key.span(), name: key.get_ref().to_string() };
                (name, self.value(value.span(), value.get_ref()))
            })
            .collect();
        entries.sort_by_key(|(key, _)| key.span.start);
        Node { span, kind: Kind::Table(entries) }
    }

    fn value(&mut self, span: Span, value: &DeValue<'_>) -> Node {
        let kind = match value {
            DeValue::String(text) => Kind::String(text.to_string()),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => Kind::Integer(number),
                Err(_) => {
                    let message = format!("integer out of range: `{}`", number.as_str());
                    let diagnostic = Diagnostic::error("out-of-range", message).at(span.clone(), "");
                    self.problems.push(diagnostic.within(self.source));
                    Kind::Integer(0)
                }
            },
            DeValue::Float(number) => Kind::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(value) => Kind::Bool(*value),
            DeValue::Datetime(date) => Kind::String(date.to_string()),
            DeValue::Array(items) => {
                Kind::Array(items.iter().map(|item| self.value(item.span(), item.get_ref())).collect())
            }
            DeValue::Table(table) => return self.table(span, table),
        };
        Node { span, kind }
    }
}
