//! Files of parameters: TOML, YAML, JSON or dotenv, by their ending.

use crate::manifest::{self, Diagnostic, Diagnostics, Format, Kind, Node, Source, Span};
use crate::util::Secret;
use std::path::Path;
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
    let values = match ending(&source.name).as_deref() {
        Some("toml") => document(source, Format::Toml, &mut problems),
        Some("yaml" | "yml") => document(source, Format::Yaml, &mut problems),
        Some("json") => document(source, Format::Json, &mut problems),
        Some("env") => dotenv(source, &mut problems),
        _ => {
            let message = format!("the ending of `{}` does not say what it is", source.name);
            let help = "name it `….toml`, `….yaml`, `….json` or `….env`";
            problems.push(Diagnostic::error("params-file-kind", message).help(help));
            Vec::new()
        }
    };
    if problems.has_errors() { Err(problems) } else { Ok(values) }
}

/// In lower case; `.env` and `.env.production` are dotenv files.
fn ending(name: &str) -> Option<String> {
    let path = Path::new(name);
    let file = path.file_name()?.to_str()?.to_ascii_lowercase();
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("toml" | "json" | "yaml" | "yml" | "env") => ending,
        _ if file == ".env" || file.starts_with(".env.") => Some("env".to_owned()),
        _ => ending,
    }
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

/// `NAME=value` a line, `export` before it, `#` comments, single quotes (as it is) and double
/// quotes (`\n`, `\t`, `\"`, `\\`, `\$`), which may go over several lines. Nothing is expanded.
fn dotenv(source: &Arc<Source>, problems: &mut Diagnostics) -> Vec<FileValue> {
    let mut values = Vec::new();
    let text = source.text.as_str();
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while at < text.len() {
        let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let line = &text[at..line_end];
        let trimmed = line.trim_start();
        if trimmed.trim_end().is_empty() || trimmed.starts_with('#') {
            at = line_end + 1;
            continue;
        }
        let start = at + (line.len() - trimmed.len());
        let Some(equals) = line.find('=') else {
            problems.push(
                Diagnostic::error("params-file-syntax", "this line has no `=`")
                    .within(source)
                    .at(start..start + trimmed.trim_end().len(), "")
                    .help("write `NAME=value`"),
            );
            at = line_end + 1;
            continue;
        };
        let name = line[..equals].trim();
        let name = name.strip_prefix("export ").map_or(name, str::trim);
        let rest = at + equals + 1;
        match dotenv_value(text, rest, line_end) {
            Some((value, span, next)) => {
                values.push(FileValue { name: name.to_owned(), value: Secret::new(value), span });
                at = next;
            }
            None => {
                let quote = rest + text[rest..line_end].len() - text[rest..line_end].trim_start().len();
                problems.push(
                    Diagnostic::error("params-file-syntax", "this quotation does not end")
                        .within(source)
                        .at(quote..quote + 1, "begins here"),
                );
                return values;
            }
        }
    }
    values
}

/// The value that begins at `from`, its place, and where the next line begins. `None` if its
/// quotation does not end.
fn dotenv_value(text: &str, from: usize, line_end: usize) -> Option<(String, Span, usize)> {
    let blank = text[from..line_end].len() - text[from..line_end].trim_start().len();
    let start = from + blank;
    let quote = text[start..].chars().next().filter(|c| matches!(c, '"' | '\''));
    let Some(quote) = quote else {
        let raw = &text[start..line_end];
        let comment = if raw.starts_with('#') { Some(0) } else { raw.find(" #") };
        let value = raw[..comment.unwrap_or(raw.len())].trim_end();
        return Some((value.to_owned(), start..start + value.len(), line_end + 1));
    };
    let mut value = String::new();
    let mut characters = text[start + 1..].char_indices();
    while let Some((offset, c)) = characters.next() {
        match c {
            _ if c == quote => {
                let end = start + 1 + offset + 1;
                let next = text[end..].find('\n').map_or(text.len(), |line| end + line + 1);
                return Some((value, start..end, next));
            }
            '\\' if quote == '"' => match characters.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                't' => value.push('\t'),
                other @ ('"' | '\\' | '$') => value.push(other),
                other => {
                    value.push('\\');
                    value.push(other);
                }
            },
            _ => value.push(c),
        }
    }
    None
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
        assert_eq!(read("p.env", "A=1\nB\nC='x").unwrap_err(), ["this line has no `=`", "this quotation does not end"]);
        let wrong = read("p.toml", "a = [1]\nb = { c = 1 }\n").unwrap_err();
        assert_eq!(wrong, ["the value of `a` is array", "the value of `b` is table"]);
        assert_eq!(read("p.yaml", "- 1\n").unwrap_err(), ["`p.yaml` holds no names with values"]);
        assert_eq!(read("params", "a=1").unwrap_err(), ["the ending of `params` does not say what it is"]);
        assert!(!read("p.toml", "a = \n").unwrap_err().is_empty());
    }
}
