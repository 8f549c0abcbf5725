//! `.env`: a value for each variable of the Compose file.
//!
//! Two programs read it and do not agree: `docker compose` takes single quotes for plain text and
//! expands `$NAME` in double quotes, docker-compose 1.29 expands `${NAME}` wherever it stands. What
//! is written here means the same to both: where a value has a `${` or ends with a backslash, that
//! character comes from a variable of its own.

use super::variable::Variable;
use std::fmt::Write as _;

/// What the file is called.
pub const ENV_FILE: &str = ".env";
/// Holds one `$`, for values that could be taken for references.
const DOLLAR: &str = "SHIPIT_DOLLAR";
/// Is never set: stands behind a backslash that would hide the closing quote.
const NOTHING: &str = "SHIPIT_NOTHING";
/// The variable that both programs take the project's name from.
pub const PROJECT: &str = "COMPOSE_PROJECT_NAME";

/// The file as it is written first.
pub(super) fn fresh(project: &str, variables: &[&Variable]) -> String {
    let mut text = String::from(
        "# Values for docker-compose.yaml. Fill in what is empty. `shipit publish` keeps what stands here and\n\
         # adds what is new. Do not commit this file once a secret is in it.\n",
    );
    write!(text, "\n# Name of the project.\n{PROJECT}={}\n", encode(project).text).expect("writing to a String");
    entries(variables, false, &mut text);
    text
}

/// The file with what it lacks at its end; everything that stands in it stays as it is.
pub(super) fn merged(existing: &str, project: &str, variables: &[&Variable]) -> String {
    let known = names(existing);
    let is_new = |name: &str| !known.iter().any(|known| known == name);
    let missing: Vec<&Variable> = variables.iter().copied().filter(|variable| is_new(&variable.name)).collect();
    let mut text = existing.to_owned();
    if (!missing.is_empty() || is_new(PROJECT)) && !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    if is_new(PROJECT) {
        writeln!(text, "{PROJECT}={}", encode(project).text).expect("writing to a String");
    }
    entries(&missing, !is_new(DOLLAR), &mut text);
    text
}

/// Values with their names, for a program that reads such a file; every value is there.
pub fn values<'v>(values: impl IntoIterator<Item = (&'v str, &'v str)>) -> String {
    let mut text = String::new();
    let mut has_dollar = false;
    for (name, value) in values {
        let encoded = encode(value);
        dollar(&encoded, &mut has_dollar, &mut text);
        writeln!(text, "{name}={}", encoded.text).expect("writing to a String");
    }
    text
}

fn entries(variables: &[&Variable], has_dollar: bool, text: &mut String) {
    let mut has_dollar = has_dollar;
    for variable in variables {
        let about: String = variable.about.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let encoded = encode(variable.default.as_deref().unwrap_or_default());
        text.push('\n');
        dollar(&encoded, &mut has_dollar, text);
        write!(text, "# {}\n{}={}\n", about.trim(), variable.name, encoded.text).expect("writing to a String");
    }
}

/// The helper stands before the first value that needs it.
fn dollar(encoded: &Encoded, has_dollar: &mut bool, text: &mut String) {
    if encoded.needs_dollar && !*has_dollar {
        *has_dollar = true;
        write!(text, "# A dollar sign, for values with `${{` in them.\n{DOLLAR}='$'\n").expect("writing to a String");
    }
}

/// The names that a file sets. Lines that belong to a value over several lines are none.
fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        let line = line.trim_start();
        let line = line.strip_prefix("export ").map_or(line, str::trim_start);
        let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) else { continue };
        names.push(name.trim_end().to_owned());
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        if !is_closed(&value[1..], quote) {
            // Up to the line in which the value ends.
            while !rest.is_empty() {
                let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
                rest = after;
                if is_closed(line, quote) {
                    break;
                }
            }
        }
    }
    names
}

/// Whether a quote ends here.
fn is_closed(text: &str, quote: char) -> bool {
    let mut is_escaped = false;
    for c in text.chars() {
        match c {
            '\\' => is_escaped = !is_escaped,
            _ if c == quote && !is_escaped => return true,
            _ => is_escaped = false,
        }
    }
    false
}

