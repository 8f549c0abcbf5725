//! Docker's ignore rules, exactly as the engine's own matcher has them.
//!
//! Patterns are anchored at the context's root, `*` stops at `/`, `**` does not, a match of a parent
//! counts for what is below it, the last match wins and `!` takes back. Not the rules of `.gitignore`.

mod expression;
mod file;
mod pattern;
mod patterns;

pub use file::{IgnoreFile, IgnoreFileError, read_patterns};
pub(crate) use patterns::Matches;
pub use patterns::{PatternError, Patterns};
