//! The names that users give to things.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The name of anything that is declared: ASCII letters, digits and single hyphens, starting with
/// a letter, at most 63 characters. A parameter's underscores have become hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses the name of a parameter: underscores count as hyphens.
    pub fn parameter(text: &str) -> Result<Self, NameError> {
        text.replace('_', "-").parse()
    }
}

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a name")]
pub struct NameError;

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.is_empty() { Err(NameError) } else { Ok(Self(text.into())) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
