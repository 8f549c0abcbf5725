//! The variables of a Compose file: what they are called and where their values come from.

use crate::model::Name;
use std::path::PathBuf;

/// A variable that the file takes from `.env`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    /// One line for people.
    pub about: String,
    /// What `.env` says at first; `None`: whoever deploys fills it in.
    pub default: Option<String>,
    pub source: VariableSource,
    /// The value is percent-encoded.
    pub is_encoded: bool,
}

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableSource {
    Parameter {
        name: Name,
        secret: bool,
    },
    Image(Name),
    /// A folder or file of this machine, absolute.
    Folder(PathBuf),
    /// A file that a deployment makes; the index of it among those of the project.
    File(usize),
}

impl Variable {
    /// Whether its value must not be seen.
    pub fn is_secret(&self) -> bool {
        matches!(self.source, VariableSource::Parameter { secret: true, .. })
    }
}

/// Variables that shells and Docker have a meaning for: they win over `.env`.
const TAKEN: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "PWD",
    "OLDPWD",
    "TERM",
    "LANG",
    "TMPDIR",
    "HOSTNAME",
    "HOST",
    "EDITOR",
    "DISPLAY",
    "MAIL",
    "UID",
    "IFS",
    "TZ",
    "CI",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "SSH_AUTH_SOCK",
];
const TAKEN_PREFIXES: &[&str] = &["DOCKER_", "COMPOSE_", "LC_", "XDG_", "SHIPIT_"];

/// What the variable of a parameter is called.
pub(super) fn of_parameter(name: &Name) -> String {
    let plain = upper(name.as_str());
    let is_taken = TAKEN.contains(&plain.as_str()) || TAKEN_PREFIXES.iter().any(|prefix| plain.starts_with(prefix));
    if is_taken { format!("PARAM_{plain}") } else { plain }
}

/// `API_IMAGE`, `API_FILE_0`, ….
pub(super) fn of_app(app: &Name, ending: &str) -> String {
    format!("{}_{ending}", upper(app.as_str()))
}

/// A name as part of a variable's.
fn upper(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "_").to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_parameter_takes_the_place_of_a_variable_of_the_shell() {
        let name = |text: &str| of_parameter(&Name::parameter(text).unwrap());
        assert_eq!(name("db-password"), "DB_PASSWORD");
        assert_eq!(name("path"), "PARAM_PATH");
        assert_eq!(name("docker_host"), "PARAM_DOCKER_HOST");
    }
}
