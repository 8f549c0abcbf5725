//! What is about to be written, looked at once more: nothing that Azure would refuse reaches the disk,
//! whoever's template or edit made it.

use crate::azure::bicep;
use crate::manifest::{Diagnostic, Diagnostics, Source};
use crate::ops::locate::relative;
use crate::render::{Artifact, Templates};
use crate::util::text;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// What is said of a file that has more of something than Azure takes, and what helps.
const TOO_MANY: &str = "too-many";
const SPLIT: &str = "publish environments apart, each with `--environment` and `-o` of its own, or split the manifest";

/// What is said of a name that Azure does not take.
const RESOURCE_NAME: &str = "resource-name";

/// Where the text of each file comes from.
pub(super) struct Origins<'a> {
    /// The template of each module's file, by its path; empty where the file is the user's own.
    pub(super) templates: BTreeMap<String, String>,
    pub(super) catalogue: &'a Templates,
    /// Files that the user's edits changed, and how messages call these.
    pub(super) edited: BTreeSet<String>,
    pub(super) edits: Option<&'a str>,
    /// Of messages.
    pub(super) current: &'a Path,
}

/// Reports everything that is wrong with the files, each at its line.
pub(super) fn check(artifacts: &[Artifact], origins: &Origins<'_>, problems: &mut Diagnostics) {
    let files: BTreeMap<String, String> =
        artifacts.iter().map(|artifact| (artifact.path.clone(), artifact.text.clone())).collect();
    let mut sources: BTreeMap<String, Arc<Source>> = BTreeMap::new();
    for finding in bicep::check(&files, &[]) {
        let Some(text) = files.get(&finding.path) else { continue };
        let source = sources
            .entry(finding.path.clone())
            .or_insert_with(|| Arc::new(Source { name: finding.path.clone(), text: text.clone() }));
        let diagnostic = match finding.severity {
            bicep::Severity::Error => Diagnostic::error(finding.code, finding.message),
            bicep::Severity::Warning => Diagnostic::warning(finding.code, finding.message),
        };
        let help = match finding.code {
            TOO_MANY => SPLIT.to_owned(),
            RESOURCE_NAME => "choose another name in the manifest".to_owned(),
            _ => origins.help(&finding.path),
        };
        let place = place(text, finding.line, finding.column);
        problems.push(diagnostic.within(source).at(place, "in the file as it would be written").help(help));
    }
}

impl Origins<'_> {
    fn help(&self, path: &str) -> String {
        if let (true, Some(edits)) = (self.edited.contains(path), self.edits) {
            return format!("look at the edits in `{edits}`: they changed this file");
        }
        let template = self.template(path);
        if template == Some("") {
            return "correct the file of your own that this is".to_owned();
        }
        match template.and_then(|name| self.catalogue.file(name)) {
            Some(file) => format!("correct the template `{}`, which made it", relative(file, self.current)),
            None => self.suspects(),
        }
    }

    /// What one template leaves out can be missed in a file that another one makes.
    fn suspects(&self) -> String {
        let replaced: Vec<&str> =
            self.catalogue.list().filter(|listed| listed.file.is_some()).map(|listed| listed.name).collect();
        match (replaced.as_slice(), self.edits) {
            ([], None) => "this is a mistake of shipit's: please report it with your manifest".to_owned(),
            ([], Some(edits)) => format!("look at the edits in `{edits}`"),
            (replaced, _) => {
                format!("look at the templates that are replaced: {}", text::list(replaced.iter().copied()))
            }
        }
    }

    fn template(&self, path: &str) -> Option<&str> {
        match path {
            "main.bicep" => Some("azure/main.bicep.hbs"),
            "apps.bicep" => Some("azure/apps.bicep.hbs"),
            _ if path.ends_with(".bicepparam") => Some("azure/params.bicepparam.hbs"),
            _ => self.templates.get(path).map(String::as_str),
        }
    }
}

/// From a line and a column, both from 1, to the end of the line.
fn place(text: &str, line: usize, column: usize) -> std::ops::Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default().lines().next().unwrap_or_default();
    let within = rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at);
    start + within..start + rest.trim_end().len().max(within)
}
