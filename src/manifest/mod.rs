//! Text to spanned document. Knows the syntax of a manifest, not its meaning.

mod diagnostic;
mod node;
mod source;

pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity};
pub use node::{Key, Kind, Node};
pub use serde_spanned::Spanned;
pub use source::{Format, Source, Span};
