//! What goes wrong while a context is read.

use crate::util::FailureClass;
use std::io;

/// Paths are relative to the context.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    #[error("cannot {act} `{path}` of the context: {error}")]
    Io { act: &'static str, path: String, error: io::Error },
    /// `path` has the bad bytes escaped.
    #[error("the name of `{path}` in the context is not UTF-8")]
    Name { path: String },
    #[error("`{path}` of the context is a {kind}")]
    Special { path: String, kind: &'static str },
    /// `how`: `grew`, `shrank`.
    #[error("`{path}` of the context {how} while it was read")]
    Changed { path: String, how: &'static str },
}

impl ContextError {
    pub fn class(&self) -> FailureClass {
        FailureClass::Permanent
    }

    pub fn help(&self) -> Option<String> {
        Some(match self {
            Self::Io { act: "read", .. } | Self::Io { act: "list", .. } => {
                "make it readable, or leave it out with a line in .dockerignore".to_owned()
            }
            Self::Io { .. } => return None,
            Self::Name { .. } => "rename it, or leave it out with a line in .dockerignore".to_owned(),
            Self::Special { .. } => "leave it out with a line in .dockerignore".to_owned(),
            Self::Changed { .. } => {
                "let nothing write into the context during a build, or leave the file out with a line in \
                 .dockerignore"
                    .to_owned()
            }
        })
    }
}
