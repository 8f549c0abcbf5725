//! Tokens to tree, by recursive descent. Sensitive to line ends, as the compiler is.
//!
//! A mistake ends its statement; the next statement is read again, so that one run reports a mistake of
//! each. Nesting is limited, so that no text can exhaust the stack.

mod cursor;
mod expressions;
mod objects;
mod statements;
mod types;

use super::lexer::{Kind, lex};
use super::syntax::{Expression, File};
use cursor::Cursor;

/// A place that is not Bicep, and what belongs there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct SyntaxError {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub message: String,
}

/// Reads a `.bicep` or a `.bicepparam` file.
///
/// # Errors
///
/// Every statement that is wrong, in the order of the text.
pub fn parse(text: &str) -> Result<File<'_>, Vec<SyntaxError>> {
    let (tokens, mut mistakes) = lex(text);
    let directives = tokens.iter().filter(|token| token.kind == Kind::Directive).map(|token| token.span).collect();
    let mut cursor = Cursor::new(text, tokens);
    let statements = statements::file(&mut cursor, &mut mistakes);
    if mistakes.is_empty() {
        return Ok(File { text, statements, directives });
    }
    mistakes.sort_by_key(|mistake| mistake.at);
    let mut errors: Vec<SyntaxError> = Vec::new();
    let (mut line, mut line_start, mut read) = (1, 0, 0);
    for mistake in mistakes {
        let at = text.floor_char_boundary(mistake.at as usize);
        for (index, _) in text.as_bytes()[read..at].iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            (line, line_start) = (line + 1, read + index + 1);
        }
        read = at;
        // What follows a mistake on its line follows from it.
        if errors.last().is_none_or(|last| last.line != line) {
            let column = text[line_start..at].trim_start_matches('\u{feff}').chars().count() + 1;
            errors.push(SyntaxError { line, column, message: mistake.message });
        }
    }
    Err(errors)
}

/// Reads one expression, which is the whole text.
///
/// # Errors
///
/// The first place that is wrong.
pub fn parse_expression(text: &str) -> Result<Expression<'_>, SyntaxError> {
    let (tokens, mistakes) = lex(text);
    let mut cursor = Cursor::new(text, tokens);
    cursor.skip_line_ends();
    let expression = cursor.expression().and_then(|expression| {
        cursor.skip_line_ends();
        cursor.take(Kind::End).map(|_| expression)
    });
    let error = match (mistakes.into_iter().next(), expression) {
        (None, Ok(expression)) => return Ok(expression),
        (Some(mistake), _) | (None, Err(mistake)) => mistake,
    };
    let (line, column) = super::syntax::place(text, error.at);
    Err(SyntaxError { line, column, message: error.message })
}
