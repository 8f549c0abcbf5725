//! Text that stays text in Markdown (CommonMark with the tables of GitHub).

use std::fmt::Write as _;

/// Text for the middle of a line: nothing in it starts markup, HTML or a new line.
pub fn escape(text: &str) -> String {
    let line = one_line(text);
    let mut escaped = String::with_capacity(line.len());
    let mut before = None;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let is_within_word = |after: Option<&char>| {
            before.is_some_and(char::is_alphanumeric) && after.is_some_and(|c| c.is_alphanumeric())
        };
        match c {
            // Within a word it is no emphasis, and names are full of it.
            '_' if is_within_word(chars.peek()) => escaped.push(c),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '&' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(c);
            }
            // At the start of a line these begin a list, a heading or a rule.
            '-' | '+' | '=' if before.is_none() => {
                escaped.push('\\');
                escaped.push(c);
            }
            '.' | ')' if !escaped.is_empty() && escaped.chars().all(|c| c.is_ascii_digit()) => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
        before = Some(c);
    }
    escaped
}

/// A code span, its backticks included.
pub fn code(text: &str) -> String {
    let line = one_line(text);
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A blank at both ends is taken away again by the reader.
    let is_padded = line.starts_with(['`', ' ']) || line.ends_with(['`', ' ']) || line.is_empty();
    let pad = if is_padded { " " } else { "" };
    format!("{fence}{pad}{line}{pad}{fence}")
}

/// A word for a POSIX shell, for a line of a code block: as it is where that is safe, else quoted.
pub fn shell(text: &str) -> String {
    let line = one_line(text);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !line.is_empty() && line.chars().all(is_plain) { line } else { format!("'{}'", line.replace('\'', r"'\''")) }
}

/// What ends a line becomes a blank, other controls are shown escaped.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => line.push(' '),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                write!(line, "U+{:04X}", u32::from(c)).expect("writing to a String cannot fail");
            }
            _ if c.is_control() => {
                write!(line, "U+{:04X}", u32::from(c)).expect("writing to a String cannot fail");
            }
            _ => line.push(c),
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_starts_no_markup() {
        assert_eq!(escape("my_app-1.2 (eu)"), "my_app-1.2 (eu)");
        assert_eq!(escape("_x_ *b* `c` [l](u) <img> a|b &amp;"), r"\_x\_ \*b\* \`c\` \[l\](u) \<img\> a\|b \&amp;");
        assert_eq!(escape("- a\n# b"), r"\- a \# b");
        assert_eq!(escape("12. a"), r"12\. a");
    }

    #[test]
    fn code_is_not_left_early() {
        assert_eq!(code("rg-shop"), "`rg-shop`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
    }

    #[test]
    fn a_word_is_one_word() {
        assert_eq!(shell("rg-shop_1/x"), "rg-shop_1/x");
        assert_eq!(shell("it's $(x)\n```"), r"'it'\''s $(x) ```'");
        assert_eq!(shell(""), "''");
    }
}
