//! What is written, changed, removed and left alone.

use super::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::os::unix::fs::MetadataExt as _;

fn artifacts(files: &[(&str, &str)]) -> Vec<Artifact> {
    files.iter().map(|(path, text)| Artifact { path: (*path).to_owned(), text: (*text).to_owned() }).collect()
}

/// Every file and folder with what is in it; of the list only that it is there.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                found.insert(format!("{name}/"), String::new());
                walk(root, &path, found);
            } else if name != RECORD {
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

#[track_caller]
fn check(folder: &Path, expect: &[(&str, &str)]) {
    let expect: BTreeMap<String, String> =
        expect.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    assert_eq!(tree(folder), expect);
}

/// `+added ~changed -removed !edited ?released =unchanged`
fn summary(changes: &Changes<'_>) -> String {
    let mut text = String::new();
    for (sign, list) in [('+', &changes.added), ('~', &changes.changed), ('-', &changes.removed)] {
        for change in list {
            write!(text, "{sign}{} ", change.path).unwrap();
        }
    }
    for (sign, list) in [('!', &changes.edited), ('?', &changes.released)] {
        for path in list {
            write!(text, "{sign}{path} ").unwrap();
        }
    }
    write!(text, "={}", changes.unchanged).unwrap();
    text
}

#[track_caller]
fn written(out: &Path, files: &[(&str, &str)], expect: &str) {
    assert_eq!(summary(&write(out, &artifacts(files)).unwrap()), expect);
}

#[test]
fn only_what_differs_is_touched_and_what_is_gone_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let out = &folder.path().join("infra/publish");
    written(
        out,
        &[("main.bicep", "1"), ("api/api.bicep", "a"), ("db/x/db.bicep", "d")],
        "+api/api.bicep +db/x/db.bicep +main.bicep =0",
    );
    std::fs::write(out.join("mine.txt"), "mine").unwrap();
    let stamp = |path: &str| {
        let metadata = out.join(path).metadata().unwrap();
        (metadata.ino(), metadata.mtime_nsec())
    };
    let (old, record) = (stamp("main.bicep"), stamp(RECORD));
    written(out, &[("main.bicep", "1"), ("api/api.bicep", "a"), ("db/x/db.bicep", "d")], "=3");
    assert_eq!((stamp("main.bicep"), stamp(RECORD)), (old, record), "nothing was written");
    written(out, &[("main.bicep", "1"), ("api/api.bicep", "b")], "~api/api.bicep -db/x/db.bicep =1");
    assert_eq!(stamp("main.bicep"), old);
    check(out, &[("api/", ""), ("api/api.bicep", "b"), ("main.bicep", "1"), ("mine.txt", "mine")]);
    written(out, &[], "-api/api.bicep -main.bicep =0");
    check(out, &[("mine.txt", "mine")]);
}

#[test]
fn a_file_of_somebody_else_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    std::fs::write(out.join("main.bicep"), "mine").unwrap();
    std::fs::write(out.join("b.bicep"), "same").unwrap();
    let files = artifacts(&[("main.bicep", "1"), ("a.bicep", "a"), ("b.bicep", "same")]);
    let error = write(out, &files).unwrap_err();
    let text = format!("a file that shipit did not write is in the way in `{}`: `main.bicep`", out.display());
    assert_eq!(error.to_string(), text);
    check(out, &[("b.bicep", "same"), ("main.bicep", "mine")]);
    assert!(!out.join(RECORD).exists());
    std::fs::remove_file(out.join("main.bicep")).unwrap();
    // What is already as it is to be is taken for written.
    assert_eq!(summary(&write(out, &files).unwrap()), "+a.bicep +main.bicep =1");
    written(out, &[], "-a.bicep -b.bicep -main.bicep =0");
}

#[test]
fn edits_are_overwritten_and_said_but_an_edited_file_is_not_removed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    written(out, &[("a", "1"), ("b", "1"), ("c", "1")], "+a +b +c =0");
    for path in ["a", "b"] {
        std::fs::write(out.join(path), "edited").unwrap();
    }
    std::fs::write(out.join("c"), "2").unwrap();
    written(out, &[("a", "1"), ("c", "2")], "~a !a ?b =1");
    check(out, &[("a", "1"), ("b", "edited"), ("c", "2")]);
    // It belongs to whoever edited it from now on.
    let error = write(out, &artifacts(&[("b", "1")])).unwrap_err();
    assert!(matches!(error, OutputError::Foreign { .. }), "{error}");
}

#[test]
fn links_and_paths_do_not_lead_out_of_the_folder() {
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let out = folder.path();
    std::os::unix::fs::symlink(outside.path(), out.join("api")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("x"), out.join("main.bicep")).unwrap();
    for path in ["api/api.bicep", "main.bicep"] {
        let error = write(out, &artifacts(&[(path, "x")])).unwrap_err();
        assert!(matches!(error, OutputError::Link { .. }), "{error}");
    }
    for path in ["../x", "/x", "a/../b", "a//b", "", "./a", "a\\b", "a/", RECORD] {
        let error = write(out, &artifacts(&[(path, "x")])).unwrap_err();
        assert!(matches!(error, OutputError::Path { .. }), "{path}: {error}");
    }
    for paths in [["a", "a"], ["a", "a/b"]] {
        let error = write(out, &artifacts(&[(paths[0], "x"), (paths[1], "x")])).unwrap_err();
        assert!(matches!(error, OutputError::Path { .. }), "{error}");
    }
    // The folder itself may be somebody's link as well.
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(outside.path(), &link).unwrap();
    for out in [link.clone(), link.join("")] {
        for error in [write(&out, &artifacts(&[("a", "x")])).unwrap_err(), plan(&out, &[]).unwrap_err()] {
            assert!(matches!(error, OutputError::Link { .. }), "{error}");
        }
    }
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    // A list that somebody changed removes nothing outside either.
    let victim = outside.path().join("victim");
    std::fs::write(&victim, "1").unwrap();
    let lie = format!("{{\"version\":1,\"files\":{{\"../{}\":\"\"}}}}", victim.display());
    std::fs::write(out.join(RECORD), lie).unwrap();
    let error = write(out, &[]).unwrap_err();
    assert!(matches!(error, OutputError::Record { .. }), "{error}");
    assert!(victim.exists());
}

