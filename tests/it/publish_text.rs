//! Whatever text stands in a manifest, what is published is Bicep that says it.
//!
//! Every string of every case of `tests/golden/publish` that may be any text becomes one that is made to
//! break out of where it is put. What the manifest's own rules refuse stays as it was.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use shipit::azure::bicep;
use shipit::manifest::{Diagnostic, Diagnostics, Format, Kind, Node, Source, emit, parse};
use shipit::model;
use shipit::ops::{Error, LoadRequest, PublishRequest, publish};
use shipit::resolve::Inputs;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Texts with much of what is dangerous in Bicep, Markdown and templates.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("'"),
        Just("\\"),
        Just("$"),
        Just("{"),
        Just("}"),
        Just("${"),
        Just("$${x}"),
        Just("'''"),
        Just("{{x}}"),
        Just("//"),
        Just("/*"),
        Just("\r\n"),
        Just("\n"),
        Just("\u{2028}"),
        Just("\u{202e}"),
        Just("```"),
        Just("é😀"),
    ];
    let piece = prop_oneof![3 => piece.prop_map(str::to_owned), 1 => any::<String>()];
    proptest::collection::vec(piece, 1..5).prop_map(|pieces| format!("a{}z", pieces.concat()))
}

/// The strings of a tree, in its order.
fn strings(node: &mut Node) -> Vec<&mut String> {
    match &mut node.kind {
        Kind::String(text) => vec![text],
        Kind::Array(items) => items.iter_mut().flat_map(strings).collect(),
        Kind::Table(entries) => entries.iter_mut().flat_map(|(_, node)| strings(node)).collect(),
        Kind::Null | Kind::Bool(_) | Kind::Integer(_) | Kind::Float(_) => Vec::new(),
    }
}

fn is_accepted(tree: &Node) -> bool {
    let source = Arc::new(Source { name: "apphost.toml".to_owned(), text: emit(tree, Format::Toml) });
    let mut problems = Diagnostics::default();
    model::load(&source, Format::Toml, None, "shop", &mut problems).is_some() && !problems.has_errors()
}

/// What comes of a manifest: its files, or what is wrong.
fn published(case: &Path, tree: &Node) -> Result<Vec<(String, String)>, Vec<Diagnostic>> {
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(case).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    for manifest in ["apphost.toml", "apphost.yaml"] {
        let _ = fs::remove_file(folder.path().join(manifest));
    }
    fs::write(folder.path().join("apphost.toml"), emit(tree, Format::Toml)).unwrap();
    let current = folder.path().to_owned();
    let request = PublishRequest {
        load: LoadRequest { file: None, profile: None, current: current.clone() },
        environments: Vec::new(),
        inputs: Inputs { current_folder: current, version: "0.0.0".to_owned(), ..Inputs::default() },
        state: None,
        output: None,
    };
    match publish(request) {
        Ok(done) => Ok(done.artifacts.into_iter().map(|artifact| (artifact.path, artifact.text)).collect()),
        Err(Error::Invalid(diagnostics)) => Err(diagnostics),
        Err(other) => panic!("{}: {other:?}", case.display()),
    }
}

/// Puts a text everywhere in a case where any text may be. Returns how many places took it.
fn check(case: &Path, runner: &mut TestRunner) -> usize {
    let Some(path) = ["apphost.toml", "apphost.yaml"].iter().map(|name| case.join(name)).find(|path| path.exists())
    else {
        return 0;
    };
    let source = Source { name: "apphost".to_owned(), text: fs::read_to_string(&path).unwrap() };
    let format = Format::of(path.to_str().unwrap()).unwrap();
    let Some(mut tree) = parse(&Arc::new(source), format, &mut Diagnostics::default()) else { return 0 };
    if published(case, &tree).is_err() {
        return 0;
    }
    let original = tree.clone();
    let texts: Vec<String> =
        (0..strings(&mut tree).len()).map(|_| nasty().new_tree(runner).unwrap().current()).collect();
    let taken = put(&mut tree, &texts, is_accepted);
    if is_published(case, &tree) {
        return taken;
    }
    // Something is refused later than by the reader: find out what by publishing after each.
    tree = original;
    put(&mut tree, &texts, |tree| is_accepted(tree) && is_published(case, tree))
}

/// Replaces each string where that is accepted. Returns how many were.
fn put(tree: &mut Node, texts: &[String], accepts: impl Fn(&Node) -> bool) -> usize {
    let mut taken = 0;
    for (index, text) in texts.iter().enumerate() {
        let old = std::mem::replace(strings(tree).swap_remove(index), text.clone());
        if accepts(tree) {
            taken += 1;
        } else {
            *strings(tree).swap_remove(index) = old;
        }
    }
    taken
}

/// Whether it is published as Bicep; `false` where the manifest is said to be wrong.
fn is_published(case: &Path, tree: &Node) -> bool {
    match published(case, tree) {
        Ok(files) => {
            for (path, text) in
                files.iter().filter(|(path, _)| path.ends_with(".bicep") || path.ends_with(".bicepparam"))
            {
                if let Err(errors) = bicep::parse(text) {
                    panic!("{}, {path}: {errors:?}\n{text}\n{}", case.display(), emit(tree, Format::Toml));
                }
            }
            true
        }
        Err(diagnostics) => {
            for diagnostic in diagnostics {
                let file = diagnostic.source.as_ref().map_or("", |source| source.name.as_str());
                // A name that Azure refuses is read as the name that it is all the same.
                let is_understood = matches!(file, "" | "apphost.toml") || diagnostic.code == "resource-name";
                assert!(is_understood, "{}: {diagnostic:#?}\n{}", case.display(), emit(tree, Format::Toml));
            }
            false
        }
    }
}

#[test]
fn no_text_of_a_manifest_breaks_out_of_where_it_is_written() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/publish");
    let mut cases: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let halves = cases.split_at(cases.len() / 2);
    let run = |cases: &[std::path::PathBuf]| {
        let mut runner = TestRunner::deterministic();
        cases.iter().map(|case| check(case, &mut runner)).sum::<usize>()
    };
    let taken = std::thread::scope(|scope| {
        let first = scope.spawn(|| run(halves.0));
        run(halves.1) + first.join().unwrap()
    });
    assert!(taken > 20, "only {taken} places took any text");
}
