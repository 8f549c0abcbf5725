//! What the parser's errors mean to a user.

use super::builder::nesting;
use crate::manifest::Diagnostic;
use serde_saphyr::granit_parser::{ErrorKind, ScanError};

/// `skipped` bytes of `text` were kept from the parser.
pub(super) fn explain(error: &ScanError, text: &str, skipped: usize) -> Diagnostic {
    let start = error.marker().byte_offset().map_or(0, |offset| offset + skipped).min(text.len());
    let start = text.floor_char_boundary(start);
    let end = text[start..].chars().next().map_or(start, |next| start + next.len_utf8());
    let span = start..end;
    let (message, help): (String, &str) = match error.kind() {
        ErrorKind::RecursionLimitExceeded => return nesting(span),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart => ("a tab is used for indentation".into(), "indent with spaces"),
        ErrorKind::UnexpectedCharacter { character } => {
            (format!("unexpected character `{character}`"), "put quotes round text that starts with it")
        }
        _ => (error.info(), ""),
    };
    let diagnostic = Diagnostic::error("syntax", message).at(span, "");
    if help.is_empty() { diagnostic } else { diagnostic.help(help) }
}