struct Encoded {
    text: String,
    needs_dollar: bool,
}

/// A value that both programs read alike.
fn encode(value: &str) -> Encoded {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | ':' | '@' | '-' | '+' | ',');
    if value.chars().all(plain) {
        return Encoded { text: value.to_owned(), needs_dollar: false };
    }
    // Both leave a carriage return alone only where it is written as an escape.
    let is_simple = !value.contains(['\'', '\\', '\r']) && !value.contains("${");
    if is_simple {
        return Encoded { text: format!("'{value}'"), needs_dollar: false };
    }
    let mut text = String::from('"');
    let mut needs_dollar = false;
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\r' => text.push_str("\\r"),
            '$' => {
                needs_dollar = true;
                write!(text, "${{{DOLLAR}}}").expect("writing to a String");
            }
            _ => text.push(c),
        }
    }
    if value.ends_with('\\') {
        write!(text, "${{{NOTHING}:-}}").expect("writing to a String");
    }
    text.push('"');
    Encoded { text, needs_dollar }
}

#[cfg(test)]
mod tests {
    use super::super::variable::VariableSource;
    use super::*;
    use proptest::prelude::*;
    use regex::{Captures, Regex};
    use std::collections::BTreeMap;

    fn variable(name: &str, default: Option<&str>) -> Variable {
        Variable {
            name: name.to_owned(),
            about: format!("About {name}."),
            default: default.map(str::to_owned),
            source: VariableSource::Image("x".parse().unwrap()),
            is_encoded: false,
        }
    }

