//! `shipit check`: says everything that is wrong with a manifest, without a network or an engine.

use crate::cli::arguments::DataFormat;
use crate::cli::report::diagnostics::to_json;
use crate::cli::{Cx, Exit};

/// Say everything that is wrong with the manifest, offline
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit check
  shipit check -f deploy/apphost.yaml --format json")]
pub(crate) struct Args {
    /// What standard output gets
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DataFormat,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    let checked = crate::ops::check(&cx.load_request());
    let (diagnostics, summary) = match checked {
        Ok(checked) => (checked.diagnostics, Some(checked.summary)),
        Err(crate::ops::Error::Invalid(diagnostics)) => (diagnostics, None),
        Err(error) => return cx.fail(error),
    };
    match args.format {
        DataFormat::Json => cx.print_json(&diagnostics.iter().map(to_json).collect::<Vec<_>>()),
        DataFormat::Text => {
            cx.show_diagnostics(diagnostics.clone());
            if let Some(summary) = summary.filter(|_| !crate::cli::has_errors(&diagnostics)) {
                cx.say(&summary);
            }
        }
    }
    if crate::cli::has_errors(&diagnostics) { Exit::INVALID } else { Exit::OK }
}
