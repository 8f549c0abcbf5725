//! `params.<name>` as a table.

use super::Int;
use crate::manifest::{Spanned, Text};
use schemars::JsonSchema;
use serde::Deserialize;

/// A value that is supplied from outside: `--param`, the environment, a file, a prompt.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Param {
    /// The value when nothing supplies one. May refer to other parameters.
    pub default: Option<Spanned<Text>>,
    /// What it is for; shown by `shipit params` and at a prompt.
    pub description: Option<Spanned<String>>,
    /// Never printed, never written to a file that is committed.
    pub secret: Option<bool>,
    /// How to make a value when nothing supplies one. It is kept in the state.
    pub generate: Option<Spanned<Generate>>,
    /// What its text must be.
    #[serde(rename = "type")]
    pub kind: Option<Spanned<ParamType>>,
    /// The only values it may have.
    pub allowed: Option<Vec<Spanned<Text>>>,
    /// A regular expression that the whole value must match.
    pub pattern: Option<Spanned<String>>,
}

/// What the text of a parameter must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParamType {
    String,
    Int,
    Bool,
}

/// How a value is generated.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Generate {
    /// Number of characters. Default: 22.
    pub length: Option<Spanned<Int<1, 1024>>>,
    /// Whether there are lower-case letters. Default: true.
    pub lower: Option<bool>,
    /// Whether there are upper-case letters. Default: true.
    pub upper: Option<bool>,
    /// Whether there are digits. Default: true.
    pub digits: Option<bool>,
    /// Whether there are other characters. Default: true.
    pub special: Option<bool>,
    /// At least so many lower-case letters.
    pub min_lower: Option<Spanned<Int<0, 1024>>>,
    /// At least so many upper-case letters.
    pub min_upper: Option<Spanned<Int<0, 1024>>>,
    /// At least so many digits.
    pub min_digits: Option<Spanned<Int<0, 1024>>>,
    /// At least so many other characters.
    pub min_special: Option<Spanned<Int<0, 1024>>>,
}
