//! JSON to nodes: strict JSON by serde_json, places by the YAML parser, of which JSON is a part.

use super::{Diagnostic, Diagnostics, Node, Source, yaml};
use serde::de::IgnoredAny;
use std::sync::Arc;

pub(super) fn parse(source: &Arc<Source>, problems: &mut Diagnostics) -> Option<Node> {
    let text = source.text.trim_start_matches('\u{feff}');
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let start = source.text.len() - text.len() + offset(text, error.line(), error.column());
        let end = start + source.text[start..].chars().next().map_or(0, char::len_utf8);
        let message = error.to_string();
        // The place is told by the label.
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(before, _)| before);
        problems.push(Diagnostic::error("syntax", message).at(start..end, "").within(source));
        return None;
    }
    yaml::parse_text(&in_one_line(&source.text), source, problems)
}

/// The place of a line and a column (in bytes), both from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    text.floor_char_boundary((start + column.saturating_sub(1)).min(text.len()))
}

/// The same text, at the same places, without the layout that YAML would look at.
fn in_one_line(text: &str) -> String {
    let mut is_string = false;
    let mut is_escaped = false;
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' if !is_string => ' ',
            _ => {
                if c == '"' && !is_escaped {
                    is_string = !is_string;
                }
                is_escaped = is_string && c == '\\' && !is_escaped;
                c
            }
        })
        .collect()
}
