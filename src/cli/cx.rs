//! What every command has at hand: where it runs, how it may write, what is secret.

use super::arguments::{Ci, GlobalArguments};
use super::report::Redactor as Redact;
use super::report::diagnostics::{self, Style};
use super::{Exit, env_vars, settings, terminal};
use crate::manifest::{Diagnostic, Diagnostics};
use crate::ops;
use crate::util::{Redactor, Secret, text};
use std::borrow::Cow;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The context of a command.
pub(crate) struct Cx {
    pub(crate) file: Option<PathBuf>,
    pub(crate) profile: Option<String>,
    pub(crate) state: Option<PathBuf>,
    /// The current folder, absolute.
    pub(crate) current: PathBuf,
    pub(crate) verbosity: u8,
    /// Colours on standard error.
    pub(crate) color: bool,
    pub(crate) utf8: bool,
    /// Standard error is a terminal.
    pub(crate) terminal: bool,
    /// Columns of the terminal, or 80.
    pub(crate) width: usize,
    pub(crate) github: bool,
    redactor: Redactor,
}

impl Cx {
    pub(super) fn new(global: &GlobalArguments) -> Result<Self, String> {
        let current = std::env::current_dir().map_err(|error| format!("the current folder cannot be read: {error}"))?;
        let is_terminal = terminal::stderr_is_terminal();
        let github = match global.ci {
            Ci::Github => true,
            Ci::None => false,
            Ci::Auto => env_vars::flag("GITHUB_ACTIONS"),
        };
        Ok(Self {
            file: one_file(&global.file)?,
            profile: global.profile.clone(),
            state: global.state.clone(),
            current,
            verbosity: global.verbose,
            color: settings::color(global, is_terminal),
            utf8: settings::utf8(is_terminal),
            terminal: is_terminal,
            width: terminal::stderr_size().0,
            github,
            redactor: Redactor::default(),
        })
    }

    pub(crate) fn load_request(&self) -> ops::LoadRequest {
        ops::LoadRequest { file: self.file.clone(), profile: self.profile.clone(), current: self.current.clone() }
    }

    /// From now on no output shows this secret.
    pub(crate) fn hide(&self, secret: &Secret) {
        // One that is too short to be masked was warned about when it was resolved.
        let _ = self.redactor.add(secret);
    }

    /// A function that masks every secret that is known when it is called.
    pub(crate) fn redactor(&self) -> Redact {
        let redactor = self.redactor.clone();
        Arc::new(move |text| redactor.redact(text))
    }

    /// The folder of the state: `--state`, else `.shipit` beside the manifest.
    pub(crate) fn state_dir(&self, root: &Path) -> PathBuf {
        ops::state_folder(self.state_folder().as_deref(), root)
    }

    /// `--state`, absolute.
    pub(crate) fn state_folder(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|folder| self.current.join(folder))
    }

    fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.redactor.redact(text)
    }

    /// Talk as it is, for words that GitHub Actions reads.
    pub(crate) fn say_raw(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Talk: a line on standard error.
    pub(crate) fn say(&self, line: &str) {
        let clean = text::sanitize(line);
        // Nobody is left to be told that standard error is closed.
        let _ = writeln!(io::stderr().lock(), "{}", self.redact(&clean));
    }

    /// Data: text on standard output. A reader that went away is not an error.
    pub(crate) fn print(&self, text: &str) {
        self.print_bytes(self.redact(text).as_bytes());
    }

    pub(crate) fn print_bytes(&self, bytes: &[u8]) {
        if let Err(error) = terminal::write_data(io::stdout().lock(), bytes) {
            self.say(&format!("error: cannot write to standard output: {error}"));
        }
    }

    /// Data for programs, indented, with a line break at its end.
    pub(crate) fn print_json(&self, value: &impl serde::Serialize) {
        let mut text = serde_json::to_string_pretty(value).expect("data for output is plain JSON");
        text.push('\n');
        self.print(&text);
    }

    pub(crate) fn show_diagnostics(&self, list: Vec<Diagnostic>) {
        if list.is_empty() {
            return;
        }
        if self.github {
            let annotations: String = list.iter().map(diagnostics::annotation).collect();
            self.say_raw(&self.redact(&annotations));
        }
        let style = Style { color: self.color, unicode: self.utf8, width: self.width };
        let mut diagnostics = Diagnostics::default();
        diagnostics.extend(list);
        self.say_raw(&self.redact(&diagnostics::render(diagnostics, style)));
    }

    /// Shows why an operation did not come to an end; gives the exit status for it.
    pub(crate) fn fail(&self, error: ops::Error) -> Exit {
        super::failure::show(self, error)
    }
}

/// The file of `-f`, which names one at most.
fn one_file(files: &[PathBuf]) -> Result<Option<PathBuf>, String> {
    match files {
        [] => Ok(None),
        [file] => Ok(Some(file.clone())),
        [first, second, ..] => {
            let (first, second) = (first.display().to_string(), second.display().to_string());
            let (first, second) = (text::sanitize(&first), text::sanitize(&second));
            Err(format!("`-f` is given twice, with `{first}` and with `{second}`: a run has one manifest"))
        }
    }
}
