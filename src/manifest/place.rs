//! What to underline where a parser only says how far it came.

use super::Span;

/// Widens a place of no width to the word, or the character, that stands there; at the end of a line
/// there is nothing to show.
pub(super) fn visible(span: Span, text: &str) -> Span {
    if !span.is_empty() {
        return span;
    }
    let rest = &text[span.start..];
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let word = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let first = rest.chars().next().filter(|c| !c.is_whitespace()).map_or(0, char::len_utf8);
    span.start..span.start + word.max(first)
}

/// From the quote that opens a string to `end`, or to the end of its line: the quote that has no
/// partner on the last line with text before `end`.
pub(super) fn unclosed(text: &str, end: usize, quote: char) -> Option<Span> {
    let before = text[..end].trim_end();
    let start = before.rfind('\n').map_or(0, |index| index + 1);
    let mut open = None;
    let mut is_escaped = false;
    for (index, c) in before[start..].char_indices() {
        let is_quote = matches!(c, '"' | '\'') && !is_escaped;
        match open {
            None if is_quote => open = Some((index, c)),
            Some((_, opened)) if is_quote && c == opened => open = None,
            None | Some(_) => {}
        }
        is_escaped = c == '\\' && !is_escaped && open.is_some_and(|(_, opened)| opened == '"');
    }
    let (index, _) = open.filter(|(_, opened)| *opened == quote)?;
    Some(start + index..before.len())
}

/// From a place to the end of its line, without what follows the last word.
pub(super) fn rest_of_line(start: usize, text: &str) -> Span {
    let line = text[start..].lines().next().unwrap_or_default();
    start..start + line.trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_without_width_becomes_a_word_or_a_character() {
        let text = "a = b-c, é\n";
        assert_eq!(visible(4..4, text), 4..7);
        assert_eq!(visible(7..7, text), 7..8);
        assert_eq!(visible(9..9, text), 9..11);
        assert_eq!(visible(11..11, text), 11..11);
        assert_eq!(visible(0..3, text), 0..3);
    }

    #[test]
    fn an_open_string_begins_at_the_quote_without_a_partner() {
        let open = |text: &str, quote| unclosed(text, text.len(), quote).map(|span| text[span].to_owned());
        assert_eq!(open("a = \"b\", c = \"d e", '"').as_deref(), Some("\"d e"));
        assert_eq!(open("x\na: 'it\n", '\'').as_deref(), Some("'it"));
        assert_eq!(open("a = \"\\\" 'b", '"').as_deref(), Some("\"\\\" 'b"));
        assert_eq!(open("a = \"b\"", '"'), None);
    }
}
