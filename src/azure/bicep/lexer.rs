//! Text to tokens, comments and line ends included; no character is lost.

use super::syntax::Span;

/// A piece of text, without the blanks before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub span: Span,
    /// Of a string: bytes of the delimiters at both ends.
    pub head: u8,
    pub tail: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `\n`, `\r\n` or `\r`.
    LineEnd,
    /// `// …` or `/* … */`.
    Comment,
    /// `#disable-next-line …`, `#disable-diagnostics …`, `#restore-diagnostics …`
    Directive,
    Name,
    Number,
    /// A string without interpolation.
    String,
    /// `'…${`
    StringStart,
    /// `}…${`
    StringMiddle,
    /// `}…'`
    StringEnd,
    /// `'''…'''`, and its pieces where it is interpolated (`$'''…${`).
    LongString,
    LongStringStart,
    LongStringMiddle,
    LongStringEnd,
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen,
    Comma,
    Dot,
    Spread,
    Colon,
    Colons,
    Question,
    Exclamation,
    Equals,
    Arrow,
    Less,
    Greater,
    Pipe,
    At,
    Caret,
    Star,
    Minus,
    Plus,
    /// `/ % == != =~ !~ <= >= && || ??`
    Operator,
    /// What no token begins with; always with a mistake.
    Unknown,
    End,
}

/// What is wrong with a token.
#[derive(Clone, Debug)]
pub(super) struct Mistake {
    pub(super) at: u32,
    pub(super) message: String,
}

/// Every token of a text, the last one being [`Kind::End`], or `None` when the text cannot be cut into tokens.
pub fn tokens(text: &str) -> Option<Vec<Token>> {
    let (tokens, mistakes) = lex(text);
    mistakes.is_empty().then_some(tokens)
}

pub(super) fn lex(text: &str) -> (Vec<Token>, Vec<Mistake>) {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{feff}') { 3 } else { 0 },
        tokens: Vec::with_capacity(text.len() / 6 + 8),
        mistakes: Vec::new(),
        open: Vec::new(),
    };
    if u32::try_from(text.len()).is_err() {
        lexer.mistake(0, "the file is longer than 4 GiB".to_owned());
        lexer.at = text.len();
    }
    lexer.run();
    (lexer.tokens, lexer.mistakes)
}

