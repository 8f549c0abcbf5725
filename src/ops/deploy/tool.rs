//! The Compose tool: the plugin `docker compose`, else docker-compose 1.29.

use super::login;
use super::prepare::Deployment;
use crate::environment::compose::{COMPOSE_FILE, env_file};
use crate::image::engine::EngineInfo;
use crate::ops::run::Run;
use crate::pipeline::Failure;
use crate::util::FailureClass;
use crate::util::process::Command;
use std::path::Path;
use std::time::Duration;

/// How long a tool may take to say its version.
const PATIENCE: Duration = Duration::from_secs(20);

/// A tool that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    Plugin,
    Standalone,
}

impl Tool {
    /// The one that is there.
    pub(super) async fn find() -> Result<Self, Failure> {
        for tool in [Self::Plugin, Self::Standalone] {
            let output = tool.command().arg("version").timeout(PATIENCE).output().await;
            if output.is_ok_and(|output| output.status.success()) {
                return Ok(tool);
            }
        }
        let message = "Docker Compose was not found: neither `docker compose` nor `docker-compose` answers";
        let help = "install it, for example Debian's `docker-compose`, or see https://docs.docker.com/compose/install";
        Err(Failure::new(FailureClass::Permanent, message).help(help))
    }

    fn command(self) -> Command {
        match self {
            Self::Plugin => Command::new("docker").arg("compose"),
            Self::Standalone => Command::new("docker-compose"),
        }
    }

    /// What a user would type.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::Plugin => "docker compose",
            Self::Standalone => "docker-compose",
        }
    }

    /// The tool with a project: its files, its engine, its values.
    pub(super) fn project(
        self,
        run: &Run,
        engine: &EngineInfo,
        folder: &Path,
        project: &str,
        prepared: &Deployment,
    ) -> Command {
        let mut command = self
            .command()
            .args(["--project-name", project, "--file"])
            .arg(folder.join(COMPOSE_FILE))
            .arg("--project-directory")
            .arg(folder)
            .arg("--env-file")
            .arg(folder.join(env_file::ENV_FILE))
            .current_folder(folder);
        // The variables of a process arrive as they are, whatever a tool makes of its file.
        for (name, value) in &prepared.values {
            command = command.env(name, value.expose());
        }
        for name in ["COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME", "COMPOSE_ENV_FILES"] {
            command = command.without_env(name);
        }
        if engine.address.starts_with("unix://") || engine.address.starts_with("ssh://") {
            command = command.env("DOCKER_HOST", &engine.address).without_env("DOCKER_CONTEXT");
        }
        if let Some(config) = &prepared.docker_config {
            command = command.env("DOCKER_CONFIG", config);
            // Certificates are looked for beside the configuration.
            let settings = run.engine_settings();
            if let Some(own) = login::own_folder(run).filter(|_| settings.tls_verify && settings.cert_path.is_none()) {
                command = command.env("DOCKER_CERT_PATH", own);
            }
        }
        command
    }
}
