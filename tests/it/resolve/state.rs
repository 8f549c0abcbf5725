//! The folder `.shipit`.

use shipit::state::{PushedImage, State, StateError, Warning};
use shipit::util::Secret;
use shipit::util::lock::Holder;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

fn open(folder: &Path) -> State {
    let (state, warnings) = State::open(folder, None).unwrap();
    assert_eq!(warnings, []);
    state
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

fn image(digest: &str) -> PushedImage {
    PushedImage { reference: "ghcr.io/shop/api:latest".to_owned(), digest: digest.to_owned() }
}

#[test]
fn images_are_kept_app_by_app() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join(".shipit");
    let state = open(&folder);
    assert_eq!(state.images().unwrap(), BTreeMap::new());
    assert!(!folder.exists());
    state.record_images("api", &[image("sha256:1")]).unwrap();
    state.record_images("web", &[image("sha256:2"), image("sha256:3")]).unwrap();
    state.record_images("api", &[image("sha256:4")]).unwrap();
    let images = open(&folder).images().unwrap();
    assert_eq!(images["api"], [image("sha256:4")]);
    assert_eq!(images["web"].len(), 2);
    let text = std::fs::read_to_string(folder.join("images.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["images"]["api"][0]["digest"], "sha256:4");
    assert_eq!((mode(&folder), mode(&folder.join("images.json"))), (0o700, 0o600));
}

#[test]
fn git_sees_nothing_of_the_folder_unless_it_was_somebody_elses() {
    let root = tempfile::tempdir().unwrap();
    let holder = Holder::this_process("shipit do push", "now");
    let lock = |folder: &Path| drop(open(folder).lock(&holder, Duration::ZERO).unwrap());
    let ours = root.path().join("new");
    lock(&ours);
    assert_eq!(std::fs::read_to_string(ours.join(".gitignore")).unwrap(), "*\n");
    std::fs::write(ours.join(".gitignore"), "registry\n").unwrap();
    lock(&ours);
    assert_eq!(std::fs::read_to_string(ours.join(".gitignore")).unwrap(), "registry\n");
    let theirs = root.path().join("theirs");
    shipit::util::fs::create_private_dir(&theirs).unwrap();
    lock(&theirs);
    assert!(!theirs.join(".gitignore").exists());
}

#[test]
fn what_a_killed_run_left_unfinished_is_removed() {
    let root = tempfile::tempdir().unwrap();
    let state = open(&root.path().join(".shipit"));
    let holder = Holder::this_process("shipit do push", "now");
    drop(state.lock(&holder, Duration::ZERO).unwrap());
    let left = [root.path().join(".shipit/.shipit-a1b2c3.tmp"), root.path().join(".shipit/state/.shipit-d.tmp")];
    shipit::util::fs::create_private_dir(&root.path().join(".shipit/state")).unwrap();
    let other = root.path().join(".shipit/notes.tmp");
    left.iter().chain([&other]).for_each(|path| std::fs::write(path, "half").unwrap());
    drop(state.lock(&holder, Duration::ZERO).unwrap());
    assert!(left.iter().all(|path| !path.exists()) && other.exists());
}

#[test]
fn steps_that_finish_together_lose_nothing() {
    let root = tempfile::tempdir().unwrap();
    let state = open(&root.path().join(".shipit"));
    std::thread::scope(|scope| {
        for index in 0..16 {
            let state = &state;
            scope.spawn(move || state.record_images(&format!("app{index}"), &[image("sha256:1")]).unwrap());
        }
    });
    assert_eq!(state.images().unwrap().len(), 16);
}

#[test]
fn values_are_kept_for_each_profile_and_for_their_owner_alone() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join(".shipit");
    let (staging, _) = State::open(&folder, Some("staging")).unwrap();
    let value = |text: &str| BTreeMap::from([(text.to_owned(), Secret::new(format!("{text} \"quoted\"")))]);
    staging.keep_parameters(&value("a")).unwrap();
    staging.keep_parameters(&value("b")).unwrap();
    assert_eq!(staging.parameters().unwrap().len(), 2);
    assert_eq!(staging.parameters().unwrap()["a"], Secret::new("a \"quoted\""));
    assert_eq!(open(&folder).parameters().unwrap(), BTreeMap::new());
    let file = folder.join("state/staging.json");
    assert_eq!((mode(&file), mode(&folder.join("state"))), (0o600, 0o700));
    let before = file.metadata().unwrap().modified().unwrap();
    staging.keep_parameters(&value("a")).unwrap();
    assert_eq!(file.metadata().unwrap().modified().unwrap(), before);
}

#[test]
fn permissions_that_are_too_wide_are_taken_away_and_told() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join(".shipit");
    open(&folder).keep_parameters(&BTreeMap::from([("a".to_owned(), Secret::new("b"))])).unwrap();
    let file = folder.join("state/default.json");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (_, warnings) = State::open(&folder, None).unwrap();
    let told = [Warning { path: folder.clone(), mode: 0o755 }, Warning { path: file.clone(), mode: 0o644 }];
    assert_eq!(warnings, told);
    assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
}

