//! YAML text.

use super::{float, quoted};
use crate::manifest::{Key, Kind, Node};

/// Keys of more bytes are written with `?`: readers look only so far ahead for the colon.
const LONG_KEY: usize = 1000;

pub(super) fn emit(table: &Node) -> String {
    let mut out = String::new();
    if table.entries().is_empty() {
        out.push_str("{}\n");
    } else {
        entries(&mut out, table.entries(), 0);
    }
    out
}

fn entries(out: &mut String, entries: &[(Key, Node)], indent: usize) {
    for (key, node) in entries {
        let name = scalar(&key.name);
        pad(out, indent);
        if name.len() > LONG_KEY {
            out.push_str(&format!("? {name}\n"));
            pad(out, indent);
        } else {
            out.push_str(&name);
        }
        out.push(':');
        value(out, node, indent);
    }
}

/// What comes after `:` or `-`, to the end of the line or below it.
fn value(out: &mut String, node: &Node, indent: usize) {
    match &node.kind {
        Kind::Table(inner) if !inner.is_empty() => {
            out.push('\n');
            entries(out, inner, indent + 2);
        }
        Kind::Array(items) if !items.iter().all(is_scalar) => {
            out.push('\n');
            for item in items {
                pad(out, indent + 2);
                out.push('-');
                value(out, item, indent + 2);
            }
        }
        _ => {
            out.push(' ');
            flow(out, node);
            out.push('\n');
        }
    }
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.kind, Kind::Array(_) | Kind::Table(_))
}

fn flow(out: &mut String, node: &Node) {
    match &node.kind {
        Kind::Null => out.push('~'),
        Kind::Bool(value) => out.push_str(&value.to_string()),
        Kind::Integer(number) => out.push_str(&number.to_string()),
        Kind::Float(number) if number.is_infinite() => out.push_str(if *number > 0.0 { "1e999" } else { "-1e999" }),
        Kind::Float(number) => out.push_str(&float(*number)),
        Kind::String(text) => out.push_str(&scalar(text)),
        Kind::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                flow(out, item);
            }
            out.push(']');
        }
        // Only empty ones come here: others are written in lines.
        Kind::Table(_) => out.push_str("{}"),
    }
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// A string, quoted unless it is a word that no version of YAML takes for anything else.
fn scalar(text: &str) -> String {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-');
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.bytes().all(is_safe);
    if is_word && !is_reserved(text) { text.to_owned() } else { quoted(text) }
}

/// Words that mean a boolean or nothing in YAML 1.1 or 1.2, in any case.
fn is_reserved(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}
