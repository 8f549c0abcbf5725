//! `--params-file`; later files win.
//!
//! Messages show the lines of such a file without the values: any of them may be a secret.

use super::{Content, Opening, ParameterSource, Source, Supply, Unusable, declared, unknown_help};
use crate::manifest::{self, Diagnostic, Diagnostics, Span};
use crate::model::{Name, Parameter};
use crate::resolve::params_file::read_params_file;
use crate::util::{Secret, fs, text};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most bytes that a file of parameters may have: room for values of the largest size.
const FILE_LIMIT: u64 = 4 * 1024 * 1024;

struct Files {
    values: BTreeMap<Name, Entry>,
}

struct Entry {
    value: Secret,
    path: PathBuf,
    source: Arc<manifest::Source>,
    span: Span,
}

pub(super) fn open<'a>(opening: &Opening<'a>, problems: &mut Diagnostics) -> Box<dyn Source + 'a> {
    let mut files = Files { values: BTreeMap::new() };
    for path in &opening.inputs.params_files {
        files.add(opening, path, problems);
    }
    Box::new(files)
}

impl Files {
    fn add(&mut self, opening: &Opening<'_>, path: &Path, problems: &mut Diagnostics) {
        let fail = |message: String| Diagnostic::error("params-file", message);
        let content = match fs::read(&opening.inputs.current_folder.join(path), FILE_LIMIT) {
            Ok(content) => content,
            Err(error) => {
                let message = format!("cannot read the file of parameters `{}`: {}", path.display(), error.source);
                return problems.push(fail(message));
            }
        };
        let text = match String::from_utf8(content.bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                return problems.push(fail(format!("`{}` is not UTF-8 from byte {at} on", path.display())));
            }
        };
        let source = Arc::new(manifest::Source { name: path.display().to_string(), text });
        let shown = Arc::new(manifest::Source { name: source.name.clone(), text: conceal(&source.text) });
        let entries = match read_params_file(&source) {
            Ok(entries) => entries,
            Err(found) => {
                for problem in found.into_sorted() {
                    let source = problem.source.as_ref().map(|_| shown.clone());
                    problems.push(Diagnostic { source, ..problem });
                }
                return;
            }
        };
        let mut holds_secret = false;
        for entry in entries {
            let Some(parameter) = declared(opening.application, &entry.name) else {
                let message = format!("there is no parameter `{}`", text::sanitize(&entry.name));
                problems.push(
                    Diagnostic::error("unknown-parameter", message)
                        .within(&shown)
                        .at(entry.span, "the value of an unknown parameter")
                        .help(unknown_help(opening.application, &entry.name)),
                );
                continue;
            };
            holds_secret |= parameter.secret;
            let entry = Entry { value: entry.value, path: path.to_owned(), source: shown.clone(), span: entry.span };
            self.values.insert(parameter.name.clone(), entry);
        }
        if holds_secret && content.mode & 0o077 != 0 {
            let path = path.display();
            let message = format!("`{path}` holds a secret and can be read by others (mode {:04o})", content.mode);
            problems.push(Diagnostic::warning("secret-file-mode", message).help(format!("run `chmod 600 {path}`")));
        }
    }
}

impl Source for Files {
    fn supply(&self, parameter: &Parameter) -> Result<Option<Supply>, Unusable> {
        Ok(self.values.get(&parameter.name).map(|entry| Supply {
            content: Content::Text(entry.value.clone()),
            source: ParameterSource::File(entry.path.clone()),
            place: Some((entry.source.clone(), entry.span.clone())),
        }))
    }
}

/// The text with `*` for each letter and digit of a value, as long in bytes as it was.
fn conceal(text: &str) -> String {
    let mut concealed = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let name = line.find(['=', ':']).unwrap_or(0);
        concealed.push_str(&line[..name]);
        for c in line[name..].chars() {
            if c.is_ascii() && !c.is_ascii_alphanumeric() {
                concealed.push(c);
            } else {
                concealed.extend(std::iter::repeat_n('*', c.len_utf8()));
            }
        }
    }
    concealed
}

#[cfg(test)]
mod tests {
    use super::conceal;

    #[test]
    fn values_are_concealed_and_places_stay() {
        let text = "# a\nkey = 'hünter2'\nb: x\nmore\n";
        let concealed = conceal(text);
        assert_eq!(concealed, "# *\nkey = '********'\nb: *\n****\n");
        assert_eq!(concealed.len(), text.len());
    }
}
