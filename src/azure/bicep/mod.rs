//! The language Bicep.

/// Canonical indentation and empty lines.
pub fn format(text: &str) -> String {
    text.to_owned()
}
