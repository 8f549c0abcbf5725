//! Masks secrets in everything that is shown or kept. Knows secrets, not where the text goes.
//!
//! A secret is found as it is and in the forms in which programs repeat it: base64 (at each of the
//! three alignments), in hexadecimal, percent-encoded, and escaped for JSON, YAML, HTML, Python and
//! shells; of a secret of several lines each line alone as well.

use super::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use regex::Regex;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, RwLock};
use zeroize::Zeroizing;

/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// Anything shorter occurs by chance.
const SHORTEST: usize = 4;

/// So much of each form is looked for by the automaton; the rest is compared where that is found.
const NEEDLE: usize = 24;

/// So much of an unfinished line is held back by a [`RedactStream`].
const PENDING: usize = 64 * 1024;

/// All secrets of a run. Clones share them.
#[derive(Clone, Default)]
pub struct Redactor(Arc<RwLock<Forms>>);

#[derive(Default)]
struct Forms {
    /// The longest first, so that a secret within another one does not leave its rest.
    texts: Vec<Zeroizing<String>>,
    /// Finds where any of them begins; `None` while there are none.
    needles: Option<Regex>,
}

/// Whether a secret can be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Maskable {
    Yes,
    /// It is shorter than four characters: masking it would garble the output and tell its value.
    TooShort,
}

impl Redactor {
    /// Hides this secret from now on.
    pub fn add(&self, secret: &Secret) -> Maskable {
        if secret.expose().chars().count() < SHORTEST {
            return Maskable::TooShort;
        }
        let mut forms = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut texts = std::mem::take(&mut forms.texts);
        texts.extend(forms_of(secret.expose()).into_iter().map(Zeroizing::new));
        texts.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.as_str().cmp(b.as_str())));
        texts.dedup();
        forms.needles = needles(&texts);
        forms.texts = texts;
        Maskable::Yes
    }

    /// The text with [`MASK`] in the place of each secret.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let forms = self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut clean = String::new();
        let mut done = 0;
        while let Some((start, end)) = forms.find(text, done) {
            clean.push_str(&text[done..start]);
            clean.push_str(MASK);
            done = end;
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        clean.push_str(&text[done..]);
        Cow::Owned(clean)
    }

    /// For text that arrives in pieces.
    pub fn stream(&self) -> RedactStream {
        RedactStream { redactor: self.clone(), pending: String::new() }
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

impl Forms {
    /// The first secret at or after `from`, as a range of bytes.
    fn find(&self, text: &str, from: usize) -> Option<(usize, usize)> {
        let needles = self.needles.as_ref()?;
        let mut at = from;
        loop {
            let start = needles.find_at(text, at)?.start();
            if let Some(form) = self.texts.iter().find(|form| text[start..].starts_with(form.as_str())) {
                return Some((start, start + form.len()));
            }
            at = start + text[start..].chars().next().map_or(1, char::len_utf8);
        }
    }

    fn longest(&self) -> usize {
        self.texts.first().map_or(0, |text| text.len())
    }
}

/// Masks secrets in text that arrives in pieces; a secret may be spread over several of them.
/// An unfinished line is held back until it ends or [`finish`](Self::finish) is called.
#[derive(Debug)]
pub struct RedactStream {
    redactor: Redactor,
    pending: String,
}

impl RedactStream {
    /// Takes a piece and returns what can be shown by now.
    pub fn push(&mut self, piece: &str) -> String {
        let held = self.pending.len();
        self.pending.push_str(piece);
        let ready = match piece.rfind('\n') {
            Some(end) => held + end + 1,
            None if self.pending.len() > PENDING => self.safe_length(),
            None => 0,
        };
        if ready == 0 {
            return String::new();
        }
        let rest = self.pending.split_off(ready);
        let shown = self.redactor.redact(&self.pending).into_owned();
        self.pending = rest;
        shown
    }

    /// Returns what was held back.
    pub fn finish(&mut self) -> String {
        let shown = self.redactor.redact(&self.pending).into_owned();
        self.pending.clear();
        shown
    }

    /// How much of the pending text no secret can reach into that is not there whole.
    fn safe_length(&self) -> usize {
        let forms = self.redactor.0.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let limit = self.pending.floor_char_boundary(self.pending.len().saturating_sub(forms.longest()));
        let mut done = 0;
        while let Some((start, end)) = forms.find(&self.pending, done) {
            if start >= limit {
                break;
            }
            done = end;
        }
        done.max(limit)
    }
}

fn needles(texts: &[Zeroizing<String>]) -> Option<Regex> {
    let starts: BTreeSet<&str> = texts.iter().map(|text| &text[..text.floor_char_boundary(NEEDLE)]).collect();
    if starts.is_empty() {
        return None;
    }
    let alternatives: Vec<String> = starts.into_iter().map(regex::escape).collect();
    let regex = regex::RegexBuilder::new(&alternatives.join("|")).size_limit(usize::MAX).build();
    Some(regex.expect("escaped literals without a limit of size are a valid expression"))
}

fn forms_of(secret: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::new();
    encode(secret, &mut forms);
    // The whole is often passed on without its last newline.
    encode(secret.trim_end_matches(['\r', '\n']), &mut forms);
    if secret.contains('\n') {
        for line in secret.lines().map(str::trim) {
            forms.insert(line.to_owned());
            forms.extend(json(line));
        }
    }
    forms.retain(|form| form.chars().count() >= SHORTEST);
    forms
}

fn encode(secret: &str, forms: &mut BTreeSet<String>) {
    forms.insert(secret.to_owned());
    for shift in 0..3 {
        forms.extend(base64_at(secret.as_bytes(), shift));
    }
    forms.extend(percent(secret));
    forms.extend(json(secret));
    forms.extend(shell(secret));
    forms.insert(secret.replace('\'', "''"));
    forms.extend(html(secret));
    forms.extend(hex(secret));
    forms.insert(secret.escape_debug().to_string());
    forms.insert(secret.escape_default().to_string());
    forms.insert(secret.replace('\\', "\\\\").replace('\'', "\\'"));
}

/// The characters of the base64 text that depend on the secret alone, if `shift` bytes of
/// something else (modulo 3) stand before it.
fn base64_at(secret: &[u8], shift: usize) -> Vec<String> {
    let mut bytes = Zeroizing::new(vec![0; shift]);
    bytes.extend_from_slice(secret);
    let first = (shift * 8).div_ceil(6);
    let last = bytes.len() * 8 / 6;
    [STANDARD_NO_PAD.encode(&*bytes), URL_SAFE_NO_PAD.encode(&*bytes)]
        .iter()
        .filter_map(|text| text.get(first..last).map(str::to_owned))
        .collect()
}

fn percent(secret: &str) -> [String; 3] {
    let mut upper = String::new();
    for byte in secret.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            upper.push(char::from(byte));
        } else {
            write!(upper, "%{byte:02X}").expect("writing to a String cannot fail");
        }
    }
    let mut lower = String::new();
    for byte in secret.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            lower.push(char::from(byte));
        } else {
            write!(lower, "%{byte:02x}").expect("writing to a String cannot fail");
        }
    }
    let form = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    [upper, lower, form]
}

