//! Values.

use super::cursor::{Cursor, Parsed};
use super::objects::is_string;
use crate::azure::bicep::lexer::Kind;
use crate::azure::bicep::syntax::{Expression, ExpressionKind, Name, Step};

impl<'a> Cursor<'a> {
    pub(super) fn expression(&mut self) -> Parsed<Expression<'a>> {
        self.nested(Self::choice)
    }

    fn choice(&mut self) -> Parsed<Expression<'a>> {
        let condition = self.operation()?;
        if self.peek_beyond_line_ends().kind == Kind::Question {
            self.skip_line_ends();
        }
        if !self.skip(Kind::Question) {
            return Ok(condition);
        }
        self.skip_line_ends();
        let yes = self.expression()?;
        if self.peek_beyond_line_ends().kind == Kind::Colon {
            self.skip_line_ends();
        }
        self.take(Kind::Colon)?;
        self.skip_line_ends();
        let no = self.expression()?;
        let span = condition.span.to(no.span);
        Ok(Expression { span, kind: ExpressionKind::Choice(Box::new([condition, yes, no])) })
    }

    fn operation(&mut self) -> Parsed<Expression<'a>> {
        let first = self.unary()?;
        if !self.is_operator() {
            return Ok(first);
        }
        let start = first.span;
        let mut operands = vec![first];
        while self.is_operator() {
            self.next();
            operands.push(self.unary()?);
        }
        Ok(Expression { span: self.span_from(start), kind: ExpressionKind::Operation(operands) })
    }

    fn is_operator(&self) -> bool {
        matches!(self.kind(), Kind::Operator | Kind::Less | Kind::Greater | Kind::Star | Kind::Minus | Kind::Plus)
    }

    fn unary(&mut self) -> Parsed<Expression<'a>> {
        let start = self.token().span;
        if !matches!(self.kind(), Kind::Exclamation | Kind::Minus | Kind::Plus) {
            return self.access();
        }
        self.next();
        let operand = Box::new(self.access()?);
        Ok(Expression { span: self.span_from(start), kind: ExpressionKind::Unary(operand) })
    }

    fn access(&mut self) -> Parsed<Expression<'a>> {
        let base = self.primary()?;
        let start = base.span;
        let mut steps = Vec::new();
        while let Some(step) = self.step()? {
            steps.push(step);
        }
        if steps.is_empty() {
            return Ok(base);
        }
        Ok(Expression { span: self.span_from(start), kind: ExpressionKind::Access(Box::new(base), steps) })
    }

    fn step(&mut self) -> Parsed<Option<Step<'a>>> {
        match self.kind() {
            Kind::Exclamation => {
                self.next();
                Ok(Some(Step::NotNull))
            }
            Kind::OpenBracket => {
                self.next();
                self.skip(Kind::Question);
                self.skip(Kind::Caret);
                let index = self.expression()?;
                self.take(Kind::CloseBracket)?;
                Ok(Some(Step::Index(index)))
            }
            Kind::Colons => {
                self.next();
                let name = self.name("the name of a nested resource")?;
                Ok(Some(Step::Nested(name)))
            }
            Kind::Dot => {
                self.next();
                self.skip(Kind::Question);
                let token = self.take(Kind::Name).map_err(|_| self.expected("the name of a property"))?;
                let name = Name { text: self.text_of(token), span: token.span };
                if self.kind() == Kind::OpenParen {
                    return Ok(Some(Step::Method(name, self.arguments()?)));
                }
                Ok(Some(Step::Member(name)))
            }
            _ => Ok(None),
        }
    }

    pub(super) fn arguments(&mut self) -> Parsed<Vec<Expression<'a>>> {
        self.take(Kind::OpenParen)?;
        self.skip_line_ends();
        let mut arguments = Vec::new();
        while self.kind() != Kind::CloseParen {
            arguments.push(self.expression()?);
            self.skip_line_ends();
            if !self.skip(Kind::Comma) {
                break;
            }
            self.skip_line_ends();
            if self.kind() == Kind::CloseParen {
                return Err(self.expected("another argument after the comma"));
            }
        }
        if self.kind() != Kind::CloseParen {
            return Err(self.expected("`,` or `)`"));
        }
        self.next();
        Ok(arguments)
    }

    fn primary(&mut self) -> Parsed<Expression<'a>> {
        let start = self.token().span;
        let kind = match self.kind() {
            Kind::Number => self.number()?,
            Kind::OpenBrace => ExpressionKind::Object(self.object()?),
            Kind::OpenBracket => self.bracket()?,
            Kind::OpenParen => self.paren()?,
            Kind::Name => self.word()?,
            kind if is_string(kind) => ExpressionKind::String(self.string("a string")?),
            _ => return Err(self.expected("a value")),
        };
        Ok(Expression { span: self.span_from(start), kind })
    }

    fn number(&mut self) -> Parsed<ExpressionKind<'a>> {
        // One more than fits, for `-9223372036854775808`.
        let number = self.text_of(self.token()).parse::<u64>().ok().filter(|number| *number <= i64::MIN.unsigned_abs());
        let Some(number) = number else { return Err(self.expected("an integer of 64 bits")) };
        self.next();
        Ok(ExpressionKind::Number(number))
    }

    fn bracket(&mut self) -> Parsed<ExpressionKind<'a>> {
        let ahead = (1..).find(|ahead| self.peek(*ahead).kind != Kind::LineEnd).unwrap_or(1);
        let next = self.peek(ahead);
        if next.kind != Kind::Name || self.text_of(next) != "for" {
            return Ok(ExpressionKind::Array(self.array()?));
        }
        self.next();
        self.skip_line_ends();
        let head = self.loop_head()?;
        let body = self.expression()?;
        self.skip_line_ends();
        self.take(Kind::CloseBracket)?;
        Ok(ExpressionKind::For(Box::new((head, body))))
    }

    fn word(&mut self) -> Parsed<ExpressionKind<'a>> {
        let token = self.next();
        let name = Name { text: self.text_of(token), span: token.span };
        match name.text {
            "true" => Ok(ExpressionKind::Bool(true)),
            "false" => Ok(ExpressionKind::Bool(false)),
            "null" => Ok(ExpressionKind::Null),
            _ if self.kind() == Kind::OpenParen => Ok(ExpressionKind::Call(name, self.arguments()?)),
            _ if self.kind() == Kind::Arrow => self.lambda(vec![name]),
            text => Ok(ExpressionKind::Name(text)),
        }
    }

    /// `(value)`, `(a, b) => value`
    fn paren(&mut self) -> Parsed<ExpressionKind<'a>> {
        self.next();
        self.skip_line_ends();
        let mut values = Vec::new();
        while self.kind() != Kind::CloseParen {
            values.push(self.expression()?);
            self.skip_line_ends();
            if !self.skip(Kind::Comma) {
                break;
            }
            self.skip_line_ends();
        }
        self.take(Kind::CloseParen)?;
        if self.kind() == Kind::Arrow {
            let names: Option<Vec<Name<'a>>> = values.iter().map(plain_name).collect();
            return match names {
                Some(names) => self.lambda(names),
                None => Err(self.expected("names only before `=>`")),
            };
        }
        let (Some(value), true) = (values.pop(), values.is_empty()) else {
            return Err(self.expected("one value in parentheses, or `=>`"));
        };
        Ok(ExpressionKind::Paren(Box::new(value)))
    }

    fn lambda(&mut self, names: Vec<Name<'a>>) -> Parsed<ExpressionKind<'a>> {
        self.take(Kind::Arrow)?;
        self.skip_line_ends();
        Ok(ExpressionKind::Lambda(names, Box::new(self.expression()?)))
    }
}

fn plain_name<'a>(expression: &Expression<'a>) -> Option<Name<'a>> {
    match expression.kind {
        ExpressionKind::Name(text) => Some(Name { text, span: expression.span }),
        _ => None,
    }
}
