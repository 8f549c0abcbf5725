//! Go's regular expressions, as far as ignore patterns produce them, in the syntax of the `regex` crate.
//!
//! Docker turns a pattern into the text of a Go expression; some patterns only make sense through
//! that text (`\d` is a digit, `^` an anchor), so the detour is taken here as well.

use regex::Regex;
use std::iter::Peekable;
use std::str::Chars;

/// Compiles the text of a Go expression; `None` where Go would refuse it.
pub(super) fn compile(go: &str) -> Option<Regex> {
    let mut rust = String::with_capacity(go.len() + 8);
    let mut rest = go.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => escape(rest.next()?, &mut rust)?,
            '[' => class(&mut rest, &mut rust)?,
            ']' => rust.push_str("\\]"),
            _ => rust.push(c),
        }
    }
    Regex::new(&rust).ok()
}

/// What follows a backslash outside of a class.
fn escape(c: char, rust: &mut String) -> Option<()> {
    match c {
        'A' | 'z' => rust.extend(['\\', c]),
        'b' => rust.push_str("(?-u:\\b)"),
        'B' => rust.push_str("(?-u:\\B)"),
        _ => match perl_class(c) {
            Some(class) => rust.extend(["[", class, "]"]),
            None => literal(escaped_char(c)?, rust),
        },
    }
    Some(())
}

/// Go's `\d` and its kin know ASCII only.
fn perl_class(c: char) -> Option<&'static str> {
    Some(match c {
        'd' => "0-9",
        'D' => "^0-9",
        's' => "\\t\\n\\x0c\\r\\x20",
        'S' => "^\\t\\n\\x0c\\r\\x20",
        'w' => "0-9A-Za-z_",
        'W' => "^0-9A-Za-z_",
        _ => return None,
    })
}

fn escaped_char(c: char) -> Option<char> {
    Some(match c {
        'a' => '\u{7}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        _ if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
        _ => return None,
    })
}

fn literal(c: char, rust: &mut String) {
    if c.is_ascii_punctuation() {
        rust.push('\\');
    }
    rust.push(c);
}

/// A class, from behind its `[` to its `]`. A `]` that comes first is a member.
fn class(rest: &mut Peekable<Chars<'_>>, rust: &mut String) -> Option<()> {
    rust.push('[');
    if rest.next_if_eq(&'^').is_some() {
        rust.push('^');
    }
    let mut first = true;
    loop {
        let c = rest.next()?;
        match c {
            ']' if !first => break,
            '[' if rest.peek() == Some(&':') => named_class(rest, rust)?,
            '\\' if rest.peek().copied().and_then(perl_class).is_some() => {
                let class = rest.next().and_then(perl_class)?;
                rust.extend(["[", class, "]"]);
            }
            _ => range(c, rest, rust)?,
        }
        first = false;
    }
    rust.push(']');
    Some(())
}

/// `[:name:]`, or a plain `[` where no `:]` follows.
fn named_class(rest: &mut Peekable<Chars<'_>>, rust: &mut String) -> Option<()> {
    const NAMES: [&str; 14] = [
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
        "word", "xdigit",
    ];
    let text: String = rest.clone().skip(1).collect();
    let Some(end) = text.find(":]") else {
        rust.push_str("\\[");
        return Some(());
    };
    let name = &text[..end];
    if !NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
        return None;
    }
    rust.extend(["[:", name, ":]"]);
    rest.nth(name.chars().count() + 2);
    Some(())
}

fn range(low: char, rest: &mut Peekable<Chars<'_>>, rust: &mut String) -> Option<()> {
    let low = member(low, rest)?;
    literal(low, rust);
    let mut ahead = rest.clone();
    if ahead.next() == Some('-') && ahead.peek().is_some_and(|c| *c != ']') {
        rest.next();
        let high = rest.next()?;
        let high = member(high, rest)?;
        if high < low {
            return None;
        }
        rust.push('-');
        literal(high, rust);
    }
    Some(())
}

fn member(c: char, rest: &mut Peekable<Chars<'_>>) -> Option<char> {
    if c == '\\' { escaped_char(rest.next()?) } else { Some(c) }
}
