//! `shipit templates`: what files are published from, and how to replace it.

use crate::cli::arguments::DataFormat;
use crate::cli::{Cx, Exit};
use crate::ops;
use serde_json::json;

/// List, show or copy the templates that files are published from
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit templates list
  shipit templates show container-apps/app.bicep.hbs
  shipit templates copy container-apps/app.bicep.hbs     then edit it
  shipit templates copy --all

A file in the folder `templates` beside the manifest replaces the template of the same name.")]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Debug)]
enum Verb {
    /// List the templates, and the files that replace some
    List {
        /// What standard output gets
        #[arg(long, value_enum, default_value_t)]
        format: DataFormat,
    },
    /// Print a template as it came with shipit
    Show {
        /// As `shipit templates list` shows it
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Copy templates to the folder where they can be edited
    Copy {
        /// As `shipit templates list` shows them
        #[arg(value_name = "NAME", required_unless_present = "all", conflicts_with = "all")]
        names: Vec<String>,
        /// Copy every template
        #[arg(long)]
        all: bool,
        /// Overwrite files that are there
        #[arg(long)]
        force: bool,
    },
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    let done = match &args.verb {
        Verb::List { format } => list(cx, *format),
        Verb::Show { name } => ops::embedded_template(name).map(|text| cx.print(&text)),
        Verb::Copy { names, all: _, force } => ops::copy_templates(&cx.load_request(), names, *force).map(|written| {
            for path in written {
                cx.say(&format!("wrote {path}"));
            }
        }),
    };
    match done {
        Ok(()) => Exit::OK,
        Err(error) => cx.fail(error),
    }
}

fn list(cx: &Cx, format: DataFormat) -> Result<(), ops::Error> {
    let ops::ProjectTemplates { templates, warnings } = ops::templates(&cx.load_request())?;
    cx.show_diagnostics(warnings);
    match format {
        DataFormat::Json => {
            let rows: Vec<_> = templates
                .replaceable()
                .map(
                    |listed| json!({ "name": listed.name, "file": listed.file.map(|file| file.display().to_string()) }),
                )
                .collect();
            cx.print_json(&rows);
        }
        DataFormat::Text => {
            let width = templates.replaceable().map(|listed| listed.name.len()).max().unwrap_or_default();
            let line = |listed: crate::render::Listed<'_>| match listed.file {
                Some(file) => {
                    let file = file.strip_prefix(&cx.current).unwrap_or(file);
                    format!("{:width$}  replaced by {}\n", listed.name, file.display())
                }
                None => format!("{}\n", listed.name),
            };
            cx.print(&templates.replaceable().map(line).collect::<String>());
        }
    }
    Ok(())
}
