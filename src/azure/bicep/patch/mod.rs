//! A user's edits of one resource, JSON-Patch-like: generated text can be written again without losing them.
//!
//! Paths are JSON pointers (RFC 6901) from the resource's `{`. As in RFC 6902, `add` of a property that is
//! there replaces it and `-` is the end of an array; going past it, parents that are missing are made.

mod edit;
mod locate;

pub use edit::apply;

use serde::Deserialize;
use std::fmt;

/// One edit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Patch {
    /// The module that the resource is in; it is for the caller, who knows which file that is.
    pub module: String,
    /// The symbolic name of a resource or of a module in the file.
    pub resource: String,
    pub op: Op,
    /// `/properties/configuration/secrets/-`
    pub path: String,
    /// What is written, as a literal; `{ "$bicep": "env.id" }` in it is an expression.
    #[serde(default)]
    pub value: Option<serde_json::Value>,
    /// What is written, as Bicep.
    #[serde(default)]
    pub expression: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    Add,
    Replace,
    Remove,
}

impl fmt::Display for Op {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Add => "add",
            Self::Replace => "replace",
            Self::Remove => "remove",
        })
    }
}

/// Why an edit cannot be made; `index` counts the edits from 0.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct PatchError {
    pub index: usize,
    pub reason: Reason,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error("there is no resource `{name}` in `{module}`{}", near(.nearest, .all))]
    NoSuchResource { name: String, module: String, nearest: Option<String>, all: Vec<String> },
    #[error("`{path}` is no path: it begins with `/` and names a property, such as `/properties/sku`")]
    NotAPath { path: String },
    #[error("`{resource}` has no `{path}`{}", near(.nearest, &[]))]
    NoSuchPath { resource: String, path: String, nearest: Option<String> },
    #[error(
        "`{path}` of `{resource}` is computed (`{found}`): only objects and arrays that are written out can be edited"
    )]
    Computed { resource: String, path: String, found: String },
    #[error(
        "`{segment}` is no place in the array `{path}` of `{resource}`: name a number up to {length}, or `-` for its end"
    )]
    NotAnIndex { resource: String, path: String, segment: String, length: usize },
    #[error("`{op}` needs `value` or `expression`, and one of them only")]
    OneValue { op: Op },
    #[error("`remove` takes neither `value` nor `expression`")]
    NoValue,
    #[error("`{expression}` is no expression of Bicep: {error}")]
    Expression { expression: String, error: super::SyntaxError },
    #[error("the file is not Bicep: {0}")]
    Text(super::SyntaxError),
}

fn near(nearest: &Option<String>, all: &[String]) -> String {
    match nearest {
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None if all.is_empty() => String::new(),
        None => format!("; it has {}", crate::util::text::list(all.iter().map(String::as_str))),
    }
}
