//! Every environment variable that shipit reads. Nothing else in the program reads one.

use std::ffi::OsString;
use std::path::PathBuf;

/// A variable and what it is for, for `--help` and the README.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variable {
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
}

/// What stands below the help of `shipit` itself.
pub(super) const EXAMPLES: &str = "\
Examples:
  shipit init                      write an apphost.toml for the Dockerfiles found here
  shipit check                     say everything that is wrong with it, offline
  shipit do push                   build every image and push it
  shipit do push-api build-worker  only what these two steps need
  Parameters__registry_endpoint=ghcr.io shipit do push

Exit status: 0 done, 1 a step failed, 2 wrong input and nothing was touched, 3 refused (sign-in,
permission), 4 a passing fault that outlasted the retries, 5 another run is going on, 130 Ctrl-C,
143 SIGTERM.";

/// All of them, in the order in which they are shown.
pub(super) const VARIABLES: &[Variable] = &[
    Variable {
        name: "Parameters__<name>",
        meaning: "a parameter's value; hyphens as underscores, case does not matter",
    },
    Variable { name: "DOCKER_HOST", meaning: "the engine: unix://, tcp:// or ssh://" },
    Variable { name: "DOCKER_CONTEXT", meaning: "the Docker context to take the engine from" },
    Variable { name: "DOCKER_TLS_VERIFY", meaning: "use TLS and check the engine's certificate" },
    Variable { name: "DOCKER_CERT_PATH", meaning: "folder with ca.pem, cert.pem and key.pem" },
    Variable { name: "DOCKER_CONFIG", meaning: "folder of Docker's config.json (default: ~/.docker)" },
    Variable { name: "DOCKER_AUTH_CONFIG", meaning: "the content of a config.json, before any file" },
    Variable { name: "KUBECONFIG", meaning: "files that say how clusters are reached (default: ~/.kube/config)" },
    Variable { name: "XDG_RUNTIME_DIR", meaning: "where rootless engines have their sockets" },
    Variable { name: "HOME", meaning: "where ~/.docker and ~/.kube are" },
    Variable { name: "NO_COLOR", meaning: "no colours, if set and not empty" },
    Variable { name: "CLICOLOR_FORCE", meaning: "colours even without a terminal, if set and not 0" },
    Variable { name: "TERM", meaning: "`dumb`: no live display" },
    Variable { name: "LC_ALL, LC_CTYPE, LANG", meaning: "whether the terminal shows UTF-8" },
    Variable { name: "CI", meaning: "plain lines instead of a live display, no prompts" },
    Variable { name: "GITHUB_ACTIONS", meaning: "annotations, masks, groups and a summary for GitHub Actions" },
    Variable {
        name: "GITHUB_REF_NAME, GITHUB_REF_TYPE, GITHUB_HEAD_REF",
        meaning: "`$<git.branch>` and `$<git.tag>` where CI checks out a commit",
    },
    Variable { name: "GITHUB_STEP_SUMMARY", meaning: "the file of the step's summary" },
    Variable { name: "GITHUB_OUTPUT", meaning: "the file of the step's outputs" },
    Variable { name: "SSL_CERT_FILE, SSL_CERT_DIR", meaning: "certificates to trust instead of the system's" },
    Variable { name: "HTTPS_PROXY, HTTP_PROXY, NO_PROXY", meaning: "proxies for registries" },
];

/// The variables as `shipit --help` shows them, after what `shipit -h` shows.
pub(super) fn help() -> String {
    let mut text = format!("{EXAMPLES}\n\nEnvironment:\n");
    for Variable { name, meaning } in VARIABLES {
        text.push_str(&format!("  {name}\n          {meaning}\n"));
    }
    text
}

/// A variable's value, if it is set, not empty and UTF-8.
pub(super) fn text(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

pub(super) fn path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Whether a variable is set to something that means yes.
pub(super) fn flag(name: &str) -> bool {
    text(name).is_some_and(|value| !matches!(value.as_str(), "0" | "false" | "no"))
}

/// Every variable, for the parameters among them.
pub(super) fn all() -> Vec<(OsString, OsString)> {
    std::env::vars_os().collect()
}
