//! `shipit init`: writes a first manifest for the Dockerfiles that it finds.

use crate::cli::{Cx, Exit};
use crate::ops::{self, Init, InitError, Syntax};
use crate::render::Artifact;
use crate::util::{FailureClass, fs};
use std::path::{Path, PathBuf};

/// Write a manifest for the Dockerfiles found here
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  shipit init                 apphost.toml here
  shipit init --yaml shop     apphost.yaml in the folder `shop`
  shipit init --dry-run       show it, write nothing")]
pub(crate) struct Args {
    /// The folder [default: here]
    #[arg(value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Write apphost.yaml instead of apphost.toml
    #[arg(long)]
    yaml: bool,
    /// Print what would be written
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(cx: &Cx, args: &Args) -> Exit {
    let folder = args.folder.as_ref().map_or_else(|| cx.current.clone(), |folder| cx.current.join(folder));
    let syntax = if args.yaml { Syntax::Yaml } else { Syntax::Toml };
    let done =
        ops::init(&folder, syntax).map_err(|error| refused(&error)).and_then(|init| write(cx, args, &folder, &init));
    match done {
        Ok(()) => Exit::OK,
        Err(error) => cx.fail(error),
    }
}

fn refused(error: &InitError) -> ops::Error {
    let help = match error {
        InitError::Exists { .. } => "edit it, or name another folder",
        InitError::Folder { .. } | InitError::File(_) | InitError::Render(_) => "name a folder that can be read",
    };
    ops::Error::invalid("init", error.to_string(), help)
}

fn write(cx: &Cx, args: &Args, folder: &Path, init: &Init) -> Result<(), ops::Error> {
    if !init.apps.is_empty() {
        cx.say(&format!("found {}", init.apps.join(", ")));
    }
    for Artifact { path, text } in &init.artifacts {
        let path = folder.join(path);
        let shown = path.strip_prefix(&cx.current).unwrap_or(&path).display();
        if args.dry_run {
            cx.print(&format!("# {shown}\n{text}\n"));
            continue;
        }
        fs::write_atomic(&path, text.as_bytes(), 0o644)
            .map_err(|error| ops::Error::failed(FailureClass::Permanent, format!("{error}: {}", error.source)))?;
        cx.say(&format!("wrote {shown}"));
    }
    if init.truncated {
        cx.say("warning: there are more folders than were looked at; add the apps that are missing");
    }
    if !args.dry_run {
        cx.say(match init.apps.len() {
            0 => "no Dockerfile was found: describe your apps in the manifest, then run `shipit check`",
            _ => "next: read it, then run `shipit check` and `shipit do push`",
        });
    }
    Ok(())
}