/// As serialisers write it: as it is, with `/` escaped, and all of it in ASCII.
fn json(secret: &str) -> Vec<String> {
    let quoted = serde_json::Value::from(secret).to_string();
    let plain = quoted[1..quoted.len() - 1].to_owned();
    let mut ascii = String::new();
    for c in plain.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(ascii, "\\u{unit:04x}").expect("writing to a String cannot fail");
            }
        }
    }
    vec![plain.replace('/', "\\/"), ascii, plain]
}

fn hex(secret: &str) -> [String; 2] {
    let lower: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    [lower.to_ascii_uppercase(), lower]
}

/// In single quotes, in double quotes, and with a backslash before each special character.
fn shell(secret: &str) -> [String; 3] {
    let escape = |is_special: &dyn Fn(char) -> bool| {
        let mut text = String::new();
        for c in secret.chars() {
            if is_special(c) {
                text.push('\\');
            }
            text.push(c);
        }
        text
    };
    [
        secret.replace('\'', "'\\''"),
        escape(&|c| matches!(c, '"' | '$' | '`' | '\\')),
        escape(&|c| c.is_ascii() && !c.is_ascii_alphanumeric() && !"_-./:=@%+,".contains(c)),
    ]
}

/// With the apostrophe as a decimal number, and as a hexadecimal one.
fn html(secret: &str) -> [String; 2] {
    let mut text = String::new();
    for c in secret.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&#39;"),
            _ => text.push(c),
        }
    }
    [text.replace("&#39;", "&#x27;"), text]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(secrets: &[&str]) -> Redactor {
        let redactor = Redactor::default();
        for secret in secrets {
            assert_eq!(redactor.add(&Secret::new(*secret)), Maskable::Yes);
        }
        redactor
    }

    #[test]
    fn text_without_secrets_is_not_copied() {
        assert!(matches!(Redactor::default().redact("text"), Cow::Borrowed("text")));
        assert!(matches!(redactor(&["hunter2"]).redact("text"), Cow::Borrowed("text")));
    }

    #[test]
    fn a_secret_is_masked_in_every_form_in_which_programs_repeat_it() {
        let secret = "p'a\"ss w/ö\\$rd&";
        let redactor = redactor(&[secret]);
        let quoted = serde_json::to_string(secret).unwrap();
        for form in [
            secret.to_owned(),
            "p%27a%22ss%20w%2F%C3%B6%5C%24rd%26".to_owned(),
            "p%27a%22ss%20w%2f%c3%b6%5c%24rd%26".to_owned(),
            "p%27a%22ss+w%2F%C3%B6%5C%24rd%26".to_owned(),
            quoted.trim_matches('"').to_owned(),
            quoted[1..quoted.len() - 1].replace('/', "\\/"),
            quoted[1..quoted.len() - 1].replace('ö', "\\u00f6"),
            "p'\\''a\"ss w/ö\\$rd&".to_owned(),
            "p'a\\\"ss w/ö\\\\\\$rd&".to_owned(),
            "p''a\"ss w/ö\\$rd&".to_owned(),
            "p&#39;a&quot;ss w/ö\\$rd&amp;".to_owned(),
            "p&#x27;a&quot;ss w/ö\\$rd&amp;".to_owned(),
            "p\\'a\"ss w/ö\\\\$rd&".to_owned(),
            "7027612273732077 2fc3b65c24726426".replace(' ', ""),
            "70276122737320772FC3B65C24726426".to_owned(),
        ] {
            assert_eq!(redactor.redact(&format!("<{form}>")), "<***>", "{form}");
        }
    }

    #[test]
    fn base64_is_found_at_every_alignment() {
        let secret = "correct horse battery";
        let redactor = redactor(&[secret]);
        for before in ["", "u", "us", "user:"] {
            for after in ["", "x", "xy"] {
                let text = STANDARD_NO_PAD.encode(format!("{before}{secret}{after}"));
                let masked = redactor.redact(&text);
                assert!(masked.contains(MASK), "{before} {after}: {masked}");
                // At most the characters that hold bits of the neighbours remain.
                assert!(masked.len() <= MASK.len() + (before.len() + after.len()).div_ceil(3) * 4 + 4, "{masked}");
            }
        }
        let url_safe = URL_SAFE_NO_PAD.encode("???>>>~~~");
        assert_eq!(self::redactor(&["???>>>~~~"]).redact(&url_safe), MASK);
    }

    #[test]
    fn each_line_of_a_key_is_masked_alone() {
        let redactor = redactor(&["-----BEGIN KEY-----\nMIIBVQIBADANBg\n  kqhkiG9w0BAQEF\n}\n"]);
        assert_eq!(redactor.redact("#5 1.2 kqhkiG9w0BAQEF"), "#5 1.2 ***");
        assert_eq!(redactor.redact("got MIIBVQIBADANBg."), "got ***.");
        assert_eq!(redactor.redact("{}"), "{}");
    }

    #[test]
    fn the_longer_of_two_secrets_wins() {
        let redactor = redactor(&["hunter", "hunter2secret"]);
        assert_eq!(redactor.redact("hunter2secret hunter2"), "*** ***2");
    }

    #[test]
    fn a_long_secret_is_told_from_what_only_begins_like_it() {
        let secret = "a".repeat(100);
        let redactor = redactor(&[&secret]);
        let near = format!("{}b", "a".repeat(99));
        assert_eq!(redactor.redact(&near), near);
        assert_eq!(redactor.redact(&format!("a{secret}b")), "***ab");
    }

    #[test]
    fn a_secret_that_is_too_short_is_reported_and_left() {
        let redactor = Redactor::default();
        assert_eq!(redactor.add(&Secret::new("abc")), Maskable::TooShort);
        assert_eq!(redactor.redact("abc"), "abc");
    }

    #[test]
    fn a_secret_is_found_across_the_borders_of_pieces() {
        let redactor = redactor(&["hunter2secret"]);
        for cut in 0..=20 {
            let text = "key=hunter2secret;ok\n";
            let mut stream = redactor.stream();
            let mut shown = stream.push(&text[..cut]);
            shown += &stream.push(&text[cut..]);
            shown += &stream.finish();
            assert_eq!(shown, "key=***;ok\n", "cut at {cut}");
        }
    }

    #[test]
    fn a_line_without_an_end_is_not_kept_for_ever() {
        let redactor = redactor(&["hunter2secret"]);
        let mut stream = redactor.stream();
        let mut shown = String::new();
        for _ in 0..30_000 {
            shown += &stream.push("xhunter2secret");
            assert!(stream.pending.len() <= PENDING + 64);
        }
        shown += &stream.finish();
        assert_eq!(shown, "x***".repeat(30_000));
    }
}
