//! Values as Bicep: every text becomes a literal that is read back as the same text.
//!
//! Strings are always in single quotes, on one line. Indentation is rough: what is written is
//! formatted as a whole afterwards.
//! Source of the escapes: learn.microsoft.com/azure/azure-resource-manager/bicep/data-types, "Strings".

use serde_json::{Map, Number, Value};
use std::fmt::Write as _;

/// The only key of an object that stands for an expression, printed as it is.
pub const EXPRESSION: &str = "$bicep";

/// The longest identifier that Bicep accepts.
const IDENTIFIER_LENGTH: usize = 255;
/// Words that are literals wherever they stand.
const LITERALS: &[&str] = &["true", "false", "null"];

/// A string literal, quotes included.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    escape_into(&mut quoted, text);
    quoted.push('\'');
    quoted
}

/// Text for the inside of a string literal: a `$` at its end and a `{` at its start cannot become an
/// interpolation together with their neighbours (but an empty text between a `$` and a `{` would let
/// these meet: no template has a `$` before a value).
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let (rest, ends_with_dollar) = match text.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let rest = match rest.strip_prefix('{') {
        Some(rest) => {
            escaped.push_str("\\u{7b}");
            rest
        }
        None => rest,
    };
    escape_into(&mut escaped, rest);
    if ends_with_dollar {
        escaped.push_str("\\$");
    }
    escaped
}

fn escape_into(escaped: &mut String, text: &str) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '\'' => escaped.push_str("\\'"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '$' if chars.peek() == Some(&'{') => escaped.push_str("\\$"),
            _ if is_invisible(c) => {
                write!(escaped, "\\u{{{:x}}}", u32::from(c)).expect("writing to a String cannot fail");
            }
            _ => escaped.push(c),
        }
    }
}

/// Control characters, what ends a line somewhere, and what turns the direction of writing round.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether a text can be an identifier as it is.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && text.len() <= IDENTIFIER_LENGTH
        && !LITERALS.contains(&text)
}

/// The name of a property: as it is where that is an identifier, else in quotes.
pub fn property_name(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { quote(name) }
}

/// A name made an identifier: what is not `[A-Za-z0-9_]` becomes `_`; one that begins with a digit,
/// is empty or is a literal gets `_` in front. Two names can become the same.
pub fn identifier(name: &str) -> String {
    let clean: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let begins_well = clean.chars().next().is_some_and(|c| !c.is_ascii_digit());
    if begins_well && !LITERALS.contains(&clean.as_str()) { clean } else { format!("_{clean}") }
}

/// Text for a `//` comment: what ends a line becomes a blank, what is invisible is shown escaped.
pub fn comment(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => line.push(' '),
            _ if is_invisible(c) => {
                write!(line, "\\u{{{:x}}}", u32::from(c)).expect("writing to a String cannot fail");
            }
            _ => line.push(c),
        }
    }
    line
}

/// Any value as Bicep. An object whose only key is [`EXPRESSION`] is the expression that it holds;
/// a property name that begins with `$$` stands for one with one `$` less.
pub fn value(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value, 0);
    text
}

fn write_value(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => out.push_str(&quote(text)),
        Value::Array(items) => write_array(out, items, depth),
        Value::Object(properties) => match expression(properties) {
            Some(expression) => out.push_str(expression),
            None => write_object(out, properties, depth),
        },
    }
}

/// What stands behind the marker, where an object is one.
fn expression(properties: &Map<String, Value>) -> Option<&str> {
    if properties.len() == 1 { properties.get(EXPRESSION)?.as_str() } else { None }
}

/// Bicep has integers of 64 bits only; the least one cannot be written as a literal.
fn write_number(out: &mut String, number: &Number) {
    match number.as_i64() {
        Some(integer) if integer != i64::MIN => write!(out, "{integer}"),
        _ => write!(out, "json('{number}')"),
    }
    .expect("writing to a String cannot fail");
}

fn write_array(out: &mut String, items: &[Value], depth: usize) {
    if items.is_empty() {
        return out.push_str("[]");
    }
    out.push_str("[\n");
    for item in items {
        indent(out, depth + 1);
        write_value(out, item, depth + 1);
        out.push('\n');
    }
    indent(out, depth);
    out.push(']');
}

