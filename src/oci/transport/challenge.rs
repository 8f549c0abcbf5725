//! Reads `WWW-Authenticate` (RFC 9110, 11.6.1): one or several challenges in one or several fields.

use std::collections::BTreeMap;

/// How a registry wants to be signed in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    Basic,
    Bearer { realm: String, service: Option<String>, scope: Option<String> },
}

/// The challenge that is answered: Bearer before Basic; others are passed over.
pub(super) fn choose<'a>(fields: impl Iterator<Item = &'a str>) -> Option<Challenge> {
    let mut basic = None;
    for (scheme, mut parameters) in fields.flat_map(parse) {
        if scheme.eq_ignore_ascii_case("bearer") {
            if let Some(realm) = parameters.remove("realm") {
                let (service, scope) = (parameters.remove("service"), parameters.remove("scope"));
                return Some(Challenge::Bearer { realm, service, scope });
            }
        } else if scheme.eq_ignore_ascii_case("basic") {
            basic = Some(Challenge::Basic);
        }
    }
    basic
}

/// Schemes with their parameters, names in lower case. Stops at what cannot be read.
fn parse(field: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut challenges: Vec<(String, BTreeMap<String, String>)> = Vec::new();
    let mut rest = field;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let (word, after) = token(rest);
        if word.is_empty() {
            return challenges;
        }
        rest = after.trim_start_matches([' ', '\t']);
        match rest.strip_prefix('=') {
            // `token68` of other schemes may end in several `=`: there is no value then.
            Some(value) if !value.starts_with('=') => {
                let Some((value, after)) = parameter_value(value.trim_start_matches([' ', '\t'])) else {
                    return challenges;
                };
                rest = after;
                if let Some((_, parameters)) = challenges.last_mut() {
                    parameters.entry(word.to_ascii_lowercase()).or_insert(value);
                }
            }
            Some(_) => rest = rest.trim_start_matches('='),
            None => challenges.push((word.to_owned(), BTreeMap::new())),
        }
    }
}

fn token(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~/".contains(c)));
    text.split_at(end.unwrap_or(text.len()))
}

fn parameter_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        // Some write URLs without quotes; a value ends at a comma or a space.
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((value, &quoted[index + 1..])),
            '\\' => value.push(characters.next()?.1),
            _ => value.push(character),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "the table compares options")]
    fn bearer(realm: &str, service: Option<&str>, scope: Option<&str>) -> Option<Challenge> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        Some(Challenge::Bearer { realm: realm.to_owned(), service: own(service), scope: own(scope) })
    }

    #[test]
    fn challenges_are_read_in_every_form() {
        let pair = "repository:a:pull,push";
        for (fields, expect) in [
            (
                &[r#"Bearer realm="https://a/t",service="s",scope="repository:a:pull,push""#][..],
                bearer("https://a/t", Some("s"), Some(pair)),
            ),
            (&[r#"bearer  realm = "https://a/t" , service=s"#], bearer("https://a/t", Some("s"), None)),
            (&[r#"Basic realm="x, Bearer realm=y""#], Some(Challenge::Basic)),
            (&[r#"Basic realm="x", Bearer realm="https://a/t""#], bearer("https://a/t", None, None)),
            (&["Basic", r#"Bearer realm="https://a/t""#], bearer("https://a/t", None, None)),
            (&[r#"Negotiate YWJj==, Basic realm="x""#], Some(Challenge::Basic)),
            (&[r#"Bearer realm="a\"b\\c""#], bearer("a\"b\\c", None, None)),
            (&["Bearer realm=https://a/t,service=s"], bearer("https://a/t", Some("s"), None)),
            (&[r#"Bearer service="s""#], None),
            (&[r#"Bearer realm="open"#], None),
            (&["Digest realm=\"x\""], None),
            (&["", "=", ",,,"], None),
        ] {
            assert_eq!(choose(fields.iter().copied()), expect, "{fields:?}");
        }
    }
}
