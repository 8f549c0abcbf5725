//! The text of one file and places in it.

/// A range of bytes in the text of a [`Source`] as it was read (byte order mark included).
pub type Span = std::ops::Range<usize>;

/// One file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// How errors call it: the path as the user knows it.
    pub name: String,
    pub text: String,
}

/// The syntax of a manifest or of a file of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Toml,
    /// YAML 1.2; JSON is a subset of it.
    Yaml,
}
