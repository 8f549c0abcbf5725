//! Strings with references in them: `$<name>`, `$<name.property|filter>`.

use super::Name;
use crate::manifest::Span;

/// A string that may hold references; each is bound to something that is declared.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Literals and references in order; no two literals follow each other.
    pub parts: Vec<Part>,
    /// Where the whole string stands.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Literal(String),
    Reference(Reference),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub target: Target,
    pub filter: Option<Filter>,
    /// Where `$<…>` stands.
    pub span: Span,
}

/// What a reference speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Parameter(Name),
    Git(GitProperty),
    Shipit(ShipitProperty),
    Registry { name: Name, property: String },
    App { name: Name, property: String },
    Environment { name: Name, property: String },
    Resource { name: Name, property: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GitProperty {
    Sha,
    ShortSha,
    Branch,
    Tag,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShipitProperty {
    Name,
    Profile,
    Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Percent-encodes everything but unreserved characters (RFC 3986).
    Uri,
}

impl Expression {
    /// The text, if nothing in it is a reference.
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.parts.iter().filter_map(|part| match part {
            Part::Reference(reference) => Some(reference),
            Part::Literal(_) => None,
        })
    }
}
