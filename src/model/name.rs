//! The names that users give to things, and what is wrong with the ones that are refused.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The most characters that a name may have: a DNS label (RFC 1035, section 2.3.4).
pub const NAME_LIMIT: usize = 63;

/// Device names that Windows gives to no file, with or without an ending ("Naming Files, Paths,
/// and Namespaces", Microsoft Learn).
const WINDOWS_DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// The name of anything that is declared: ASCII letters, digits and single hyphens, starting with
/// a letter, at most 63 characters. A parameter's underscores have become hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

/// Why a text is no name. The message is a phrase that follows the name in backticks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("is empty")]
    Empty,
    #[error("has {0} characters, at most {NAME_LIMIT} are allowed")]
    TooLong(usize),
    #[error("is a path, not a name")]
    Path,
    #[error("looks like an option")]
    Option,
    #[error("is a device name on Windows and cannot become a folder")]
    WindowsDevice,
    #[error("holds {}, which looks like `{like}`", code_point(*.c))]
    Homoglyph { c: char, like: char },
    #[error("holds the invisible character {}", code_point(*.0))]
    Invisible(char),
    #[error("holds the control character {}", code_point(*.0))]
    Control(char),
    #[error("holds a space")]
    Space,
    #[error("holds `_`")]
    Underscore,
    #[error("holds `{0}`")]
    Character(char),
    #[error("holds {}", code_point(*.0))]
    NotAscii(char),
    #[error("does not start with a letter")]
    Start,
    #[error("holds two hyphens in a row")]
    DoubleHyphen,
    #[error("ends with a hyphen")]
    EndHyphen,
}

impl Name {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Parses the name of a parameter: underscores count as hyphens.
    pub fn parameter(text: &str) -> Result<Self, NameError> {
        if text.contains('_') { text.replace('_', "-").parse() } else { text.parse() }
    }
}

