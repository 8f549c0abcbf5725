//! Diagnostics as people and programs get them.

use serde_json::json;
use shipit::cli::report::diagnostics::{Style, render, to_json};
use shipit::manifest::{Diagnostic, Diagnostics, Source};
use std::sync::Arc;

const PLAIN: Style = Style { color: false, unicode: false, width: 80 };

fn source(name: &str, text: &str) -> Arc<Source> {
    Arc::new(Source { name: name.to_owned(), text: text.to_owned() })
}

fn all(list: impl IntoIterator<Item = Diagnostic>) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    diagnostics.extend(list);
    diagnostics
}

#[test]
fn a_diagnostic_may_point_into_several_files() {
    let manifest = source("apphost.toml", "a = 1\nb = 2\n");
    let params = source("params.env", "B=3\n");
    let diagnostic = Diagnostic::warning("twice", "`b` is set twice").within(&manifest).at(6..7, "here").also_in(
        &params,
        0..1,
        "and in this file",
    );
    let expected = "  warning: `b` is set twice
   ,-[apphost.toml:2:1]
 2 | b = 2
   : |
   : `-- here
   `----

  note: and in this file
   ,-[params.env:1:1]
 1 | B=3
   : ^
   `----

1 warning in apphost.toml
";
    assert_eq!(render(all([diagnostic]), PLAIN), expected);
}

#[test]
fn places_at_the_end_and_without_length_are_shown() {
    let text = source("m", "a\n");
    let at = |span| Diagnostic::error("x", "bad").within(&text).at(span, "here");
    let report = render(all([at(1..1), at(2..2), at(0..2)]), PLAIN);
    assert!(report.contains("[m:1:2]"), "{report}");
    assert!(report.contains("[m:2:1]"), "{report}");
    assert!(report.ends_with("3 errors in m\n"), "{report}");
    let empty = source("m", "");
    let report = render(all([Diagnostic::error("x", "bad").within(&empty).at(0..0, "here")]), PLAIN);
    assert!(report.contains("[m:1:1]") && report.contains("here"), "{report}");
}

#[test]
fn foreign_text_cannot_steer_the_terminal_and_keeps_its_places() {
    let text = source("m\u{1b}[2J", "a\u{1b}]0;x\u{7}b = \u{202e}1\n");
    let start = text.text.find('1').expect("a place");
    let diagnostic =
        Diagnostic::error("x", "bad \u{1b}[31m`a\nb`").within(&text).at(start..start + 1, "\u{9b}here").help("\u{7}");
    let report = render(all([diagnostic]), PLAIN);
    assert!(report.chars().all(|c| c == '\n' || !(c.is_control() || c == '\u{202e}')), "{report:?}");
    assert!(report.contains("bad \\u{1b}[31m`a\\nb`"), "{report}");
    let lines: Vec<&str> = report.lines().collect();
    let line = lines.iter().position(|line| line.contains("a\\u{1b}]0;x\\u{7}b")).expect("the line");
    assert_eq!(lines[line].find('1').map(|_| lines[line].rfind('1')), Some(lines[line + 1].find('|')), "{report}");
}

#[test]
fn a_line_of_a_megabyte_is_shown_in_part() {
    let text = source("m", &format!("{}x = 1{}", "é".repeat(400_000), " ".repeat(100_000)));
    let diagnostic = Diagnostic::error("x", "bad").within(&text).at(800_000..800_001, "here");
    let report = render(all([diagnostic]), PLAIN);
    assert!(report.len() < 1000, "{}", report.len());
    assert!(report.contains("[m:1:400001]") && report.contains("éx = 1"), "{report}");
}

#[test]
fn fifty_are_shown_and_the_others_counted() {
    let text = source("m", "a\n");
    let many = (0..60).map(|number| Diagnostic::error("x", format!("bad {number}")).within(&text).at(0..1, ""));
    let report = render(all(many), PLAIN);
    assert_eq!(report.matches("error:").count(), 50);
    assert!(report.ends_with("and 10 more\n\n60 errors in m\n"), "{report}");
}

#[test]
fn programs_get_lines_and_columns() {
    let text = source("m", "a = 1\nüb = 2\n");
    let diagnostic = Diagnostic::error("code", "bad").within(&text).at(8..9, "here").at(0..1, "first").help("do this");
    let expected = json!({
        "severity": "error", "code": "code", "message": "bad", "file": "m",
        "line": 2, "column": 2, "end_line": 2, "end_column": 3, "help": "do this",
        "related": [{ "message": "first", "file": "m", "line": 1, "column": 1, "end_line": 1, "end_column": 2 }],
    });
    assert_eq!(to_json(&diagnostic), expected);
    let bare = json!({ "severity": "warning", "code": "code", "message": "bad", "related": [] });
    assert_eq!(to_json(&Diagnostic::warning("code", "bad")), bare);
}