/// What the next `}` closes.
#[derive(Clone, Copy)]
enum Open {
    Brace,
    Interpolation,
    /// With the number of dollar signs that its interpolations begin with.
    LongInterpolation(u8),
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    mistakes: Vec<Mistake>,
    open: Vec<Open>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let start = self.at;
            match byte {
                b' ' | b'\t' => self.at += 1,
                b'\r' if self.bytes.get(start + 1) == Some(&b'\n') => self.push(Kind::LineEnd, start, 2),
                b'\n' | b'\r' => self.push(Kind::LineEnd, start, 1),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    let length = self.length_of(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                    self.push(Kind::Name, start, length);
                }
                b'0'..=b'9' => {
                    let length = self.length_of(|byte| byte.is_ascii_digit());
                    self.push(Kind::Number, start, length);
                }
                b'\'' if self.rest().starts_with("'''") => {
                    self.at += 3;
                    self.long_piece(start, 0);
                }
                b'\'' => {
                    self.at += 1;
                    self.piece(start);
                }
                b'$' if self.is_long_start() => {
                    let dollars = self.length_of(|byte| byte == b'$');
                    self.at += dollars + 3;
                    self.long_piece(start, u8::try_from(dollars).unwrap_or(u8::MAX));
                }
                b'/' if self.rest().starts_with("//") => {
                    let length = self.length_of(|byte| byte != b'\n' && byte != b'\r');
                    self.push(Kind::Comment, start, length);
                }
                b'/' if self.rest().starts_with("/*") => self.long_comment(),
                b'#' => self.directive(),
                b'{' => {
                    self.open.push(Open::Brace);
                    self.push(Kind::OpenBrace, start, 1);
                }
                b'}' => self.close(),
                _ => self.symbol(),
            }
        }
        self.push(Kind::End, self.bytes.len(), 0);
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// How many bytes from here on are such.
    fn length_of(&self, is_such: impl Fn(u8) -> bool) -> usize {
        let rest = &self.bytes[self.at..];
        rest.iter().position(|byte| !is_such(*byte)).unwrap_or(rest.len())
    }

    fn push(&mut self, kind: Kind, start: usize, length: usize) {
        self.at = start + length;
        self.tokens.push(Token { kind, span: Span::new(start, self.at), head: 0, tail: 0 });
    }

    /// A piece of a string from `start` to here.
    fn push_piece(&mut self, kind: Kind, start: usize, head: usize, tail: usize) {
        let [head, tail] = [head, tail].map(|length| u8::try_from(length).unwrap_or(u8::MAX));
        self.tokens.push(Token { kind, span: Span::new(start, self.at), head, tail });
    }

    fn mistake(&mut self, at: usize, message: String) {
        self.mistakes.push(Mistake { at: u32::try_from(at).unwrap_or(u32::MAX), message });
    }

    fn close(&mut self) {
        let start = self.at;
        match self.open.pop() {
            Some(Open::Interpolation) => {
                self.at += 1;
                self.piece(start);
            }
            Some(Open::LongInterpolation(dollars)) => {
                self.at += 1;
                self.long_piece(start, dollars);
            }
            Some(Open::Brace) | None => self.push(Kind::CloseBrace, start, 1),
        }
    }

    /// A string, or the rest of one after an interpolation, up to its end or the next interpolation.
    fn piece(&mut self, start: usize) {
        let is_first = self.bytes[start] == b'\'';
        loop {
            self.at += self.length_of(|byte| !matches!(byte, b'\'' | b'\\' | b'$' | b'\n' | b'\r'));
            match self.bytes.get(self.at) {
                Some(b'\'') => {
                    self.at += 1;
                    let kind = if is_first { Kind::String } else { Kind::StringEnd };
                    return self.push_piece(kind, start, 1, 1);
                }
                Some(b'$') if self.bytes.get(self.at + 1) == Some(&b'{') => {
                    self.at += 2;
                    self.open.push(Open::Interpolation);
                    let kind = if is_first { Kind::StringStart } else { Kind::StringMiddle };
                    return self.push_piece(kind, start, 1, 2);
                }
                Some(b'$') => self.at += 1,
                Some(b'\\') => self.escape(),
                Some(_) | None => {
                    self.mistake(start, "the string does not end on its line: expected `'`".to_owned());
                    let kind = if is_first { Kind::String } else { Kind::StringEnd };
                    return self.push_piece(kind, start, 1, 0);
                }
            }
        }
    }

    fn escape(&mut self) {
        let start = self.at;
        self.at += 1;
        match self.bytes.get(self.at) {
            Some(b'n' | b'r' | b't' | b'\\' | b'\'' | b'$') => self.at += 1,
            Some(b'u') if code_point(self.rest()).is_some() => {
                self.at += self.length_of(|byte| byte != b'}') + 1;
            }
            Some(b'\n' | b'\r') | None => {}
            Some(_) => {
                let wrong: String = self.rest().chars().take(1).collect();
                self.mistake(
                    start,
                    format!("`\\{wrong}` is no escape: expected one of `\\\\ \\' \\n \\r \\t \\u{{…}} \\$`"),
                );
                self.at += wrong.len();
            }
        }
    }

    fn is_long_start(&self) -> bool {
        self.rest().trim_start_matches('$').starts_with("'''")
    }

    /// A multi-line string, or the rest of one, up to its end or the next interpolation.
    fn long_piece(&mut self, start: usize, dollars: u8) {
        let is_first = self.bytes[start] != b'}';
        let head = self.at - start;
        loop {
            self.at += self.length_of(|byte| !matches!(byte, b'\'' | b'$'));
            match self.bytes.get(self.at) {
                Some(b'\'') if self.rest().starts_with("'''") => {
                    self.at += self.length_of(|byte| byte == b'\'');
                    let kind = if is_first { Kind::LongString } else { Kind::LongStringEnd };
                    return self.push_piece(kind, start, head, 3);
                }
                Some(b'$') => {
                    let found = self.length_of(|byte| byte == b'$');
                    self.at += found;
                    if dollars > 0 && found == usize::from(dollars) && self.bytes.get(self.at) == Some(&b'{') {
                        self.at += 1;
                        self.open.push(Open::LongInterpolation(dollars));
                        let kind = if is_first { Kind::LongStringStart } else { Kind::LongStringMiddle };
                        return self.push_piece(kind, start, head, found + 1);
                    }
                }
                Some(_) => self.at += 1,
                None => {
                    self.mistake(start, "the multi-line string does not end: expected `'''`".to_owned());
                    let kind = if is_first { Kind::LongString } else { Kind::LongStringEnd };
                    return self.push_piece(kind, start, head, 0);
                }
            }
        }
    }

    fn long_comment(&mut self) {
        let start = self.at;
        match self.rest()[2..].find("*/") {
            Some(length) => self.push(Kind::Comment, start, length + 4),
            None => {
                self.mistake(start, "the comment does not end: expected `*/`".to_owned());
                self.push(Kind::Comment, start, self.bytes.len() - start);
            }
        }
    }

    fn directive(&mut self) {
        let start = self.at;
        let length = self.length_of(|byte| byte != b'\n' && byte != b'\r');
        let line = &self.text[start..start + length];
        let known = ["#disable-next-line", "#disable-diagnostics", "#restore-diagnostics"];
        if known.contains(&line.split([' ', '\t']).next().unwrap_or_default()) {
            self.push(Kind::Directive, start, length);
        } else {
            self.unknown();
        }
    }

    fn symbol(&mut self) {
        let start = self.at;
        let rest = &self.bytes[start..];
        let (kind, length) = match rest {
            [b'.', b'.', b'.', ..] => (Kind::Spread, 3),
            [b':', b':', ..] => (Kind::Colons, 2),
            [b'=', b'>', ..] => (Kind::Arrow, 2),
            [b'=' | b'!', b'=' | b'~', ..] | [b'<' | b'>', b'=', ..] => (Kind::Operator, 2),
            [b'&', b'&', ..] | [b'|', b'|', ..] | [b'?', b'?', ..] => (Kind::Operator, 2),
            [b'[', ..] => (Kind::OpenBracket, 1),
            [b']', ..] => (Kind::CloseBracket, 1),
            [b'(', ..] => (Kind::OpenParen, 1),
            [b')', ..] => (Kind::CloseParen, 1),
            [b',', ..] => (Kind::Comma, 1),
            [b'.', ..] => (Kind::Dot, 1),
            [b':', ..] => (Kind::Colon, 1),
            [b'?', ..] => (Kind::Question, 1),
            [b'!', ..] => (Kind::Exclamation, 1),
            [b'=', ..] => (Kind::Equals, 1),
            [b'<', ..] => (Kind::Less, 1),
            [b'>', ..] => (Kind::Greater, 1),
            [b'|', ..] => (Kind::Pipe, 1),
            [b'@', ..] => (Kind::At, 1),
            [b'^', ..] => (Kind::Caret, 1),
            [b'*', ..] => (Kind::Star, 1),
            [b'-', ..] => (Kind::Minus, 1),
            [b'+', ..] => (Kind::Plus, 1),
            [b'/' | b'%', ..] => (Kind::Operator, 1),
            _ => return self.unknown(),
        };
        self.push(kind, start, length);
    }

    fn unknown(&mut self) {
        let Some(c) = self.rest().chars().next() else { return };
        let hint = if c == '"' { ": strings are in single quotes" } else { "" };
        self.mistake(self.at, format!("`{}` has no meaning here{hint}", c.escape_debug()));
        self.push(Kind::Unknown, self.at, c.len_utf8());
    }
}

/// The number of `u{1F600}…`; halves of surrogate pairs are numbers too.
pub(super) fn code_point(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("u{")?.split_once('}')?.0;
    let are_digits = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|number| are_digits && *number <= u32::from(char::MAX))
}
