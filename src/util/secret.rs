//! The one type for values that must not be seen.

use zeroize::Zeroizing;

/// A value that is never printed: no `Display`, no `Serialize`, and a `Debug` that hides it.
///
/// The memory is overwritten when the value is dropped. [`expose`](Self::expose) is the only way
/// to the text, so that every use can be found by its name.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The secret itself. Never let it reach an event, an argument list, a file or an error.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(***)")
    }
}
