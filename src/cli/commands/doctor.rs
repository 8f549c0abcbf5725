//! `shipit doctor`: what is missing on this machine, and what to do about it.

use crate::cli::arguments::{DataFormat, ParameterArguments};
use crate::cli::{Cx, Exit, runtime, settings};
use crate::ops::{self, Check, CheckStatus, Examination};

/// Look at the engine, the credentials and the tools: what is missing and what to do
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit doctor
  shipit doctor --format json

Exit status 1 when something must be mended.")]
pub(crate) struct Args {
    /// What standard output gets
    #[arg(long, value_enum, default_value_t)]
    format: DataFormat,
    #[command(flatten)]
    parameters: ParameterArguments,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    let checks = runtime(ops::examine(Examination {
        load: cx.load_request(),
        inputs: settings::inputs(cx, &args.parameters),
        engine: settings::engine(),
        keychain: settings::keychain(),
        state: cx.state_folder(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }));
    match args.format {
        DataFormat::Json => cx.print_json(&checks),
        DataFormat::Text => cx.print(&text(cx, &checks)),
    }
    let fails = checks.iter().any(|check| check.status == CheckStatus::Fail);
    if fails { Exit::FAILED } else { Exit::OK }
}

fn text(cx: &Cx, checks: &[Check]) -> String {
    let width = checks.iter().map(|check| check.name.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for check in checks {
        let mark = match (check.status, cx.utf8) {
            (CheckStatus::Ok, true) => "✔",
            (CheckStatus::Warn, true) => "!",
            (CheckStatus::Fail, true) => "✘",
            (CheckStatus::Ok, false) => "ok  ",
            (CheckStatus::Warn, false) => "warn",
            (CheckStatus::Fail, false) => "FAIL",
        };
        let below = " ".repeat(mark.chars().count() + width + 3);
        let detail = check.detail.replace('\n', &format!("\n{below}"));
        text.push_str(&format!("{mark} {:width$}  {detail}\n", check.name));
        if let Some(help) = &check.help {
            text.push_str(&format!("{below}help: {help}\n"));
        }
    }
    text
}
