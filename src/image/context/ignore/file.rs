//! Ignore files: their syntax and which one counts.

use super::pattern::clean;
use super::{PatternError, Patterns};
use crate::image::BuildSpec;
use crate::util::fs;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// The most bytes of an ignore file.
const SIZE: u64 = 1 << 20;

/// Reads an ignore file: a byte order mark, comments and empty lines dropped, patterns cleaned,
/// a leading `/` removed, `!` kept.
pub fn read_patterns(text: &str) -> Vec<String> {
    lines(text).map(|(_, pattern)| pattern).collect()
}

/// The patterns with their lines, from 1.
fn lines(text: &str) -> impl Iterator<Item = (usize, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.split('\n').enumerate().filter_map(|(index, line)| Some((index + 1, read_line(line)?)))
}

fn read_line(line: &str) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    let (negation, pattern) = match line.strip_prefix('!') {
        Some(rest) => ("!", rest.trim()),
        None => ("", line),
    };
    if pattern.is_empty() {
        return Some(negation.to_owned());
    }
    let pattern = clean(pattern);
    let pattern = if pattern.len() > 1 { pattern.strip_prefix('/').unwrap_or(&pattern) } else { &pattern };
    Some(format!("{negation}{pattern}"))
}

/// The ignore file that counts for a build.
#[derive(Clone, Debug)]
pub struct IgnoreFile {
    pub path: PathBuf,
    pub patterns: Patterns,
    /// The patterns as text, for builders that want them.
    pub text: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum IgnoreFileError {
    #[error("cannot read `{}`: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("{error} in `{}`, line {}", path.display(), error.line)]
    Pattern { path: PathBuf, error: PatternError },
}

impl IgnoreFile {
    /// `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` in the context.
    ///
    /// # Errors
    /// The file cannot be read, or a pattern of it is malformed.
    pub fn find(spec: &BuildSpec) -> Result<Option<Self>, IgnoreFileError> {
        for path in [beside(&spec.dockerfile), spec.context.join(".dockerignore")] {
            match fs::read(&path, SIZE) {
                Ok(content) => return Self::parse(path, &String::from_utf8_lossy(&content.bytes)).map(Some),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(IgnoreFileError::Read { path, error: error.source }),
            }
        }
        Ok(None)
    }

    fn parse(path: PathBuf, text: &str) -> Result<Self, IgnoreFileError> {
        let (numbers, text): (Vec<usize>, Vec<String>) = lines(text).unzip();
        match Patterns::new(&text) {
            Ok(patterns) => Ok(Self { path, patterns, text }),
            Err(error) => {
                let line = numbers[error.line - 1];
                Err(IgnoreFileError::Pattern { path, error: PatternError { line, ..error } })
            }
        }
    }
}

/// `<Dockerfile>.dockerignore`.
pub(crate) fn beside(dockerfile: &Path) -> PathBuf {
    let mut name = OsString::from(dockerfile);
    name.push(".dockerignore");
    PathBuf::from(name)
}
