//! Files of parameters: TOML, YAML, JSON or dotenv, by their ending.

use crate::manifest::{Diagnostic, Diagnostics, Source, Span};
use crate::util::{Secret, text};
use std::path::Path;
use std::sync::Arc;

/// One value of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileValue {
    /// As it is written.
    pub name: String,
    /// Any of them may belong to a secret parameter.
    pub value: Secret,
    /// Where the value stands.
    pub span: Span,
}

/// Reads a file of parameters; the ending of its name says in which syntax. Values are strings,
/// numbers or booleans; a table `params` at the top may hold them.
pub fn read_params_file(source: &Arc<Source>) -> Result<Vec<FileValue>, Diagnostics> {
    let mut problems = Diagnostics::default();
    let values = match ending(&source.name).as_deref() {
        Some("toml") => toml(source, &mut problems),
        Some("json") => json(source, &mut problems),
        Some("env") => dotenv(source, &mut problems),
        Some("yaml" | "yml") => yaml(source, &mut problems),
        _ => {
            let message = format!("the ending of `{}` does not say what it is", source.name);
            let help = "name it `….toml`, `….yaml`, `….json` or `….env`";
            problems.push(Diagnostic::error("params-file-kind", message).help(help));
            Vec::new()
        }
    };
    if problems.has_errors() { Err(problems) } else { Ok(values) }
}

/// In lower case; `.env` and `.env.production` are dotenv files.
fn ending(name: &str) -> Option<String> {
    let path = Path::new(name);
    let file = path.file_name()?.to_str()?.to_ascii_lowercase();
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("toml" | "json" | "yaml" | "yml" | "env") => ending,
        _ if file == ".env" || file.starts_with(".env.") => Some("env".to_owned()),
        _ => ending,
    }
}

fn syntax(source: &Arc<Source>, span: Span, what: &str) -> Diagnostic {
    Diagnostic::error("params-file-syntax", format!("`{}` is not valid {what}", source.name)).within(source).at(span, "")
}

fn wrong_kind(source: &Arc<Source>, span: Span, name: &str, found: &str) -> Diagnostic {
    let message = format!("the value of `{}` is {found}", text::sanitize(name));
    Diagnostic::error("params-file-value", message)
        .within(source)
        .at(span, "expected a string, a number or a boolean")
        .help("write the value as a string")
}
