//! YAML from a tree of values: block style, the order of the tree, two spaces.
//!
//! A text stands without quotes only where no reader, of YAML 1.1 or 1.2, takes it for anything
//! else; every other is in double quotes, with escapes for what YAML does not print.

use serde_json::Value;
use std::fmt::Write as _;

/// Words that YAML 1.1 takes for booleans or for nothing.
const WORDS: &[&str] = &["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"];

/// A tree that is written as YAML.
pub trait Tree: Sized {
    fn shape(&self) -> Shape<'_, Self>;
}

/// What one node of a tree is.
#[derive(Debug)]
pub enum Shape<'t, T> {
    Entries(Vec<(&'t str, &'t T)>),
    Items(&'t [T]),
    /// As it stands in the document.
    Scalar(String),
}

impl Tree for Value {
    fn shape(&self) -> Shape<'_, Self> {
        match self {
            Self::Null => Shape::Scalar("null".to_owned()),
            Self::Bool(value) => Shape::Scalar(value.to_string()),
            Self::Number(number) => Shape::Scalar(number.to_string()),
            Self::String(text) => Shape::Scalar(string(text)),
            Self::Array(items) => Shape::Items(items),
            Self::Object(entries) => Shape::Entries(entries.iter().map(|(key, value)| (key.as_str(), value)).collect()),
        }
    }
}

/// A document of YAML; it ends with a line break.
pub fn document<T: Tree>(tree: &T) -> String {
    let mut text = String::new();
    value(tree, 0, Before::Nothing, &mut text);
    text
}

/// A text as a value or a key.
pub fn string(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quote(text) }
}

/// What stands before a value on its line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    /// `key:`
    Key,
    /// `-`
    Hyphen,
}

fn value<T: Tree>(tree: &T, indent: usize, before: Before, out: &mut String) {
    let space = if before == Before::Nothing { "" } else { " " };
    match tree.shape() {
        Shape::Entries(entries) if !entries.is_empty() => {
            // The first entry stands behind the hyphen.
            let mut is_on_line = before != Before::Key;
            out.push_str(if is_on_line { space } else { "\n" });
            for (key, value) in entries {
                if !std::mem::take(&mut is_on_line) {
                    out.push_str(&" ".repeat(indent));
                }
                out.push_str(&string(key));
                out.push(':');
                self::value(value, indent + 2, Before::Key, out);
            }
        }
        Shape::Items(items) if !items.is_empty() => {
            if before != Before::Nothing {
                out.push('\n');
            }
            for item in items {
                out.push_str(&" ".repeat(indent));
                out.push('-');
                value(item, indent + 2, Before::Hyphen, out);
            }
        }
        Shape::Entries(_) => out.push_str(&format!("{space}{{}}\n")),
        Shape::Items(_) => out.push_str(&format!("{space}[]\n")),
        Shape::Scalar(text) => out.push_str(&format!("{space}{text}\n")),
    }
}

/// Letters, digits and `_./-`, beginning with a letter, `/` or `_`, that are no word of YAML's.
/// What begins with a digit or a point may be a number, a date or a time to somebody.
fn is_plain(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '_'));
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-');
    starts && text.chars().all(inside) && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if is_printed(c) => quoted.push(c),
            _ if u32::from(c) > 0xffff => write!(quoted, "\\U{:08X}", u32::from(c)).expect("writing to a String"),
            _ => write!(quoted, "\\u{:04X}", u32::from(c)).expect("writing to a String"),
        }
    }
    quoted.push('"');
    quoted
}

/// What may stand in a document as it is (YAML 1.2.2, production 1), but for line breaks of any
/// kind, the mark of byte order and what is not to be seen.
pub fn is_printed(c: char) -> bool {
    match c {
        '\u{20}'..='\u{7e}' => true,
        '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => false,
        '\u{2066}'..='\u{2069}' => false,
        '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}' => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn parsed(text: &str) -> Value {
        serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    #[test]
    fn a_tree_keeps_its_order_and_its_types() {
        let tree = json!({
            "b": { "x": [], "w": {} },
            "a": ["no", "1e3", "0777", "~", "2024-01-01", "<<", "=", " x", "", "a: b", "#", "8080:80", "12:30"],
            "list": [{ "k": 1, "l": ["m", ["z"]] }, true, null],
            "no": "x",
        });
        let text = document(&tree);
        assert_eq!(parsed(&text), tree);
        assert!(text.starts_with("b:\n  x: []\n  w: {}\na:\n  - \"no\"\n  - \"1e3\"\n"), "{text}");
        assert!(text.contains("list:\n  - k: 1\n    l:\n      - m\n      -\n        - z\n  - true\n"), "{text}");
        assert!(text.contains("\n\"no\": x\n"), "{text}");
    }

    #[test]
    fn plain_words_have_no_quotes() {
        assert_eq!(string("/var/lib/data"), "/var/lib/data");
        assert_eq!(string("unless-stopped"), "unless-stopped");
        for quoted in ["yes", "Null", "10s", "1.5", ".5", "-", "a:b", "${X}", "é", "a b", "0x1", "NaN"] {
            assert!(string(quoted).starts_with('"'), "{quoted}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_text_comes_back(key in any::<String>(), value in any::<String>(), odd in "[\\x00-\\x20\u{7f}-\u{a0}\u{2028}\u{2029}\u{feff}\u{fffe}\u{ffff}:#{}\\[\\]\"'\\\\$%&*!|>@`~?-]{0,12}") {
            let tree = json!({ "m": { key: value.clone() }, "l": [value, odd.clone()], "o": { odd: 1 } });
            prop_assert_eq!(parsed(&document(&tree)), tree);
        }
    }
}
