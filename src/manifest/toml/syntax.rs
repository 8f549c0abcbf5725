//! What the errors of the `toml` crate mean to a user.

use super::duplicate;
use crate::manifest::{Diagnostic, Span, limits, place};
use toml::de::Error;

/// After so many mistakes the search ends.
const MISTAKES: usize = 200;

/// One mistake for each line; errors that only follow from an earlier one are left out.
pub(super) fn explain(errors: &[Error], text: &str) -> Vec<Diagnostic> {
    let unclosed = errors.iter().any(|error| error.message().starts_with("unclosed array,"));
    let mut found: Vec<(Span, Diagnostic)> = Vec::new();
    let mut places: Vec<(Span, &Error)> =
        errors.iter().map(|error| (error.span().unwrap_or_else(|| deep_key(text)), error)).collect();
    places.sort_by_key(|(span, _)| span.start);
    for (span, error) in places {
        let span = text.floor_char_boundary(span.start)..text.ceil_char_boundary(span.end.max(span.start));
        if let Some((last, _)) = found.last() {
            let between = text.get(last.start..span.start).unwrap_or_default();
            if !between.contains('\n') || follows_from_duplicate(error, between) {
                continue;
            }
        }
        let span = place::visible(span, text);
        let open_array = unclosed && error.message().starts_with("missing comma between array");
        let diagnostic = if open_array { unclosed_array(span.clone()) } else { reword(error.message(), &span, text) };
        found.push((span, diagnostic));
        if open_array || found.len() >= MISTAKES {
            break;
        }
    }
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// The keys below a table that stands twice are not worth a word each.
fn follows_from_duplicate(error: &Error, between: &str) -> bool {
    error.message().starts_with("duplicate key") && !between.contains("\n[") && between.contains(']')
}

fn unclosed_array(span: Span) -> Diagnostic {
    Diagnostic::error("syntax", "an array is not closed")
        .at(span, "expected `,` or `]` before this")
        .help("end the array with `]`")
}

/// The place of the first key of too many parts, which the crate does not tell.
fn deep_key(text: &str) -> Span {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.matches('.').count() > limits::NESTING {
            return start..start;
        }
        start += line.len();
    }
    0..0
}

fn reword(message: &str, span: &Span, text: &str) -> Diagnostic {
    let raw = text.get(span.clone()).unwrap_or_default();
    let next = text[span.start..].chars().next();
    let new = |message: &str, label: &str, help: &str| {
        let diagnostic = Diagnostic::error("syntax", message).at(span.clone(), label);
        if help.is_empty() { diagnostic } else { diagnostic.help(help) }
    };
    let starts = |prefix: &str| message.starts_with(prefix);
    if starts("recursion limit") || starts("cannot recurse further") {
        return limits::nesting(span.clone());
    }
    if starts("duplicate key") {
        return duplicate::explain(text, span);
    }
    if let Some(c) = next.filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return limits::control_character(c, span.start);
    }
    if starts("string values must be quoted") {
        return match raw {
            "" => new("a value is missing", "expected a value", "write a value after `=`, or remove the key"),
            _ => {
                let quoted = raw.replace('\t', "\\t");
                new(&format!("`{quoted}` is not quoted"), "a string needs quotes", &format!("write `\"{quoted}\"`"))
            }
        };
    }
    for (prefix, quote) in
        [("invalid basic string, expected `\"`", '"'), ("invalid literal string, expected `'`", '\'')]
    {
        if starts(prefix) {
            let place = place::unclosed(text, span.start, quote).unwrap_or_else(|| span.clone());
            return Diagnostic::error("syntax", "a string is not closed")
                .at(place, format!("expected `{quote}` before the end of the line"));
        }
    }
    if starts("unclosed table") || starts("unclosed array table") {
        return new("the table's name is not closed", "expected `]`", "");
    }
    if (starts("invalid unquoted key") || starts("key with no value")) && next == Some(':') {
        return new("`:` does not belong here", "expected `=`", "write `key = value`");
    }
    if starts("key with no value") {
        return new("a key has no value", "expected `=` and a value", "write `key = value`");
    }
    if starts("missing escaped value") {
        // The crate points behind the backslash.
        let backslash = text[..span.start].ends_with('\\');
        let end = span.start + next.map_or(0, char::len_utf8);
        let span = span.start - usize::from(backslash)..end;
        let help = "write `\\\\` for a backslash, or put the text in single quotes";
        return Diagnostic::error("syntax", "unknown escape in a string").at(span, "not an escape").help(help);
    }
    if starts("too few unicode value digits") {
        let help = "write `\\\\` for a backslash, or put the text in single quotes";
        return new("`\\u` needs four and `\\U` eight hexadecimal digits", "too few digits", help);
    }
    if starts("unexpected leading zero") {
        return new("a number starts with 0", "leading zero", "remove the zero, or quote it if it is text");
    }
    let mut parts = message.splitn(2, ", expected ");
    let what = parts.next().unwrap_or(message);
    match parts.next().filter(|expected| *expected != "nothing") {
        Some(expected) => new(what, &format!("expected {expected}"), ""),
        None => new(what, "", ""),
    }
}
