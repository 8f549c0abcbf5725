//! The Bicep language: tree, layout, findings, patches.

mod check;
mod format;
mod parse;
mod patch;

use proptest::prelude::*;

/// A file with every construct, laid out as [`shipit::azure::bicep::format`] does.
const EVERYTHING: &str = include_str!("bicep/everything.bicep");

/// Texts that look like Bicep here and there.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(vec![
            "'", "'''", "${", "}", "{", "[", "]", "(", ")", "\n", "\r\n", "\r", " ", "\t", ",", ":", "=", "?", "//", "/*", "*/",
            "@", "param ", "var ", "resource ", "for ", "if ", "in ", "$'''", "$$'''", "\\", "\\u{41}", "=>", "??", "!", ".", "..",
            "a", "1", "#disable-next-line x", "\u{feff}", "|", "<", "-",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => (0..EVERYTHING.len(), 0..80_usize).prop_map(|(start, length)| {
            let start = EVERYTHING.floor_char_boundary(start);
            let end = EVERYTHING.floor_char_boundary((start + length).min(EVERYTHING.len()));
            EVERYTHING[start..end].to_owned()
        }),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}
