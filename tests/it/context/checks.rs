//! What `check` finds before anything is built.

use shipit::image::BuildSpec;
use shipit::image::context::{ContextProblem, Place, ProblemKind, check, check_paths};
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use tempfile::TempDir;

/// A project with an app in `api` that has nothing wrong.
fn project() -> (TempDir, BuildSpec) {
    let folder = tempfile::tempdir().unwrap();
    let context = folder.path().join("api");
    fs::create_dir(&context).unwrap();
    fs::write(context.join("Dockerfile"), "FROM scratch\n").unwrap();
    let spec = BuildSpec::new("api", folder.path(), context, "shop/api:1");
    (folder, spec)
}

fn kinds(problems: &[ContextProblem]) -> Vec<ProblemKind> {
    problems.iter().map(|problem| problem.kind).collect()
}

#[test]
fn a_good_context_has_no_problems() {
    let (_folder, spec) = project();
    assert_eq!(check(&spec), []);
}

#[test]
fn a_context_that_is_missing_or_no_folder_is_one_problem() {
    let (_folder, mut spec) = project();
    spec.context = spec.project.join("nope");
    spec.dockerfile = spec.context.join("Dockerfile");
    let problems = check(&spec);
    assert_eq!(kinds(&problems), [ProblemKind::Missing]);
    assert_eq!((&problems[0].place, problems[0].message.as_str()), (&Place::Context, "there is no folder `nope`"));
    spec.context = spec.project.join("api/Dockerfile");
    spec.dockerfile = spec.context.join("Dockerfile");
    assert_eq!(kinds(&check(&spec)), [ProblemKind::WrongType]);
}

#[test]
fn nothing_leads_out_of_the_project() {
    let (_folder, mut spec) = project();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("Dockerfile"), "FROM scratch\n").unwrap();
    symlink(elsewhere.path(), spec.project.join("link")).unwrap();
    spec.context = spec.project.join("link");
    spec.dockerfile = spec.project.join("api/Dockerfile");
    assert_eq!(kinds(&check(&spec)), [ProblemKind::OutsideProject]);
    spec.context = spec.project.join("api/../..");
    assert_eq!(kinds(&check(&spec)), [ProblemKind::OutsideProject]);
    fs::write(spec.project.join("Dockerfile"), "FROM scratch\n").unwrap();
    symlink(elsewhere.path(), spec.project.join("api/link")).unwrap();
    spec.context = spec.project.join("api");
    spec.project = spec.context.clone();
    for path in ["link/Dockerfile", "../Dockerfile"] {
        spec.dockerfile = spec.project.join(path);
        let problems = check(&spec);
        assert_eq!(kinds(&problems), [ProblemKind::OutsideProject], "{path}");
        assert_eq!(problems[0].place, Place::Dockerfile);
    }
}

#[test]
fn an_absolute_path_may_name_a_place_elsewhere_but_its_links_may_not() {
    let (_folder, mut spec) = project();
    let elsewhere = tempfile::tempdir().unwrap();
    let place = elsewhere.path().join("api");
    fs::create_dir(&place).unwrap();
    fs::write(place.join("Dockerfile"), "FROM scratch\n").unwrap();
    fs::write(elsewhere.path().join("Dockerfile"), "FROM scratch\n").unwrap();
    spec.dockerfile = place.join("Dockerfile");
    assert_eq!(check(&spec), []);
    spec.context = place.clone();
    assert_eq!(check(&spec), []);
    spec.dockerfile = place.join("../Dockerfile");
    assert_eq!(kinds(&check(&spec)), [ProblemKind::OutsideProject]);
    symlink(elsewhere.path().join("Dockerfile"), place.join("link")).unwrap();
    spec.dockerfile = place.join("link");
    assert_eq!(kinds(&check(&spec)), [ProblemKind::OutsideProject]);
}

#[test]
fn a_dockerfile_must_be_a_file_with_content() {
    let (_folder, mut spec) = project();
    fs::write(&spec.dockerfile, " \n").unwrap();
    assert_eq!(kinds(&check(&spec)), [ProblemKind::Empty]);
    spec.dockerfile = spec.project.join("api");
    assert_eq!(kinds(&check(&spec)), [ProblemKind::WrongType]);
    spec.dockerfile = spec.project.join("docker/Dockerfile");
    assert_eq!(kinds(&check(&spec)), [ProblemKind::Missing]);
}

#[test]
fn a_bad_pattern_is_named_with_its_file_and_line() {
    let (_folder, spec) = project();
    let ignore = spec.context.join(".dockerignore");
    fs::write(&ignore, "\u{feff}# comment\r\n\r\nfine\r\n  a[ \r\n").unwrap();
    let problems = check_paths(std::slice::from_ref(&spec)).concat();
    assert_eq!(kinds(&problems), [ProblemKind::BadPattern]);
    assert_eq!(problems[0].place, Place::File { path: ignore, line: 4, text: "a[".to_owned() });
    // The one beside the Dockerfile wins, even if the other is broken.
    fs::write(spec.context.join("Dockerfile.dockerignore"), "x\n").unwrap();
    assert_eq!(check(&spec), []);
}

#[test]
fn all_special_files_are_listed_unless_they_are_left_out() {
    let (_folder, spec) = project();
    let _socket = UnixListener::bind(spec.context.join("a.sock")).unwrap();
    let _other = UnixListener::bind(spec.context.join("b.sock")).unwrap();
    let problems = check(&spec);
    assert_eq!(kinds(&problems), [ProblemKind::Special, ProblemKind::Special]);
    assert!(problems[0].message.starts_with("`api/a.sock` is a socket"), "{}", problems[0].message);
    fs::write(spec.context.join(".dockerignore"), "*.sock\n").unwrap();
    assert_eq!(check(&spec), []);
}

#[test]
fn warnings_let_a_build_go_on() {
    let (_folder, spec) = project();
    fs::write(spec.context.join(".env"), "x").unwrap();
    let problems = check(&spec);
    assert_eq!(kinds(&problems), [ProblemKind::Sensitive]);
    assert!(problems[0].is_warning());
    fs::write(spec.context.join(".dockerignore"), "*\n").unwrap();
    let problems = check(&spec);
    assert_eq!(kinds(&problems), [ProblemKind::NothingLeft]);
    assert!(problems[0].is_warning());
}
