//! What a file shows to other files: parameters, outputs, scope.

use super::super::syntax::{Declaration, Expression, ExpressionKind, File, Param, Statement, TypeKind};
use std::collections::{BTreeMap, BTreeSet};

/// Every file, as others see it.
pub(super) struct World<'a> {
    interfaces: BTreeMap<&'a str, Interface<'a>>,
    /// Files that exist; what they declare may be unknown.
    paths: BTreeSet<&'a str>,
}

pub(super) struct Interface<'a> {
    pub(super) params: BTreeMap<&'a str, Parameter>,
    pub(super) outputs: BTreeSet<&'a str>,
    /// `resourceGroup` unless the file says otherwise.
    pub(super) scope: String,
}

#[derive(Clone, Copy)]
pub(super) struct Parameter {
    pub(super) is_required: bool,
    pub(super) is_secure: bool,
    pub(super) simple: Option<Simple>,
}

/// A type that a value either has or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Simple {
    String,
    Int,
    Bool,
    Object,
    Array,
}

impl Simple {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Int => "int",
            Self::Bool => "bool",
            Self::Object => "object",
            Self::Array => "array",
        }
    }

    /// Of a declared type, where it is one of these names.
    pub(super) fn of(kind: &TypeKind<'_>) -> Option<Self> {
        match kind {
            TypeKind::Name(name, arguments) if arguments.is_empty() => {
                let all = [Self::String, Self::Int, Self::Bool, Self::Object, Self::Array];
                all.into_iter().find(|simple| simple.name() == name.text)
            }
            _ => None,
        }
    }
}

impl<'a> World<'a> {
    pub(super) fn new(
        parsed: &'a BTreeMap<&'a str, Option<File<'a>>>,
        files: &'a BTreeMap<String, String>,
        external: &'a [String],
    ) -> Self {
        let interfaces =
            parsed.iter().filter_map(|(path, file)| Some((*path, Interface::of(file.as_ref()?)))).collect();
        let paths = files.keys().chain(external).map(String::as_str).collect();
        Self { interfaces, paths }
    }

    pub(super) fn exists(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    pub(super) fn interface(&self, path: &str) -> Option<&Interface<'a>> {
        self.interfaces.get(path)
    }
}

impl<'a> Interface<'a> {
    fn of(file: &'a File<'a>) -> Self {
        let mut interface =
            Self { params: BTreeMap::new(), outputs: BTreeSet::new(), scope: target_scope(file).unwrap_or_default() };
        for statement in &file.statements {
            match &statement.declaration {
                Declaration::Param(param) => {
                    interface.params.insert(param.name.text, Parameter::of(statement, param));
                }
                Declaration::Output(name, ..) => {
                    interface.outputs.insert(name.text);
                }
                _ => {}
            }
        }
        interface
    }
}

impl Parameter {
    pub(super) fn of(statement: &Statement<'_>, param: &Param<'_>) -> Self {
        let kind = param.kind.as_ref().map(|kind| &kind.kind);
        let (is_nullable, is_own) = match kind {
            Some(TypeKind::Nullable(_)) => (true, false),
            // A type that the file declares may be nullable.
            Some(TypeKind::Name(name, _)) => (false, !super::tables::TYPES.contains(&name.text)),
            Some(TypeKind::Part(_) | TypeKind::Union(_)) => (false, true),
            _ => (false, false),
        };
        Self {
            is_required: param.value.is_none() && !is_nullable && !is_own,
            is_secure: statement.has("secure"),
            simple: kind.and_then(Simple::of),
        }
    }
}

impl Statement<'_> {
    pub(super) fn has(&self, decorator: &str) -> bool {
        self.decorators.iter().any(|found| found.name.text == decorator)
    }
}

/// None where it is computed.
pub(super) fn target_scope(file: &File<'_>) -> Option<String> {
    let declared = file.statements.iter().find_map(|statement| match &statement.declaration {
        Declaration::TargetScope(scope) => Some(scope),
        _ => None,
    });
    match declared {
        Some(Expression { kind: ExpressionKind::String(string), .. }) => string.literal().map(Into::into),
        Some(_) => None,
        None => Some("resourceGroup".to_owned()),
    }
}

/// A path that a file names, from the root; none when it is no path of a file (`br:…`) or leads out of the root.
pub(super) fn resolve(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&"..") | None => parts.push(".."),
                Some(_) => {
                    parts.pop();
                }
            },
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
