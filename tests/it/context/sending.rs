//! The walker and the tar: what is sent, in which order, and when it fails.

use shipit::image::context::ContextError;
use shipit::image::context::ignore::Patterns;
use shipit::image::context::tar::{self, Contents};
use shipit::image::context::walk::{Filter, Walk};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use tempfile::TempDir;

fn patterns(list: &[&str]) -> Patterns {
    Patterns::new(&list.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>()).unwrap()
}

fn tree(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    folder
}

fn walk(folder: &Path, filter: Filter) -> Vec<String> {
    Walk::new(folder, filter).map(|entry| entry.unwrap().path).collect()
}

#[test]
fn entries_come_in_the_order_of_their_parts() {
    let folder = tree(&["b/z", "b-x", "b/a/q", "a", "b.txt", "B"]);
    let expect = ["B", "a", "b", "b/a", "b/a/q", "b/z", "b-x", "b.txt"];
    assert_eq!(walk(folder.path(), Filter::default()), expect);
}

#[test]
fn what_is_taken_back_brings_its_folders() {
    let folder = tree(&["src/a/keep.md", "src/a/drop.rs", "src/b/drop.rs", "other/x", "top"]);
    let filter = Filter::new([patterns(&["*", "!src/a/*.md"])]);
    assert_eq!(walk(folder.path(), filter), ["src", "src/a", "src/a/keep.md"]);
    let filter = Filter::new([patterns(&["**", "!**/*.md"])]);
    assert_eq!(walk(folder.path(), filter), ["src", "src/a", "src/a/keep.md"]);
    let filter = Filter::new([patterns(&["src", "!src/b"])]);
    assert_eq!(walk(folder.path(), filter), ["other", "other/x", "src", "src/b", "src/b/drop.rs", "top"]);
}

#[test]
fn only_what_is_asked_for_is_walked() {
    let folder = tree(&["src/a/x", "src/b", "other/x", "top.txt"]);
    let asked = |list: &[&str]| walk(folder.path(), Filter::new([patterns(&["**/x"])]).only(patterns(list)));
    assert_eq!(asked(&["src/a"]), ["src", "src/a"]);
    assert_eq!(asked(&["*.txt", "src/b"]), ["src", "src/b", "top.txt"]);
    assert_eq!(asked(&["nope"]), Vec::<String>::new());
}

#[test]
fn a_folder_that_is_left_out_is_not_looked_into() {
    let folder = tree(&["node_modules/x", "a"]);
    // Not UTF-8 below it: walking into it would be an error.
    fs::write(folder.path().join("node_modules").join(OsStr::from_bytes(b"\xff")), "").unwrap();
    assert_eq!(walk(folder.path(), Filter::new([patterns(&["node_modules"])])), ["a"]);
}

#[test]
fn the_state_folder_is_never_sent() {
    let folder = tree(&[".shipit/state/x", "sub/.shipit/x", "a"]);
    assert_eq!(walk(folder.path(), Filter::new([])), ["a", "sub"]);
}

#[test]
fn a_name_that_is_not_utf8_is_an_error_that_shows_it() {
    let folder = tree(&["a"]);
    fs::write(folder.path().join(OsStr::from_bytes(b"bad\xff\x1bname")), "").unwrap();
    let error = Walk::new(folder.path(), Filter::default()).find_map(Result::err).unwrap();
    assert_eq!(error.to_string(), r"the name of `bad\xff\x1bname` in the context is not UTF-8");
}

fn unpack(bytes: &[u8]) -> BTreeMap<String, (::tar::EntryType, u32, String)> {
    let mut archive = ::tar::Archive::new(bytes);
    let entries = archive.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        assert_eq!((entry.header().uid().unwrap(), entry.header().gid().unwrap()), (0, 0));
        let path = entry.path().unwrap().to_str().unwrap().to_owned();
        let kind = entry.header().entry_type();
        let link = entry.link_name().unwrap().map(|link| link.to_str().unwrap().to_owned());
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        (path, (kind, entry.header().mode().unwrap(), link.unwrap_or(text)))
    });
    entries.collect()
}

#[test]
fn a_tar_holds_what_was_walked() {
    let long = format!("{}/{}", "d".repeat(120), "f".repeat(150));
    let folder = tree(&["a", &long]);
    fs::set_permissions(folder.path().join("a"), fs::Permissions::from_mode(0o4755)).unwrap();
    fs::hard_link(folder.path().join("a"), folder.path().join("hard")).unwrap();
    symlink("../../../etc/passwd", folder.path().join("link")).unwrap();
    let contents = Contents {
        context: folder.path().to_owned(),
        filter: Filter::new([]),
        extra: vec![("extra".to_owned(), b"more".to_vec())],
    };
    let mut bytes = Vec::new();
    tar::write(&contents, &mut bytes).unwrap();
    let entries = unpack(&bytes);
    let regular = |mode, text: &str| (::tar::EntryType::Regular, mode, text.to_owned());
    assert_eq!(entries["a"], regular(0o4755, "a"));
    assert_eq!(entries["hard"], regular(0o4755, "a"));
    assert_eq!(entries["extra"], regular(0o644, "more"));
    assert_eq!(entries["link"], (::tar::EntryType::Symlink, 0o777, "../../../etc/passwd".to_owned()));
    assert_eq!(entries[&long].2, long);
    let mut again = Vec::new();
    tar::write(&contents, &mut again).unwrap();
    assert!(bytes == again, "the same context gives the same bytes");
}

#[test]
fn a_file_that_grows_while_it_is_read_is_an_error() {
    // A file of /proc says that it is empty and is not: the same as one that grew.
    let contents = Contents { context: "/proc/self".into(), ..Contents::default() };
    let contents = Contents { filter: Filter::new([]).only(patterns(&["status"])), ..contents };
    match tar::write(&contents, Vec::new()) {
        Err(ContextError::Changed { path, how }) => assert_eq!((path.as_str(), how), ("status", "grew")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_socket_is_refused_by_name() {
    let folder = tree(&["a"]);
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s")).unwrap();
    let contents = Contents { context: folder.path().to_owned(), ..Contents::default() };
    let error = tar::write(&contents, Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "`s` of the context is a socket");
}
