//! `shipit publish` and `shipit templates`: what is written, shown, refused and left alone.

use super::{folder, golden, run, transcript};
use std::fs;

const MANIFEST: &str = "\
name = \"shop\"

[registries.acr]
kind = \"azure\"

[environments.cloud]
kind = \"azure-container-apps\"
";

/// An edit of the registry that `MANIFEST` declares.
const PATCH: &str = "\
[[patch]]
module = \"acr\"
resource = \"acr\"
op = \"add\"
path = \"/tags/team\"
value = \"shop\"
";

fn with_patch(patch: &str) -> tempfile::TempDir {
    let manifest = MANIFEST.replace("\n[registries", "\n[publish]\npatch = \"edits.toml\"\n\n[registries");
    folder(&[("apphost.toml", &manifest), ("edits.toml", patch)])
}

#[test]
fn files_are_written_once_and_compared_after_that() {
    let folder = folder(&[("apphost.toml", MANIFEST), ("publish/mine.txt", "mine")]);
    let mut seen = transcript(
        folder.path(),
        &["publish --check", "publish", "publish", "publish --check", "publish --check --format json"],
    );
    let manifest = MANIFEST.replace("kind = \"azure\"\n", "kind = \"azure\"\nsku = \"premium\"\n");
    fs::write(folder.path().join("apphost.toml"), manifest).unwrap();
    fs::write(folder.path().join("publish/README.md"), "edited\n").unwrap();
    seen += &transcript(folder.path(), &["publish --check", "publish --format json", "do publish", "do publish-cloud"]);
    golden("publish.txt", &without_times(&seen));
    assert_eq!(fs::read_to_string(folder.path().join("publish/mine.txt")).unwrap(), "mine");
}

/// `in 0.1s` and `0.1s` become `in TIME` and `TIME`.
fn without_times(text: &str) -> String {
    regex::Regex::new(r"\b\d+\.\ds\b").unwrap().replace_all(text, "TIME").into_owned()
}

#[test]
fn a_difference_is_shown_as_a_patch() {
    let folder = folder(&[("apphost.toml", MANIFEST)]);
    assert_eq!(run(folder.path(), &["publish", "-o", "out"]).status, 0);
    let path = folder.path().join("out/main.bicep");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("targetScope = 'subscription'", "targetScope = 'tenant'")).unwrap();
    let shown = run(folder.path(), &["publish", "-o", "out", "--diff"]);
    assert_eq!(shown.status, 0);
    assert!(shown.stdout.starts_with("diff --git a/main.bicep b/main.bicep\n--- a/main.bicep\n"), "{}", shown.stdout);
    assert!(shown.stdout.contains("\n-targetScope = 'tenant'\n+targetScope = 'subscription'\n"), "{}", shown.stdout);
    assert!(shown.stderr.contains("`main.bicep` was edited by hand"), "{}", shown.stderr);
    assert_eq!(run(folder.path(), &["publish", "-o", "out", "--diff", "--check"]).status, 1);
    assert!(fs::read_to_string(&path).unwrap().contains("tenant"), "nothing was written");
}

#[test]
fn what_cannot_be_published_is_refused_and_nothing_is_written() {
    let nothing = folder(&[("apphost.toml", "[apps.api]\nkind = \"image\"\nimage = \"ghcr.io/a/b:1\"\n")]);
    let occupied = folder(&[("apphost.toml", MANIFEST), ("publish/main.bicep", "mine")]);
    let mut seen = transcript(nothing.path(), &["publish", "publish --environment cloud", "do publish"]);
    seen += &transcript(occupied.path(), &["publish", "publish --environment clud", "publish -o apphost.toml"]);
    golden("publish-refused.txt", &seen);
    assert!(!nothing.path().join("publish").exists());
    assert_eq!(fs::read_dir(occupied.path().join("publish")).unwrap().count(), 1);
}

#[test]
fn edits_of_the_user_are_made_again_each_time() {
    let good = with_patch(PATCH);
    let written = run(good.path(), &["publish"]);
    assert_eq!(written.status, 0, "{}", written.stderr);
    let module = fs::read_to_string(good.path().join("publish/acr/acr.bicep")).unwrap();
    assert!(module.contains("    team: 'shop'\n"), "{module}");
    assert_eq!(run(good.path(), &["publish", "--check"]).status, 0);
    let wrong = PATCH.replace("resource = \"acr\"", "resource = \"acl\"")
        + &PATCH.replace("module = \"acr\"", "module = \"arc\"");
    let expression = PATCH.replace("value = \"shop\"", "expression = \"nowhere.id\"");
    let mut seen = transcript(with_patch(&wrong).path(), &["publish"]);
    seen += &transcript(with_patch(&expression).path(), &["publish"]);
    seen += &transcript(with_patch("[[patch]]\nmodul = 1\n").path(), &["publish"]);
    let absent = folder(&[("apphost.toml", &format!("{MANIFEST}[publish]\npatch = \"no.toml\"\n"))]);
    seen += &transcript(absent.path(), &["publish"]);
    golden("publish-patch.txt", &seen);
}

