//! Every folder of `tests/golden/publish` is a manifest and what is written for it.
//!
//! `apphost.toml` or `.yaml`, perhaps `images.json` (the state after a push), give either
//! `expected/` with every file and `warnings.txt` (absent: none), or `expected/errors.txt`.
//! `UPDATE_GOLDEN=1` writes `expected/` anew.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use shipit::manifest::{Diagnostic, Severity};
use shipit::ops::{Error, LoadRequest, PublishRequest, publish};
use shipit::resolve::Inputs;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/publish");
    let mut cases: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn published(case: &Path) -> BTreeMap<String, String> {
    let state = tempfile::tempdir().unwrap();
    if case.join("images.json").exists() {
        fs::copy(case.join("images.json"), state.path().join("images.json")).unwrap();
    }
    let request = PublishRequest {
        load: LoadRequest { file: None, profile: None, current: case.to_owned() },
        environments: Vec::new(),
        inputs: Inputs { version: "0.0.0".to_owned(), ..Inputs::default() },
        state: Some(state.path().to_owned()),
        output: None,
    };
    match publish(request) {
        Ok(publication) => {
            let mut files: BTreeMap<String, String> =
                publication.artifacts.into_iter().map(|artifact| (artifact.path, artifact.text)).collect();
            if !publication.warnings.is_empty() {
                files.insert("warnings.txt".to_owned(), said(&publication.warnings));
            }
            files
        }
        Err(Error::Invalid(diagnostics)) => BTreeMap::from([("errors.txt".to_owned(), said(&diagnostics))]),
        Err(other) => panic!("{}: {other:?}", case.display()),
    }
}

fn said(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let severity = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(text, "{severity}[{}]: {}", diagnostic.code, diagnostic.message).unwrap();
        if let Some(source) = &diagnostic.source {
            for label in &diagnostic.labels {
                let line = source.text[..label.span.start].matches('\n').count() + 1;
                let place: String = source.text[label.span.clone()].lines().next().unwrap_or_default().to_owned();
                let note = if label.text.is_empty() { String::new() } else { format!(" -- {}", label.text) };
                writeln!(text, "  at {}:{line} {place:?}{note}", source.name).unwrap();
            }
        }
        if let Some(help) = &diagnostic.help {
            writeln!(text, "  help: {help}").unwrap();
        }
    }
    text
}

fn expected(folder: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(root, &path, files);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    walk(folder, folder, &mut files);
    files
}

#[test]
fn every_manifest_gives_its_files() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = String::new();
    for case in cases() {
        let folder = case.join("expected");
        let written = published(&case);
        if update {
            if folder.exists() {
                fs::remove_dir_all(&folder).unwrap();
            }
            for (path, text) in &written {
                let path = folder.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            continue;
        }
        let expected = expected(&folder);
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        for path in expected.keys().chain(written.keys().filter(|path| !expected.contains_key(*path))) {
            if expected.get(path) != written.get(path) {
                let text = written.get(path).map_or("(not written)", String::as_str);
                writeln!(wrong, "{name}/{path} is now:\n{text}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}\nset UPDATE_GOLDEN=1 and read the difference");
}