    /// As python-dotenv reads it, which docker-compose 1.29 uses: line breaks made alike, the value
    /// by its expressions, escapes, then `${NAME}` and `${NAME:-default}` wherever they stand.
    fn python(text: &str) -> BTreeMap<String, String> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let key = Regex::new(r"\A\s*([^=#\s]+)=").unwrap();
        let single = Regex::new(r"\A'((?:\\'|[^'])*)'").unwrap();
        let double = Regex::new("\\A\"((?:\\\\\"|[^\"])*)\"").unwrap();
        let single_escapes = Regex::new(r"\\([\\'])").unwrap();
        let double_escapes = Regex::new(r#"\\([\\'"abfnrtv])"#).unwrap();
        let reference = Regex::new(r"\$\{([^\}:]*)(?::-([^\}]*))?\}").unwrap();
        let mut rest = text.as_str();
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        while !rest.trim().is_empty() {
            let line_end = |text: &str| text.find('\n').map_or(text.len(), |at| at + 1);
            if rest.trim_start().starts_with('#') {
                rest = &rest.trim_start()[line_end(rest.trim_start())..];
                continue;
            }
            let name = key.captures(rest).unwrap();
            rest = &rest[name[0].len()..];
            let (raw, length) = if let Some(value) = single.captures(rest) {
                (single_escapes.replace_all(&value[1], "$1").into_owned(), value[0].len())
            } else if let Some(value) = double.captures(rest) {
                let decoded = double_escapes.replace_all(&value[1], |it: &Captures<'_>| match &it[1] {
                    "n" => "\n".to_owned(),
                    "r" => "\r".to_owned(),
                    "t" => "\t".to_owned(),
                    other => other.to_owned(),
                });
                (decoded.into_owned(), value[0].len())
            } else {
                let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
                (line.to_owned(), line.len())
            };
            rest = &rest[length..];
            let value = reference.replace_all(&raw, |it: &Captures<'_>| match found.get(&it[1]) {
                Some(value) => value.clone(),
                None => it.get(2).map_or(String::new(), |default| default.as_str().to_owned()),
            });
            found.insert(name[1].to_owned(), value.into_owned());
            rest = &rest[line_end(rest)..];
        }
        found
    }

    /// As compose-go reads it: single quotes as they are, double quotes with escapes and references.
    fn compose(text: &str) -> BTreeMap<String, String> {
        let text = text.replace("\r\n", "\n");
        let escapes = Regex::new(r#"\\([abcfnrtv$"\\]|0\d{0,3})"#).unwrap();
        let reference = Regex::new(r"\$\{([A-Z_]+)(:-)?\}").unwrap();
        let mut rest = text.as_str();
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() {
                return found;
            }
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            if line.starts_with('#') {
                rest = after;
                continue;
            }
            let (name, value) = rest.split_once('=').unwrap();
            let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
                let (line, after) = value.split_once('\n').unwrap_or((value, ""));
                assert!(!line.contains('$') && !line.contains(" #"), "{line}");
                found.insert(name.to_owned(), line.trim_end().to_owned());
                rest = after;
                continue;
            };
            let (mut raw, mut is_escaped, mut end) = (String::new(), false, None);
            for (index, c) in value.char_indices().skip(1) {
                if c != quote {
                    if !is_escaped && c == '\\' {
                        is_escaped = true;
                        continue;
                    }
                    if is_escaped {
                        is_escaped = false;
                        raw.push('\\');
                    }
                    raw.push(c);
                } else if is_escaped {
                    is_escaped = false;
                    raw.push(c);
                } else {
                    end = Some(index + 1);
                    break;
                }
            }
            let value_text = match quote {
                '"' => {
                    let decoded = escapes.replace_all(&raw, |it: &Captures<'_>| match &it[1] {
                        "n" => "\n".to_owned(),
                        "r" => "\r".to_owned(),
                        "\\" => "\\".to_owned(),
                        "\"" => "\"".to_owned(),
                        other => panic!("an escape that is not written: {other}"),
                    });
                    let plain = reference.replace_all(&decoded, "");
                    assert!(!plain.contains('$'), "a bare dollar would be expanded: {decoded}");
                    let get = |it: &Captures<'_>| found.get(&it[1]).cloned().unwrap_or_default();
                    reference.replace_all(&decoded, get).into_owned()
                }
                _ => raw,
            };
            found.insert(name.to_owned(), value_text);
            rest = &value[end.expect("a quote is closed")..];
        }
    }

    #[test]
    fn both_programs_read_what_was_written() {
        let pem = "-----BEGIN KEY-----\nMIIE/+=\n-----END KEY-----\n";
        let cases = [
            "",
            "a b",
            "it's",
            "\"x\"",
            "a\\",
            "\\\\",
            "'\\",
            "$5 ${X:?} $$",
            "#x",
            " x ",
            "a\r\nb\r",
            pem,
            "=",
            "é\u{1f600}",
            "{{ }} `%`\t",
        ];
        let list: Vec<(String, &str)> = cases.iter().enumerate().map(|(i, value)| (format!("V{i}"), *value)).collect();
        let text = values(list.iter().map(|(name, value)| (name.as_str(), *value)));
        let (python, compose) = (python(&text), compose(&text));
        for (name, value) in &list {
            assert_eq!(python.get(name).map(String::as_str), Some(*value), "python\n{text}");
            assert_eq!(compose.get(name).map(String::as_str), Some(*value), "compose\n{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_value_is_read_alike(one in any::<String>(), two in "[\\\\'\"${}A:\r\n #=-]{0,10}", three in "[\\\\'\"${}]{0,6}") {
            let all = [("A", one.as_str()), ("B", two.as_str()), ("C", three.as_str())];
            prop_assume!(all.iter().all(|(_, value)| !value.contains('\0')));
            let text = values(all);
            let (python, compose) = (python(&text), compose(&text));
            for (name, value) in all {
                prop_assert_eq!(python.get(name).map(String::as_str), Some(value));
                prop_assert_eq!(compose.get(name).map(String::as_str), Some(value));
            }
            prop_assert!(names(&text).iter().all(|name| name.len() == 1 || name == DOLLAR));
        }
    }

    #[test]
    fn what_stands_in_the_file_is_kept_and_the_rest_is_added() {
        let (one, two) = (variable("ONE", Some("1")), variable("TWO", None));
        let first = fresh("shop", &[&one]);
        assert_eq!(merged(&first, "shop", &[&one]), first);
        let edited = first.replace("ONE=1", "export ONE=\"x\nTWO=no\n\" # mine");
        let again = merged(&edited, "other", &[&one, &two]);
        assert_eq!(again, format!("{edited}\n# About TWO.\nTWO=\n"));
        assert_eq!(merged("ONE=2", "p", &[&one]), "ONE=2\nCOMPOSE_PROJECT_NAME=p\n");
    }
}
