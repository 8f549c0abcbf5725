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
        "push",
        "push-api",
        "pubish",
        "deploy",
        "help",
        "check -f apphost.toml --file other.yaml",
        "check -f .",
        "do",
        "do psh",
        "do push --jbos 3",
        "do push --jobs 0",
        "do push --progress loud",
        "do push --report r.txt",
        "check --format yaml",
        "graph nothing",
        "params --param tag",
        "params --param =v1",
        "params --param tag=@none",
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

/// What is wrong only once parameters and folders are looked at keeps a run from touching anything too.
#[test]
fn nothing_is_touched_when_anything_is_wrong() {
    let manifest = |app: &str| {
        format!(
            "[params]\ntag = \"1\"\nneeded = {{}}\nmade = {{ secret = true, generate = {{}} }}\n[registries.main]\nkind = \"local\"\n\
             [apps.api]\nkind = \"dockerfile\"\n{app}\n"
        )
    };
    for (app, args) in [
        ("context = \"none\"", &["do", "push"][..]),
        ("context = \".\"\ndockerfile = \"none\"", &["do", "push"]),
        ("context = \".\"\ntag = \"$<needed>\"\nbuild-secrets = { A = \"$<made>\" }", &["do", "push", "--no-input"]),
        ("context = \".\"\ntag = \"$<tag>\"", &["do", "push", "--param", "tag=-x"]),
        ("context = \".\"", &["do", "push", "--param", "none=x"]),
        ("context = \".\"", &["do", "push", "--params-file", "none.env"]),
        ("context = \".\"", &["do", "push", "--report", "report.pdf", "--log-file", "push.log"]),
    ] {
        let folder = folder(&[("apphost.toml", &manifest(app)), ("Dockerfile", "FROM scratch\n")]);
        let Run { status, stderr, .. } = run(folder.path(), args);
        assert_eq!(status, 2, "{app} {args:?}: {stderr}");
        let mut left: Vec<_> = folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["Dockerfile", "apphost.toml"], "{app} {args:?}");
    }
}

#[test]
fn a_manifest_is_refused_by_its_size_unless_it_declares_that_much() {
    let app = |number: usize| {
        format!("[apps.api-{number}]\nkind = \"image\"\nimage = \"ghcr.io/owner/shop/api-{number}:1.0.0\"\n")
    };
    let apps: String = (0..16_000).map(app).collect();
    assert!(apps.len() > 1 << 20);
    let large = folder(&[("apphost.toml", &apps)]);
    assert_eq!(run(large.path(), &["check"]).status, 0);
    let padding = "# padding\n".repeat(110_000);
    let padded = folder(&[("apphost.toml", &format!("{}{padding}", app(1)))]);
    let Run { status, stderr, .. } = run(padded.path(), &["check"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("more than the limit of 1048576 (1 MiB)"), "{stderr}");
}
