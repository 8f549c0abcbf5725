//! The report as one page with a timeline: nothing is loaded, no script runs, every text is escaped.

use super::style::{bytes, seconds};
use super::table::{Counts, shown, state_name};
use crate::pipeline::{Failure, Outcome, StepResult, StepState};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

const STYLE: &str = "
:root{color-scheme:light dark;--done:#2e8b57;--cached:#5b93b5;--failed:#c0392b;--other:#b8860b}
@media(prefers-color-scheme:dark){:root{--done:#57b583;--cached:#8dbbd6;--failed:#ef7a6c;--other:#e0b040}}
body{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.15rem .6rem;border-bottom:1px solid #8884;vertical-align:top}
th{position:sticky;top:0;background:Canvas}
td:first-child{overflow-wrap:anywhere;min-width:9rem}
.time{text-align:right;white-space:nowrap}
.line{width:35%;min-width:6rem}
.bar{display:block;height:.9rem;margin-top:.25rem;border-radius:2px;min-width:2px;background:var(--other)}
.bar.done{background:var(--done)}.bar.cached{background:var(--cached)}.bar.failed{background:var(--failed)}
.state.done{color:var(--done)}.state.failed{color:var(--failed);font-weight:bold}
.state.cached{color:var(--cached)}.state.skipped,.state.cancelled{color:var(--other)}
.note{color:GrayText}
code,pre{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
pre{white-space:pre-wrap;border-left:3px solid var(--failed);padding-left:.8rem}
@media(max-width:50rem){body{margin:1rem auto}.note{display:none}th,td{padding:.15rem .3rem}}
";

/// The page.
pub fn html(outcome: &Outcome) -> String {
    let counts = Counts::of(outcome);
    let mut page = String::from("<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n<title>shipit: report of a run</title>\n");
    page.extend(["<style>", STYLE, "</style>\n<h1>Report of a run</h1>\n"]);
    let (list, time, sent) = (counts.list(), seconds(outcome.elapsed), bytes(outcome.bytes_sent()));
    let status = outcome.exit_status();
    write(&mut page, format_args!("<p>{list} in {time}; {sent} sent; exit status {status}</p>\n"));
    push_failures(&mut page, outcome);
    page.push_str("<h2>Steps</h2>\n<table>\n");
    write(
        &mut page,
        format_args!("<tr><th>step<th>state<th class=\"time\">time<th class=\"line\">0 to {time}<th class=\"note\">\n"),
    );
    for step in shown(outcome) {
        push_row(&mut page, step, outcome.elapsed);
    }
    page.push_str("</table>\n");
    push_digests(&mut page, outcome);
    page.push_str("</html>\n");
    page
}

/// Text as it may stand in an element or in a quoted attribute.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Cow::Owned(escaped.replace('"', "&quot;").replace('\'', "&#39;"))
}

fn push_row(page: &mut String, step: &StepResult, whole: Duration) {
    let state = state_name(&step.state);
    let name = escape(step.id.as_str());
    write(page, format_args!("<tr><td>{name}<td class=\"state {state}\">{state}<td class=\"time\">"));
    if step.ran() {
        let whole = whole.as_secs_f64().max(0.001);
        let left = (step.started.as_secs_f64() / whole * 100.0).min(100.0);
        let width = (step.elapsed.as_secs_f64() / whole * 100.0).min(100.0 - left);
        let (time, start) = (seconds(step.elapsed), seconds(step.started));
        write(page, format_args!("{time}<td class=\"line\"><span class=\"bar {state}\" title=\"from {start}\" "));
        write(page, format_args!("style=\"margin-left:{left:.2}%;width:{width:.2}%\"></span>"));
    } else {
        page.push_str("<td class=\"line\">");
    }
    let note = match &step.state {
        StepState::Done(output) => output.summary.clone().unwrap_or_default(),
        StepState::Skipped { because } => format!("because of {because}"),
        StepState::Failed(_) | StepState::Cancelled => String::new(),
    };
    write(page, format_args!("<td class=\"note\">{}\n", escape(&note)));
}

fn push_failures(page: &mut String, outcome: &Outcome) {
    for (index, (step, failure)) in outcome.failures().enumerate() {
        let Failure { class: _, message, causes, help } = failure;
        if index == 0 {
            page.push_str("<h2>Failures</h2>\n");
        }
        write(page, format_args!("<h3>{}</h3>\n<pre>{}", escape(step.as_str()), escape(message)));
        for cause in causes {
            write(page, format_args!("\nbecause {}", escape(cause)));
        }
        page.push_str("</pre>\n");
        if let Some(help) = help {
            write(page, format_args!("<p>{}</p>\n", escape(help)));
        }
    }
}

fn push_digests(page: &mut String, outcome: &Outcome) {
    let outputs = outcome.steps.iter().filter_map(|step| match &step.state {
        StepState::Done(output) => Some(&output.digests),
        StepState::Failed(_) | StepState::Skipped { .. } | StepState::Cancelled => None,
    });
    let digests: Vec<(&String, &String)> = outputs.flatten().collect();
    if digests.is_empty() {
        return;
    }
    page.push_str("<h2>Digests</h2>\n<table>\n");
    for (name, digest) in digests {
        write(page, format_args!("<tr><td>{}<td><code>{}</code>\n", escape(name), escape(digest)));
    }
    page.push_str("</table>\n");
}

fn write(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).expect("writing to a String cannot fail");
}
