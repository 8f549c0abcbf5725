//! Facts about a real git repository.

use super::fixture::{parameter, tag_of};
use shipit::resolve::Inputs;
use std::path::Path;
use std::process::Command;

fn git(folder: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").arg("-C").arg(folder).args(identity).args(args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn fact(folder: &Path, property: &str) -> Result<String, Vec<String>> {
    let inputs = Inputs { project: folder.to_owned(), ..Inputs::default() };
    tag_of(Vec::new(), &format!("x$<git.{property}>"), &inputs)
}

#[test]
fn the_facts_of_a_repository_are_found_from_a_folder_in_it() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("deploy");
    std::fs::create_dir(&folder).unwrap();
    git(root.path(), &["init", "--quiet", "--initial-branch", "trunk"]);
    assert_eq!(fact(&folder, "sha").unwrap_err(), ["no-git-fact: the git repository has no commit yet"]);
    git(root.path(), &["commit", "--quiet", "--allow-empty", "-m", "one"]);
    let sha = fact(&folder, "sha").unwrap();
    assert_eq!((sha.len(), sha[1..].chars().all(|c| c.is_ascii_hexdigit())), (41, true));
    assert_eq!(fact(&folder, "short-sha").unwrap(), sha[..8]);
    assert_eq!(fact(&folder, "branch").unwrap(), "xtrunk");
    let said = fact(&folder, "tag").unwrap_err();
    assert_eq!(said, ["no-git-fact: the commit that is checked out has no tag"]);
    git(root.path(), &["tag", "v1"]);
    assert_eq!(fact(&folder, "tag").unwrap(), "xv1");
    git(root.path(), &["checkout", "--quiet", "--detach"]);
    let said = fact(&folder, "branch").unwrap_err();
    assert_eq!(said, ["no-git-fact: no branch is checked out, only a commit"]);
    let inputs = Inputs { project: folder, branch: Some("from-ci".to_owned()), ..Inputs::default() };
    assert_eq!(tag_of(Vec::new(), "$<git.branch>", &inputs), Ok("from-ci".to_owned()));
}

#[test]
fn outside_of_a_repository_only_a_use_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let said = fact(folder.path(), "sha").unwrap_err();
    assert_eq!(said, [format!("no-git-fact: `{}` is not in a git repository", folder.path().display())]);
    let inputs = Inputs { project: folder.path().to_owned(), ..Inputs::default() };
    assert_eq!(tag_of(vec![parameter("unused")], "latest", &inputs), Ok("latest".to_owned()));
}
