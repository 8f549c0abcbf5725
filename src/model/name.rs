//! The names that users give to things.

use std::fmt;
use std::sync::Arc;

/// The name of anything that is declared: ASCII letters, digits and single hyphens, starting with
/// a letter, at most 63 characters. A parameter's underscores have become hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