#[test]
fn templates_are_listed_copied_and_replaced() {
    let folder = folder(&[("apphost.toml", MANIFEST)]);
    let list = run(folder.path(), &["templates", "list"]).stdout;
    let names: Vec<&str> = list.lines().collect();
    assert!(names.contains(&"azure/main.bicep.hbs") && !list.contains("init/"), "{list}");
    let shown = run(folder.path(), &["templates", "show", "azure/main.bicep.hbs"]).stdout;
    let seen = transcript(
        folder.path(),
        &[
            "templates copy azure/main.bicep.hbs",
            "templates copy azure/main.bicep.hbs azure/main.hbs",
            "templates copy azure/main.bicep.hbs --force",
            "templates show azure/mian.bicep.hbs",
            "templates show x",
        ],
    );
    golden("templates.txt", &seen);
    let own = folder.path().join("templates/azure/main.bicep.hbs");
    assert_eq!(fs::read_to_string(&own).unwrap(), shown);
    let list = run(folder.path(), &["templates", "list"]).stdout;
    let line = list.lines().find(|line| line.starts_with("azure/main.bicep.hbs")).unwrap();
    assert!(line.ends_with("  replaced by templates/azure/main.bicep.hbs"), "{line}");
    fs::write(&own, format!("// Reviewed by us.\n{shown}")).unwrap();
    assert_eq!(run(folder.path(), &["publish"]).status, 0);
    let main = fs::read_to_string(folder.path().join("publish/main.bicep")).unwrap();
    assert!(main.starts_with("// Reviewed by us.\n"), "{main}");
}

#[test]
fn a_mistake_in_a_template_of_the_user_is_shown_at_its_line() {
    let with = |path: &str, text: &str| {
        let folder = folder(&[("apphost.toml", MANIFEST), (&format!("templates/{path}"), text)]);
        let seen = transcript(folder.path(), &["publish"]);
        assert!(!folder.path().join("publish").exists());
        seen
    };
    let mut seen = with("azure/main.bicep.hbs", "// x\nparam location string = {{valu location}}\n");
    seen += &with("azure/main.bicep.hbs", "targetScope = 'subscription'\n\n{{#each modules}}\n{{symbl}}\n{{/each}}\n");
    seen += &with("azure/main.bicep.hbs", "targetScope = 'subscription'\noutput a string = nowhere\n");
    seen += &with("azure/mian.bicep.hbs", "");
    golden("publish-templates.txt", &seen);
}

const COMPOSE: &str = "\
name = \"shop\"

[params]
greeting = \"hello\"
token = { secret = true }

[environments.here]
kind = \"docker-compose\"

[apps.api]
kind = \"image\"
image = \"ghcr.io/acme/api:1\"
env = { GREETING = \"$<greeting>\", TOKEN = \"$<token>\" }
";

#[test]
fn values_of_the_user_in_an_env_file_outlive_the_next_publish() {
    let folder = folder(&[("apphost.toml", COMPOSE)]);
    let env = folder.path().join("publish/.env");
    let publish = || {
        let seen = run(folder.path(), &["publish"]);
        assert_eq!(seen.status, 0, "{}", seen.stderr);
        fs::read_to_string(&env).unwrap()
    };
    let first = publish();
    assert!(first.contains("\nGREETING=hello\n") && first.contains("\nTOKEN=\n"), "{first}");
    assert_eq!(publish(), first, "nothing changed");
    let edited = first.replace("TOKEN=\n", "TOKEN='a\nb # c' # mine\n").replace("=hello", "=\"servus\"") + "OWN=1\n";
    fs::write(&env, &edited).unwrap();
    assert_eq!(publish(), edited, "what the user wrote stays");
    let manifest =
        COMPOSE.replace("[params]\n", "[params]\nport = \"80\"\n").replace("env = {", "env = { P = \"$<port>\",");
    fs::write(folder.path().join("apphost.toml"), manifest).unwrap();
    assert_eq!(publish(), format!("{edited}\n# The parameter `port`.\nPORT=80\n"), "what is new comes last");
    // What nobody needs any more may be somebody's all the same.
    let manifest = COMPOSE.replace(", TOKEN = \"$<token>\"", "");
    fs::write(folder.path().join("apphost.toml"), manifest).unwrap();
    assert!(publish().contains("TOKEN='a\nb # c' # mine\n"));
    assert_eq!(run(folder.path(), &["publish", "--check"]).status, 0);
}

#[test]
fn an_app_in_two_environments_is_built_once() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("tests/golden/publish/compose-and-aca");
    let seen = run(&folder, &["do", "deploy", "publish", "--dry-run"]);
    let lines = |step: &str| seen.stdout.lines().chain(seen.stderr.lines()).filter(|line| line.contains(step)).count();
    assert_eq!((lines("build-api"), lines("push-api")), (1, 1), "{}{}", seen.stdout, seen.stderr);
    assert_eq!((lines("publish-local"), lines("publish-aca")), (1, 1), "{}{}", seen.stdout, seen.stderr);
}
