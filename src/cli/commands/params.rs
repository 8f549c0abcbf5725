//! `shipit params`: every parameter, its value and where the value comes from.

use crate::cli::arguments::{DataFormat, ParameterArguments};
use crate::cli::{Cx, Exit, settings};
use crate::resolve::{ParameterRow, ParameterTable};

/// Show every parameter, its value and where the value comes from
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit params
  shipit params --profile staging --params-file staging.env
  shipit params --format json

Secrets are shown as ***. A parameter without a value says which variable sets it.")]
pub(crate) struct Args {
    /// What standard output gets
    #[arg(long, value_enum, default_value_t)]
    format: DataFormat,
    #[command(flatten)]
    parameters: ParameterArguments,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    let inputs = settings::inputs(cx, &args.parameters);
    let table = match crate::ops::parameters(&cx.load_request(), inputs, cx.state.as_deref()) {
        Ok((table, warnings)) => {
            cx.show_diagnostics(warnings);
            table
        }
        Err(error) => return cx.fail(error),
    };
    match args.format {
        DataFormat::Json => cx.print_json(&table.to_json()),
        DataFormat::Text => cx.print(&text(&table)),
    }
    Exit::OK
}

fn text(table: &ParameterTable) -> String {
    if table.rows.is_empty() {
        return "the manifest declares no parameters\n".to_owned();
    }
    let mut cells = vec![["NAME", "VALUE", "SOURCE", "DESCRIPTION"].map(str::to_owned)];
    cells.extend(table.rows.iter().map(cells_of));
    let widths: Vec<usize> = (0..3).map(|column| widest(&cells, column)).collect();
    let line = |row: &[String; 4]| {
        let line = format!(
            "{:a$}  {:b$}  {:c$}  {}",
            row[0],
            row[1],
            row[2],
            row[3],
            a = widths[0],
            b = widths[1],
            c = widths[2]
        );
        line.trim_end().to_owned() + "\n"
    };
    cells.iter().map(line).collect()
}

fn cells_of(row: &ParameterRow) -> [String; 4] {
    let value = match (row.shown(), &row.source) {
        // A line break would tear the table apart.
        (Some(value), _) => value.escape_debug().to_string().replace("\\'", "'").replace("\\\"", "\""),
        (None, Some(_)) => "-".to_owned(),
        (None, None) => "(missing)".to_owned(),
    };
    let source = row.source.as_ref().map_or_else(|| format!("set {}", row.variable), ToString::to_string);
    [row.name.to_string(), value, source, row.description.clone().unwrap_or_default()]
}

fn widest(cells: &[[String; 4]], column: usize) -> usize {
    cells.iter().map(|row| row[column].chars().count()).max().unwrap_or_default().min(60)
}
