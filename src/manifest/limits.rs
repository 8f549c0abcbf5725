//! How much of anything is accepted, and what is said of more, in both syntaxes.

use super::{Diagnostic, Span};

/// The most bytes of a document. 10,000 apps of a hundred bytes fit.
pub const FILE_SIZE: usize = 1024 * 1024;
/// The most arrays and tables inside each other.
pub(super) const NESTING: usize = 64;
/// The most values that aliases of YAML may add to a document.
pub(super) const ALIAS_VALUES: usize = 100_000;

/// Names the mistake of [`nesting`].
pub(super) const NESTING_CODE: &str = "nesting";

pub(super) fn nesting(span: Span) -> Diagnostic {
    let message = format!("arrays and tables are nested too deeply; the nesting limit is {NESTING}");
    Diagnostic::error(NESTING_CODE, message).at(span, "one level too many")
}

pub(super) fn integer(raw: &str, span: Span) -> Diagnostic {
    Diagnostic::error("out-of-range", format!("the integer `{raw}` is too large"))
        .at(span, format!("expected an integer from {} to {}", i64::MIN, i64::MAX))
        .help(format!("quote it if it is text: `\"{raw}\"`"))
}

pub(super) fn control_character(c: char, start: usize) -> Diagnostic {
    let code = u32::from(c);
    Diagnostic::error("control-character", format!("the control character \\u{code:04X} stands in the text"))
        .at(start..start + c.len_utf8(), "not visible")
        .help(format!("remove it, or write `\\u{code:04X}` in a string with double quotes"))
}
