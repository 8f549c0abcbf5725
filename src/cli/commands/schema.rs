//! `shipit schema`: the JSON Schema of the manifest, for editors.

use crate::cli::{Cx, Exit};

/// Print the JSON Schema of the manifest, for editors
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit schema > apphost.schema.json

First line of a manifest that uses it:
  #:schema ./apphost.schema.json                               (TOML)
  # yaml-language-server: $schema=./apphost.schema.json         (YAML)")]
pub(crate) struct Args {}

pub(crate) fn run(cx: &Cx, _: &Args) -> Exit {
    cx.print_json(&crate::model::schema());
    Exit::OK
}
