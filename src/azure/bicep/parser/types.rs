//! Types of parameters, variables and outputs.

use super::cursor::{Cursor, Parsed};
use super::objects::is_string;
use crate::azure::bicep::lexer::Kind;
use crate::azure::bicep::syntax::{Decorator, Name, Type, TypeKind};

impl<'a> Cursor<'a> {
    /// `resource 'type@version'`, or any other type.
    pub(super) fn declared_type(&mut self) -> Parsed<Type<'a>> {
        let start = self.token().span;
        if self.is_word("resource") && self.peek(1).kind != Kind::Less {
            self.next();
            if is_string(self.kind()) {
                self.string("the type of a resource")?;
            }
            return Ok(Type { span: self.span_from(start), kind: TypeKind::Resource });
        }
        if self.kind() == Kind::Equals {
            return Err(self.expected("a type"));
        }
        self.union()
    }

    fn union(&mut self) -> Parsed<Type<'a>> {
        self.nested(|cursor| {
            if cursor.peek_beyond_line_ends().kind == Kind::Pipe {
                cursor.skip_line_ends();
                cursor.next();
            }
            let first = cursor.member()?;
            let start = first.span;
            let mut members = vec![first];
            while cursor.kind() == Kind::Pipe || cursor.is_pipe_on_the_next_line() {
                cursor.skip_line_ends();
                cursor.next();
                members.push(cursor.member()?);
            }
            match members.pop() {
                Some(only) if members.is_empty() => Ok(only),
                last => {
                    members.extend(last);
                    Ok(Type { span: cursor.span_from(start), kind: TypeKind::Union(members) })
                }
            }
        })
    }

    fn is_pipe_on_the_next_line(&self) -> bool {
        self.kind() == Kind::LineEnd && self.peek(1).kind == Kind::Pipe
    }

    fn member(&mut self) -> Parsed<Type<'a>> {
        let mut member = self.primary_type()?;
        // Each part would nest the tree deeper.
        for _ in 0..20 {
            let start = member.span;
            let kind = match self.kind() {
                Kind::Question => {
                    self.next();
                    TypeKind::Nullable(Box::new(member))
                }
                Kind::Exclamation => {
                    self.next();
                    TypeKind::Part(Box::new(member))
                }
                Kind::OpenBracket => {
                    self.next();
                    let _is_index = self.skip(Kind::Number) || self.skip(Kind::Star);
                    self.take(Kind::CloseBracket)?;
                    TypeKind::Part(Box::new(member))
                }
                Kind::Dot => {
                    self.next();
                    if !self.skip(Kind::Star) {
                        self.name("the name of a type")?;
                        self.type_arguments()?;
                    }
                    TypeKind::Part(Box::new(member))
                }
                _ => break,
            };
            member = Type { span: self.span_from(start), kind };
        }
        Ok(member)
    }

    fn type_arguments(&mut self) -> Parsed<Vec<Type<'a>>> {
        let mut arguments = Vec::new();
        if self.skip(Kind::Less) {
            self.skip_line_ends();
            while self.kind() != Kind::Greater {
                arguments.push(self.union()?);
                self.skip_line_ends();
                if !self.skip(Kind::Comma) {
                    break;
                }
                self.skip_line_ends();
            }
            self.take(Kind::Greater)?;
        }
        Ok(arguments)
    }

    fn primary_type(&mut self) -> Parsed<Type<'a>> {
        let start = self.token().span;
        let kind = match self.kind() {
            Kind::Minus | Kind::Plus => {
                self.next();
                self.take(Kind::Number)?;
                TypeKind::Literal
            }
            Kind::Exclamation => {
                self.next();
                self.take(Kind::Name)?;
                TypeKind::Literal
            }
            Kind::Number => {
                self.next();
                TypeKind::Literal
            }
            Kind::String | Kind::LongString => {
                self.string("a string")?;
                TypeKind::Literal
            }
            Kind::Name => {
                let token = self.next();
                let name = Name { text: self.text_of(token), span: token.span };
                if matches!(name.text, "true" | "false" | "null") {
                    TypeKind::Literal
                } else {
                    TypeKind::Name(name, self.type_arguments()?)
                }
            }
            Kind::OpenParen => {
                self.next();
                self.skip_line_ends();
                let inner = self.union()?;
                self.skip_line_ends();
                self.take(Kind::CloseParen)?;
                TypeKind::Part(Box::new(inner))
            }
            Kind::OpenBrace => {
                self.next();
                let members = self.elements(Kind::CloseBrace, Self::property_type)?;
                self.take(Kind::CloseBrace)?;
                TypeKind::Members(members)
            }
            Kind::OpenBracket => {
                self.next();
                let members =
                    self.elements(Kind::CloseBracket, |cursor| Ok((cursor.decorators()?, cursor.union()?)))?;
                self.take(Kind::CloseBracket)?;
                TypeKind::Members(members)
            }
            _ => return Err(self.expected("a type")),
        };
        Ok(Type { span: self.span_from(start), kind })
    }

    fn property_type(&mut self) -> Parsed<(Vec<Decorator<'a>>, Type<'a>)> {
        let decorators = self.decorators()?;
        match self.kind() {
            Kind::Star | Kind::Name => {
                self.next();
            }
            _ => {
                self.string("the name of a property")?;
            }
        }
        self.take(Kind::Colon)?;
        Ok((decorators, self.union()?))
    }
}
