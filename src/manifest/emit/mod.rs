//! A tree of nodes to text, such that reading the text gives the same tree.
//!
//! Spans are not looked at. Strings are quoted wherever any reader of TOML or YAML, old or new,
//! could take them for something else.

mod toml;
mod yaml;

use super::{Format, Node};
use std::fmt::Write as _;

/// The text of a table. TOML has no empty value: such entries and items are left out there.
///
/// JSON and dotenv files are written as YAML, of which JSON is a part.
pub fn emit(table: &Node, format: Format) -> String {
    match format {
        Format::Toml => toml::emit(table),
        Format::Yaml | Format::Json | Format::Dotenv => yaml::emit(table),
    }
}

/// Text in double quotes, escaped as both TOML and YAML read it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if is_plain(c) => out.push(c),
            _ if u32::from(c) <= 0xffff => escape(&mut out, format_args!("\\u{:04X}", u32::from(c))),
            _ => escape(&mut out, format_args!("\\U{:08X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

fn escape(out: &mut String, code: std::fmt::Arguments<'_>) {
    out.write_fmt(code).expect("writing to a String cannot fail");
}

/// Whether a character may stand in a string as it is: printable in YAML (1.2.2, section 5.1), and
/// neither a line break of any kind nor one that changes the direction of text.
fn is_plain(c: char) -> bool {
    let is_direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_break = matches!(c, '\u{2028}' | '\u{2029}');
    let is_noncharacter = c == '\u{feff}' || u32::from(c) & 0xfffe == 0xfffe;
    !(c.is_control() || is_direction || is_break || is_noncharacter)
}

fn float(number: f64) -> String {
    format!("{number:?}")
}
