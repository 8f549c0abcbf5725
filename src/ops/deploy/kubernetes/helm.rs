//! The program `helm`.

use super::Place;
use super::prepare::Release;
use crate::ops::run::Run;
use crate::pipeline::{Failure, StepContext};
use crate::util::FailureClass;
use crate::util::process::Command;
use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

/// How long it may take to say its version.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a rollout may take, as Helm wants it written.
const ROLLOUT: &str = "15m";
const REMOVAL: &str = "5m";

/// A `helm` that answers, of version 3 or later.
#[derive(Debug)]
pub(super) struct Helm {
    pub(super) version: String,
}

impl Helm {
    /// The one on PATH; `None` where there is none that can be used.
    pub(super) async fn find() -> Option<Self> {
        let output = Command::new("helm").args(["version", "--short"]).timeout(PATIENCE).output().await.ok()?;
        let said = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
        // `v3.14.2+gc309b6f`; version 2 says `Client: v2.…`.
        let version = said.trim().split('+').next().filter(|version| version.starts_with('v'))?.to_owned();
        let major: u32 = version.trim_start_matches('v').split('.').next()?.parse().ok()?;
        (major >= 3).then_some(Self { version })
    }

    /// Installs the chart or brings it up to date, and waits.
    pub(super) async fn upgrade(
        &self,
        run: &Run,
        place: &Place,
        release: &Release,
        (chart, values): (&Path, &Path),
        cx: &StepContext,
    ) -> Result<(), Failure> {
        let command = self.command(place).args(["upgrade", "--install", &release.name]).arg(chart);
        let mut command = command.args(["--wait", "--timeout", ROLLOUT]).arg("--values").arg(values);
        if place.create_namespace {
            command = command.arg("--create-namespace");
        }
        stream(run, command.until(cx.cancel.clone()), cx).await
    }

    pub(super) async fn uninstall(
        &self,
        run: &Run,
        place: &Place,
        release: &str,
        cx: &StepContext,
    ) -> Result<(), Failure> {
        let command = self.command(place).args(["uninstall", release, "--wait", "--timeout", REMOVAL]);
        stream(run, command.until(cx.cancel.clone()), cx).await
    }

    fn command(&self, place: &Place) -> Command {
        let files: Vec<_> = place.files.iter().map(|file| file.as_os_str()).collect();
        let files = files.join(OsStr::new(":"));
        Command::new("helm").env("KUBECONFIG", files).args([
            "--kube-context",
            &place.context.name,
            "--namespace",
            &place.namespace,
        ])
    }
}

async fn stream(run: &Run, command: Command, cx: &StepContext) -> Result<(), Failure> {
    let ended = command.stream(&cx.progress, &run.redactor).await;
    let ended = ended.map_err(|error| Failure::from_error(FailureClass::Permanent, &error))?;
    if ended.status.success() {
        return Ok(());
    }
    let mut message = format!("`helm` ended with {}", ended.ending());
    for line in &ended.tail {
        message.push('\n');
        message.push_str(line);
    }
    let is_refused = ended.tail.iter().any(|line| line.contains("is forbidden") || line.contains("Unauthorized"));
    let class = if is_refused { FailureClass::Refused } else { FailureClass::Permanent };
    Err(Failure::new(class, message))
}
