//! The names of one file.

use super::super::syntax::{
    Declaration, Expression, ExpressionKind, File, Item, Module, Name, Object, Resource, Statement, Step,
};
use super::interface::{Parameter, Simple};
use std::cell::Cell;
use std::collections::HashMap;

/// What a file declares, but outputs.
pub(super) struct Symbols<'a> {
    pub(super) list: Vec<Symbol<'a>>,
    by_name: HashMap<&'a str, usize>,
    /// Declared again.
    pub(super) again: Vec<Name<'a>>,
}

pub(super) struct Symbol<'a> {
    pub(super) name: Name<'a>,
    pub(super) kind: SymbolKind<'a>,
    pub(super) statement: &'a Statement<'a>,
    pub(super) is_used: Cell<bool>,
}

#[derive(Clone, Copy)]
pub(super) enum SymbolKind<'a> {
    Param(Parameter),
    Var(&'a Expression<'a>),
    Resource(&'a Resource<'a>),
    /// Inside of another one.
    NestedResource,
    Module(&'a Module<'a>),
    Type,
    Function,
    Import,
}

impl<'a> Symbols<'a> {
    pub(super) fn of(file: &'a File<'a>) -> Self {
        let mut symbols = Self { list: Vec::new(), by_name: HashMap::new(), again: Vec::new() };
        for statement in &file.statements {
            match &statement.declaration {
                Declaration::Param(param) => {
                    symbols.add(statement, param.name, SymbolKind::Param(Parameter::of(statement, param)));
                }
                Declaration::Var(name, _, value) => symbols.add(statement, *name, SymbolKind::Var(value)),
                Declaration::Resource(resource) => {
                    symbols.add(statement, resource.name, SymbolKind::Resource(resource));
                }
                Declaration::Module(module) => symbols.add(statement, module.name, SymbolKind::Module(module)),
                Declaration::Type(name, _) => symbols.add(statement, *name, SymbolKind::Type),
                Declaration::Function(function) => symbols.add(statement, function.name, SymbolKind::Function),
                Declaration::Import(import) => {
                    for name in &import.names {
                        symbols.add(statement, *name, SymbolKind::Import);
                    }
                }
                Declaration::Extension(Some(name), _) => symbols.add(statement, *name, SymbolKind::Import),
                Declaration::Extension(None, _)
                | Declaration::TargetScope(_)
                | Declaration::Using(..)
                | Declaration::Extends(_)
                | Declaration::Metadata(..)
                | Declaration::Output(..)
                | Declaration::Assert(..) => {}
            }
        }
        // Names inside of a resource are seen there only; that two resources have the same is allowed.
        for statement in &file.statements {
            if let Declaration::Resource(resource) = &statement.declaration {
                symbols.add_nested(&resource.body.object);
            }
        }
        symbols
    }

    fn add(&mut self, statement: &'a Statement<'a>, name: Name<'a>, kind: SymbolKind<'a>) {
        if self.by_name.contains_key(name.text) {
            self.again.push(name);
            return;
        }
        self.by_name.insert(name.text, self.list.len());
        self.list.push(Symbol { name, kind, statement, is_used: Cell::new(false) });
    }

    fn add_nested(&mut self, object: &'a Object<'a>) {
        for item in &object.items {
            let Item::Resource(statement) = item else { continue };
            let Declaration::Resource(resource) = &statement.declaration else { continue };
            if !self.by_name.contains_key(resource.name.text) {
                self.add(statement, resource.name, SymbolKind::NestedResource);
            }
            self.add_nested(&resource.body.object);
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<(usize, &Symbol<'a>)> {
        let index = *self.by_name.get(name)?;
        Some((index, &self.list[index]))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.list.iter().map(|symbol| symbol.name.text)
    }

    /// The type of a value, where it is certain.
    pub(super) fn simple(&self, value: &Expression<'_>) -> Option<Simple> {
        self.simple_within(value, 8)
    }

    fn simple_within(&self, value: &Expression<'_>, levels: usize) -> Option<Simple> {
        match &value.kind {
            ExpressionKind::String(_) => Some(Simple::String),
            ExpressionKind::Number(_) => Some(Simple::Int),
            ExpressionKind::Bool(_) => Some(Simple::Bool),
            ExpressionKind::Object(_) => Some(Simple::Object),
            ExpressionKind::Array(_) | ExpressionKind::For(_) => Some(Simple::Array),
            ExpressionKind::Paren(inner) if levels > 0 => self.simple_within(inner, levels - 1),
            ExpressionKind::Name(name) if levels > 0 => match self.find(name)?.1.kind {
                SymbolKind::Param(parameter) => parameter.simple,
                SymbolKind::Var(value) => self.simple_within(value, levels - 1),
                _ => None,
            },
            ExpressionKind::Access(base, steps) => match (&base.kind, steps.as_slice()) {
                (ExpressionKind::Name(name), [Step::Member(member)]) => {
                    let is_resource = matches!(self.find(name)?.1.kind, SymbolKind::Resource(_));
                    (is_resource && matches!(member.text, "id" | "name" | "type")).then_some(Simple::String)
                }
                _ => None,
            },
            _ => None,
        }
    }
}
