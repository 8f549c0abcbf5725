//! `--params-file`; later files win.

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
        let entries = match read_params_file(&source) {
            Ok(entries) => entries,
            Err(found) => return found.into_sorted().into_iter().for_each(|problem| problems.push(problem)),
        };
        let mut holds_secret = false;
        for entry in entries {
            let Some(parameter) = declared(opening.application, &entry.name) else {
                let message = format!("there is no parameter `{}`", text::sanitize(&entry.name));
                problems.push(
                    Diagnostic::error("unknown-parameter", message)
                        .within(&source)
                        .at(entry.span, "the value of an unknown parameter")
                        .help(unknown_help(opening.application, &entry.name)),
                );
                continue;
            };
            holds_secret |= parameter.secret;
            let entry = Entry { value: entry.value, path: path.to_owned(), source: source.clone(), span: entry.span };
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
            // A label shows the line: not that of a secret.
            place: (!parameter.secret).then(|| (entry.source.clone(), entry.span.clone())),
        }))
    }
}
