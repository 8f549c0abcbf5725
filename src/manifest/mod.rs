//! Text to spanned document. Knows the syntax of a manifest, not its meaning.
//!
//! [`decode()`] makes text of bytes, [`parse`] a tree of [`Node`]s of text (TOML and YAML become the
//! same tree), [`deserialize`] any serde type of a tree. None of them stops at the first mistake:
//! each puts all that it finds into [`Diagnostics`].
//!
//! What a type of the model may use, beyond plain serde:
//!
//! * [`Spanned<T>`] for a value whose place later checks need;
//! * [`Entries<V>`] for a table of named things: file order, places of the names, one report per bad entry;
//! * [`Text`] where a number or a boolean is as good as a string (environment variables);
//! * an enum renamed to `$either` whose variants `string`, `integer`, `float`, `boolean`, `array`
//!   and `table` are chosen by what the value is;
//! * an enum renamed to `$kind` whose variant is chosen by the table's key `kind`; the rest of the
//!   table belongs to the variant's type;
//! * a message with `\nhelp: …` at its end in `serde::de::Error::custom`, to give advice.
//!
//! `#[serde(flatten)]`, `untagged` and `tag = …` lose every place and are not to be used;
//! `deny_unknown_fields` is not needed: unknown keys are always reported.

mod de;
mod decode;
mod diagnostic;
mod dotenv;
mod emit;
mod entries;
mod json;
pub mod limits;
mod node;
mod place;
mod source;
mod spanned;
mod text_value;
mod toml;
mod yaml;

pub use de::deserialize;
pub use decode::{decode, decode_within, too_large};
pub use diagnostic::{Count, Diagnostic, Diagnostics, Label, Severity};
pub use emit::emit;
pub use entries::Entries;
pub use node::{Key, Kind, Node};
pub use source::{Format, Source, Span};
pub use spanned::Spanned;
pub use text_value::Text;

use std::sync::Arc;

/// Reads a document.
///
/// `None` when nothing usable came out. `Some` may come together with errors in `problems`: what
/// could be read in spite of them.
pub fn parse(source: &Arc<Source>, format: Format, problems: &mut Diagnostics) -> Option<Node> {
    match format {
        Format::Toml => toml::parse(source, problems),
        Format::Yaml => yaml::parse(source, problems),
        Format::Json => json::parse(source, problems),
        Format::Dotenv => Some(dotenv::parse(source, problems)),
    }
}

/// Reports a document without any entry, unless something else was wrong with it. Whether there is
/// content.
pub fn expect_content(node: &Node, source: &Arc<Source>, problems: &mut Diagnostics) -> bool {
    let is_empty = matches!(&node.kind, Kind::Table(entries) if entries.is_empty());
    if is_empty && !problems.has_errors() {
        let message = format!("`{}` is empty", source.name);
        problems.push(Diagnostic::error("empty", message).within(source));
    }
    !is_empty
}