#[test]
fn a_broken_or_newer_file_is_named_with_what_is_lost() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join(".shipit");
    let state = open(&folder);
    state.keep_parameters(&BTreeMap::from([("a".to_owned(), Secret::new("b"))])).unwrap();
    let file = folder.join("state/default.json");
    for (content, reason) in [
        ("{\"version\":1,\"parameters\":{\"a\":\"hunter2", "it ends too early"),
        ("hunter2", "it is not JSON"),
        ("{\"version\":1,\"parameters\":\"hunter2\"}", "it has an unexpected shape"),
        ("", "it ends too early"),
    ] {
        std::fs::write(&file, content).unwrap();
        let error = state.parameters().unwrap_err();
        let text = format!("{error} {}", error.help().unwrap());
        assert!(
            text.contains(reason) && text.contains("default.json") && text.contains("passwords are lost"),
            "{text}"
        );
        assert!(!text.contains("hunter2"), "{text}");
        // What cannot be read is not overwritten either.
        assert!(state.keep_parameters(&BTreeMap::from([("c".to_owned(), Secret::new("d"))])).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), content);
    }
    std::fs::write(&file, "{\"version\":2,\"values\":[]}").unwrap();
    assert!(matches!(state.parameters(), Err(StateError::Newer { found: 2, known: 1, .. })));
}

#[test]
fn a_link_in_the_place_of_the_folder_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join(".shipit");
    std::os::unix::fs::symlink("/tmp", &folder).unwrap();
    assert!(matches!(State::open(&folder, None), Err(StateError::Link { .. })));
}

#[test]
fn the_second_run_is_told_of_the_first_and_the_lock_ends_with_a_killed_holder() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join(".shipit");
    let state = open(&folder);
    let holder = Holder::this_process("shipit do push", "2026-01-02 03:04:05");
    let lock = state.lock(&holder, Duration::ZERO).unwrap();
    let error = open(&folder).lock(&holder, Duration::ZERO).unwrap_err();
    assert!(error.is_locked());
    assert!(error.to_string().contains(&format!("process {} on ", std::process::id())), "{error}");
    drop(lock);
    // The kernel's lock, held by another process that cannot clean up after itself.
    let path = folder.join("lock");
    let script = format!("exec 9<'{}'; flock -x 9; echo locked; exec sleep 600", path.display());
    let mut child =
        std::process::Command::new("sh").args(["-c", &script]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line).unwrap();
    assert_eq!(line, "locked\n");
    let held = state.lock(&holder, Duration::ZERO);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(held.unwrap_err().is_locked());
    assert!(state.lock(&holder, Duration::from_secs(10)).is_ok());
}
