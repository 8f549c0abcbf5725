//! Bytes to an application or a report of what is wrong: the first byte chooses the syntax.
//!
//! From the root: `cargo fuzz run --fuzz-dir tests/fuzz manifest -- -max_len=4096 -timeout=5`

#![no_main]

use libfuzzer_sys::fuzz_target;
use shipit::cli::report::diagnostics::{Style, render};
use shipit::manifest::{self, Diagnostics, Format};
use shipit::model;
use std::sync::Arc;

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let format = [Format::Toml, Format::Yaml, Format::Json, Format::Dotenv][usize::from(first % 4)];
    let mut problems = Diagnostics::default();
    match manifest::decode("input", bytes.to_vec()) {
        Ok(source) => {
            let source = Arc::new(source);
            let application = model::load(&source, format, None, "app", &mut problems);
            assert!(application.is_some() || problems.has_errors(), "nothing came out and nothing was said");
        }
        Err(problem) => problems.push(problem),
    }
    render(problems, Style { color: false, unicode: true, width: 80 });
});
