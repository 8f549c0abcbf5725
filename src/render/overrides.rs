//! A user's templates in place of the embedded ones: files of the same names in a folder.
//!
//! The folder may hold other things too (it is called `templates`, and so are those of web
//! frameworks): only `.hbs` files are looked at, and those that are meant for somebody else are
//! told from mistyped ones by their folder and name.

use super::error::TemplateError;
use crate::util::{fs, text};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most bytes of a template.
const LIMIT: u64 = 1024 * 1024;
/// How far it is looked for mistyped names.
const DEPTH: usize = 4;
const ENTRIES: usize = 10_000;

/// What was found in a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Name, file and text.
    pub(super) texts: Vec<(&'static str, PathBuf, Arc<str>)>,
    pub(super) warnings: Vec<TemplateError>,
    pub(super) errors: Vec<TemplateError>,
}

/// Reads what replaces one of `names`. An absent folder replaces nothing.
pub(super) fn find(folder: &Path, names: &[&'static str]) -> Found {
    let mut found = Found::default();
    let Ok(root) = folder.canonicalize() else { return found };
    for name in names {
        let file = folder.join(name);
        // Also where a part of the path is a file.
        if file.symlink_metadata().is_err() {
            continue;
        }
        match read(&file, &root) {
            Ok(text) => found.texts.push((name, file, text)),
            Err((reason, help)) => {
                found.errors.push(error(name, file, reason, Some(help.to_owned())));
            }
        }
    }
    let mut search = Search { left: ENTRIES, files: Vec::new() };
    search.look(folder, "", 0);
    search.files.sort();
    for name in search.files {
        if !names.contains(&name.as_str()) {
            unknown(&mut found, name, folder, names);
        }
    }
    found
}

fn error(name: &str, file: PathBuf, reason: String, help: Option<String>) -> TemplateError {
    TemplateError { template: name.to_owned(), file: Some(file), place: None, reason, help }
}

fn read(file: &Path, root: &Path) -> Result<Arc<str>, (String, &'static str)> {
    let path = file.canonicalize().map_err(|error| (format!("it cannot be read: {error}"), "remove the link"))?;
    if !path.starts_with(root) {
        return Err(("it is a link that leads out of the folder of templates".to_owned(), "copy the file"));
    }
    let content = fs::read(file, LIMIT).map_err(|error| {
        (format!("it cannot be read: {}", error.source), "make it a file of text of at most 1 MiB, or remove it")
    })?;
    let text = String::from_utf8(content.bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        (format!("it is not UTF-8 (byte {at})"), "save it as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).into())
}

/// A template that replaces nothing: an error where one of ours is meant, else a warning.
fn unknown(found: &mut Found, name: String, folder: &Path, names: &[&'static str]) {
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let near = text::nearest(&name, names.iter().copied())
        .or_else(|| names.iter().copied().find(|known| last(known) == last(&name)));
    let is_ours = name.split_once('/').is_some_and(|(folder, _)| {
        names.iter().any(|known| known.split_once('/').is_some_and(|(known, _)| known == folder))
    });
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write `shipit templates list` to see the names that there are".to_owned(),
    };
    let list = if near.is_some() || is_ours { &mut found.errors } else { &mut found.warnings };
    let file = folder.join(&name);
    list.push(error(&name, file, "there is no template of this name, so it replaces none".to_owned(), Some(help)));
}

struct Search {
    left: usize,
    /// Paths below the folder, with `/`.
    files: Vec<String>,
}

impl Search {
    fn look(&mut self, folder: &Path, prefix: &str, depth: usize) {
        // What cannot be listed cannot be mistyped either.
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            let (Ok(kind), Some(name)) = (entry.file_type(), entry.file_name().to_str().map(str::to_owned)) else {
                continue;
            };
            let path = format!("{prefix}{name}");
            if kind.is_dir() && depth < DEPTH && !name.starts_with('.') {
                self.look(&entry.path(), &format!("{path}/"), depth + 1);
            } else if !kind.is_dir() && name.ends_with(".hbs") {
                self.files.push(path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["aca/app.bicep.hbs", "aca/job.bicep.hbs", "main.bicep.hbs"];

    fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn shown(errors: &[TemplateError]) -> Vec<String> {
        let shown = |error: &TemplateError| {
            let help = error.help.as_deref().unwrap_or_default();
            format!("{}: {}; {help}", error.template, error.reason)
        };
        errors.iter().map(shown).collect()
    }

    #[test]
    fn a_file_of_the_same_name_replaces_a_template() {
        let folder = folder(&[("aca/app.bicep.hbs", b"\xef\xbb\xbfmine"), ("aca/notes.md", b""), ("index.html", b"")]);
        let found = find(folder.path(), NAMES);
        let texts: Vec<(&str, &str)> = found.texts.iter().map(|(name, _, text)| (*name, text.as_ref())).collect();
        assert_eq!(texts, [("aca/app.bicep.hbs", "mine")]);
        assert!(found.errors.is_empty() && found.warnings.is_empty(), "{found:?}");
        let none = find(&folder.path().join("none"), NAMES);
        assert!(none.texts.is_empty() && none.errors.is_empty() && none.warnings.is_empty());
    }

    #[test]
    fn a_name_that_is_none_is_told_from_a_template_of_somebody_else() {
        let folder =
            folder(&[("aca/ap.bicep.hbs", b""), ("aca/x.hbs", b""), ("job.bicep.hbs", b""), ("pages/index.hbs", b"")]);
        let found = find(folder.path(), NAMES);
        let reason = "there is no template of this name, so it replaces none";
        let list = "write `shipit templates list` to see the names that there are";
        assert_eq!(
            shown(&found.errors),
            [
                format!("aca/ap.bicep.hbs: {reason}; did you mean `aca/app.bicep.hbs`?"),
                format!("aca/x.hbs: {reason}; {list}"),
                format!("job.bicep.hbs: {reason}; did you mean `aca/job.bicep.hbs`?"),
            ]
        );
        assert_eq!(shown(&found.warnings), [format!("pages/index.hbs: {reason}; {list}")]);
    }

    #[test]
    fn what_is_no_text_of_the_folder_is_refused() {
        let outside = tempfile::NamedTempFile::new().unwrap();
        let folder = folder(&[("main.bicep.hbs/x", b""), ("aca/job.bicep.hbs", b"ab\xff")]);
        std::os::unix::fs::symlink(outside.path(), folder.path().join("aca/app.bicep.hbs")).unwrap();
        let errors = find(folder.path(), NAMES).errors;
        assert_eq!(
            shown(&errors),
            [
                "aca/app.bicep.hbs: it is a link that leads out of the folder of templates; copy the file",
                "aca/job.bicep.hbs: it is not UTF-8 (byte 2); save it as UTF-8",
                "main.bicep.hbs: it cannot be read: it is a folder; make it a file of text of at most 1 MiB, or remove it",
            ]
        );
        let big = vec![b' '; 1024 * 1024 + 1];
        std::fs::write(folder.path().join("aca/job.bicep.hbs"), big).unwrap();
        let errors = find(folder.path(), &["aca/job.bicep.hbs"]).errors;
        assert!(errors[0].reason.contains("the limit is 1048576"), "{errors:?}");
    }
}
