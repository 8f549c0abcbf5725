//! What is to be run, what came of it, and what can go wrong.

use crate::util::Secret;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The most that is captured of each stream unless said otherwise, in bytes.
const CAPTURE_LIMIT: usize = 1024 * 1024;

/// A program with everything that it is given. Standard input is empty unless it is set.
///
/// Arguments can be seen by every user of the machine: never put a secret there.
#[derive(Clone)]
pub struct Command {
    pub(super) program: OsString,
    pub(super) args: Vec<OsString>,
    /// `None` takes a variable away.
    pub(super) env: Vec<(OsString, Option<OsString>)>,
    pub(super) folder: Option<PathBuf>,
    pub(super) stdin: Option<Secret>,
    pub(super) timeout: Option<Duration>,
    pub(super) stop: Option<CancellationToken>,
    pub(super) capture_limit: usize,
}

/// What a program wrote and how it ended.
#[derive(Clone, Debug)]
pub struct Output {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// Either stream was longer than the limit; the rest was thrown away.
    pub truncated: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    #[error("the program `{program}` was not found")]
    NotFound { program: String },
    #[error("the folder `{}` to run `{program}` in does not exist", folder.display())]
    NoFolder { program: String, folder: PathBuf },
    #[error("cannot start `{program}`")]
    Start { program: String, source: io::Error },
    #[error("`{program}` did not end within {} s", limit.as_secs_f32())]
    TimedOut { program: String, limit: Duration },
    #[error("`{program}` was stopped")]
    Stopped { program: String },
    #[error("lost track of `{program}`")]
    Lost { program: String, source: io::Error },
}

impl Command {
    /// A program by its name (looked up in `PATH`) or path.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            folder: None,
            stdin: None,
            timeout: None,
            stop: None,
            capture_limit: CAPTURE_LIMIT,
        }
    }

    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets a variable; all others are inherited.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), Some(value.into())));
        self
    }

    pub fn without_env(mut self, name: impl Into<OsString>) -> Self {
        self.env.push((name.into(), None));
        self
    }

    pub fn current_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// What the program reads from its standard input.
    pub fn stdin(mut self, text: Secret) -> Self {
        self.stdin = Some(text);
        self
    }

    /// The longest that it may take; default: for ever.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Asks the program to end when `stop` is cancelled (SIGTERM to it and all that it started); it
    /// then has a few seconds to tidy up.
    pub fn until(mut self, stop: CancellationToken) -> Self {
        self.stop = Some(stop);
        self
    }

    /// The most that is kept of each stream, in bytes; default 1 MiB.
    pub fn capture_limit(mut self, bytes: usize) -> Self {
        self.capture_limit = bytes;
        self
    }

    /// How messages call the program.
    pub fn name(&self) -> String {
        self.program.to_string_lossy().into_owned()
    }

    pub(super) fn prepare(&self) -> std::process::Command {
        use std::os::unix::process::CommandExt as _;
        let mut command = std::process::Command::new(&self.program);
        command.args(&self.args).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        command.stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        for (name, value) in &self.env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    pub(super) fn start_error(&self, source: io::Error) -> ProcessError {
        let program = self.name();
        if source.kind() != io::ErrorKind::NotFound {
            return ProcessError::Start { program, source };
        }
        match &self.folder {
            Some(folder) if !folder.is_dir() => ProcessError::NoFolder { program, folder: folder.clone() },
            _ => ProcessError::NotFound { program },
        }
    }

    pub(super) fn lost(&self, source: io::Error) -> ProcessError {
        ProcessError::Lost { program: self.name(), source }
    }
}

/// Without the values of variables: they may be secret.
impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&OsStr> = self.env.iter().map(|(name, _)| name.as_os_str()).collect();
        f.debug_struct("Command")
            .field("program", &self.program)
            .field("args", &self.args)
            .field("env", &names)
            .field("folder", &self.folder.as_deref().unwrap_or(Path::new(".")))
            .finish_non_exhaustive()
    }
}
