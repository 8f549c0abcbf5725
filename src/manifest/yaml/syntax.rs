//! What the parser's errors mean to a user.

use crate::manifest::{Diagnostic, Span, limits, place};
use serde_saphyr::granit_parser::{ErrorKind, ScanError};

/// `skipped` bytes of `text` were kept from the parser.
pub(super) fn explain(error: &ScanError, text: &str, skipped: usize) -> Diagnostic {
    let start = error.marker().byte_offset().map_or(0, |offset| offset + skipped).min(text.len());
    let start = text.floor_char_boundary(start);
    let span = start..start + text[start..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    let next = text[start..].chars().next();
    if let Some(c) = next.filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return limits::control_character(c, start);
    }
    let new = |message: &str, label: &str, help: &str| {
        let diagnostic = Diagnostic::error("syntax", message).at(span.clone(), label);
        if help.is_empty() { diagnostic } else { diagnostic.help(help) }
    };
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => limits::nesting(span),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart => {
            let place = first_tab(text, start).unwrap_or_else(|| span.clone());
            Diagnostic::error("tab", "a tab is used for indentation").at(place, "tab").help("indent with spaces")
        }
        ErrorKind::UnexpectedCharacter { character } => {
            new(&format!("a value cannot start with `{character}`"), "needs quotes", "put quotes round the value")
        }
        ErrorKind::UnclosedFlowCollection { open } => new(&format!("`{open}` is not closed"), "opened here", ""),
        ErrorKind::UnclosedQuotedScalar => unclosed(text, span.start, &new, ""),
        ErrorKind::InvalidQuotedScalarIndent => {
            let help = "end the string with a quote; to go on with it on the next line, indent that line further";
            unclosed(text, span.start, &new, help)
        }
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => new(
            "the indentation of this line does not fit the lines above",
            "expected a key here or another indentation",
            "give the keys of one table the same indentation",
        ),
        ErrorKind::UnknownQuotedScalarEscape => new(
            "unknown escape in a string",
            "not an escape",
            "write `\\\\` for a backslash, or put the text in single quotes",
        ),
        _ if error.info().contains("found a tab") => {
            let place = tab_after(text, start).unwrap_or_else(|| span.clone());
            Diagnostic::error("tab", "a tab is used for indentation").at(place, "tab").help("indent with spaces")
        }
        _ if error.info().contains("expected ':'") => Diagnostic::error("syntax", "a `:` is missing")
            .at(place::rest_of_line(start, text), "expected `:` after a key")
            .help("write `key: value`; put quotes round text that spans lines"),
        _ => other(error, &new),
    }
}

/// A string without an end, at the quote that opens it if that is plain to see.
fn unclosed(text: &str, end: usize, new: &dyn Fn(&str, &str, &str) -> Diagnostic, help: &str) -> Diagnostic {
    let quote = text[end..].starts_with(['"', '\'']).then(|| place::rest_of_line(end, text));
    match quote.or_else(|| ['"', '\''].into_iter().find_map(|quote| place::unclosed(text, end, quote))) {
        Some(place) => {
            let diagnostic = Diagnostic::error("syntax", "a string is not closed").at(place, "has no quote at its end");
            if help.is_empty() { diagnostic } else { diagnostic.help(help) }
        }
        None => new("a string is not closed", "expected a quote before this", help),
    }
}

/// The first tab in the indentation of a line below `start`.
fn tab_after(text: &str, start: usize) -> Option<Span> {
    let below = start + text[start..].find('\n')? + 1;
    first_tab(&text[below..], text.len()).map(|span| span.start + below..span.end + below)
}

/// The parser's own words, and a guess where one is likely to be right.
fn other(error: &ScanError, new: &dyn Fn(&str, &str, &str) -> Diagnostic) -> Diagnostic {
    let info = error.info();
    if info.contains("mapping values are not allowed") {
        let help = "write a space after the `:` of the line above, and put quotes round text with `: ` in it";
        return new("a `:` does not belong here", "not expected", help);
    }
    if info.contains("':' indicator") {
        return new("a `:` does not belong here", "is a bracket before this not closed?", "");
    }
    new(&info, "", "")
}

/// The tab in the indentation of the first line that has one, up to `end`.
fn first_tab(text: &str, end: usize) -> Option<Span> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if start > end {
            return None;
        }
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = line[..indentation].find('\t') {
            return Some(start + tab..start + tab + 1);
        }
        start += line.len();
    }
    None
}
