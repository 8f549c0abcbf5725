//! Bytes to a report or a value: the first byte chooses the syntax.
//!
//! `cargo +nightly fuzz run manifest -- -max_len=4096 -timeout=5`

#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use shipit::cli::report::diagnostics::{Style, render};
use shipit::manifest::{self, Diagnostics, Entries, Format, Spanned, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
#[allow(dead_code, reason = "only reading matters")]
struct Document {
    name: Spanned<String>,
    #[serde(default)]
    apps: Entries<App>,
}

#[derive(Deserialize)]
#[serde(rename = "$kind", rename_all = "lowercase")]
#[allow(dead_code, reason = "only reading matters")]
enum App {
    Image(Image),
    Static {},
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "only reading matters")]
struct Image {
    image: Either,
    port: Option<Spanned<u16>>,
    #[serde(default)]
    tags: Vec<Spanned<String>>,
    #[serde(default)]
    env: BTreeMap<String, Text>,
}

#[derive(Deserialize)]
#[serde(rename = "$either", rename_all = "lowercase")]
#[allow(dead_code, reason = "only reading matters")]
enum Either {
    String(Spanned<String>),
    Table(BTreeMap<String, bool>),
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let format = [Format::Toml, Format::Yaml, Format::Json, Format::Dotenv][usize::from(first % 4)];
    let mut problems = Diagnostics::default();
    match manifest::decode("input", bytes.to_vec()) {
        Ok(source) => {
            let source = Arc::new(source);
            if let Some(node) = manifest::parse(&source, format, &mut problems) {
                manifest::deserialize::<Document>(&node, &source, &mut problems);
            }
        }
        Err(problem) => problems.push(problem),
    }
    render(problems, Style { color: false, unicode: false, width: 80 });
});
