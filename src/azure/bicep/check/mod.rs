//! What the compiler, its linter or Azure would reject in a folder of Bicep files.
//!
//! Silence where the answer is not certain: types of resources, of functions and of what is computed are
//! not known here. Codes are the linter's where it has one; `#disable-next-line CODE` mutes one.

mod declarations;
mod early;
mod file;
mod interface;
mod limits;
mod modules;
mod names;
mod resources;
mod symbols;
mod tables;
mod walk;

use super::lexer::{Kind, lex};
use super::parser::parse;
use super::syntax::File;
use interface::World;
use std::collections::BTreeMap;

/// Something wrong, at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// As the files are named.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub severity: Severity,
    /// A stable name for programs, e.g. `undeclared-name`.
    pub code: &'static str,
    /// A lower-case phrase with backticks round the file's words.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Azure takes it today; a little more would be refused.
    Warning,
    Error,
}

/// Checks every `.bicep` and `.bicepparam` file.
///
/// Paths are relative to one folder, with `/`. `external` are further paths that exist, whose declarations
/// are not known.
pub fn check(files: &BTreeMap<String, String>, external: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut parsed: BTreeMap<&str, Option<File<'_>>> = BTreeMap::new();
    for (path, text) in files.iter().filter(|(path, _)| is_bicep(path) || is_parameters(path)) {
        match parse(text) {
            Ok(file) => parsed.insert(path, Some(file)),
            Err(errors) => {
                residue(path, text, &mut findings);
                for error in errors {
                    if !findings.iter().any(|found| found.path == *path && found.line == error.line) {
                        findings.push(Finding {
                            path: path.clone(),
                            line: error.line,
                            column: error.column,
                            severity: Severity::Error,
                            code: "syntax",
                            message: error.message,
                        });
                    }
                }
                parsed.insert(path, None)
            }
        };
    }
    let world = World::new(&parsed, files, external);
    for (path, file) in &parsed {
        if let Some(file) = file {
            file::check(path, file, &world, &mut findings);
        }
    }
    findings.sort_by(|a, b| (&a.path, a.line, a.column, a.code).cmp(&(&b.path, b.line, b.column, b.code)));
    findings
}

fn is_bicep(path: &str) -> bool {
    path.ends_with(".bicep")
}

fn is_parameters(path: &str) -> bool {
    path.ends_with(".bicepparam")
}

/// What a template left: `{{` is nowhere in Bicep.
fn residue(path: &str, text: &str, findings: &mut Vec<Finding>) {
    let (tokens, _) = lex(text);
    let mut last_line = 0;
    for pair in tokens.windows(2) {
        let is_residue =
            pair.iter().all(|token| token.kind == Kind::OpenBrace) && pair[0].span.end == pair[1].span.start;
        let (line, column) = if is_residue { super::syntax::place(text, pair[0].span.start) } else { continue };
        if line == last_line {
            continue;
        }
        last_line = line;
        findings.push(Finding {
            path: path.to_owned(),
            line,
            column,
            severity: Severity::Error,
            code: "template-residue",
            message: "`{{` of a template was not filled in".to_owned(),
        });
    }
}
