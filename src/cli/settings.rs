//! What the command line and the environment ask for, put together.

use super::arguments::{GlobalArguments, When};
use super::env_vars;
use crate::image::engine::EngineSettings;
use crate::oci::keychain::KeychainSources;
use std::ffi::OsString;
use std::path::PathBuf;

/// The most that one argument may hold, in bytes, and the most arguments there may be.
const ARGUMENT_LIMIT: usize = 1 << 20;
const ARGUMENTS_LIMIT: usize = 10_000;

/// The arguments of this process, refused where there are too many or one is too long.
pub(super) fn bounded_arguments() -> Result<Vec<OsString>, String> {
    let arguments: Vec<OsString> = std::env::args_os().take(ARGUMENTS_LIMIT + 2).collect();
    if arguments.len() > ARGUMENTS_LIMIT {
        return Err(format!("more than {ARGUMENTS_LIMIT} arguments; put parameters into a file and use `--params-file`"));
    }
    match arguments.iter().position(|argument| argument.len() > ARGUMENT_LIMIT) {
        Some(place) => Err(format!("argument {place} is longer than 1 MiB; use `--param name=@file`")),
        None => Ok(arguments),
    }
}

/// Where the engine is looked for.
pub(super) fn engine() -> EngineSettings {
    EngineSettings {
        docker_host: env_vars::text("DOCKER_HOST"),
        docker_context: env_vars::text("DOCKER_CONTEXT"),
        config_dir: docker_config(),
        tls_verify: env_vars::text("DOCKER_TLS_VERIFY").is_some(),
        cert_path: env_vars::path("DOCKER_CERT_PATH"),
        runtime_dir: env_vars::path("XDG_RUNTIME_DIR"),
        home: env_vars::path("HOME"),
    }
}

/// Where credentials are looked for.
pub(super) fn keychain() -> KeychainSources {
    KeychainSources {
        auth_config: env_vars::text("DOCKER_AUTH_CONFIG"),
        config_dir: env_vars::path("DOCKER_CONFIG"),
        home: env_vars::path("HOME"),
        auth_file: env_vars::path("REGISTRY_AUTH_FILE"),
        runtime_dir: env_vars::path("XDG_RUNTIME_DIR"),
    }
}

fn docker_config() -> Option<PathBuf> {
    env_vars::path("DOCKER_CONFIG").or_else(|| Some(env_vars::path("HOME")?.join(".docker")))
}

/// Whether colours are wanted on a stream that is (or is not) a terminal.
pub(super) fn color(global: &GlobalArguments, is_terminal: bool) -> bool {
    match global.color {
        When::Always => true,
        When::Never => false,
        When::Auto if env_vars::text("NO_COLOR").is_some() => false,
        When::Auto if env_vars::flag("CLICOLOR_FORCE") => true,
        When::Auto => is_terminal && env_vars::text("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// Whether the terminal shows UTF-8.
pub(super) fn utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(env_vars::text);
    // No locale at all is common in containers and CI, whose logs are UTF-8 all the same.
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8") || locale == "c" || locale == "posix"
    })
}
