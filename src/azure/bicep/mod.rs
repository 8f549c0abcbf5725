//! The Bicep language: text to tree, tree to findings, text to text. No I/O, no word of shipit's model.
//!
//! - [`parse`] gives a [`File`] or every [`SyntaxError`];
//! - [`format()`] indents what templates wrote;
//! - [`check()`] finds what the compiler, its linter or Azure would reject in a folder of files;
//! - [`patch::apply`] edits one resource of a file.
//!
//! The language is that of the published grammar (Azure/bicep, `docs/grammar.md`), types included;
//! types of resources are not known here.

pub mod check;
mod format;
mod lexer;
mod parser;
pub mod patch;
pub mod syntax;

pub use check::{Finding, Severity, check};
pub use format::format;
pub use lexer::{Kind, Token, tokens};
pub use parser::{SyntaxError, parse, parse_expression};
pub use syntax::{File, Span};
