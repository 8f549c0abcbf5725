//! The file of `[publish] patch`: a user's edits, made again each time that files are written.
//!
//! ```toml
//! [[patch]]
//! module   = "api"
//! resource = "app"
//! op       = "add"
//! path     = "/properties/template/containers/0/env/-"
//! value    = { name = "TZ", value = "UTC" }
//! ```

use crate::azure::bicep::patch::{Patch, apply};
use crate::manifest::{self, Diagnostic, Diagnostics, Format, Source, Span, Spanned};
use crate::model::Application;
use crate::render::Artifact;
use crate::util::{fs, text};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// The most bytes of a file of edits.
const LIMIT: u64 = 1024 * 1024;
/// Where the files that call modules are: the names that edits of these have.
const CALLERS: &[&str] = &["main", "apps"];

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    patch: Vec<Spanned<Patch>>,
}

/// Edits the files. Returns the paths of those that were edited, and how messages call the file of
/// edits; `known` are modules that exist but are not among the files this time.
pub(super) fn edit(
    application: &Application,
    root: &Path,
    artifacts: &mut [Artifact],
    is_whole: bool,
    problems: &mut Diagnostics,
) -> BTreeSet<String> {
    let Some(written) = &application.publish.patch else { return BTreeSet::new() };
    let Some((source, patches)) = read(application, root, written, problems) else { return BTreeSet::new() };
    let mut by_path: BTreeMap<String, Vec<Spanned<Patch>>> = BTreeMap::new();
    let paths: BTreeSet<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    let modules: Vec<&str> = paths.iter().filter_map(|path| path.strip_suffix(".bicep")?.split('/').next()).collect();
    for patch in patches {
        let module = &patch.module;
        let path = match CALLERS.contains(&module.as_str()) {
            true => format!("{module}.bicep"),
            false => format!("{module}/{module}.bicep"),
        };
        if paths.contains(path.as_str()) {
            by_path.entry(path).or_default().push(patch);
        } else {
            problems.push(unknown_module(&source, &patch, &modules, is_whole));
        }
    }
    for artifact in artifacts.iter_mut() {
        let Some(patches) = by_path.get(&artifact.path) else { continue };
        let edits: Vec<Patch> = patches.iter().map(|patch| patch.get_ref().clone()).collect();
        match apply(&artifact.text, &edits) {
            Ok(text) => artifact.text = text,
            Err(error) => {
                let place = patches.get(error.index).map_or(0..0, |patch| shown(&source, &patch.span()));
                let message = error.reason.to_string();
                problems.push(Diagnostic::error("patch", message).within(&source).at(place, "this edit"));
            }
        }
    }
    by_path.into_keys().collect()
}

fn unknown_module(source: &Arc<Source>, patch: &Spanned<Patch>, modules: &[&str], is_whole: bool) -> Diagnostic {
    let message = format!("there is no module `{}`", patch.module);
    let diagnostic = match is_whole {
        true => Diagnostic::error("unknown-module", message),
        // It may be one of an environment that is not published now.
        false => Diagnostic::warning("unknown-module", message),
    };
    let help = match text::nearest(&patch.module, modules.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a folder of the files that are written, or `main` or `apps`".to_owned(),
    };
    diagnostic.within(source).at(shown(source, &patch.span()), "this edit").help(help)
}

/// The first line of an entry.
fn shown(source: &Source, span: &Span) -> Span {
    let text = source.text.get(span.clone()).unwrap_or_default();
    let first = text.trim_start();
    let start = span.start + text.len() - first.len();
    start..start + first.lines().next().unwrap_or_default().trim_end().len()
}

fn read(
    application: &Application,
    root: &Path,
    written: &Spanned<String>,
    problems: &mut Diagnostics,
) -> Option<(Arc<Source>, Vec<Spanned<Patch>>)> {
    let name = written.get_ref();
    let mut refuse = |message: String, help: &str| {
        let diagnostic = Diagnostic::error("patch-file", message).within(&application.source);
        problems.push(diagnostic.at(written.span(), "").help(help));
    };
    let format = match Format::of(name) {
        Some(format @ (Format::Toml | Format::Yaml | Format::Json)) => format,
        Some(Format::Dotenv) | None => {
            let help = "use a name that ends in `.toml`, `.yaml` or `.json`";
            refuse(format!("cannot tell the syntax of `{name}` from its name"), help);
            return None;
        }
    };
    let content = match fs::read(&root.join(name), LIMIT) {
        Ok(content) => content,
        Err(error) => {
            refuse(format!("`{name}` cannot be read: {}", error.source), "name a file beside the manifest");
            return None;
        }
    };
    let before = problems.count().errors;
    let source = match manifest::decode(name, content.bytes) {
        Ok(source) => Arc::new(source),
        Err(diagnostic) => {
            problems.push(diagnostic);
            return None;
        }
    };
    let node = manifest::parse(&source, format, problems)?;
    if problems.count().errors > before {
        return None;
    }
    let file: Option<File> = manifest::deserialize(&node, &source, problems);
    let patches = file.filter(|_| problems.count().errors == before)?.patch;
    Some((source, patches))
}
