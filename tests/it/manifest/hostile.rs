//! Whatever the bytes are, reading them ends soon and never in a panic.

use super::deserialize::Shop;
use shipit::cli::report::diagnostics::{Style, render, to_json};
use shipit::manifest::{self, Diagnostics, Format};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Everything that happens to a file; gives the report.
fn read(format: Format, bytes: Vec<u8>) -> String {
    let mut problems = Diagnostics::default();
    match manifest::decode("m", bytes) {
        Ok(source) => {
            let source = Arc::new(source);
            if let Some(node) = manifest::parse(&source, format, &mut problems) {
                manifest::deserialize::<Shop>(&node, &source, &mut problems);
            }
        }
        Err(problem) => problems.push(problem),
    }
    for problem in problems.iter().take(10) {
        to_json(problem);
    }
    render(problems, Style { color: true, unicode: true, width: 80 })
}

#[test]
fn a_mebibyte_of_anything_is_read_in_seconds() {
    let units: [&[u8]; 28] = [
        b"[",
        b"{",
        b"a.",
        b"- ",
        b"-\n",
        b"&a ",
        b"*a ",
        b"\0",
        b"\"\\u0000\"",
        b"[[a]]\n",
        b"a=1\n",
        b"a: 1\n",
        b"a: ",
        b"? ",
        b"!!x ",
        b"\t",
        b"\n",
        b"'",
        b"\"",
        b"{a=",
        b"[a.b.c.d]\n",
        b"---\n",
        b"%",
        b"# \n",
        b"x = {",
        b"[],",
        b"<<: ",
        b"\xe2\x80\xae",
    ];
    for unit in units {
        for format in [Format::Toml, Format::Yaml] {
            let bytes: Vec<u8> =
                unit.iter().copied().cycle().take(manifest::limits::FILE_SIZE / unit.len() * unit.len()).collect();
            let start = Instant::now();
            let report = read(format, bytes);
            let elapsed = start.elapsed();
            if std::env::var_os("TIMES").is_some() {
                eprintln!("{format:?} {:?} {elapsed:?} {} bytes", String::from_utf8_lossy(unit), report.len());
            }
            assert!(elapsed < Duration::from_secs(30), "{format:?} {unit:?}: {elapsed:?}");
            assert!(report.len() < 100_000, "{format:?} {unit:?}: {} bytes", report.len());
        }
    }
}
