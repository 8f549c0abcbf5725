//! Objects, arrays and strings.

use super::cursor::{Cursor, Parsed};
use crate::azure::bicep::lexer::{Kind, Token};
use crate::azure::bicep::syntax::{Expression, ExpressionKind, Item, Key, Object, Part, Property, Span, StringLiteral};

impl<'a> Cursor<'a> {
    pub(super) fn object(&mut self) -> Parsed<Object<'a>> {
        let start = self.take(Kind::OpenBrace)?.span;
        let items = self.elements(Kind::CloseBrace, Self::item)?;
        self.take(Kind::CloseBrace)?;
        Ok(Object { span: self.span_from(start), items })
    }

    pub(super) fn array(&mut self) -> Parsed<Vec<Expression<'a>>> {
        self.take(Kind::OpenBracket)?;
        let items = self.elements(Kind::CloseBracket, Self::array_item)?;
        self.take(Kind::CloseBracket)?;
        Ok(items)
    }

    /// What is separated by line ends, or by commas on one line.
    pub(super) fn elements<T>(&mut self, close: Kind, read: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut elements = Vec::new();
        self.skip_line_ends();
        while self.kind() != close {
            elements.push(read(self)?);
            if self.skip(Kind::Comma) {
                // The compiler allows a comma before a bracket, but not before the end of a line.
                if self.kind() == Kind::LineEnd {
                    return Err(self.expected("another element after the comma"));
                }
            } else if self.kind() == Kind::LineEnd {
                self.skip_line_ends();
            } else if self.kind() != close {
                return Err(self.expected("the end of the line or a comma"));
            }
        }
        Ok(elements)
    }

    fn item(&mut self) -> Parsed<Item<'a>> {
        let is_resource = self.is_word("resource") && self.peek(1).kind == Kind::Name;
        if self.kind() == Kind::At || is_resource {
            return Ok(Item::Resource(Box::new(self.nested(Self::statement)?)));
        }
        if self.skip(Kind::Spread) {
            return Ok(Item::Spread(self.expression()?));
        }
        let key = match self.kind() {
            Kind::Name => {
                let token = self.next();
                Key::Name(crate::azure::bicep::syntax::Name { text: self.text_of(token), span: token.span })
            }
            kind if is_string(kind) => Key::String(self.string("the name of a property")?),
            _ => return Err(self.expected("the name of a property")),
        };
        self.take(Kind::Colon)?;
        Ok(Item::Property(Property { key, value: self.expression()? }))
    }

    fn array_item(&mut self) -> Parsed<Expression<'a>> {
        let start = self.token().span;
        if !self.skip(Kind::Spread) {
            return self.expression();
        }
        let value = Box::new(self.expression()?);
        Ok(Expression { span: self.span_from(start), kind: ExpressionKind::Spread(value) })
    }

    pub(super) fn string(&mut self, what: &str) -> Parsed<StringLiteral<'a>> {
        let first = self.token();
        if !is_string(first.kind) {
            return Err(self.expected(what));
        }
        self.next();
        let mut parts = Vec::new();
        self.push_text(&mut parts, first);
        if matches!(first.kind, Kind::StringStart | Kind::LongStringStart) {
            loop {
                parts.push(Part::Value(self.expression()?));
                let piece = self.token();
                match piece.kind {
                    Kind::StringMiddle | Kind::LongStringMiddle => {
                        self.next();
                        self.push_text(&mut parts, piece);
                    }
                    Kind::StringEnd | Kind::LongStringEnd => {
                        self.next();
                        self.push_text(&mut parts, piece);
                        break;
                    }
                    _ => return Err(self.expected("`}` at the end of the interpolation")),
                }
            }
        }
        Ok(StringLiteral { span: self.span_from(first.span), parts })
    }

    fn push_text(&self, parts: &mut Vec<Part<'a>>, piece: Token) {
        let Span { start, end } = piece.span;
        let text = &self.text[(start as usize + usize::from(piece.head))..(end as usize - usize::from(piece.tail))];
        let part = match piece.kind {
            Kind::LongString | Kind::LongStringStart => {
                // The line end after the opening quotes is no part of the text.
                let text = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text);
                Part::Verbatim(text)
            }
            Kind::LongStringMiddle | Kind::LongStringEnd => Part::Verbatim(text),
            _ => Part::Text(text),
        };
        if !text.is_empty() {
            parts.push(part);
        }
    }
}

pub(super) fn is_string(kind: Kind) -> bool {
    matches!(kind, Kind::String | Kind::StringStart | Kind::LongString | Kind::LongStringStart)
}
