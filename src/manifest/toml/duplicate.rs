//! Where a key that stands twice stood first, which the `toml` crate does not tell.

use crate::manifest::{Diagnostic, Span};
use toml::de::DeTable;

/// A path of names, with the place of the last one.
#[derive(Debug)]
struct Path {
    names: Vec<String>,
    /// The places of the names.
    spans: Vec<Span>,
}

/// `span` is the key where it stands again.
pub(super) fn explain(text: &str, span: &Span) -> Diagnostic {
    let raw = text.get(span.clone()).unwrap_or_default();
    let name = raw.trim_matches(['"', '\'']);
    let diagnostic =
        Diagnostic::error("duplicate-key", format!("duplicate key `{name}`")).at(span.clone(), "stands here again");
    match first_place(text, span).or_else(|| in_line(text, span, raw)) {
        Some(first) => diagnostic.at(first, "first here"),
        None => diagnostic,
    }
}

/// Follows the lines to the one that set the same path before.
fn first_place(text: &str, span: &Span) -> Option<Span> {
    let mut seen: Vec<(Vec<String>, Span)> = Vec::new();
    let mut table: Vec<String> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let is_header = line.trim_start().starts_with('[');
        if let Some(path) = if is_header { header(line, start) } else { keys(line, start) } {
            let mut names = if is_header { Vec::new() } else { table.clone() };
            for (name, place) in path.names.iter().zip(&path.spans) {
                names.push(name.clone());
                if *place == *span {
                    return seen.into_iter().find(|(seen, _)| *seen == names).map(|(_, place)| place);
                }
                if place.start < span.start {
                    seen.push((names.clone(), place.clone()));
                }
            }
            if is_header {
                table = names;
            }
        }
        start = end;
        if start > span.end {
            return None;
        }
    }
    None
}

/// The same key earlier in the same inline table.
fn in_line(text: &str, span: &Span, raw: &str) -> Option<Span> {
    let line = text[..span.start].rfind('\n').map_or(0, |index| index + 1);
    let open = text[line..span.start].rfind('{').map(|index| line + index)?;
    let start = open + text[open..span.start].find(raw)?;
    Some(start..start + raw.len())
}

/// The names in `[a.b]` or `[[a.b]]`.
fn header(line: &str, offset: usize) -> Option<Path> {
    path(line.trim_end().split_once('#').map_or(line, |(before, _)| before), offset)
}

/// The names in `a.b = …`.
fn keys(line: &str, offset: usize) -> Option<Path> {
    let (before, _) = line.split_once('=')?;
    path(&format!("{before}=0"), offset)
}

fn path(line: &str, offset: usize) -> Option<Path> {
    let table = DeTable::parse(line).ok()?;
    let mut path = Path { names: Vec::new(), spans: Vec::new() };
    let mut current = Some(table.get_ref());
    while let Some((key, value)) = current.and_then(|table| table.iter().next()) {
        path.names.push(key.get_ref().to_string());
        path.spans.push(key.span().start + offset..key.span().end + offset);
        let value = value.get_ref();
        current = value.as_table().or_else(|| value.as_array()?.iter().next()?.get_ref().as_table());
    }
    Some(path).filter(|path| !path.names.is_empty())
}
