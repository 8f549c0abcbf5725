//! Wrong input: exit status 2, everything that is wrong on stderr, nothing on stdout.

use super::{Run, folder, golden, run, shipit, shop, transcript};
use std::os::unix::ffi::OsStringExt as _;

const BAD: &str = "\
name = \"shop\"
[registries.main]
kind     = \"ocl\"
endpoint = \"ghcr.io\"
[apps.api]
kind    = \"dockerfile\"
contxt  = \"./api\"
tag     = \"$<tga>\"
[apps.web]
kind    = \"dockerfile\"
context = \"../../..\"
";

#[test]
fn every_mistake_of_a_manifest_is_shown_at_once() {
    let folder = folder(&[("apphost.toml", BAD)]);
    golden("check-bad.txt", &transcript(folder.path(), &["check", "check --format json", "do push"]));
    assert!(!folder.path().join(".shipit").exists());
}

#[test]
fn a_wrong_command_line_gets_a_line_not_a_lecture() {
    let lines = [
        "",
        "chek",
        "do",
        "do psh",
        "do push --jbos 3",
        "do push --jobs 0",
        "do push --progress loud",
        "do push --report r.txt",
        "check --format yaml",
        "graph nothing",
        "params --param tag",
        "params --param tga=1",
        "params --params-file none.toml",
        "check --profile none",
        "check -f none.toml",
        "registry",
        "completions tcsh",
    ];
    let folder = shop();
    let text = transcript(folder.path(), &lines);
    golden("usage.txt", &text);
    for line in &lines[1..] {
        let Run { status, stdout, stderr } = run(folder.path(), &line.split_whitespace().collect::<Vec<_>>());
        assert_eq!((status, stdout.as_str()), (2, ""), "{line}");
        let limit = if *line == "registry" { 40 } else { 20 };
        assert!(stderr.lines().count() < limit, "{line}: {stderr}");
    }
}

#[test]
fn two_manifests_and_none_are_told_apart() {
    let both = folder(&[("apphost.toml", "name = \"a\"\n"), ("apphost.yaml", "name: a\n")]);
    golden("both.txt", &transcript(both.path(), &["check", "check -f apphost.yaml"]));
    let none = tempfile::tempdir().unwrap();
    golden("none.txt", &transcript(none.path(), &["check"]));
}

#[test]
fn arguments_that_are_no_text_or_far_too_long_are_refused() {
    let folder = shop();
    let mut odd = shipit(folder.path());
    odd.arg("do").arg(std::ffi::OsString::from_vec(vec![b'p', 0xff]));
    assert_eq!(super::finish(&mut odd).status, 2);
    let run = super::finish(shipit(folder.path()).args(std::iter::repeat_n("-v", 10_001)));
    assert_eq!(run.status, 2);
    assert!(run.stderr.starts_with("error: more than 10000 arguments"), "{}", run.stderr);
}