impl NameError {
    /// What to write instead, in the imperative.
    pub fn help(&self, text: &str) -> String {
        let rule = "use ASCII letters, digits and single hyphens, starting with a letter";
        match suggestion(text) {
            Some(better) => format!("{rule}, for example `{better}`"),
            None => rule.to_owned(),
        }
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        check(text)?;
        Ok(Self(text.into()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

fn check(text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    let length = text.chars().count();
    if length > NAME_LIMIT {
        return Err(NameError::TooLong(length));
    }
    if matches!(text, "." | "..") || text.contains(['/', '\\']) {
        return Err(NameError::Path);
    }
    let stem = text.split('.').next().unwrap_or(text).trim_end();
    if is_windows_device(stem) {
        return Err(NameError::WindowsDevice);
    }
    if let Some(error) = text.chars().find_map(refused) {
        return Err(error);
    }
    match text.as_bytes() {
        [b'-', ..] => Err(NameError::Option),
        [first, ..] if !first.is_ascii_alphabetic() => Err(NameError::Start),
        [.., b'-'] => Err(NameError::EndHyphen),
        _ if text.contains("--") => Err(NameError::DoubleHyphen),
        _ => Ok(()),
    }
}

fn is_windows_device(stem: &str) -> bool {
    let lower = stem.to_ascii_lowercase();
    let numbered = lower.strip_prefix("com").or_else(|| lower.strip_prefix("lpt"));
    WINDOWS_DEVICES.contains(&lower.as_str())
        || numbered.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
}

fn refused(c: char) -> Option<NameError> {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' => None,
        '_' => Some(NameError::Underscore),
        ' ' => Some(NameError::Space),
        _ if c.is_control() => Some(NameError::Control(c)),
        _ if is_invisible(c) => Some(NameError::Invisible(c)),
        _ if c.is_ascii() => Some(NameError::Character(c)),
        _ => Some(match looks_like(c) {
            Some(like) => NameError::Homoglyph { c, like },
            None => NameError::NotAscii(c),
        }),
    }
}

/// Zero-width characters, directional controls, odd spaces, the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
        || (c != ' ' && c.is_whitespace())
}

/// The ASCII letter that readers take `c` for (Unicode Technical Standard 39, "confusables").
fn looks_like(c: char) -> Option<char> {
    const CYRILLIC_GREEK: &[(char, char)] = &[
        ('а', 'a'),
        ('в', 'b'),
        ('с', 'c'),
        ('ԁ', 'd'),
        ('е', 'e'),
        ('һ', 'h'),
        ('і', 'i'),
        ('ј', 'j'),
        ('к', 'k'),
        ('ӏ', 'l'),
        ('м', 'm'),
        ('о', 'o'),
        ('р', 'p'),
        ('ԛ', 'q'),
        ('ѕ', 's'),
        ('т', 't'),
        ('у', 'y'),
        ('х', 'x'),
        ('ԝ', 'w'),
        ('А', 'A'),
        ('В', 'B'),
        ('С', 'C'),
        ('Е', 'E'),
        ('Н', 'H'),
        ('І', 'I'),
        ('Ј', 'J'),
        ('К', 'K'),
        ('М', 'M'),
        ('О', 'O'),
        ('Р', 'P'),
        ('Ѕ', 'S'),
        ('Т', 'T'),
        ('Х', 'X'),
        ('Ү', 'Y'),
        ('α', 'a'),
        ('ι', 'i'),
        ('κ', 'k'),
        ('ν', 'v'),
        ('ο', 'o'),
        ('ρ', 'p'),
        ('υ', 'u'),
        ('χ', 'x'),
        ('Α', 'A'),
        ('Β', 'B'),
        ('Ε', 'E'),
        ('Ζ', 'Z'),
        ('Η', 'H'),
        ('Ι', 'I'),
        ('Κ', 'K'),
        ('Μ', 'M'),
        ('Ν', 'N'),
        ('Ο', 'O'),
        ('Ρ', 'P'),
        ('Τ', 'T'),
        ('Υ', 'Y'),
        ('Χ', 'X'),
        ('ı', 'i'),
        ('ɡ', 'g'),
        ('‐', '-'),
        ('‑', '-'),
        ('‒', '-'),
        ('–', '-'),
        ('—', '-'),
        ('−', '-'),
        ('․', '.'),
    ];
    let table = CYRILLIC_GREEK.iter().find(|(other, _)| *other == c).map(|(_, ascii)| *ascii);
    // The full-width forms are ASCII moved by a fixed distance.
    table.or_else(|| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    })
}

/// A refused name in a message: invisible characters are written out, a long one is cut.
pub(super) fn shown(text: &str) -> String {
    const LIMIT: usize = 80;
    let mut shown = String::new();
    for c in text.chars().take(LIMIT) {
        if c.is_control() || is_invisible(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    if text.chars().nth(LIMIT).is_some() {
        shown.push('…');
    }
    shown
}

fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// The nearest text that is a name.
fn suggestion(text: &str) -> Option<String> {
    let mut better = String::new();
    for c in text.chars().filter(|c| !c.is_control() && !is_invisible(*c)) {
        let c = looks_like(c).unwrap_or(c);
        if c.is_ascii_alphanumeric() {
            better.push(c);
        } else if !better.is_empty() && !better.ends_with('-') {
            better.push('-');
        }
    }
    let better = better.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let better = better.get(..NAME_LIMIT).unwrap_or(better).trim_end_matches('-');
    (better != text && check(better).is_ok()).then(|| better.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Name>().expect_err(text).to_string()
    }

    #[test]
    fn names_are_letters_digits_and_single_hyphens() {
        for good in ["a", "Api", "my-api-2", &"x".repeat(63)] {
            assert_eq!(good.parse::<Name>().expect(good).as_str(), good);
        }
        assert_eq!(Name::parameter("registry_endpoint").unwrap().as_str(), "registry-endpoint");
    }

    #[test]
    fn each_refusal_says_why() {
        assert_eq!(error(""), "is empty");
        assert_eq!(error(&"x".repeat(1000)), "has 1000 characters, at most 63 are allowed");
        for path in ["..", ".", "/x", "a/b", "a\\b"] {
            assert_eq!(error(path), "is a path, not a name");
        }
        assert_eq!(error("-rf"), "looks like an option");
        for device in ["CON", "nul.txt", "Com1", "lpt9.log"] {
            assert_eq!(error(device), "is a device name on Windows and cannot become a folder");
        }
        assert_eq!(error("api."), "holds `.`");
        assert_eq!(error("api "), "holds a space");
        assert_eq!(error("a\nb"), "holds the control character U+000A");
        assert_eq!(error("a\0"), "holds the control character U+0000");
        assert_eq!(error("\u{430}pi"), "holds U+0430, which looks like `a`");
        assert_eq!(error("a\u{200d}b"), "holds the invisible character U+200D");
        assert_eq!(error("a\u{202e}b"), "holds the invisible character U+202E");
        assert_eq!(error("ａpi"), "holds U+FF41, which looks like `a`");
        assert_eq!(error("日本"), "holds U+65E5");
        assert_eq!(error("my_api"), "holds `_`");
        assert_eq!(error("2nd"), "does not start with a letter");
        assert_eq!(error("a--b"), "holds two hyphens in a row");
        assert_eq!(error("a-"), "ends with a hyphen");
    }

    #[test]
    fn help_offers_the_nearest_name() {
        let help = |text: &str| text.parse::<Name>().unwrap_err().help(text);
        assert!(help("\u{430}pi").ends_with("for example `api`"));
        assert!(help("my_api").ends_with("for example `my-api`"));
        assert!(help("..").ends_with("starting with a letter"));
        assert!(help("CON").ends_with("starting with a letter"));
    }
}
