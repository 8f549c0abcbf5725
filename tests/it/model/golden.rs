//! Every folder of `tests/golden/errors` is a manifest and what is said of it; every file of
//! `tests/golden/accepted` a manifest that nothing is said of. `UPDATE_GOLDEN=1` writes what is said.

use serde_json::Value;
use shipit::manifest::{Diagnostic, Diagnostics, Format, Severity, Source, Span};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn golden(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn read(path: &Path) -> (Arc<Source>, Format) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let format = if name.ends_with(".toml") { Format::Toml } else { Format::Yaml };
    (Arc::new(Source { name, text: fs::read_to_string(path).unwrap() }), format)
}

fn manifest_of(case: &Path) -> PathBuf {
    let names = ["apphost.toml", "apphost.yaml"].map(|name| case.join(name));
    names.into_iter().find(|path| path.exists()).unwrap_or_else(|| panic!("{} has no manifest", case.display()))
}

fn place(source: &Source, span: &Span) -> String {
    let before = &source.text[..span.start];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let text: String = source.text[span.clone()].lines().next().unwrap_or_default().chars().take(60).collect();
    format!("{}:{line}:{column} {text:?}", source.name)
}

fn render(problems: Vec<Diagnostic>) -> String {
    let mut text = String::new();
    for problem in problems {
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        writeln!(text, "{severity}[{}]: {}", problem.code, shipit::util::text::sanitize(&problem.message)).unwrap();
        let source = problem.source.expect("every mistake of a manifest has its file");
        for label in &problem.labels {
            let note = if label.text.is_empty() { String::new() } else { format!(" -- {}", label.text) };
            writeln!(text, "  at {}{note}", place(&source, &label.span)).unwrap();
        }
        if let Some(help) = &problem.help {
            writeln!(text, "  help: {}", shipit::util::text::sanitize(help)).unwrap();
        }
    }
    text
}

/// The document as an editor's schema validator sees it; `None` where it is no JSON.
fn document(path: &Path) -> Option<Value> {
    let (source, format) = read(path);
    match format {
        Format::Toml => toml::from_str::<Value>(&source.text).ok(),
        Format::Yaml | Format::Json | Format::Dotenv => {
            serde_saphyr::from_str_with_options::<Value>(&source.text, serde_saphyr::options! { strict_booleans: true })
                .ok()
        }
    }
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&shipit::model::schema()).expect("the schema is a schema")
}

#[test]
fn every_bad_manifest_is_refused_with_its_words() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let schema = validator();
    let mut wrong = String::new();
    for case in golden("errors") {
        let path = manifest_of(&case);
        let (source, format) = read(&path);
        let profile = fs::read_to_string(case.join("profile.txt")).ok();
        let mut problems = Diagnostics::default();
        let application =
            shipit::model::load(&source, format, profile.as_deref().map(str::trim), "golden", &mut problems);
        let is_warned_only = !problems.has_errors();
        assert_eq!(application.is_some(), is_warned_only, "{}", case.display());
        assert!(!problems.is_empty(), "{} is not wrong at all", case.display());
        let refused = match document(&path) {
            None => "cannot read it",
            Some(document) if schema.is_valid(&document) => "accepts it",
            Some(_) => "refuses it",
        };
        let found = format!("the schema {refused}\n\n{}", render(problems.into_sorted()));
        let expected = case.join("expected.txt");
        if update {
            fs::write(&expected, &found).unwrap();
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        if found != expected {
            let diff = similar::TextDiff::from_lines(&expected, &found);
            write!(wrong, "{}\n{}", case.display(), diff.unified_diff()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_good_manifest_is_accepted_by_the_reader_and_the_schema() {
    let schema = validator();
    for path in golden("accepted") {
        let (source, format) = read(&path);
        let mut problems = Diagnostics::default();
        let application = shipit::model::load(&source, format, None, "golden", &mut problems);
        let said = render(problems.into_sorted());
        assert!(application.is_some() && said.is_empty(), "{}\n{said}", path.display());
        let document = document(&path).expect("a good manifest can be read");
        let errors: Vec<String> =
            schema.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}\n{}", path.display(), errors.join("\n"));
    }
}

#[test]
fn the_committed_schema_is_the_generated_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/apphost.schema.json");
    let generated = format!("{:#}\n", shipit::model::schema());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), generated, "run the tests with UPDATE_GOLDEN=1");
}

/// Cheap pseudo-random numbers (the constants of Knuth's MMIX), the same in every run.
fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap()
}

#[test]
fn no_damaged_manifest_makes_the_reader_panic_or_point_outside() {
    let bits = [
        "$<", ">", "\"", "[", "]", "{", "}", ".", "=", ":", "\n", "  ", "-", "$", "é", "\u{202e}", "&a", "*a", "0", "|",
    ];
    let mut seed = 1;
    let mut paths: Vec<PathBuf> = golden("errors").iter().map(|case| manifest_of(case)).collect();
    paths.extend(golden("accepted"));
    for path in paths {
        let (source, format) = read(&path);
        for _ in 0..12 {
            let mut text: Vec<char> = source.text.chars().collect();
            for _ in 0..=next(&mut seed) % 3 {
                let at = next(&mut seed) % (text.len() + 1);
                let end = (at + next(&mut seed) % 8).min(text.len());
                let bit: Vec<char> = bits[next(&mut seed) % bits.len()].chars().collect();
                text.splice(at..end, bit);
            }
            let text: String = text.into_iter().collect();
            let damaged = Arc::new(Source { name: source.name.clone(), text });
            let mut problems = Diagnostics::default();
            shipit::model::load(&damaged, format, None, "golden", &mut problems);
            for label in problems.into_sorted().iter().flat_map(|problem| &problem.labels) {
                assert!(damaged.text.get(label.span.clone()).is_some(), "{:?} in {:?}", label, damaged.text);
            }
        }
    }
}
