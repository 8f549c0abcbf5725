//! How much of anything is accepted, and what is said of more, in both syntaxes.

use super::{Diagnostic, Format, Span};

/// The most bytes of a document.
pub const FILE_SIZE: usize = 1024 * 1024;
/// The most bytes of a manifest, whatever it declares: 10,000 apps of 400 bytes.
pub const MANIFEST_SIZE: usize = 4 * FILE_SIZE;
/// How many bytes of a manifest each entry of its tables accounts for.
const ENTRY_SIZE: usize = 1024;
/// The most arrays and tables inside each other.
pub(super) const NESTING: usize = 64;
/// The most values that aliases of YAML may add to a document.
pub(super) const ALIAS_VALUES: usize = 100_000;

/// The most bytes that a manifest may have: [`FILE_SIZE`], or 1 KiB for each entry if that is more.
///
/// Ten thousand apps need more room than what got into a file by mistake. Entries are counted by
/// the look of their lines, since nothing has been parsed yet; a padding of comments, text or data
/// has none.
pub fn manifest_size(format: Format, bytes: &[u8]) -> usize {
    if bytes.len() <= FILE_SIZE {
        return FILE_SIZE;
    }
    let lines = bytes.split(|byte| *byte == b'\n').map(|line| (indentation(line), line.trim_ascii()));
    let entries = match format {
        Format::Toml => lines.filter(|(_, line)| is_toml_entry(line)).count(),
        Format::Yaml => {
            let keys = lines.filter(|(indentation, line)| *indentation > 0 && is_yaml_key(line));
            let mut keys = keys.map(|(indentation, _)| indentation);
            keys.next().map_or(0, |first| 1 + keys.filter(|indentation| *indentation == first).count())
        }
        Format::Json | Format::Dotenv => 0,
    };
    entries.saturating_mul(ENTRY_SIZE).clamp(FILE_SIZE, MANIFEST_SIZE)
}

fn indentation(line: &[u8]) -> usize {
    line.iter().take_while(|byte| **byte == b' ').count()
}

/// `[apps.api]`, or `api = { … }` below `[apps]`.
fn is_toml_entry(line: &[u8]) -> bool {
    let value = line.iter().position(|byte| *byte == b'=').map(|equals| line[equals + 1..].trim_ascii_start());
    !line.starts_with(b"#") && (line.starts_with(b"[") || value.is_some_and(|value| value.starts_with(b"{")))
}

/// `api:`, with or without a value.
fn is_yaml_key(line: &[u8]) -> bool {
    !line.starts_with(b"#") && !line.starts_with(b"-") && line.contains(&b':')
}

/// Names the mistake of [`nesting`].
pub(super) const NESTING_CODE: &str = "nesting";

pub(super) fn nesting(span: Span) -> Diagnostic {
    let message = format!("arrays and tables are nested too deeply; the nesting limit is {NESTING}");
    Diagnostic::error(NESTING_CODE, message).at(span, "one level too many")
}

pub(super) fn integer(raw: &str, span: Span) -> Diagnostic {
    Diagnostic::error("out-of-range", format!("the integer `{raw}` is too large"))
        .at(span, format!("expected an integer from {} to {}", i64::MIN, i64::MAX))
        .help(format!("quote it if it is text: `\"{raw}\"`"))
}

pub(super) fn control_character(c: char, start: usize) -> Diagnostic {
    let code = u32::from(c);
    Diagnostic::error("control-character", format!("the control character \\u{code:04X} stands in the text"))
        .at(start..start + c.len_utf8(), "not visible")
        .help(format!("remove it, or write `\\u{code:04X}` in a string with double quotes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_may_grow_with_what_it_declares() {
        let size = |format, unit: &str, count: usize| manifest_size(format, unit.repeat(count).as_bytes());
        let app = format!("  api:\n    kind: dockerfile\n    context: ./api\n    env: {{ A: {} }}\n", "x".repeat(300));
        assert_eq!(size(Format::Yaml, &app, 100), FILE_SIZE);
        assert_eq!(size(Format::Yaml, &app, 3500), 3500 * ENTRY_SIZE);
        assert_eq!(size(Format::Yaml, &app, 9000), MANIFEST_SIZE);
        let app = format!("[apps.api]\nkind = \"dockerfile\"\ncontext = \"./api\"\ntarget = \"{}\"\n", "x".repeat(300));
        assert_eq!(size(Format::Toml, &app, 3500), 3500 * ENTRY_SIZE);
        let app = format!("api = {{ kind = \"image\", image = \"ghcr.io/owner/{}\" }}\n", "x".repeat(300));
        assert_eq!(size(Format::Toml, &app, 3500), 3500 * ENTRY_SIZE);
    }

    #[test]
    fn padding_does_not_make_room() {
        for unit in
            ["# [apps.api] = {\n", "text\n", "\n", " ", "x", "\"aGVsbG8gd29ybGQ=\",\n", "  # a: b\n", "- a: b\n"]
        {
            for format in [Format::Toml, Format::Yaml] {
                let text = unit.repeat(2 * FILE_SIZE / unit.len());
                assert_eq!(manifest_size(format, text.as_bytes()), FILE_SIZE, "{format:?} {unit:?}");
            }
        }
    }
}
