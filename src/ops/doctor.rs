//! Whether everything that shipit needs is there. Runs the probes that it is given, all at once,
//! and knows none of the things that they look at.

use crate::util::process::{Command, ProcessError};
use crate::util::text;
use futures_util::future::{BoxFuture, join_all};
use serde::Serialize;
use std::path::Path;
use std::time::Duration;

/// How one probe ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    Ok,
    /// Something that not every manifest needs is missing.
    Warn,
    /// Nothing can be built or pushed before this is mended.
    Fail,
}

/// One line of `shipit doctor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, e.g. `engine` or `sign-in to ghcr.io`.
    pub name: String,
    pub status: CheckStatus,
    /// What was found, e.g. a version. Foreign text in it is cleaned.
    pub detail: String,
    /// What to do, in the imperative.
    pub help: Option<String>,
}

/// Looks at one thing.
pub(super) type Probe<'a> = BoxFuture<'a, Check>;

/// Runs all probes together and returns their checks in the order of the probes. One that does not
/// answer within `limit` has failed.
pub(super) async fn doctor(probes: Vec<(String, Probe<'_>)>, limit: Duration) -> Vec<Check> {
    let bounded = probes.into_iter().map(|(name, probe)| async move {
        tokio::time::timeout(limit, probe).await.unwrap_or_else(|_| {
            let detail = format!("no answer within {} s", limit.as_secs_f32());
            Check::new(name, CheckStatus::Fail, detail)
        })
    });
    join_all(bounded).await
}

impl Check {
    pub fn new(name: impl Into<String>, status: CheckStatus, detail: impl AsRef<str>) -> Self {
        Self { name: name.into(), status, detail: text::sanitize(detail.as_ref()).into_owned(), help: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Whether `git` answers: only references such as `$<git.sha>` need it.
pub(super) async fn check_git() -> Check {
    let command = Command::new("git").arg("--version").timeout(Duration::from_secs(10));
    match command.output().await {
        Ok(output) if output.status.success() => {
            Check::new("git", CheckStatus::Ok, String::from_utf8_lossy(&output.stdout).trim_end())
        }
        Ok(output) => Check::new("git", CheckStatus::Warn, String::from_utf8_lossy(&output.stderr).trim_end())
            .help("run `git --version` to see why it fails"),
        Err(ProcessError::NotFound { .. }) => Check::new("git", CheckStatus::Warn, "not installed")
            .help("install git if the manifest uses `$<git.sha>` or its like"),
        Err(error) => Check::new("git", CheckStatus::Warn, error.to_string()),
    }
}

/// Whether the folder of the state can be written and is closed to others. Changes nothing.
pub(super) fn check_state_folder(folder: &Path) -> Check {
    use std::os::unix::fs::PermissionsExt as _;
    let shown = folder.display();
    let parent = folder.parent().unwrap_or(folder);
    let check = |status, detail: String| Check::new("state", status, detail);
    match folder.symlink_metadata() {
        Ok(metadata) if !metadata.is_dir() => check(CheckStatus::Fail, format!("`{shown}` is not a folder"))
            .help(format!("remove `{shown}`, or name a folder with `--state`")),
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
            check(CheckStatus::Warn, format!("`{shown}` can be read by others"))
                .help(format!("run `chmod 700 {shown}`"))
        }
        Ok(_) if !writable(folder) => check(CheckStatus::Fail, format!("`{shown}` cannot be written to"))
            .help("change its owner, or name another folder with `--state`"),
        Ok(_) => check(CheckStatus::Ok, format!("`{shown}`")),
        Err(_) if !writable(parent) => check(CheckStatus::Fail, format!("`{shown}` cannot be made"))
            .help("change the owner of its parent, or name another folder with `--state`"),
        Err(_) => check(CheckStatus::Ok, format!("`{shown}`, made when something is pushed")),
    }
}

fn writable(folder: &Path) -> bool {
    rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[tokio::test]
    async fn every_probe_answers_in_its_place_even_one_that_hangs() {
        let fine: Probe<'_> = Box::pin(async { Check::new("engine", CheckStatus::Ok, "20.10\u{1b}[31m") });
        let hangs: Probe<'_> = Box::pin(std::future::pending());
        let late: Probe<'_> = Box::pin(async { Check::new("git", CheckStatus::Warn, "not installed") });
        let probes = vec![("engine".to_owned(), fine), ("registry".to_owned(), hangs), ("git".to_owned(), late)];
        let checks = doctor(probes, Duration::from_millis(200)).await;
        let lines: Vec<String> =
            checks.iter().map(|check| format!("{} {:?} {}", check.name, check.status, check.detail)).collect();
        assert_eq!(
            lines,
            ["engine Ok 20.10\\u{1b}[31m", "registry Fail no answer within 0.2 s", "git Warn not installed"]
        );
    }

    #[test]
    fn the_state_folder_is_looked_at_and_left_as_it_is() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join(".shipit");
        let status = || check_state_folder(&folder).status;
        assert_eq!(status(), CheckStatus::Ok);
        assert!(!folder.exists());
        std::fs::create_dir(&folder).unwrap();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(status(), CheckStatus::Warn);
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(status(), CheckStatus::Ok);
        std::fs::remove_dir(&folder).unwrap();
        std::fs::write(&folder, "").unwrap();
        assert_eq!(status(), CheckStatus::Fail);
    }

    #[tokio::test]
    async fn a_git_that_is_there_tells_its_version() {
        let check = check_git().await;
        assert_eq!(check.status, CheckStatus::Ok);
        assert!(check.detail.starts_with("git version "), "{}", check.detail);
    }
}
