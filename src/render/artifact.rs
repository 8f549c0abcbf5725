//! A file that is to be written.

/// A file below the output folder, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Relative to the output folder, with `/` between its parts; never leaves it.
    pub path: String,
    pub text: String,
}
