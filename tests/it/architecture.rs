//! Holds the rules of the house: who may use whom, what only `cli` may do, how long files are.
//!
//! Reads the sources as text, without comments and unit tests. The rules are the tables below.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use regex::Regex;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The rooms of the house; a room uses only rooms of rows below its own.
const ROWS: &[&[&str]] = &[
    &["cli"],
    &["ops"],
    &["environment"],
    &["pipeline", "image", "azure", "cluster"],
    &["resolve"],
    &["model"],
    &["manifest", "oci", "render", "state"],
    &["util"],
];

/// Files that belong to no room.
const OUTSIDE: &[&str] = &["lib.rs", "main.rs"];

/// What only some may do: a pattern, those who may (files and folders of `src`), and why.
const PRIVILEGES: &[(&str, &[&str], &str)] = &[
    (r"\bclap(_complete)?::", &["cli/"], "arguments are the business of cli"),
    (r"\bmiette::", &["cli/"], "only cli renders diagnostics"),
    (r"\bindicatif::", &["cli/"], "only cli draws"),
    (
        r"\b(reqwest|hyper|hyper_util|http_body_util)::",
        &["oci/", "azure/", "image/", "cluster/"],
        "HTTP has four homes",
    ),
    (r"\b(bollard|bollard_buildkit_proto|tonic)::", &["image/"], "the engine is spoken to by image"),
    (r"\b(kube|k8s_openapi)::", &["cluster/"], "clusters are spoken to by cluster"),
    (
        r"\b(std|tokio)::process(::[A-Z{*]|;| as)",
        &["util/process", "cli/", "main.rs"],
        "processes run through util::process",
    ),
    (r"\bprocess::(exit|abort|ExitCode)\b", &["cli/", "main.rs"], "only cli exits"),
    (
        r"\b(std::)?env::(vars?(_os)?|args(_os)?|current_dir|set_var|remove_var)\b",
        &["cli/", "main.rs"],
        "only cli reads the environment",
    ),
    (r"\bstd::env\b", &["cli/", "main.rs"], "only cli reads the environment"),
    (r"\be?print(ln)?!", &["cli/", "main.rs"], "only cli prints"),
    (r"\bio::(stdin|stdout|stderr)\b", &["cli/"], "only cli reads and prints"),
    (r"#!?\[allow\(", &[], "write #[expect(lint, reason = …)]"),
];

/// Rooms that do no asynchronous work.
const SYNCHRONOUS: &[&str] = &["manifest", "model", "render", "state"];

const MOST_LINES: usize = 600;

static PATTERNS: LazyLock<Vec<Regex>> =
    LazyLock::new(|| PRIVILEGES.iter().map(|(pattern, ..)| Regex::new(pattern).unwrap()).collect());
static ASYNC: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\basync (fn|move|\{)").unwrap());
static COMMENT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(^\s*//|\s// ).*$").unwrap());

/// What is wrong with a file; `path` is relative to `src`.
fn breaches(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !text.starts_with("//!") {
        found.push(format!("{path}: does not begin with what it is for (`//!`)"));
    }
    if text.lines().count() > MOST_LINES {
        found.push(format!("{path}: has more than {MOST_LINES} lines"));
    }
    let code = code(text);
    for (number, line) in code.lines().enumerate() {
        for (pattern, (_, allowed, why)) in PATTERNS.iter().zip(PRIVILEGES) {
            let may = allowed.iter().any(|allowed| path.starts_with(allowed));
            if !may && pattern.is_match(line) {
                found.push(format!("{path}:{}: {why}: {}", number + 1, line.trim()));
            }
        }
    }
    if OUTSIDE.contains(&path) {
        return found;
    }
    let room = path.split('/').next().unwrap();
    let Some(row) = row(room.trim_end_matches(".rs")) else {
        found.push(format!("{path}: `{room}` has no row in the table of rooms"));
        return found;
    };
    if SYNCHRONOUS.contains(&room) && ASYNC.is_match(&code) {
        found.push(format!("{path}: {room} does nothing asynchronous"));
    }
    for used in uses(path, &code) {
        let is_below = self::row(&used).is_some_and(|used| used > row);
        if used != room.trim_end_matches(".rs") && !is_below {
            found.push(format!("{path}: uses `{used}`, which is not below it"));
        }
    }
    found
}

fn row(room: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&room))
}

