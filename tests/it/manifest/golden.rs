//! What a user sees of a bad file: `tests/golden/syntax/<case>/` holds the file and the report.
//!
//! `UPDATE_GOLDEN=1` writes the reports anew; read every one before it is committed.

use super::deserialize::Shop;
use shipit::cli::report::diagnostics::{Style, render};
use shipit::manifest::{self, Diagnostics, Format};
use std::fs;
use std::path::Path;
use std::sync::Arc;

fn report(name: &str, bytes: Vec<u8>) -> String {
    let mut problems = Diagnostics::default();
    let format = if name.ends_with(".toml") { Format::Toml } else { Format::Yaml };
    match manifest::decode(name, bytes) {
        Ok(source) => {
            let source = Arc::new(source);
            let node = manifest::parse(&source, format, &mut problems);
            if let Some(node) = node
                && manifest::expect_content(&node, &source, &mut problems)
                && !problems.has_errors()
            {
                manifest::deserialize::<Shop>(&node, &source, &mut problems);
            }
        }
        Err(problem) => problems.push(problem),
    }
    render(problems, Style { color: false, unicode: false, width: 100 })
}

#[test]
fn bad_files_are_reported_as_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/syntax");
    let mut cases: Vec<_> =
        fs::read_dir(&folder).expect("the cases").map(|case| case.expect("a case").path()).collect();
    cases.sort();
    assert!(cases.len() >= 30, "the cases are there");
    let mut different = Vec::new();
    for case in cases {
        let mut all = String::new();
        for name in ["input.toml", "input.yaml"] {
            if let Ok(bytes) = fs::read(case.join(name)) {
                all += &report(name, bytes);
            }
        }
        let path = case.join("expected.txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &all).expect("the report is written");
        } else if fs::read_to_string(&path).unwrap_or_default() != all {
            different.push(format!("{}:\n{all}", case.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