fn write_object(out: &mut String, properties: &Map<String, Value>, depth: usize) {
    if properties.is_empty() {
        return out.push_str("{}");
    }
    out.push_str("{\n");
    for (name, value) in properties {
        let name = if name.starts_with("$$") { &name[1..] } else { name.as_str() };
        indent(out, depth + 1);
        out.push_str(&property_name(name));
        out.push_str(": ");
        write_value(out, value, depth + 1);
        out.push('\n');
    }
    indent(out, depth);
    out.push('}');
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    /// Reads a string literal as the compiler does; `None` if the text is not exactly one.
    fn read(literal: &str) -> Option<String> {
        let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
        let mut text = String::new();
        let mut chars = inner.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\'' | '\n' | '\r' => return None,
                '$' if chars.peek() == Some(&'{') => return None,
                '\\' => text.push(match chars.next()? {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        assert_eq!(chars.next(), Some('{'));
                        let digits: String = chars.by_ref().take_while(|c| *c != '}').collect();
                        char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
                    }
                    c @ ('\\' | '\'' | '$') => c,
                    _ => return None,
                }),
                c => text.push(c),
            }
        }
        Some(text)
    }

    /// Texts with much of what is dangerous.
    fn nasty() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("'".to_owned()),
            Just("\\".to_owned()),
            Just("$".to_owned()),
            Just("{".to_owned()),
            Just("${".to_owned()),
            Just("\r\n".to_owned()),
            Just("\u{2028}\u{202e}\0".to_owned()),
            any::<String>(),
        ];
        proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn every_text_is_read_back_as_it_was(text in nasty(), other in nasty()) {
            prop_assert_eq!(read(&quote(&text)), Some(text.clone()));
            let neighbours = format!("'{}{}{{a}}'", escape(&text), escape(&other));
            prop_assert_eq!(read(&neighbours), Some(format!("{text}{other}{{a}}")));
            let line = comment(&text);
            let ends = |c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}';
            prop_assert!(!line.contains(ends), "{:?}", line);
            prop_assert!(is_identifier(&identifier(&text)) || text.len() >= IDENTIFIER_LENGTH);
            let name = property_name(&text);
            prop_assert!(name == text && is_identifier(&text) || read(&name) == Some(text));
        }
    }

    #[track_caller]
    fn check(value: &Value, expect: &str) {
        assert_eq!(super::value(value), expect);
    }

    #[test]
    fn values_are_literals() {
        check(&json!("it's ${x}"), r"'it\'s \${x}'");
        check(&json!("50 $ {x}"), "'50 $ {x}'");
        check(&json!(null), "null");
        check(&json!(true), "true");
        check(&json!(-5), "-5");
        check(&json!(0.25), "json('0.25')");
        check(&json!(1.0), "json('1.0')");
        check(&json!(i64::MIN), "json('-9223372036854775808')");
        check(&json!(u64::MAX), "json('18446744073709551615')");
        check(&json!([]), "[]");
        check(&json!({}), "{}");
    }

    #[test]
    fn structures_are_over_several_lines() {
        let value = json!({ "name": "x", "my-tag": [1, { "a": {} }], "true": true, "3d": { "$bicep": "env.id" } });
        let expect =
            "{\n  name: 'x'\n  'my-tag': [\n    1\n    {\n      a: {}\n    }\n  ]\n  'true': true\n  '3d': env.id\n}";
        check(&value, expect);
    }

    #[test]
    fn a_marker_cannot_be_forged() {
        check(&json!({ "$$bicep": "x" }), "{\n  '$bicep': 'x'\n}");
        check(&json!({ "$$$bicep": "x" }), "{\n  '$$bicep': 'x'\n}");
        check(&json!({ "$bicep": "x", "a": 1 }), "{\n  '$bicep': 'x'\n  a: 1\n}");
        check(&json!({ "$bicep": 1 }), "{\n  '$bicep': 1\n}");
    }

    #[test]
    fn names_become_identifiers() {
        let names = ["api", "my-app", "3d", "", "true", "é.x"].map(identifier);
        assert_eq!(names, ["api", "my_app", "_3d", "_", "_true", "__x"]);
    }
}
