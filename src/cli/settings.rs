//! What the command line and the environment ask for, put together.

use super::arguments::{ClusterArguments, GlobalArguments, ParameterArguments, When};
use super::prompt::TerminalPrompt;
use super::terminal::{self, ColorChoice, ColorVariables};
use super::{Cx, env_vars};
use crate::image::engine::EngineSettings;
use crate::oci::keychain::KeychainSources;
use crate::ops::ClusterRequest;
use crate::resolve::Inputs;
use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::time::SystemTime;

/// The most that one argument may hold, in bytes, and the most arguments there may be.
const ARGUMENT_LIMIT: usize = 1 << 20;
const ARGUMENTS_LIMIT: usize = 10_000;

/// The arguments of this process, refused where there are too many or one is too long.
pub(super) fn bounded_arguments() -> Result<Vec<OsString>, String> {
    let arguments: Vec<OsString> = std::env::args_os().take(ARGUMENTS_LIMIT + 2).collect();
    if arguments.len() > ARGUMENTS_LIMIT {
        return Err(format!(
            "more than {ARGUMENTS_LIMIT} arguments; put parameters into a file and use `--params-file`"
        ));
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
        docker_auth_config: env_vars::text("DOCKER_AUTH_CONFIG"),
        docker_config: env_vars::path("DOCKER_CONFIG"),
        home: env_vars::path("HOME"),
        xdg_runtime_dir: env_vars::path("XDG_RUNTIME_DIR"),
        ..KeychainSources::default()
    }
}

/// Which cluster is deployed to, as far as the command line and the environment say.
pub(super) fn cluster(arguments: &ClusterArguments) -> ClusterRequest {
    let listed = env_vars::path("KUBECONFIG").map(|list| std::env::split_paths(&list).collect::<Vec<_>>());
    let listed = listed.map(|files| files.into_iter().filter(|file| !file.as_os_str().is_empty()).collect());
    ClusterRequest {
        kubeconfig: listed
            .unwrap_or_else(|| env_vars::path("HOME").map(|home| home.join(".kube/config")).into_iter().collect()),
        context: arguments.context.clone(),
        namespace: arguments.namespace.clone(),
        force: arguments.force_conflicts,
    }
}

fn docker_config() -> Option<PathBuf> {
    env_vars::path("DOCKER_CONFIG").or_else(|| Some(env_vars::path("HOME")?.join(".docker")))
}

/// Where parameters come from.
pub(super) fn inputs<'a>(cx: &Cx, arguments: &ParameterArguments) -> Inputs<'a> {
    let reference = |kind: &str| {
        env_vars::text("GITHUB_REF_NAME").filter(|_| env_vars::text("GITHUB_REF_TYPE").as_deref() == Some(kind))
    };
    Inputs {
        current_folder: cx.current.clone(),
        arguments: arguments.params.clone(),
        params_files: arguments.params_file.clone(),
        environment: env_vars::all(),
        branch: env_vars::text("GITHUB_HEAD_REF").or_else(|| reference("branch")),
        tag: reference("tag"),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Inputs::default()
    }
}

/// Who is asked for what is missing: nobody without a terminal, in CI, or with `--no-input`.
pub(super) fn prompt(cx: &Cx, arguments: &ParameterArguments) -> Option<TerminalPrompt> {
    let asks = !arguments.no_input && !env_vars::flag("CI") && cx.terminal && std::io::stdin().is_terminal();
    asks.then_some(TerminalPrompt)
}

/// The time as `2026-11-21T06:24:22Z`.
pub(super) fn now() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let (year, month, day) = date(since / 86_400);
    let second = since % 86_400;
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// Year, month and day of a number of days since 1970-01-01 (Hinnant, "chrono-Compatible Low-Level
/// Date Algorithms", `civil_from_days`).
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (day, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// Whether colours are wanted on standard error.
pub(super) fn color(global: &GlobalArguments, is_terminal: bool) -> bool {
    let choice = match global.color {
        When::Always => ColorChoice::Always,
        When::Never => ColorChoice::Never,
        When::Auto => ColorChoice::Auto,
    };
    let [no_color, clicolor_force, term] = ["NO_COLOR", "CLICOLOR_FORCE", "TERM"].map(env_vars::text);
    let variables = ColorVariables {
        no_color: no_color.as_deref(),
        clicolor_force: clicolor_force.as_deref(),
        term: term.as_deref(),
    };
    terminal::wants_color(choice, variables, is_terminal)
}

/// Whether the terminal shows UTF-8. Files and pipes do.
pub(super) fn utf8(is_terminal: bool) -> bool {
    let [lc_all, lc_ctype, lang] = ["LC_ALL", "LC_CTYPE", "LANG"].map(env_vars::text);
    !is_terminal || terminal::is_utf8_locale(lc_all.as_deref(), lc_ctype.as_deref(), lang.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!([0, 59, 11_016, 20_778].map(date), [(1970, 1, 1), (1970, 3, 1), (2000, 2, 29), (2026, 11, 21)]);
    }
}
