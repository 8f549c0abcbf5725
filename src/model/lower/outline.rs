//! The top level of a manifest: which tables there are and which names they declare.

use crate::manifest::{Diagnostic, Diagnostics, Key, Kind, Node, Source, Span};
use crate::model::name::shown;
use crate::model::scope::{BUILT_IN, Scope, Table};
use crate::model::{Name, NameError};
use crate::util::text;
use std::collections::HashMap;
use std::sync::Arc;

/// The version of the language that this shipit reads.
const VERSION: i64 = 1;

/// Keys of the top level beside the tables that declare names.
const OTHER_KEYS: &[&str] = &["name", "version", "publish", "profiles"];

#[derive(Debug, Default)]
pub(in crate::model) struct Outline<'a> {
    pub(in crate::model) name: Option<String>,
    pub(in crate::model) scope: Scope<'a>,
    /// `publish` as it is written.
    pub(in crate::model) publish: Option<&'a Node>,
}

struct Reader<'a, 'p> {
    source: &'a Arc<Source>,
    problems: &'p mut Diagnostics,
    outline: Outline<'a>,
    /// By name in lower case with `_` as `-`.
    seen: HashMap<String, (Table, &'a Key)>,
}

impl<'a> Outline<'a> {
    pub(in crate::model) fn read(root: &'a Node, source: &'a Arc<Source>, problems: &mut Diagnostics) -> Self {
        let mut reader = Reader { source, problems, outline: Self::default(), seen: HashMap::new() };
        match &root.kind {
            Kind::Table(entries) => entries.iter().for_each(|(key, node)| reader.top(key, node)),
            Kind::Null => {}
            Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_) | Kind::Array(_) => {
                let message = format!("a manifest is a table of keys, not {}", super::read::article(root.kind.name()));
                reader.error("wrong-type", message, &root.span, "", "begin with `name: shop`, then `apps:`");
            }
        }
        reader.outline
    }
}

impl<'a> Reader<'a, '_> {
    fn error(&mut self, code: &'static str, message: String, span: &Span, label: &str, help: &str) {
        let mut diagnostic = Diagnostic::error(code, message).within(self.source).at(span.clone(), label);
        if !help.is_empty() {
            diagnostic = diagnostic.help(help);
        }
        self.problems.push(diagnostic);
    }

    fn top(&mut self, key: &'a Key, node: &'a Node) {
        if let Some(table) = Table::ALL.into_iter().find(|table| table.key() == key.name) {
            return self.table(table, key, node);
        }
        match key.name.as_str() {
            "name" => self.name(node),
            "version" => self.version(node),
            "publish" => self.outline.publish = Some(node),
            // Read before anything is lowered.
            "profiles" => {}
            // For editors.
            "$schema" => {}
            // A YAML file may keep anchors in keys of its own, as Compose files do.
            other if other.starts_with("x-") => {}
            other => {
                let known: Vec<&str> =
                    OTHER_KEYS.iter().copied().chain(Table::ALL.into_iter().map(Table::key)).collect();
                let near = text::nearest(other, known.iter().copied());
                let label = near.map_or_else(|| "not known here".to_owned(), |near| format!("did you mean `{near}`?"));
                let help = format!("known keys here are {}", text::list(known));
                self.error("unknown-key", format!("unknown key `{other}`"), &key.span, &label, &help);
            }
        }
    }

    fn name(&mut self, node: &Node) {
        let Kind::String(name) = &node.kind else {
            let message = format!("`name` must be a string, not {}", super::read::article(node.kind.name()));
            return self.error("wrong-type", message, &node.span, "", "");
        };
        match name.parse::<Name>() {
            Ok(parsed) => self.outline.name = Some(parsed.as_str().to_owned()),
            Err(error) => self.bad_name(name, &error, &node.span),
        }
    }

    fn version(&mut self, node: &Node) {
        let found = match &node.kind {
            Kind::Integer(VERSION) => return,
            Kind::Integer(number) => {
                format!("`{number}` is no version of the manifest's language that this shipit reads")
            }
            other => format!("`version` must be the number {VERSION}, not {}", super::read::article(other.name())),
        };
        self.error("unsupported-version", found, &node.span, "", "write `version = 1` or leave it out");
    }

    fn bad_name(&mut self, name: &str, error: &NameError, span: &Span) {
        self.error("bad-name", format!("the name `{}` {error}", shown(name)), span, "", &error.help(name));
    }

    fn table(&mut self, table: Table, key: &Key, node: &'a Node) {
        match &node.kind {
            Kind::Table(entries) => entries.iter().for_each(|(key, node)| self.declare(table, key, node)),
            Kind::Null => {}
            Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) | Kind::String(_) | Kind::Array(_) => {
                let found = super::read::article(node.kind.name());
                let message = format!("`{}` must be a table, not {found}", key.name);
                let label = format!("expected the names of {}", table.key());
                self.error("wrong-type", message, &node.span, &label, "");
            }
        }
    }

    fn declare(&mut self, table: Table, key: &'a Key, node: &'a Node) {
        let parsed = if table == Table::Params { Name::parameter(&key.name) } else { key.name.parse() };
        let name = match parsed {
            Ok(name) => name,
            Err(error) => {
                self.bad_name(&key.name, &error, &key.span);
                self.outline.scope.refuse(&key.name);
                return;
            }
        };
        if BUILT_IN.iter().any(|(built_in, _)| *built_in == name.as_str()) {
            let message = format!("the name `{name}` is taken: `$<{name}.…>` speaks of shipit's own values");
            self.error("reserved-name", message, &key.span, "", "choose another name");
            self.outline.scope.refuse(&key.name);
            return;
        }
        let normal = name.as_str().to_ascii_lowercase();
        if let Some((other_table, other)) = self.seen.get(&normal).copied() {
            let message = if other.name == key.name {
                format!("the name `{}` is declared twice: names are unique across all tables", key.name)
            } else {
                format!("the names `{}` and `{}` are the same: both become `{normal}`", other.name, key.name)
            };
            let diagnostic = Diagnostic::error("duplicate-name", message)
                .within(self.source)
                .at(key.span.clone(), format!("{} here", table.noun()))
                .at(other.span.clone(), format!("{} here", other_table.noun()))
                .help("give one of them another name");
            self.problems.push(diagnostic);
            // The first one keeps the name.
            return;
        }
        self.seen.insert(normal, (table, key));
        self.outline.scope.declare(name, table, key.span.clone(), node);
    }
}
