//! `shipit publish`: writes the infrastructure of an application as files.

use crate::cli::arguments::{DataFormat, ParameterArguments};
use crate::cli::{Cx, Exit, settings};
use crate::ops::{self, Publication, PublishRequest};
use crate::render::output::{Change, Changes};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Paths of one sort that are shown; the others are counted.
const SHOWN: usize = 10;

/// Write the infrastructure as files: Bicep for Azure
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit publish                       into the folder `publish` beside the manifest
  shipit publish -o infra              somewhere else
  shipit publish --diff                what would change
  shipit publish --check               in CI: exit 1 if the folder is not what would be written
  shipit publish --environment aca     one environment and what it needs

Files that are no longer needed are removed; files of your own in the folder are left alone. Edits
of what is written go into the file of `[publish] patch`, or into templates (`shipit templates`).")]
pub(crate) struct Args {
    /// The folder to write to [default: publish beside the manifest]
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Only this environment and what it needs
    #[arg(long, value_name = "NAME")]
    environment: Vec<String>,
    /// Show what would change, line by line, and write nothing
    #[arg(long)]
    diff: bool,
    /// Write nothing; exit 1 if anything would change
    #[arg(long)]
    check: bool,
    /// What standard output gets
    #[arg(long, value_enum, default_value_t)]
    format: DataFormat,
    #[command(flatten)]
    parameters: ParameterArguments,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    publish(cx, args).unwrap_or_else(|error| cx.fail(error))
}

fn publish(cx: &Cx, args: &Args) -> Result<Exit, ops::Error> {
    let Publication { artifacts, mut warnings, root } = ops::publish(PublishRequest {
        load: cx.load_request(),
        environments: args.environment.clone(),
        inputs: settings::inputs(cx, &args.parameters),
        state: cx.state_folder(),
    })?;
    let asked = args.output.as_ref().map(|folder| cx.current.join(folder));
    let out = ops::publish_folder(asked.as_deref(), &root);
    let is_dry = args.diff || args.check;
    let changes = match is_dry {
        true => ops::plan_folder(&out, &artifacts)?,
        false => ops::write_folder(&out, &artifacts)?,
    };
    warnings.extend(ops::edit_warnings(&changes));
    cx.show_diagnostics(warnings);
    let shown = out.strip_prefix(&cx.current).unwrap_or(&out);
    match args.format {
        DataFormat::Json => cx.print_json(&document(&changes, &out, args.diff)),
        DataFormat::Text if args.diff => cx.print(&changes.diff()),
        DataFormat::Text => cx.print(&summary(&changes, shown, is_dry)),
    }
    if args.check && !changes.is_empty() {
        cx.say(&format!("`{}` is not what would be written: run `shipit publish`", shown.display()));
        return Ok(Exit::FAILED);
    }
    Ok(Exit::OK)
}

/// Some lines for people: what changed, and how many files there are.
fn summary(changes: &Changes<'_>, out: &Path, is_dry: bool) -> String {
    let mut text = String::new();
    let lists = [("new", &changes.added), ("changed", &changes.changed), ("removed", &changes.removed)];
    for (word, list) in lists {
        for Change { path, .. } in list.iter().take(SHOWN) {
            text.push_str(&format!("{word:8} {path}\n"));
        }
        if list.len() > SHOWN {
            text.push_str(&format!("{word:8} and {} more\n", list.len() - SHOWN));
        }
    }
    let counts: Vec<String> = lists
        .iter()
        .map(|(word, list)| (list.len(), *word))
        .chain([(changes.unchanged, "unchanged")])
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    let would = if is_dry && !changes.is_empty() { " (nothing was written)" } else { "" };
    text.push_str(&format!("{}: {}{would}\n", out.display(), counts.join(", ")));
    text
}

fn document(changes: &Changes<'_>, out: &Path, with_diff: bool) -> serde_json::Value {
    let paths = |list: &[Change<'_>]| list.iter().map(|change| change.path.clone()).collect::<Vec<_>>();
    let mut document = json!({
        "folder": out.display().to_string(),
        "added": paths(&changes.added),
        "changed": paths(&changes.changed),
        "removed": paths(&changes.removed),
        "unchanged": changes.unchanged,
        "edited": changes.edited,
        "released": changes.released,
    });
    if with_diff {
        document["diff"] = json!(changes.diff());
    }
    document
}
