//! The program as people and scripts meet it: what it prints where, and its exit status, without an
//! engine. Compared with `tests/golden/cli`; `UPDATE_GOLDEN=1` writes what is seen.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod azure_registry;
mod kubernetes;
mod publish;
mod readme;
mod wrong;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const COMMANDS: [&str; 13] = [
    "do",
    "deploy",
    "destroy",
    "check",
    "params",
    "graph",
    "init",
    "doctor",
    "registry",
    "publish",
    "templates",
    "schema",
    "completions",
];

/// What a run of the program left.
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/cli/shop")
}

/// The program in a folder, with nothing of the environment of whoever runs the tests: no git, no
/// credential helpers, and an engine that is not there.
fn shipit(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shipit"));
    command
        .env_clear()
        .env("HOME", "/nonexistent")
        .env("PATH", "/nonexistent")
        .env("DOCKER_HOST", "unix:///nonexistent/engine.sock");
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, args: &[&str]) -> Run {
    finish(shipit(folder).args(args))
}

fn finish(command: &mut Command) -> Run {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { status: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A folder with files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// A copy of the fixture, for what writes.
fn shop() -> tempfile::TempDir {
    let manifest = std::fs::read_to_string(fixture().join("apphost.toml")).unwrap();
    folder(&[("apphost.toml", &manifest), ("api/Dockerfile", "FROM scratch\n"), ("web/Dockerfile", "FROM scratch\n")])
}

/// Command lines and what came of them, as one text.
fn transcript(folder: &Path, lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        let args: Vec<&str> = line.split_whitespace().collect();
        let Run { status, stdout, stderr } = run(folder, &args);
        text += &format!("$ shipit {line}\n");
        text += &stdout;
        for line in stderr.lines() {
            text += &format!("2> {line}\n");
        }
        text += &format!("→ {status}\n\n");
    }
    let version = format!("shipit {}", env!("CARGO_PKG_VERSION"));
    text.replace(&*folder.to_string_lossy(), "FOLDER").replace(&version, "shipit VERSION")
}

/// Compares with a file of `tests/golden/cli`.
#[track_caller]
fn golden(name: &str, seen: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/cli").join(name);
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

#[test]
fn help_says_what_each_command_is_for() {
    let mut lines = vec!["--help".to_owned(), "-h".to_owned(), "--version".to_owned()];
    lines.extend(COMMANDS.iter().map(|command| format!("{command} --help")));
    lines.extend(["list", "status", "serve", "stop"].map(|verb| format!("registry {verb} --help")));
    lines.extend(["list", "show", "copy"].map(|verb| format!("templates {verb} --help")));
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    golden("help.txt", &transcript(&fixture(), &lines));
}

#[test]
fn steps_are_listed_shown_and_drawn_without_running_any() {
    let lines = [
        "do --list",
        "do push --list",
        "do push --dry-run",
        "do push-api build-web --dry-run",
        "do push-api --dry-run --format json",
        "graph",
        "graph migrate",
        "graph push-api --format mermaid",
        "graph push-api --format dot",
        "graph push-api --format json",
    ];
    golden("steps.txt", &transcript(&fixture(), &lines));
    assert!(!fixture().join(".shipit").exists());
}

#[test]
fn a_good_manifest_is_said_to_be_fine() {
    golden("check.txt", &transcript(&fixture(), &["check", "check --format json", "check -f api/../apphost.toml"]));
    // From a folder below too.
    assert_eq!(run(&fixture().join("api"), &["check"]).status, 0);
}

#[test]
fn parameters_are_shown_with_their_sources_and_no_secret_is() {
    let secret = "hunter2-hunter2";
    let args = ["params", "--param", "tag=v1"];
    for format in ["text", "json"] {
        let mut command = shipit(&fixture());
        command.args(args).args(["--format", format]).env("Parameters__PASSWORD", secret);
        let Run { status, stdout, stderr } = finish(&mut command);
        assert_eq!(status, 0);
        assert!(!stdout.contains(secret) && !stderr.contains(secret));
        golden(&format!("params-{format}.txt"), &format!("{stdout}{stderr}"));
    }
}

#[test]
fn a_push_without_its_parameters_names_all_of_them_and_touches_nothing() {
    let folder = shop();
    golden("missing.txt", &transcript(folder.path(), &["do push", "do push --format json", "do build --no-input"]));
    assert!(!folder.path().join(".shipit/images.json").exists());
}

#[test]
fn what_a_run_says_goes_to_stderr_and_its_data_to_stdout() {
    let folder = shop();
    let given = [
        "--param",
        "registry-repository=me/shop",
        "--param",
        "password=@secret",
        "--param",
        "registry-endpoint=127.0.0.1:1",
    ];
    std::fs::write(folder.path().join("secret"), "hunter2-hunter2").unwrap();
    let run = run(folder.path(), &[&["do", "build", "--format", "json"], &given[..]].concat());
    assert_eq!(run.status, 1, "{}", run.stderr);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&document["status"], &document["images"]), (&1.into(), &serde_json::json!([])));
    assert!(run.stderr.contains("[check-engine] failed in "), "{}", run.stderr);
    assert!(run.stderr.contains("because of check-engine"), "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1b}'));
    let lines = finish(shipit(folder.path()).args(["do", "build", "--progress", "json"]).args(given));
    assert!(
        lines.stderr.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()),
        "{}",
        lines.stderr
    );
}

