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

impl Source {
    /// The same text with what stands at `spans` made unreadable; every place stays where it is.
    #[must_use]
    pub fn concealing(&self, spans: &[Span]) -> Self {
        let mut is_hidden = vec![false; self.text.len()];
        for span in spans {
            is_hidden.get_mut(span.clone()).unwrap_or_default().fill(true);
        }
        let hide = |(at, c): (usize, char)| match c.len_utf8() {
            _ if !is_hidden[at] || matches!(c, '"' | '\'' | '\n' | '\r') => c,
            1 => '*',
            2 => '\u{b7}',
            3 => '\u{2022}',
            _ => '\u{1f784}',
        };
        Self { name: self.name.clone(), text: self.text.char_indices().map(hide).collect() }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_concealed_text_keeps_every_place() {
        let source = Source { name: "m".to_owned(), text: "a = \"p\u{e9}\u{20ac}\u{1f600} x\"\nb".to_owned() };
        let hidden = source.concealing(&[4..9, 9..18]);
        assert_eq!(hidden.text, "a = \"*\u{b7}\u{2022}\u{1f784}**\"\nb");
        assert_eq!(hidden.text.len(), source.text.len());
    }
}
