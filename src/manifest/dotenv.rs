//! Lines of `NAME=value` to a table of strings.
//!
//! What `docker compose` and most readers agree on: `export` and comments, single quotes for text as
//! it is, double quotes with escapes, both over several lines. Nothing is expanded: `$` is text.

use super::{Diagnostic, Diagnostics, Key, Kind, Node, Source, Span};
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn parse(source: &Arc<Source>, problems: &mut Diagnostics) -> Node {
    let mut reader = Reader { text: &source.text, position: 0 };
    let mut entries: Vec<(Key, Node)> = Vec::new();
    let mut places: HashMap<String, Span> = HashMap::new();
    while reader.position < source.text.len() {
        match reader.line() {
            Ok(None) => {}
            Ok(Some((key, node))) => {
                if let Some(first) = places.get(&key.name) {
                    let problem = Diagnostic::error("duplicate-key", format!("`{}` is set twice", key.name))
                        .at(key.span, "set here again")
                        .at(first.clone(), "first here");
                    problems.push(problem.within(source));
                } else {
                    places.insert(key.name.clone(), key.span.clone());
                    entries.push((key, node));
                }
            }
            Err(problem) => {
                problems.push(problem.within(source));
                reader.skip_line();
            }
        }
    }
    Node { span: 0..source.text.len(), kind: Kind::Table(entries) }
}

struct Reader<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    fn skip(&mut self, is_skipped: impl Fn(char) -> bool) {
        self.position = self.text.len() - self.rest().trim_start_matches(is_skipped).len();
    }

    fn skip_line(&mut self) {
        self.position = self.rest().find('\n').map_or(self.text.len(), |index| self.position + index + 1);
    }

    /// One entry, or nothing where a line is empty or a comment.
    fn line(&mut self) -> Result<Option<(Key, Node)>, Diagnostic> {
        self.skip(|c| c.is_whitespace() || c == '\u{feff}');
        if self.rest().is_empty() || self.rest().starts_with('#') {
            self.skip_line();
            return Ok(None);
        }
        if let Some(after) = self.rest().strip_prefix("export").filter(|after| after.starts_with([' ', '\t'])) {
            self.position = self.text.len() - after.len();
            self.skip(is_blank);
        }
        let key = self.name()?;
        self.skip(is_blank);
        let node = match self.rest().chars().next() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote)?,
            _ => self.plain(),
        };
        Ok(Some((key, node)))
    }

    fn name(&mut self) -> Result<Key, Diagnostic> {
        let line = self.rest().lines().next().unwrap_or_default();
        let start = self.position;
        let Some((before, _)) = line.split_once('=') else {
            return Err(Diagnostic::error("syntax", "a line has no `=`")
                .at(start..start + line.trim_end().len(), "expected `NAME=value`")
                .help("write `NAME=value`, or `#` before a comment"));
        };
        let name = before.trim_end();
        let span = start..start + name.len();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || !name.chars().all(is_name) || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Diagnostic::error("syntax", format!("`{name}` is not a name"))
                .at(span, "not a name")
                .help("write ASCII letters, digits, `_`, `-` and `.` before the `=`, and no digit first"));
        }
        self.position = start + before.len() + 1;
        Ok(Key { span, name: name.to_owned() })
    }

    fn plain(&mut self) -> Node {
        let line = self.rest().split('\n').next().unwrap_or_default();
        let comment = line
            .char_indices()
            .find(|(index, c)| *c == '#' && line[..*index].chars().next_back().is_none_or(is_blank))
            .map_or(line.len(), |(index, _)| index);
        let value = line[..comment].trim_end();
        let span = self.position..self.position + value.len();
        self.skip_line();
        Node { span, kind: Kind::String(value.to_owned()) }
    }

    fn quoted(&mut self, quote: char) -> Result<Node, Diagnostic> {
        let start = self.position;
        let mut value = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((index, c)) = chars.next() {
            match c {
                _ if c == quote => {
                    self.position = start + index + 1;
                    let span = start..self.position;
                    self.end_of_line()?;
                    return Ok(Node { span, kind: Kind::String(value) });
                }
                '\\' if quote == '"' => match chars.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, 'r')) => value.push('\r'),
                    Some((_, 't')) => value.push('\t'),
                    Some((_, c @ ('"' | '\\' | '$'))) => value.push(c),
                    Some((_, other)) => value.extend(['\\', other]),
                    None => break,
                },
                _ => value.push(c),
            }
        }
        let message = format!("the quote `{quote}` is not closed");
        Err(Diagnostic::error("syntax", message).at(start..start + 1, "opened here"))
    }

    /// Nothing but a comment may follow a closing quote.
    fn end_of_line(&mut self) -> Result<(), Diagnostic> {
        let line = self.rest().split('\n').next().unwrap_or_default();
        let after = line.trim();
        if after.is_empty() || after.starts_with('#') {
            self.skip_line();
            return Ok(());
        }
        let start = self.position + line.len() - line.trim_start().len();
        Err(Diagnostic::error("syntax", "text follows the closing quote")
            .at(start..start + after.len(), "not in quotes")
            .help("put all of the value in quotes, with `\\\"` for a quote inside of double quotes"))
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)], mistakes: &[(usize, &str)]) {
        let source = Arc::new(Source { name: ".env".to_owned(), text: text.to_owned() });
        let mut problems = Diagnostics::default();
        let node = parse(&source, &mut problems);
        let found: Vec<_> = node.entries().iter().map(|(key, node)| (key.name.clone(), node.kind.clone())).collect();
        let expected: Vec<_> =
            expected.iter().map(|(key, value)| ((*key).to_owned(), Kind::String((*value).to_owned()))).collect();
        assert_eq!(found, expected);
        let found: Vec<_> =
            problems.iter().map(|problem| (problem.labels[0].span.start, problem.message.as_str())).collect();
        assert_eq!(found, mistakes);
    }

    #[test]
    fn values_are_read_as_compose_reads_them() {
        check(
            "\u{feff}# all\r\nA=1\r\nexport B = two words # c\r\nC='$x \\n'\nD=\"a\\n\\\"b\\\" \\$x\"  # c\nE=\nF=a#b\nG=\"x\ny\"\nH=#\n",
            &[
                ("A", "1"),
                ("B", "two words"),
                ("C", "$x \\n"),
                ("D", "a\n\"b\" $x"),
                ("E", ""),
                ("F", "a#b"),
                ("G", "x\ny"),
                ("H", ""),
            ],
            &[],
        );
        check("exported=1\nß=1", &[("exported", "1")], &[(11, "`ß` is not a name")]);
    }

    #[test]
    fn mistakes_have_places_and_do_not_hide_each_other() {
        check(
            "A\nB=\"x\" y\n1C=2\nD=1\nD=2\nE='x\n",
            &[("D", "1")],
            &[
                (0, "a line has no `=`"),
                (8, "text follows the closing quote"),
                (10, "`1C` is not a name"),
                (19, "`D` is set twice"),
                (25, "the quote `'` is not closed"),
            ],
        );
    }
}