#[test]
fn the_schema_and_completions_are_data() {
    let schema = run(&fixture(), &["schema"]);
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/apphost.schema.json");
    assert_eq!((schema.status, schema.stderr.as_str()), (0, ""));
    assert!(schema.stdout == std::fs::read_to_string(committed).unwrap(), "run `make schemas`");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&fixture(), &["completions", shell]);
        assert_eq!((script.status, script.stderr.as_str()), (0, ""));
        assert!(script.stdout.contains("shipit") && script.stdout.contains("doctor"), "{shell}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for args in [&["schema"][..], &["completions", "bash"], &["--help"], &["do", "--list"]] {
        let mut child = shipit(&fixture()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert!(output.stderr.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn a_doctor_without_an_engine_says_what_to_do() {
    let folder =
        folder(&[("apphost.toml", "name = \"a\"\n[registries.local]\nkind = \"local\"\n"), ("below/none", "")]);
    golden("doctor.txt", &transcript(folder.path(), &["doctor", "doctor --format json"]));
    let lonely = tempfile::tempdir().unwrap();
    golden("doctor-without-manifest.txt", &transcript(lonely.path(), &["doctor"]));
}

#[test]
fn a_local_registry_that_holds_nothing_says_so() {
    let folder = folder(&[("apphost.toml", "name = \"a\"\n[registries.local]\nkind = \"local\"\n")]);
    let lines = [
        "registry list",
        "registry list --format json",
        "registry status",
        "registry status --format json",
        "registry stop",
    ];
    golden("registry.txt", &transcript(folder.path(), &lines));
    golden("registry-none.txt", &transcript(&fixture(), &["registry list"]));
}

#[test]
fn a_first_manifest_passes_its_check() {
    for (yaml, file) in [(&[][..], "apphost.toml"), (&["--yaml"][..], "apphost.yaml")] {
        let folder = folder(&[
            ("services/My API/Dockerfile", "FROM scratch\nEXPOSE 8080\n"),
            ("services/web_app/Dockerfile", "FROM scratch\n"),
            ("services/web_app/Dockerfile.worker", "FROM scratch\n"),
            ("2nd/Dockerfile", "FROM scratch\n"),
            ("local/Dockerfile", "FROM scratch\n"),
            ("push/Dockerfile", "FROM scratch\n"),
            (".gitignore", "*.log"),
        ]);
        let init = run(folder.path(), &[&["init"], yaml].concat());
        assert_eq!((init.status, init.stdout.as_str()), (0, ""), "{}", init.stderr);
        assert!(init.stderr.contains(&format!("wrote {file}\n")), "{}", init.stderr);
        let check = run(folder.path(), &["check"]);
        assert_eq!(check.status, 0, "{}", check.stderr);
        assert_eq!(check.stderr, format!("{file} is fine: 6 apps, 6 to build, 1 registry, 1 parameter\n"));
        assert_eq!(run(folder.path(), &["do", "push", "--dry-run"]).status, 0);
        assert_eq!(std::fs::read_to_string(folder.path().join(".gitignore")).unwrap(), "*.log\n.shipit/\n");
    }
    let empty = tempfile::tempdir().unwrap();
    let empty = empty.path().join("shop");
    std::fs::create_dir(&empty).unwrap();
    golden("init.txt", &transcript(&empty, &["init --dry-run", "init --yaml", "check", "init", "init none"]));
}

#[test]
fn a_folder_that_cannot_be_written_to_is_named() {
    let file = folder(&[("taken", "")]);
    let run = run(file.path(), &["init", "taken"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("cannot read `") && run.stderr.contains("/taken`: "), "{}", run.stderr);
}