#[test]
fn what_cannot_be_written_is_said_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "mine").unwrap();
    let say = |out: &str, path: &str| {
        let error = write(&folder.path().join(out), &artifacts(&[(path, "x")])).unwrap_err();
        error.to_string().replace(&format!("{}/", folder.path().display()), "")
    };
    assert_eq!(say("file", "a"), "`file` is not a folder");
    assert_eq!(say("file/below", "a"), "`file` is not a folder");
    assert_eq!(say("", "file/below"), "`file` is not a folder");
    std::fs::create_dir(folder.path().join("occupied")).unwrap();
    assert_eq!(say("", "occupied"), "`occupied` is not a file");
    let long = "x".repeat(300);
    assert!(say("new/deep", &format!("{long}/a")).starts_with("cannot look at `new/deep/xxx"));
    check(folder.path(), &[("file", "mine"), ("occupied/", "")]);
    for (text, reason) in [("{", "EOF while parsing"), ("{\"version\":9}", "it has version 9")] {
        std::fs::write(folder.path().join(RECORD), text).unwrap();
        assert!(say("", "a").starts_with(&format!("the list of written files `{RECORD}` cannot be used: {reason}")));
    }
}

#[test]
fn a_failure_between_two_files_is_rolled_back() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    written(out, &[("a", "1"), ("z", "1"), ("old/gone", "1")], "+a +old/gone +z =0");
    let record = std::fs::read(out.join(RECORD)).unwrap();
    let files = artifacts(&[("a", "2"), ("new/b", "2"), ("z", "2")]);
    let changes = plan(out, &files).unwrap();
    // Somebody is quicker.
    std::fs::remove_file(out.join("z")).unwrap();
    std::fs::create_dir(out.join("z")).unwrap();
    let error = apply::apply(&changes).unwrap_err();
    assert!(error.to_string().starts_with("cannot replace"), "{error}");
    check(out, &[("a", "1"), ("old/", ""), ("old/gone", "1"), ("z/", "")]);
    assert_eq!(std::fs::read(out.join(RECORD)).unwrap(), record);
}

#[test]
fn what_a_killed_run_left_is_finished_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    written(out, &[("a", "1"), ("b", "1")], "+a +b =0");
    // It was killed after the first of two files, and another manifest is published next.
    let known = |text: &str| record::hash(text.as_bytes());
    let files = BTreeMap::from([("a".to_owned(), known("1")), ("b".to_owned(), known("1"))]);
    let unfinished = BTreeMap::from([("a".to_owned(), known("2")), ("c".to_owned(), known("2"))]);
    record::Record::new(files, unfinished).write(out).unwrap();
    std::fs::write(out.join("a"), "2").unwrap();
    std::fs::write(out.join("c"), "2").unwrap();
    std::fs::create_dir(out.join(".shipit-publish-x.tmp")).unwrap();
    std::fs::write(out.join(".shipit-publish-x.tmp/1"), "2").unwrap();
    written(out, &[("a", "3"), ("b", "1")], "~a -c =1");
    check(out, &[("a", "3"), ("b", "1")]);
}

#[test]
fn a_plan_changes_nothing_and_shows_what_would() {
    let folder = tempfile::tempdir().unwrap();
    let out = &folder.path().join("publish");
    assert_eq!(summary(&plan(out, &artifacts(&[("a", "1\n")])).unwrap()), "+a =0");
    assert!(!out.exists());
    written(out, &[("a", "1\n2\n"), ("x/gone", "1")], "+a +x/gone =0");
    let files = artifacts(&[("a", "1\n3"), ("b", "1\n")]);
    let expect = "\
diff --git a/a b/a
--- a/a
+++ b/a
@@ -1,2 +1,2 @@
 1
-2
+3
\\ No newline at end of file
diff --git a/b b/b
new file mode 100644
--- /dev/null
+++ b/b
@@ -0,0 +1 @@
+1
diff --git a/x/gone b/x/gone
deleted file mode 100644
--- a/x/gone
+++ /dev/null
@@ -1 +0,0 @@
-1
\\ No newline at end of file
";
    assert_eq!(plan(out, &files).unwrap().diff(), expect);
    check(out, &[("a", "1\n2\n"), ("x/", ""), ("x/gone", "1")]);
}

#[test]
fn one_process_writes_a_folder_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let _lock = FolderLock::acquire(out, Duration::ZERO).unwrap();
    let started = std::time::Instant::now();
    let waiting = std::thread::scope(|scope| {
        let other = scope.spawn(|| write(out, &artifacts(&[("a", "1")])).map(|_| ()));
        std::thread::sleep(Duration::from_millis(100));
        let is_waiting = !other.is_finished() && !out.join("a").exists();
        drop(_lock);
        other.join().unwrap().unwrap();
        is_waiting
    });
    assert!(waiting && started.elapsed() < PATIENCE);
}
