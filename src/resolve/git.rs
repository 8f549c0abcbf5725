//! Facts about the git repository around the manifest, asked for only when a reference needs one.

use crate::model::GitProperty;
use crate::util::process::{Command, Output, ProcessError};
use crate::util::text;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Nothing that is asked for needs more than reading a few small files.
const LIMIT: Duration = Duration::from_secs(20);

/// Variables that would make git look elsewhere than in the folder; hooks of git set them.
const MISLEADING: &[&str] = &["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

/// Each fact is looked up once.
#[derive(Debug, Default)]
pub(super) struct Git {
    facts: BTreeMap<GitProperty, Result<String, GitError>>,
}

/// Why there is no such fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GitError {
    pub(super) message: String,
    pub(super) help: String,
}

impl Git {
    /// `ci` is what the CI system says for the same property; it counts where git has no answer,
    /// for CI systems check out a commit without a branch.
    pub(super) fn fact(&mut self, folder: &Path, property: GitProperty, ci: Option<&str>) -> Result<String, GitError> {
        if let Some(fact) = self.facts.get(&property) {
            return fact.clone();
        }
        let fact = match property {
            GitProperty::Sha => sha(folder),
            GitProperty::ShortSha => {
                self.fact(folder, GitProperty::Sha, None).map(|sha| sha[..7.min(sha.len())].to_owned())
            }
            GitProperty::Branch => branch(folder, ci),
            GitProperty::Tag => tag(folder, ci),
        };
        self.facts.insert(property, fact.clone());
        fact
    }
}

/// A fact about the repository around the manifest, or why there is none and what to do.
/// `ci` is what the CI system says for the same property.
pub fn git_fact(folder: &Path, property: GitProperty, ci: Option<&str>) -> Result<String, String> {
    Git::default().fact(folder, property, ci).map_err(|error| error.message)
}

fn sha(folder: &Path) -> Result<String, GitError> {
    let output = git(folder, &["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])?;
    answer(&output).ok_or_else(|| error("the git repository has no commit yet", "commit something first"))
}

fn branch(folder: &Path, ci: Option<&str>) -> Result<String, GitError> {
    let output = git(folder, &["symbolic-ref", "--quiet", "--short", "HEAD"])?;
    answer(&output).or_else(|| ci.map(str::to_owned)).ok_or_else(|| {
        error("no branch is checked out, only a commit", "check out a branch, or use `$<git.sha>` instead")
    })
}

fn tag(folder: &Path, ci: Option<&str>) -> Result<String, GitError> {
    // Of several the newest one, annotated ones first.
    let output = git(folder, &["describe", "--tags", "--exact-match", "HEAD"])?;
    answer(&output).or_else(|| ci.map(str::to_owned)).ok_or_else(|| {
        error("the commit that is checked out has no tag", "tag it with `git tag`, or use `$<git.sha>` instead")
    })
}

/// Runs git without network, locks or questions. An error is one of git as a whole.
fn git(folder: &Path, args: &[&str]) -> Result<Output, GitError> {
    let mut command = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(args)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .timeout(LIMIT)
        .capture_limit(64 * 1024);
    for variable in MISLEADING {
        command = command.without_env(variable);
    }
    let output = command.output_blocking().map_err(|problem| match problem {
        ProcessError::NotFound { .. } => {
            error("`git` is not installed", "install git, or pass the value as a parameter")
        }
        other => error(&other.to_string(), "run `git status` in the manifest's folder to see why"),
    })?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    if complaint.contains("not a git repository") {
        let message = format!("`{}` is not in a git repository", folder.display());
        return Err(error(&message, "run `git init`, or pass the value as a parameter"));
    }
    if complaint.contains("dubious ownership") {
        let help = format!("run `git config --global --add safe.directory {}`", folder.display());
        return Err(error("git does not trust the repository, for it belongs to another user", &help));
    }
    if output.status.code().is_none() {
        let line = text::sanitize(complaint.lines().next().unwrap_or("no message")).into_owned();
        return Err(error(&format!("git failed: {line}"), "run `git status` in the manifest's folder to see why"));
    }
    Ok(output)
}

fn answer(output: &Output) -> Option<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.trim_end();
    (output.status.success() && !line.is_empty()).then(|| line.to_owned())
}

fn error(message: &str, help: &str) -> GitError {
    GitError { message: message.to_owned(), help: help.to_owned() }
}