/// Without comments and from the unit tests on; lines keep their numbers.
fn code(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.contains("#[cfg(test)]"));
    lines.map(|line| COMMENT.replace(line, "").into_owned() + "\n").collect()
}

/// The rooms that a file names: `crate::room…`, `crate::{room…, room…}` and enough `super::`.
fn uses(path: &str, code: &str) -> Vec<String> {
    let depth = path.split('/').count() - usize::from(path.ends_with("/mod.rs"));
    let root = format!(r"\b(?:crate|shipit)::|(?:\bsuper::){{{depth}}}");
    let root = Regex::new(&root).unwrap();
    let mut rooms = Vec::new();
    for found in root.find_iter(code) {
        // `pub(in crate::x)` and `super::super::` of a deeper chain do not occur.
        let rest = &code[found.end()..];
        match rest.strip_prefix('{') {
            Some(group) => rooms.extend(group_heads(group)),
            None => rooms.extend(head(rest)),
        }
    }
    rooms.retain(|room| row(room).is_some());
    rooms.sort();
    rooms.dedup();
    rooms
}

/// The first names in `a::b, c::{d, e}, f}`.
fn group_heads(group: &str) -> Vec<String> {
    let (mut depth, mut heads, mut is_start) = (1, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => is_start = true,
            c if is_start && (c.is_alphanumeric() || c == '_') => {
                heads.extend(head(&group[at..]));
                is_start = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

fn head(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_house_keeps_its_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths.sort();
    assert!(paths.len() > 10, "no sources were found");
    let found: Vec<String> = paths
        .iter()
        .flat_map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            breaches(&name, &std::fs::read_to_string(path).unwrap())
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[track_caller]
fn check(path: &str, text: &str, expect: &[&str]) {
    assert_eq!(breaches(path, &format!("//! X.\n{text}")), expect);
}

#[test]
fn a_room_uses_only_rows_below() {
    check("image/push.rs", "use crate::oci::Digest;\nuse crate::util::Progress;", &[]);
    check("image/push.rs", "use super::spec::X;\nuse crate::image::Y;", &[]);
    check(
        "image/push.rs",
        "fn f(x: &crate::pipeline::Plan) {}",
        &["image/push.rs: uses `pipeline`, which is not below it"],
    );
    check("oci/mod.rs", "use super::manifest::Source;", &["oci/mod.rs: uses `manifest`, which is not below it"]);
    check("oci/a.rs", "use super::super::model::App;", &["oci/a.rs: uses `model`, which is not below it"]);
    check("oci/a.rs", "use super::manifest::Index;", &[]);
    check(
        "util/text.rs",
        "use crate::{oci::{Digest, x::cli}, util::Secret,\n    model};",
        &["util/text.rs: uses `model`, which is not below it", "util/text.rs: uses `oci`, which is not below it"],
    );
    check("cellar/a.rs", "", &["cellar/a.rs: `cellar` has no row in the table of rooms"]);
}

#[test]
fn privileges_are_held_by_those_who_have_them() {
    check("model/a.rs", "use clap::Parser;", &["model/a.rs:2: arguments are the business of cli: use clap::Parser;"]);
    check("cli/a.rs", "use clap::Parser;\nprintln!();\nstd::env::var(\"X\");", &[]);
    check(
        "util/fs.rs",
        "std::process::Command::new(x)",
        &["util/fs.rs:2: processes run through util::process: std::process::Command::new(x)"],
    );
    check("util/process.rs", "use tokio::process::Command;", &[]);
    check("oci/a.rs", "reqwest::get(x);\neprintln!(\"x\");", &["oci/a.rs:3: only cli prints: eprintln!(\"x\");"]);
    check("state/a.rs", "hyper::body();", &["state/a.rs:2: HTTP has four homes: hyper::body();"]);
    check("model/a.rs", "// println!\n/// crate::cli::x\nlet x = 1; // std::env::var", &[]);
    check("model/a.rs", "#[cfg(test)]\nmod tests { use crate::cli::x; }", &[]);
    check("model/a.rs", "pub async fn f() {}", &["model/a.rs: model does nothing asynchronous"]);
}

#[test]
fn files_say_what_they_are_for_and_are_short() {
    let no_doc = ["util/a.rs: does not begin with what it is for (`//!`)"];
    assert_eq!(breaches("util/a.rs", "use std::fmt;\n"), no_doc);
    let long = "\n".repeat(600);
    check("util/a.rs", &long, &["util/a.rs: has more than 600 lines"]);
}
