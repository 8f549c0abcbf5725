//! What people and programs see of a run: views are driven with a clock of the test and compared with
//! `tests/golden/reports`. `UPDATE_GOLDEN=1` writes what is seen; read the difference before keeping it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

mod live;
mod run;
mod signals;
mod views;

use std::path::PathBuf;

/// Compares with a file of `tests/golden/reports`.
#[track_caller]
fn golden(name: &str, seen: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/reports").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, seen).unwrap();
    }
    let expect = std::fs::read_to_string(&path).unwrap_or_default();
    if expect != seen {
        let difference =
            similar::TextDiff::from_lines(expect.as_str(), seen).unified_diff().header(name, "seen").to_string();
        panic!("{difference}");
    }
}
