//! Whatever the bytes are, reading them ends soon and never in a panic.

use super::deserialize::Shop;
use proptest::prelude::*;
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
fn a_mebibyte_of_anything_as_toml_is_read_in_seconds() {
    read_a_mebibyte_of_anything(Format::Toml);
}

#[test]
fn a_mebibyte_of_anything_as_yaml_is_read_in_seconds() {
    read_a_mebibyte_of_anything(Format::Yaml);
}

fn read_a_mebibyte_of_anything(format: Format) {
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
        let bytes: Vec<u8> =
            unit.iter().copied().cycle().take(manifest::limits::FILE_SIZE / unit.len() * unit.len()).collect();
        let start = Instant::now();
        let report = read(format, bytes);
        let elapsed = start.elapsed();
        assert!(elapsed < Duration::from_secs(30), "{format:?} {unit:?}: {elapsed:?}");
        assert!(report.len() < 100_000, "{format:?} {unit:?}: {} bytes", report.len());
    }
}

const GOOD: [&str; 2] = [
    "name = \"shop\"\n[params]\nx = { default = 1 }\n[apps.api]\nimage = 'ü'\nenv = { A = \"\\u00e9\", B = [1, 2.5] }\n[[a]]\nb = 1979-05-27\n",
    "name: shop\napps:\n  api: &a\n    image: \"\\u00e9 x\"\n    platforms: [linux/amd64, 'b']\n  web:\n    <<: *a\n    env: {A: 1, B: ~}\n    x: |\n      text\n# end\n",
];

fn formats() -> impl Strategy<Value = Format> {
    prop::sample::select(vec![Format::Toml, Format::Yaml, Format::Json, Format::Dotenv])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_give_a_report_or_a_value(format in formats(), bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        read(format, bytes);
    }

    #[test]
    fn arbitrary_punctuation_gives_a_report_or_a_value(format in formats(), text in "[ \\[\\]{}:=,.&*!|>%@`?#'\"\\-a1\n\t\r~<\u{feff}\u{1b}é]{0,60}") {
        let report = read(format, text.into_bytes());
        let plain = report.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\u{1b}'));
        prop_assert!(plain, "{report:?}");
    }

    #[test]
    fn mutated_documents_give_a_report_or_a_value(
        which in 0..2usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..6),
    ) {
        let mut bytes = GOOD[which].as_bytes().to_vec();
        for (index, byte, how) in changes {
            let index = index.index(bytes.len().max(1));
            match how {
                0 if index < bytes.len() => bytes[index] = byte,
                1 => bytes.insert(index.min(bytes.len()), byte & 0x7f),
                2 if index < bytes.len() => drop(bytes.remove(index)),
                _ => bytes.truncate(index),
            }
        }
        read(if which == 0 { Format::Toml } else { Format::Yaml }, bytes);
    }
}

#[test]
fn ten_thousand_apps_are_read_quickly() {
    use std::fmt::Write as _;
    let mut toml = "name = \"shop\"\n".to_owned();
    let mut yaml = "name: shop\napps:\n".to_owned();
    for app in 0..10_000 {
        writeln!(
            toml,
            "[apps.app-{app}]\nimage = \"app-{app}\"\nport = 8080\nenv = {{ A = 1, B = \"two\" }}\nexternal = true"
        )
        .expect("text");
        writeln!(
            yaml,
            "  app-{app}:\n    image: app-{app}\n    port: 8080\n    env: {{ A: 1, B: two }}\n    external: true"
        )
        .expect("text");
    }
    for (format, text) in [(Format::Toml, toml), (Format::Yaml, yaml)] {
        let size = text.len();
        let start = Instant::now();
        let report = read(format, text.into_bytes());
        assert_eq!(report, "");
        let elapsed = start.elapsed();
        println!("{format:?}: {size} bytes in {elapsed:?}");
        assert!(elapsed < Duration::from_secs(20), "{format:?}: {elapsed:?}");
    }
}

#[test]
fn a_mebibyte_of_different_mistakes_is_read_in_seconds() {
    let lines = |line: &dyn Fn(usize) -> String| {
        let mut text = String::new();
        for number in 0.. {
            let line = line(number);
            if text.len() + line.len() > manifest::limits::FILE_SIZE {
                return text;
            }
            text += &line;
        }
        text
    };
    let cases = [
        (Format::Toml, lines(&|number| format!("k{number}=1\n"))),
        (Format::Toml, lines(&|number| format!("[apps.a{number}]\nimge=1\nport=\"x\"\nplatforms=[\"a\",\"b\"]\n"))),
        (Format::Toml, lines(&|number| format!("[a{number}]\nx=1\n[a{number}]\n"))),
        (Format::Yaml, lines(&|number| format!("k{number}: 1\n"))),
        (Format::Yaml, lines(&|number| format!("a{number}: &a{number} *a{}\n", number.saturating_sub(1)))),
        (Format::Yaml, lines(&|number| format!("a{number}: &a{number} [x]\nb{number}: *a{number}\n"))),
        (Format::Yaml, lines(&|number| format!("- &a{number} !t {{<<: *a{number}}}\n"))),
        (Format::Yaml, format!("apps:\n  a:\n    image: a\n    platforms: [{}]\n", "x, ".repeat(300_000))),
        (Format::Dotenv, lines(&|number| format!("A{number}=1\n1=\n"))),
        (Format::Json, format!("[{}1]", "1, ".repeat(300_000))),
        (Format::Json, "[".repeat(1_000_000)),
        (Format::Json, "\"\\u0000".repeat(100_000)),
    ];
    for (index, (format, text)) in cases.into_iter().enumerate() {
        let start = Instant::now();
        let report = read(format, text.into_bytes());
        let elapsed = start.elapsed();
        println!("{index} {format:?}: {} bytes of report in {elapsed:?}", report.len());
        assert!(elapsed < Duration::from_secs(20), "{index} {format:?}: {elapsed:?}");
    }
}
