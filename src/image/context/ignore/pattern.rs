//! One pattern: its syntax, how it matches a path. Knows nothing of `!` and of files.

use super::expression;
use regex::Regex;

/// How a path is compared with a pattern.
#[derive(Clone, Debug)]
pub(super) enum Matcher {
    Exact(String),
    /// `dir/**`
    Prefix(String),
    /// `**/name`, `**name`
    Suffix(String),
    Expression(Regex),
}

impl Matcher {
    /// `None` where the pattern is malformed.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        if is_well_formed(pattern) { Self::compile(pattern) } else { None }
    }

    pub(super) fn is_match(&self, path: &str) -> bool {
        match self {
            Self::Exact(text) => path == text,
            Self::Prefix(prefix) => path.starts_with(prefix),
            Self::Suffix(suffix) => {
                path.ends_with(suffix.as_str()) || suffix.strip_prefix('/').is_some_and(|name| path == name)
            }
            Self::Expression(expression) => expression.is_match(path),
        }
    }

    /// The translation of `moby/patternmatcher`, step by step: which of the four kinds it chooses
    /// decides what a pattern matches in corner cases such as `**file`.
    fn compile(pattern: &str) -> Option<Self> {
        #[derive(PartialEq)]
        enum Kind {
            Exact,
            Prefix,
            Suffix,
            Expression,
        }
        let mut kind = Kind::Exact;
        let mut go = String::from("^");
        let mut rest = pattern.chars().peekable();
        let mut first = true;
        while let Some(c) = rest.next() {
            match c {
                '*' if rest.next_if_eq(&'*').is_some() => {
                    rest.next_if_eq(&'/');
                    if rest.peek().is_some() {
                        go.push_str("(.*/)?");
                        kind = Kind::Expression;
                    } else if kind == Kind::Exact {
                        kind = Kind::Prefix;
                    } else {
                        go.push_str(".*");
                        kind = Kind::Expression;
                    }
                    if first {
                        kind = Kind::Suffix;
                    }
                }
                '*' | '?' => {
                    go.push_str(if c == '*' { "[^/]*" } else { "[^/]" });
                    kind = Kind::Expression;
                }
                '.' | '+' | '(' | ')' | '|' | '{' | '}' | '$' => go.extend(['\\', c]),
                '\\' => {
                    go.push('\\');
                    go.extend(rest.next());
                    kind = Kind::Expression;
                }
                '[' | ']' => {
                    go.push(c);
                    kind = Kind::Expression;
                }
                _ => go.push(c),
            }
            first = false;
        }
        go.push('$');
        Some(match kind {
            Kind::Exact => Self::Exact(pattern.to_owned()),
            Kind::Prefix => Self::Prefix(pattern[..pattern.len() - 2].to_owned()),
            Kind::Suffix => Self::Suffix(pattern[2..].to_owned()),
            Kind::Expression => Self::Expression(expression::compile(&go)?),
        })
    }
}

/// The syntax of Go's `path/filepath.Match`: `[` opens a class with at least one member, `\` is
/// followed by something, `-` and `]` stand in a class only when escaped.
fn is_well_formed(pattern: &str) -> bool {
    fn member(rest: &[char]) -> Option<&[char]> {
        let after = match rest {
            ['-' | ']', ..] | [] => return None,
            ['\\', _, after @ ..] | [_, after @ ..] => after,
        };
        if after.is_empty() { None } else { Some(after) }
    }
    fn class(mut rest: &[char]) -> Option<&[char]> {
        if let ['^', after @ ..] = rest {
            rest = after;
        }
        let mut empty = true;
        loop {
            if let [']', after @ ..] = rest
                && !empty
            {
                return Some(after);
            }
            rest = member(rest)?;
            if let ['-', after @ ..] = rest {
                rest = member(after)?;
            }
            empty = false;
        }
    }
    let pattern: Vec<char> = pattern.chars().collect();
    let mut rest = pattern.as_slice();
    while let [c, after @ ..] = rest {
        rest = match c {
            '[' => match class(after) {
                Some(after) => after,
                None => return false,
            },
            '\\' => match after {
                [_, after @ ..] => after,
                [] => return false,
            },
            _ => after,
        };
    }
    true
}

/// Go's `filepath.Clean`: no `//`, `.` and `..` resolved, `.` for nothing.
pub(super) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_syntax_is_that_of_go() {
        for good in ["", "a", "[a]", "[^a]", "[a-z]", "[\\]]", "[\\-x]", "[^^]", "a\\*", "[[]", "[]]"] {
            assert_eq!(is_well_formed(good), good != "[]]", "{good}");
        }
        for bad in ["[", "[]", "[^]", "[a", "[-a]", "[a-]", "\\", "a\\", "[\\", "[a\\", "[a-b-c]", "x[^bc"] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }

    #[test]
    fn paths_are_cleaned_as_go_does() {
        for (path, expect) in [
            ("", "."),
            (".", "."),
            ("./a", "a"),
            ("a/", "a"),
            ("a//b", "a/b"),
            ("a/../b", "b"),
            ("..", ".."),
            ("../a/..", ".."),
            ("/..", "/"),
            ("/a/./b/", "/a/b"),
            ("**/", "**"),
        ] {
            assert_eq!(clean(path), expect, "{path:?}");
        }
    }

    #[test]
    fn escapes_mean_what_they_mean_in_go_expressions() {
        let is_match = |pattern: &str, path: &str| Matcher::new(pattern).map(|m| m.is_match(path));
        assert_eq!(is_match("a\\d", "a7"), Some(true));
        assert_eq!(is_match("a\\d", "a٣"), Some(false));
        assert_eq!(is_match("a\\d", "ad"), Some(false));
        assert_eq!(is_match("a\\é", "aé"), None);
        assert_eq!(is_match("[[:digit:]]", "7"), Some(true));
        assert_eq!(is_match("[Local-Only]", "x"), None, "the range runs backwards");
        assert_eq!(is_match("[a&&b]", "&"), Some(true));
        assert_eq!(is_match("x#y?", "x#yz"), Some(true));
    }
}
