//! A place in the tokens, and the words for what is there.

use crate::azure::bicep::lexer::{Kind, Mistake, Token};
use crate::azure::bicep::syntax::{Name, Span};

/// How deep values, types and resources may be in one another; real files stay below 30.
const MOST_DEPTH: usize = 100;

pub(super) type Parsed<T> = Result<T, Mistake>;

/// The tokens without comments and directives.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, mut tokens: Vec<Token>) -> Self {
        tokens.retain(|token| !matches!(token.kind, Kind::Comment | Kind::Directive));
        Self { text, tokens, at: 0, depth: 0 }
    }

    pub(super) fn token(&self) -> Token {
        self.tokens[self.at]
    }

    pub(super) fn kind(&self) -> Kind {
        self.token().kind
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Continues elsewhere; beyond the end is the end.
    pub(super) fn set_position(&mut self, at: usize) {
        self.at = at.min(self.tokens.len() - 1);
        self.depth = 0;
    }

    pub(super) fn peek(&self, ahead: usize) -> Token {
        self.tokens[(self.at + ahead).min(self.tokens.len() - 1)]
    }

    /// The next token that is no line end.
    pub(super) fn peek_beyond_line_ends(&self) -> Token {
        let rest = self.tokens[self.at..].iter();
        rest.copied().find(|token| token.kind != Kind::LineEnd).unwrap_or_else(|| self.token())
    }

    pub(super) fn text_of(&self, token: Token) -> &'a str {
        &self.text[token.span.range()]
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.token();
        if token.kind != Kind::End {
            self.at += 1;
        }
        token
    }

    /// The end of what was read last.
    pub(super) fn span_from(&self, start: Span) -> Span {
        let last = self.tokens[self.at.saturating_sub(1)].span;
        Span { start: start.start, end: last.end.max(start.end) }
    }

    pub(super) fn skip(&mut self, kind: Kind) -> bool {
        let is_here = self.kind() == kind;
        if is_here {
            self.next();
        }
        is_here
    }

    pub(super) fn skip_line_ends(&mut self) {
        while self.skip(Kind::LineEnd) {}
    }

    pub(super) fn take(&mut self, kind: Kind) -> Parsed<Token> {
        if self.kind() == kind { Ok(self.next()) } else { Err(self.expected(word(kind))) }
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind() == Kind::Name && self.text_of(self.token()) == word
    }

    pub(super) fn skip_word(&mut self, word: &str) -> bool {
        let is_here = self.is_word(word);
        if is_here {
            self.next();
        }
        is_here
    }

    /// A name that is declared or used: any but `true`, `false` and `null`.
    pub(super) fn name(&mut self, what: &str) -> Parsed<Name<'a>> {
        let token = self.token();
        let text = self.text_of(token);
        if token.kind != Kind::Name || matches!(text, "true" | "false" | "null") {
            return Err(self.expected(what));
        }
        self.next();
        Ok(Name { text, span: token.span })
    }

    /// The mistake that something else is here.
    pub(super) fn expected(&self, what: &str) -> Mistake {
        let token = self.token();
        let found = match token.kind {
            Kind::LineEnd => "the end of the line".to_owned(),
            Kind::End => "the end of the file".to_owned(),
            Kind::String | Kind::StringStart | Kind::LongString | Kind::LongStringStart => "a string".to_owned(),
            Kind::StringMiddle | Kind::StringEnd | Kind::LongStringMiddle | Kind::LongStringEnd => {
                "the end of the interpolation".to_owned()
            }
            _ => format!("`{}`", self.text_of(token)),
        };
        Mistake { at: token.span.start, message: format!("expected {what}, found {found}") }
    }

    /// Reads something that may contain its like.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MOST_DEPTH {
            let message = format!("this is nested more than {MOST_DEPTH} levels deep");
            return Err(Mistake { at: self.token().span.start, message });
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::LineEnd => "the end of the line",
        Kind::End => "the end of the file",
        Kind::Name => "a name",
        Kind::Number => "a number",
        Kind::OpenBrace => "`{`",
        Kind::CloseBrace => "`}`",
        Kind::OpenBracket => "`[`",
        Kind::CloseBracket => "`]`",
        Kind::OpenParen => "`(`",
        Kind::CloseParen => "`)`",
        Kind::Comma => "`,`",
        Kind::Colon => "`:`",
        Kind::Equals => "`=`",
        Kind::Arrow => "`=>`",
        Kind::Less => "`<`",
        Kind::Greater => "`>`",
        _ => "something else",
    }
}
