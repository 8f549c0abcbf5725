//! `--param name=value` and `--param name=@path`.
//!
//! A file of one line gives the line without its newline; a file of several lines, such as a key,
//! is taken byte for byte. `name=@@text` is the value `@text`.

use super::{Opening, ParameterSource, Source, Supply, Unusable, declared, unknown_help};
use crate::manifest::{Diagnostic, Diagnostics};
use crate::model::{Name, Parameter};
use crate::resolve::inputs::{ARGUMENT_LIMIT, VALUE_LIMIT};
use crate::util::{Secret, fs, text};
use std::collections::BTreeMap;
use std::path::Path;

struct Arguments {
    /// `None` for a value that could not be read, which was reported.
    values: BTreeMap<Name, Option<(Secret, ParameterSource)>>,
}

pub(super) fn open<'a>(opening: &Opening<'a>, problems: &mut Diagnostics) -> Box<dyn Source + 'a> {
    let given = &opening.inputs.arguments;
    let mut values = BTreeMap::new();
    if given.len() > ARGUMENT_LIMIT {
        let message = format!("`--param` is given {} times, the limit is {ARGUMENT_LIMIT}", given.len());
        problems.push(Diagnostic::error("too-many-parameters", message).help("put the values into a `--params-file`"));
        return Box::new(Arguments { values });
    }
    for argument in given {
        let Some((name, value)) = argument.split_once('=') else {
            // Not repeated: someone may have typed the value of a secret alone.
            let message = "an argument of `--param` has no `=`";
            problems.push(Diagnostic::error("parameter-syntax", message).help("write `--param name=value`"));
            continue;
        };
        if name.trim().is_empty() {
            let message = "an argument of `--param` has no name before its `=`";
            problems.push(Diagnostic::error("parameter-syntax", message).help("write `--param name=value`"));
            continue;
        }
        let Some(parameter) = declared(opening.application, name) else {
            let message = format!("`--param {}`: there is no such parameter", shorten(name));
            problems
                .push(Diagnostic::error("unknown-parameter", message).help(unknown_help(opening.application, name)));
            continue;
        };
        let value = match value.strip_prefix('@') {
            Some(path) if !path.starts_with('@') => {
                let path = Path::new(path);
                let text = read(&opening.inputs.current_folder.join(path), path, parameter, problems);
                text.map(|text| (text, ParameterSource::ArgumentFile(path.to_owned())))
            }
            Some(literal) => Some((Secret::new(literal), ParameterSource::Argument)),
            None => Some((Secret::new(value), ParameterSource::Argument)),
        };
        if parameter.secret && value.as_ref().is_some_and(|(_, source)| *source == ParameterSource::Argument) {
            let message =
                format!("the secret `{}` is on the command line, where other users can see it", parameter.name);
            let help = format!(
                "set `{}`, or use `--param {}=@FILE`",
                super::super::variable_of(&parameter.name),
                parameter.name
            );
            problems.push(Diagnostic::warning("secret-argument", message).help(help));
        }
        values.insert(parameter.name.clone(), value);
    }
    Box::new(Arguments { values })
}

impl Source for Arguments {
    fn supply(&self, parameter: &Parameter) -> Result<Option<Supply>, Unusable> {
        let Some(value) = self.values.get(&parameter.name) else { return Ok(None) };
        match value {
            Some((text, source)) => Ok(Some(Supply::text(text.expose(), source.clone()))),
            None => Err(Unusable::Reported),
        }
    }
}

fn read(path: &Path, written: &Path, parameter: &Parameter, problems: &mut Diagnostics) -> Option<Secret> {
    let name = &parameter.name;
    let content = match fs::read(path, VALUE_LIMIT as u64) {
        Ok(content) => content,
        Err(error) => {
            let message = format!("cannot read `{}` for the parameter `{name}`: {}", written.display(), error.source);
            let mut problem = Diagnostic::error("parameter-file", message);
            if error.source.kind() == std::io::ErrorKind::FileTooLarge {
                problem = problem.help("the limit for one value is 1 MiB");
            }
            problems.push(problem);
            return None;
        }
    };
    if parameter.secret && content.mode & 0o077 != 0 {
        let message = format!(
            "`{}` with the secret `{name}` can be read by others (mode {:04o})",
            written.display(),
            content.mode
        );
        let help = format!("run `chmod 600 {}`", written.display());
        problems.push(Diagnostic::warning("secret-file-mode", message).help(help));
    }
    let Ok(text) = String::from_utf8(content.bytes) else {
        let message = format!("`{}` for the parameter `{name}` is not UTF-8 text", written.display());
        problems.push(Diagnostic::error("parameter-file", message).help("encode the value, for example as base64"));
        return None;
    };
    Some(Secret::new(without_end_of_line(&text)))
}

/// See the top of this file.
fn without_end_of_line(text: &str) -> &str {
    match text.strip_suffix('\n') {
        Some(line) if !line.contains('\n') => line.strip_suffix('\r').unwrap_or(line),
        _ => text,
    }
}

fn shorten(name: &str) -> String {
    let short: String = name.chars().take(64).collect();
    text::sanitize(&short).into_owned()
}

#[cfg(test)]
mod tests {
    use super::without_end_of_line;

    #[test]
    fn one_line_loses_its_end_and_several_are_kept() {
        assert_eq!(without_end_of_line("secret\n"), "secret");
        assert_eq!(without_end_of_line("secret\r\n"), "secret");
        assert_eq!(without_end_of_line(" secret "), " secret ");
        assert_eq!(without_end_of_line("-----BEGIN\nx\n-----END\n"), "-----BEGIN\nx\n-----END\n");
        assert_eq!(without_end_of_line("secret\n\n"), "secret\n\n");
        assert_eq!(without_end_of_line(""), "");
    }
}
