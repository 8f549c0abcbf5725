//! Declarations.

use super::cursor::{Cursor, Parsed};
use crate::azure::bicep::lexer::{Kind, Mistake};
use crate::azure::bicep::syntax::{
    Body, Declaration, Decorator, Expression, ExpressionKind, Function, Import, Loop, Module, Name, Param, Resource,
    Statement,
};

/// What a statement begins with.
const KEYWORDS: [&str; 17] = [
    "targetScope",
    "metadata",
    "param",
    "var",
    "resource",
    "module",
    "output",
    "type",
    "func",
    "import",
    "extension",
    "assert",
    "using",
    "extends",
    "provider",
    "test",
    "extensionConfig",
];

/// Every statement that can be read; mistakes go to the list.
pub(super) fn file<'a>(cursor: &mut Cursor<'a>, mistakes: &mut Vec<Mistake>) -> Vec<Statement<'a>> {
    let mut statements = Vec::new();
    loop {
        cursor.skip_line_ends();
        if cursor.kind() == Kind::End {
            return statements;
        }
        let start = cursor.position();
        let statement = cursor.statement().and_then(|statement| {
            let is_end = matches!(cursor.kind(), Kind::LineEnd | Kind::End);
            if is_end { Ok(statement) } else { Err(cursor.expected("the end of the line")) }
        });
        match statement {
            Ok(statement) => statements.push(statement),
            Err(mistake) => {
                mistakes.push(mistake);
                cursor.set_position(cursor.position().max(start + 1) - 1);
                cursor.skip_to_statement();
            }
        }
    }
}

impl<'a> Cursor<'a> {
    /// Goes to the next line that begins, in its first column, like a statement.
    fn skip_to_statement(&mut self) {
        while self.kind() != Kind::End {
            let token = self.next();
            let next = self.token();
            let is_first = token.kind == Kind::LineEnd && next.span.start == token.span.end;
            let is_start = next.kind == Kind::At || KEYWORDS.iter().any(|keyword| self.is_word(keyword));
            if is_first && is_start {
                return;
            }
        }
    }

