//! `shipit completions`: completion scripts for shells.

use crate::cli::arguments::Arguments;
use crate::cli::{Cx, Exit};
use clap::CommandFactory as _;

/// Print a completion script for a shell
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit completions bash > ~/.local/share/bash-completion/completions/shipit
  shipit completions zsh > ~/.zfunc/_shipit
  shipit completions fish > ~/.config/fish/completions/shipit.fish")]
pub(crate) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Arguments::command(), "shipit", &mut script);
    cx.print_bytes(&script);
    Exit::OK
}
