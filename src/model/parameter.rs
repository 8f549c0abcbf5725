//! A value that is supplied from outside.

use super::{Expression, Name};
use crate::manifest::{Span, Spanned};

#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    /// May refer to other parameters.
    pub default: Option<Expression>,
    pub description: Option<String>,
    pub secret: bool,
    pub generate: Option<Generate>,
    pub kind: ParameterType,
    /// Empty: any value.
    pub allowed: Vec<Spanned<String>>,
    /// A regular expression that the whole value must match; checked to be valid.
    pub pattern: Option<Spanned<String>>,
    /// What the active profile's `params` say.
    pub profile_value: Option<Expression>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterType {
    String,
    Int,
    Bool,
}

/// How a value is generated when nothing supplies one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generate {
    pub length: usize,
    pub lower: bool,
    pub upper: bool,
    pub digits: bool,
    pub special: bool,
    pub min_lower: usize,
    pub min_upper: usize,
    pub min_digits: usize,
    pub min_special: usize,
}

impl Generate {
    /// A password when nothing else is said.
    pub const PASSWORD: Self = Self {
        length: 22,
        lower: true,
        upper: true,
        digits: true,
        special: true,
        min_lower: 0,
        min_upper: 0,
        min_digits: 0,
        min_special: 0,
    };
}