    pub(super) fn statement(&mut self) -> Parsed<Statement<'a>> {
        let start = self.token().span;
        let decorators = self.decorators()?;
        let declaration = self.declaration()?;
        Ok(Statement { span: self.span_from(start), decorators, declaration })
    }

    pub(super) fn decorators(&mut self) -> Parsed<Vec<Decorator<'a>>> {
        let mut decorators = Vec::new();
        while self.skip(Kind::At) {
            let mut name = self.name("the name of a decorator")?;
            if self.skip(Kind::Dot) {
                name = self.name("the name of a decorator")?;
            }
            let arguments = self.arguments()?;
            self.take(Kind::LineEnd)?;
            self.skip_line_ends();
            decorators.push(Decorator { name, arguments });
        }
        Ok(decorators)
    }

    fn declaration(&mut self) -> Parsed<Declaration<'a>> {
        let keyword = KEYWORDS.into_iter().find(|keyword| self.is_word(keyword));
        let Some(keyword) = keyword else {
            return Err(self.expected("a declaration (`param`, `var`, `resource`, `module`, `output`, …)"));
        };
        self.next();
        match keyword {
            "targetScope" => Ok(Declaration::TargetScope(self.assigned()?)),
            "metadata" => Ok(Declaration::Metadata(self.name("a name")?, self.assigned()?)),
            "assert" => Ok(Declaration::Assert(self.name("a name")?, self.assigned()?)),
            "test" => {
                let name = self.name("the name of a test")?;
                self.string("the path of a template")?;
                Ok(Declaration::Assert(name, self.assigned()?))
            }
            "using" if self.skip_word("none") => Ok(Declaration::Using(None, None)),
            "using" => {
                let path = self.string("the path of a template")?;
                Ok(Declaration::Using(Some(path), self.settings()?))
            }
            "extensionConfig" => {
                self.name("the name of an extension")?;
                Ok(Declaration::Extension(None, self.settings()?))
            }
            "extends" => Ok(Declaration::Extends(self.string("the path of a parameter file")?)),
            "param" => self.param(),
            "var" => {
                let name = self.name("the name of a variable")?;
                let kind = if self.kind() == Kind::Equals { None } else { Some(self.declared_type()?) };
                Ok(Declaration::Var(name, kind, self.assigned()?))
            }
            "output" => {
                let name = self.name("the name of an output")?;
                Ok(Declaration::Output(name, self.declared_type()?, self.assigned()?))
            }
            "type" => {
                let name = self.name("the name of a type")?;
                self.take(Kind::Equals)?;
                Ok(Declaration::Type(name, self.declared_type()?))
            }
            "resource" => Ok(Declaration::Resource(self.resource()?)),
            "module" => {
                let name = self.name("the name of a module")?;
                let path = self.string("the path of a module")?;
                self.take(Kind::Equals)?;
                Ok(Declaration::Module(Module { name, path, body: self.body()? }))
            }
            "func" => self.function(),
            "import" if self.kind() != Kind::String => self.import(),
            _ => self.extension(),
        }
    }

    fn assigned(&mut self) -> Parsed<Expression<'a>> {
        self.take(Kind::Equals)?;
        self.expression()
    }

    fn param(&mut self) -> Parsed<Declaration<'a>> {
        let name = self.name("the name of a parameter")?;
        let kind = if self.kind() == Kind::Equals { None } else { Some(self.declared_type()?) };
        let value = if self.skip(Kind::Equals) { Some(self.expression()?) } else { None };
        Ok(Declaration::Param(Param { name, kind, value }))
    }

    fn resource(&mut self) -> Parsed<Resource<'a>> {
        let name = self.name("the name of a resource")?;
        let kind = self.string("the type of a resource, such as `'Microsoft.App/jobs@2025-01-01'`")?;
        let is_existing = self.skip_word("existing");
        self.take(Kind::Equals)?;
        Ok(Resource { name, kind, is_existing, body: self.body()? })
    }

    fn body(&mut self) -> Parsed<Body<'a>> {
        let next = self.peek_beyond_line_ends();
        if next.kind == Kind::Name && self.text_of(next) == "if" {
            self.skip_line_ends();
        }
        if self.kind() != Kind::OpenBracket {
            let (condition, object) = self.conditional()?;
            return Ok(Body { repeat: None, condition, object });
        }
        self.next();
        self.skip_line_ends();
        let repeat = self.loop_head()?;
        let (condition, object) = self.conditional()?;
        self.skip_line_ends();
        self.take(Kind::CloseBracket)?;
        Ok(Body { repeat: Some(repeat), condition, object })
    }

    fn conditional(&mut self) -> Parsed<(Option<Expression<'a>>, crate::azure::bicep::syntax::Object<'a>)> {
        let condition = if self.skip_word("if") {
            self.take(Kind::OpenParen)?;
            self.skip_line_ends();
            let condition = self.expression()?;
            self.skip_line_ends();
            self.take(Kind::CloseParen)?;
            Some(condition)
        } else {
            None
        };
        if self.kind() != Kind::OpenBrace {
            return Err(self.expected("`{`"));
        }
        Ok((condition, self.object()?))
    }

    /// `for item in list:`, `for (item, index) in list:`
    pub(super) fn loop_head(&mut self) -> Parsed<Loop<'a>> {
        if !self.skip_word("for") {
            return Err(self.expected("`for`"));
        }
        let (item, index) = if self.skip(Kind::OpenParen) {
            let item = self.name("the name of the item")?;
            self.take(Kind::Comma)?;
            let index = self.name("the name of the index")?;
            self.take(Kind::CloseParen)?;
            (item, Some(index))
        } else {
            (self.name("the name of the item")?, None)
        };
        if !self.skip_word("in") {
            return Err(self.expected("`in`"));
        }
        let list = self.expression()?;
        self.take(Kind::Colon)?;
        Ok(Loop { item, index, list })
    }

    fn function(&mut self) -> Parsed<Declaration<'a>> {
        let name = self.name("the name of a function")?;
        self.take(Kind::OpenParen)?;
        self.skip_line_ends();
        let mut parameters = Vec::new();
        while self.kind() != Kind::CloseParen {
            parameters.push((self.name("the name of a parameter")?, self.declared_type()?));
            self.skip_line_ends();
            if !self.skip(Kind::Comma) {
                break;
            }
            self.skip_line_ends();
        }
        self.take(Kind::CloseParen)?;
        let result = self.declared_type()?;
        self.take(Kind::Arrow)?;
        self.skip_line_ends();
        Ok(Declaration::Function(Function { name, parameters, result, body: self.expression()? }))
    }

    /// `import * as x from '…'`, `import { a, b as c } from '…'`
    fn import(&mut self) -> Parsed<Declaration<'a>> {
        let mut names = Vec::new();
        if self.skip(Kind::Star) {
            if !self.skip_word("as") {
                return Err(self.expected("`as`"));
            }
            names.push(self.name("a name")?);
        } else {
            self.take(Kind::OpenBrace)?;
            self.skip_line_ends();
            while self.kind() != Kind::CloseBrace {
                let name = if self.kind() == Kind::String { None } else { Some(self.name("what is imported")?) };
                if name.is_none() {
                    self.next();
                }
                match (self.skip_word("as"), name) {
                    (true, _) => names.push(self.name("a name")?),
                    (false, Some(name)) => names.push(name),
                    (false, None) => return Err(self.expected("`as`")),
                }
                if !self.skip(Kind::Comma) && self.kind() != Kind::CloseBrace {
                    self.take(Kind::LineEnd)?;
                }
                self.skip_line_ends();
            }
            self.take(Kind::CloseBrace)?;
        }
        if !self.skip_word("from") {
            return Err(self.expected("`from`"));
        }
        Ok(Declaration::Import(Import { names, path: self.string("the path of a file")? }))
    }

    /// `extension name with {…} as alias`, and the older `import '…'` and `provider '…'`.
    fn extension(&mut self) -> Parsed<Declaration<'a>> {
        let mut alias: Option<Name<'a>> = None;
        if self.kind() == Kind::Name {
            alias = Some(self.name("the name of an extension")?);
        } else {
            self.string("the name of an extension")?;
        }
        let settings = self.settings()?;
        if self.skip_word("as") {
            alias = Some(self.name("a name")?);
        }
        Ok(Declaration::Extension(alias, settings))
    }

    /// `with {…}`
    fn settings(&mut self) -> Parsed<Option<Expression<'a>>> {
        if !self.skip_word("with") {
            return Ok(None);
        }
        let start = self.token().span;
        let object = self.object()?;
        Ok(Some(Expression { span: self.span_from(start), kind: ExpressionKind::Object(object) }))
    }
}
