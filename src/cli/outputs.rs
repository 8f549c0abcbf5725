//! What a run leaves on standard output, and for GitHub Actions.

use super::arguments::DataFormat;
use super::report::{github, run_report_json};
use super::{Cx, env_vars};
use crate::ops::{Prepared, PushedImage};
use crate::pipeline::Outcome;
use serde_json::json;
use std::fs::OpenOptions;
use std::io::Write as _;

/// Prints the images that were pushed; as JSON, together with every step.
pub(super) fn show(cx: &Cx, format: DataFormat, is_talking: bool, prepared: &Prepared, outcome: &Outcome) {
    let pushed = prepared.pushed();
    if is_talking && !pushed.is_empty() && pushed.iter().all(|image| image.unchanged) && outcome.is_done() {
        cx.say("no image has changed: each was already there, nothing was sent");
    }
    match format {
        DataFormat::Json => {
            let mut document = run_report_json(outcome);
            document["images"] = json!(pushed);
            let addresses = prepared.addresses();
            if !addresses.is_empty() {
                document["addresses"] = json!(addresses);
            }
            cx.print_json(&document);
        }
        DataFormat::Text => {
            cx.print(&lines(&pushed));
            for address in prepared.addresses() {
                cx.print(&format!("{}  {}\n", address.app, address.url));
            }
        }
    }
    if cx.github
        && let Some(path) = env_vars::path("GITHUB_OUTPUT")
    {
        let written = OpenOptions::new().append(true).create(true).open(&path);
        let written = written
            .and_then(|mut file| file.write_all(github::output("images", &json!(pushed).to_string()).as_bytes()));
        if let Err(error) = written {
            cx.say(&format!("warning: cannot write the outputs for GitHub to `{}`: {error}", path.display()));
        }
    }
}

/// `<app>  <reference>  <digest>`, in columns.
fn lines(pushed: &[PushedImage]) -> String {
    let app = pushed.iter().map(|image| image.app.len()).max().unwrap_or_default();
    let reference = pushed.iter().map(|image| image.reference.len()).max().unwrap_or_default();
    pushed
        .iter()
        .map(|image| format!("{:app$}  {:reference$}  {}\n", image.app, image.reference, image.digest))
        .collect()
}
