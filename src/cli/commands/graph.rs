//! `shipit graph`: draws the pipeline.

use crate::cli::{Cx, Exit};
use clap::ValueEnum;

/// Draw the steps of the pipeline and what waits for what
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit graph                             everything, as a tree
  shipit graph push-api                    what `push-api` needs
  shipit graph --format mermaid            for a README
  shipit graph --format dot | dot -Tsvg > pipeline.svg")]
pub(crate) struct Args {
    /// Only these steps and what they depend on
    #[arg(value_name = "STEP")]
    steps: Vec<String>,
    /// How it is drawn
    #[arg(long, value_enum, default_value_t)]
    format: GraphFormat,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum GraphFormat {
    #[default]
    Text,
    Mermaid,
    Dot,
    Json,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    let plan = match crate::ops::outline(&cx.load_request(), &args.steps) {
        Ok(outline) => outline.plan,
        Err(error) => return cx.fail(error),
    };
    use crate::pipeline::graph;
    let drawing = match args.format {
        GraphFormat::Text => graph::text(&plan),
        GraphFormat::Mermaid => graph::mermaid(&plan),
        GraphFormat::Dot => graph::dot(&plan),
        GraphFormat::Json => {
            return {
                cx.print_json(&graph::json(&plan));
                Exit::OK
            };
        }
    };
    cx.print(&drawing);
    Exit::OK
}
