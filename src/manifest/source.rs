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
    /// YAML 1.2.
    Yaml,
    /// Strict JSON; for parameters.
    Json,
    /// Lines of `NAME=value`; for parameters.
    Dotenv,
}

impl Format {
    /// What a file is by its name: `.toml`, `.yaml`, `.yml`, `.json`, or `.env` anywhere after the
    /// last slash (`.env`, `.env.local`, `prod.env`).
    pub fn of(name: &str) -> Option<Self> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
        match file.rsplit('.').next() {
            Some("toml") => Some(Self::Toml),
            Some("yaml" | "yml") => Some(Self::Yaml),
            Some("json") => Some(Self::Json),
            Some("env") => Some(Self::Dotenv),
            _ if file.starts_with(".env.") => Some(Self::Dotenv),
            _ => None,
        }
    }
}
