//! Layout: indentation, line ends, empty lines. Nothing else of a text is changed.

use super::lexer::{Kind, Token, tokens};

const STEP: &str = "  ";

/// Lays a text out: two blanks for each line with an open bracket around, no blanks at ends of lines, at most
/// one empty line in a row, none inside of a bracket's ends, one line end at the end.
///
/// Strings and comments are as they were. A text that cannot be cut into tokens comes back unchanged.
pub fn format(text: &str) -> String {
    let Some(tokens) = tokens(text) else { return text.to_owned() };
    let mut layout = Layout { text, out: String::with_capacity(text.len() + text.len() / 8), open: Vec::new() };
    for line in tokens.split(|token| token.kind == Kind::LineEnd) {
        layout.line(line);
    }
    layout.finish()
}

struct Layout<'a> {
    text: &'a str,
    out: String,
    /// For each bracket: the indentation of its line, and of what is inside.
    open: Vec<(usize, usize)>,
}

impl Layout<'_> {
    fn line(&mut self, line: &[Token]) {
        let line = match line {
            [tokens @ .., end] if end.kind == Kind::End => tokens,
            line => line,
        };
        let [first, ..] = line else { return self.empty_line() };
        let indent = self.indent(line);
        if closes(first.kind) {
            self.remove_empty_line();
        }
        for _ in 0..indent {
            self.out.push_str(STEP);
        }
        let mut end = first.span.start as usize;
        let mut opened = None;
        for token in line {
            let range = token.span.range();
            self.out.push_str(&self.text[end..range.end]);
            end = range.end;
            if opens(token.kind) {
                let inside = opened.unwrap_or(indent + 1);
                self.open.push((indent, inside));
                opened = Some(inside);
            } else if closes(token.kind) {
                self.open.pop();
                // What opens now is on a level with what is still open of this line.
                opened = opened.filter(|inside| self.open.last().is_some_and(|(_, last)| last == inside));
            }
        }
        if matches!(line[line.len() - 1].kind, Kind::Comment | Kind::Directive) {
            self.out.truncate(self.out.trim_end_matches([' ', '\t']).len());
        }
        self.out.push('\n');
    }

    /// Closing brackets at the start of a line belong to the line that they close.
    fn indent(&self, line: &[Token]) -> usize {
        let closing = line.iter().take_while(|token| closes(token.kind)).count();
        if closing > 0 {
            let index = self.open.len().saturating_sub(closing);
            return self.open.get(index).map_or(0, |(outside, _)| *outside);
        }
        let inside = self.open.last().map_or(0, |(_, inside)| *inside);
        let is_continued = matches!(line[0].kind, Kind::Question | Kind::Colon | Kind::Pipe);
        inside + usize::from(is_continued)
    }

    fn empty_line(&mut self) {
        let is_wanted = match self.out.as_bytes() {
            [] | [.., b'\n', b'\n'] => false,
            [.., last, b'\n'] => !matches!(last, b'{' | b'[' | b'('),
            _ => true,
        };
        if is_wanted {
            self.out.push('\n');
        }
    }

    fn remove_empty_line(&mut self) {
        if self.out.ends_with("\n\n") {
            self.out.pop();
        }
    }

    fn finish(mut self) -> String {
        self.remove_empty_line();
        self.out
    }
}

fn opens(kind: Kind) -> bool {
    matches!(kind, Kind::OpenBrace | Kind::OpenBracket | Kind::OpenParen)
}

fn closes(kind: Kind) -> bool {
    matches!(kind, Kind::CloseBrace | Kind::CloseBracket | Kind::CloseParen)
}
