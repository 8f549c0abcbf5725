//! The templates of a project: the embedded ones, and those that its `templates/` folder replaces.

use super::locate::relative;
use super::{Error, LoadRequest, locate};
use crate::manifest::{Diagnostic, Source};
use crate::render::{TemplateError, Templates};
use crate::util::{FailureClass, fs, text};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder beside the manifest whose files replace templates.
pub const TEMPLATES: &str = "templates";

/// The templates of a project, and what is strange in its folder.
#[derive(Debug)]
pub struct ProjectTemplates {
    pub templates: Templates,
    pub warnings: Vec<Diagnostic>,
}

/// The templates that are used for the manifest in `root`; errors name files as seen from `current`.
pub fn templates_of(root: &Path, current: &Path) -> Result<ProjectTemplates, Error> {
    let templates = Templates::with_overrides(&root.join(TEMPLATES))
        .map_err(|errors| Error::Invalid(errors.iter().map(|error| template_diagnostic(error, current)).collect()))?;
    let warnings = templates
        .warnings()
        .iter()
        .map(|warning| Diagnostic {
            severity: crate::manifest::Severity::Warning,
            ..template_diagnostic(warning, current)
        })
        .collect();
    Ok(ProjectTemplates { templates, warnings })
}

/// The templates of the manifest that is asked for; the embedded ones where there is no manifest.
pub fn templates(request: &LoadRequest) -> Result<ProjectTemplates, Error> {
    match locate(request.file.as_deref(), &request.current) {
        Ok(located) => templates_of(&located.root, &request.current),
        Err(error) if request.file.is_some() => Err(error),
        Err(_) => Ok(ProjectTemplates { templates: Templates::embedded(), warnings: Vec::new() }),
    }
}

/// A template's mistake as one of a file: at its line, in the user's file or in the embedded text.
pub fn template_diagnostic(error: &TemplateError, current: &Path) -> Diagnostic {
    let TemplateError { template, file, place, reason, help } = error;
    let name = match file {
        Some(file) => relative(file, current),
        None => format!("{TEMPLATES}/{template} (of shipit)"),
    };
    let diagnostic = match place {
        Some(place) => {
            let source = Arc::new(Source { name, text: place.text.to_string() });
            Diagnostic::error("template", reason.clone()).within(&source).at(place.span.clone(), "here")
        }
        None => Diagnostic::error("template", format!("`{name}`: {reason}")),
    };
    match help {
        Some(help) => diagnostic.help(help.clone()),
        None => diagnostic,
    }
}

/// The text that came with the program.
pub fn embedded_template(name: &str) -> Result<String, Error> {
    let templates = Templates::embedded();
    let found = templates.list().find(|listed| listed.name == name);
    found.map(|listed| listed.text.to_owned()).ok_or_else(|| unknown(&templates, name).into())
}

/// Copies embedded templates (all of them where none is named) to where they replace themselves.
/// Returns the files that were written, as seen from the current folder.
pub fn copy_templates(request: &LoadRequest, names: &[String], overwrite: bool) -> Result<Vec<String>, Error> {
    let located = locate(request.file.as_deref(), &request.current)?;
    let folder = located.root.join(TEMPLATES);
    let templates = Templates::embedded();
    let mut problems = Vec::new();
    let mut copies: Vec<(PathBuf, &str)> = Vec::new();
    for name in names {
        match templates.replaceable().find(|listed| listed.name == name) {
            Some(listed) => copies.push((folder.join(name), listed.text)),
            None => problems.push(unknown(&templates, name)),
        }
    }
    if names.is_empty() {
        copies.extend(templates.replaceable().map(|listed| (folder.join(listed.name), listed.text)));
    }
    for (path, _) in copies.iter().filter(|(path, _)| !overwrite && path.symlink_metadata().is_ok()) {
        let message = format!("there is a file `{}` already", relative(path, &request.current));
        problems.push(Diagnostic::error("template-exists", message).help("add `--force` to overwrite it"));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let fail = |error: &fs::FileError| Error::failed(FailureClass::Permanent, format!("{error}: {}", error.source));
    for (path, text) in &copies {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|source| fail(&fs::FileError::new("create the folder", folder, source)))?;
        }
        fs::write_atomic(path, text.as_bytes(), 0o644).map_err(|error| fail(&error))?;
    }
    Ok(copies.iter().map(|(path, _)| relative(path, &request.current)).collect())
}

fn unknown(templates: &Templates, name: &str) -> Diagnostic {
    let help = match text::nearest(name, templates.replaceable().map(|listed| listed.name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write `shipit templates list` to see the names that there are".to_owned(),
    };
    Diagnostic::error("unknown-template", format!("there is no template `{name}`")).help(help)
}
