//! TOML text.

use super::{float, quoted};
use crate::manifest::{Key, Kind, Node};

pub(super) fn emit(table: &Node) -> String {
    let mut out = String::new();
    section(&mut out, &[], table.entries());
    out
}

/// The entries of a table: those up to the last plain value in lines, the tables after it in
/// sections of their own, so that the order stays.
fn section(out: &mut String, path: &[&str], entries: &[(Key, Node)]) {
    let is_section = |node: &Node| matches!(&node.kind, Kind::Table(entries) if !entries.is_empty());
    let lines = entries.iter().rposition(|(_, node)| !is_section(node)).map_or(0, |index| index + 1);
    for (key, node) in &entries[..lines] {
        if node.kind != Kind::Null {
            out.push_str(&name(&key.name));
            out.push_str(" = ");
            inline(out, node);
            out.push('\n');
        }
    }
    for (key, node) in &entries[lines..] {
        let path: Vec<&str> = path.iter().copied().chain([key.name.as_str()]).collect();
        let has_lines = node.entries().iter().any(|(_, node)| !is_section(node));
        if has_lines {
            if !out.is_empty() {
                out.push('\n');
            }
            let names: Vec<String> = path.iter().map(|part| name(part)).collect();
            out.push_str(&format!("[{}]\n", names.join(".")));
        }
        section(out, &path, node.entries());
    }
}

fn inline(out: &mut String, node: &Node) {
    match &node.kind {
        Kind::Null => {}
        Kind::Bool(value) => out.push_str(&value.to_string()),
        Kind::Integer(number) => out.push_str(&number.to_string()),
        Kind::Float(number) if number.is_nan() => out.push_str("nan"),
        Kind::Float(number) => out.push_str(&float(*number)),
        Kind::String(text) => out.push_str(&quoted(text)),
        Kind::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().filter(|item| item.kind != Kind::Null).enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                inline(out, item);
            }
            out.push(']');
        }
        Kind::Table(entries) => {
            out.push('{');
            for (index, (key, node)) in entries.iter().filter(|(_, node)| node.kind != Kind::Null).enumerate() {
                out.push_str(if index > 0 { ", " } else { " " });
                out.push_str(&name(&key.name));
                out.push_str(" = ");
                inline(out, node);
            }
            out.push_str(if entries.is_empty() { "}" } else { " }" });
        }
    }
}

fn name(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !name.is_empty() && name.bytes().all(is_bare) { name.to_owned() } else { quoted(name) }
}
