//! Files of parameters: TOML, YAML, JSON or dotenv, by their ending.

use crate::manifest::{self, Diagnostic, Diagnostics, Format, Kind, Node, Source, Span};
use crate::util::Secret;
use std::sync::Arc;

/// One value of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileValue {
    /// As it is written.
    pub name: String,
    /// Any of them may belong to a secret parameter.
    pub value: Secret,
    /// Where the value stands.
    pub span: Span,
}

/// Reads a file of parameters; the ending of its name says in which syntax. Values are strings,
/// numbers or booleans; a table `params` at the top may hold them.
pub fn read_params_file(source: &Arc<Source>) -> Result<Vec<FileValue>, Diagnostics> {
    let mut problems = Diagnostics::default();
    let values = if let Some(format) = Format::of(&source.name) {
        document(source, format, &mut problems)
    } else {
        let message = format!("the ending of `{}` does not say what it is", source.name);
        let help = "name it `….toml`, `….yaml`, `….json` or `….env`";
        problems.push(Diagnostic::error("params-file-kind", message).help(help));
        Vec::new()
    };
    if problems.has_errors() { Err(problems) } else { Ok(values) }
}

fn document(source: &Arc<Source>, format: Format, problems: &mut Diagnostics) -> Vec<FileValue> {
    let entries = match manifest::parse(source, format, problems) {
        None | Some(Node { kind: Kind::Null, .. }) => return Vec::new(),
        Some(Node { kind: Kind::Table(entries), .. }) => entries,
        Some(node) => {
            problems.push(
                Diagnostic::error("params-file-value", format!("`{}` holds no names with values", source.name))
                    .within(source)
                    .at(node.span, format!("this is {}", node.kind.name())),
            );
            return Vec::new();
        }
    };
    let mut values = Vec::new();
    for (key, node) in entries {
        match node.kind {
            // As in a manifest, so that a part of one can be handed over as it is.
            Kind::Table(inner) if key.name == "params" => {
                values.extend(inner.into_iter().filter_map(|(key, node)| scalar(source, key.name, node, problems)));
            }
            _ => values.extend(scalar(source, key.name, node, problems)),
        }
    }
    values
}

fn scalar(source: &Arc<Source>, name: String, node: Node, problems: &mut Diagnostics) -> Option<FileValue> {
    let value = match node.kind {
        Kind::String(text) => text,
        Kind::Bool(value) => value.to_string(),
        Kind::Integer(value) => value.to_string(),
        // As it is written: `1.10` is a version more often than a number.
        Kind::Float(value) => source.text.get(node.span.clone()).map_or_else(|| value.to_string(), str::to_owned),
        kind @ (Kind::Null | Kind::Array(_) | Kind::Table(_)) => {
            let message = format!("the value of `{name}` is {}", kind.name());
            problems.push(
                Diagnostic::error("params-file-value", message)
                    .within(source)
                    .at(node.span, "expected a string, a number or a boolean")
                    .help("write the value as a string"),
            );
            return None;
        }
    };
    Some(FileValue { name, value: Secret::new(value), span: node.span })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Vec<(String, String)>, Vec<String>> {
        let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned() });
        match read_params_file(&source) {
            Ok(values) => Ok(values.into_iter().map(|value| (value.name, value.value.expose().to_owned())).collect()),
            Err(problems) => Err(problems.iter().map(|problem| problem.message.clone()).collect()),
        }
    }

    fn pairs(pairs: &[(&str, &str)]) -> Result<Vec<(String, String)>, Vec<String>> {
        Ok(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn every_syntax_gives_the_same_values() {
        let expected = pairs(&[("tag", "v1"), ("port", "8080"), ("debug", "true"), ("version", "1.10")]);
        assert_eq!(read("p.toml", "tag = 'v1'\nport = 8080\ndebug = true\nversion = 1.10\n"), expected);
        assert_eq!(read("p.yaml", "tag: v1\nport: 8080\ndebug: true\nversion: 1.10\n"), expected);
        assert_eq!(read("p.json", r#"{"tag": "v1", "port": 8080, "debug": true, "version": 1.10}"#), expected);
        assert_eq!(read(".env", "tag=v1\nexport port=8080\ndebug = true\nversion=1.10 # not a number\n"), expected);
        assert_eq!(read("p.yml", "params:\n  tag: v1\n"), pairs(&[("tag", "v1")]));
        assert_eq!(read("empty.yaml", ""), pairs(&[]));
    }

    #[test]
    fn dotenv_quotes_keep_what_is_in_them() {
        let text =
            "# a comment\r\n\r\nA='x # $y\\n'\r\nB=\"one\\ntwo\n\\\"three\\\" \\d\"\r\nC=\r\nD=a#b\r\nE=pa$$word";
        let expected =
            [("A", "x # $y\\n"), ("B", "one\ntwo\n\"three\" \\d"), ("C", ""), ("D", "a#b"), ("E", "pa$$word")];
        assert_eq!(read(".env.local", text), pairs(&expected));
    }

    #[test]
    fn mistakes_are_all_told() {
        assert_eq!(read("p.env", "A=1\nB\nC='x").unwrap_err(), ["a line has no `=`", "the quote `'` is not closed"]);
        let wrong = read("p.toml", "a = [1]\nb = { c = 1 }\n").unwrap_err();
        assert_eq!(wrong, ["the value of `a` is array", "the value of `b` is table"]);
        assert_eq!(read("p.yaml", "- 1\n").unwrap_err(), ["`p.yaml` holds no names with values"]);
        assert_eq!(read("params", "a=1").unwrap_err(), ["the ending of `params` does not say what it is"]);
        assert!(!read("p.toml", "a = \n").unwrap_err().is_empty());
    }
}
