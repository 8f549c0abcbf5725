//! YAML from a tree of values: block style, the order of the tree, two spaces.
//!
//! A text stands without quotes only where no reader, of YAML 1.1 or 1.2, takes it for anything
//! else; every other is in double quotes, with escapes for what YAML does not print.

use serde_json::Value;
use std::fmt::Write as _;

/// Words that YAML 1.1 takes for booleans or for nothing.
const WORDS: &[&str] = &["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"];

/// A document of YAML; it ends with a line break.
pub fn document(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(entries) if !entries.is_empty() => block(value, 0, &mut text),
        Value::Array(items) if !items.is_empty() => block(value, 0, &mut text),
        other => {
            text.push_str(&scalar(other));
            text.push('\n');
        }
    }
    text
}

/// A text as a value or a key.
pub fn string(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quote(text) }
}

fn block(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                out.push_str(&" ".repeat(indent));
                entry(key, value, indent, out);
            }
        }
        Value::Array(items) => {
            for item in items {
                out.push_str(&" ".repeat(indent));
                out.push('-');
                if !matches!(item, Value::Array(inner) if !inner.is_empty()) {
                    out.push(' ');
                }
                match item {
                    // The first entry stands behind the hyphen.
                    Value::Object(entries) if !entries.is_empty() => {
                        for (index, (key, value)) in entries.iter().enumerate() {
                            if index > 0 {
                                out.push_str(&" ".repeat(indent + 2));
                            }
                            entry(key, value, indent + 2, out);
                        }
                    }
                    Value::Array(inner) if !inner.is_empty() => {
                        out.push('\n');
                        block(item, indent + 2, out);
                    }
                    other => {
                        out.push_str(&scalar(other));
                        out.push('\n');
                    }
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn entry(key: &str, value: &Value, indent: usize, out: &mut String) {
    out.push_str(&string(key));
    out.push(':');
    let is_block = match value {
        Value::Object(entries) => !entries.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    if is_block {
        out.push('\n');
        block(value, indent + 2, out);
    } else {
        out.push(' ');
        out.push_str(&scalar(value));
        out.push('\n');
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => string(text),
        Value::Array(_) => "[]".to_owned(),
        Value::Object(_) => "{}".to_owned(),
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
fn is_printed(c: char) -> bool {
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
