//! Quotes for TOML, YAML and JSON.

use std::fmt::Write as _;

/// A string in double quotes with the escapes that TOML, YAML and JSON have in common.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\u{feff}' | '\u{2028}' | '\u{2029}' => {
                write!(quoted, "\\u{:04X}", u32::from(c)).expect("writing to a String cannot fail");
            }
            _ if c.is_control() => {
                write!(quoted, "\\u{:04X}", u32::from(c)).expect("writing to a String cannot fail");
            }
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_the_same_in_every_syntax() {
        let text = "a \"b\" \\ c\n\t\u{7f}\u{1b}\u{85} ö \u{1f600} #: '";
        let quoted = quote(text);
        assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
        let table: toml::Table = format!("x = {quoted}").parse().unwrap();
        assert_eq!(table["x"].as_str(), Some(text));
    }
}
