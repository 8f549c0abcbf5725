//! TOML to nodes. The grammar is the `toml` crate's; its messages are reworded here.

mod duplicate;
mod syntax;

use super::{Diagnostic, Diagnostics, Key, Kind, Node, Source, Span, limits};
use std::sync::Arc;
use toml::de::{DeTable, DeValue};

pub(super) fn parse(source: &Arc<Source>, problems: &mut Diagnostics) -> Option<Node> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let failed = !errors.is_empty();
    problems.extend(syntax::explain(&errors, &source.text).into_iter().map(|problem| problem.within(source)));
    let mut reader = Reader { source, problems, depth: 0 };
    let root = reader.table(table.span(), table.get_ref());
    (!failed || !root.entries().is_empty()).then_some(root)
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    problems: &'a mut Diagnostics,
    depth: usize,
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
            DeValue::Integer(number) => self.integer(number, &span),
            DeValue::Float(number) => Kind::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(value) => Kind::Bool(*value),
            DeValue::Datetime(date) => {
                let diagnostic = Diagnostic::error("date", format!("no key takes the date `{date}`"))
                    .at(span.clone(), "not a string")
                    .help(format!("quote it if it is text: `\"{date}\"`"));
                self.problems.push(diagnostic.within(self.source));
                Kind::String(date.to_string())
            }
            DeValue::Array(_) | DeValue::Table(_) if self.depth >= limits::NESTING => {
                if !self.problems.iter().any(|problem| problem.code == limits::NESTING_CODE) {
                    self.problems.push(limits::nesting(span.start..span.start).within(self.source));
                }
                Kind::Array(Vec::new())
            }
            DeValue::Array(items) => {
                self.depth += 1;
                let items = items.iter().map(|item| self.value(item.span(), item.get_ref())).collect();
                self.depth -= 1;
                Kind::Array(items)
            }
            DeValue::Table(table) => {
                self.depth += 1;
                let node = self.table(span, table);
                self.depth -= 1;
                return node;
            }
        };
        Node { span, kind }
    }

    fn integer(&mut self, number: &toml::de::DeInteger<'_>, span: &Span) -> Kind {
        match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Kind::Integer(number),
            // Already reported as a mistake of syntax.
            Err(_) if number.as_str().is_empty() => Kind::Integer(0),
            Err(_) => {
                self.problems.push(limits::integer(number.as_str(), span.clone()).within(self.source));
                Kind::Integer(0)
            }
        }
    }
}
