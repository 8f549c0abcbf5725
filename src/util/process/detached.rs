//! Programs that go on when this one has ended.

use super::Command;
use rustix::process::{Pid, Signal, kill_process};
use std::io;
use std::process::Stdio;

impl Command {
    /// Starts the program in a process group of its own and in the root folder, without output and
    /// inherited variables, and lets it go: it keeps no folder in use, and no secret that was meant
    /// for this process. What it has as its standard input is `input`. Gives its process id.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn detach(&self, input: impl Into<Stdio>) -> io::Result<u32> {
        let mut command = self.prepare();
        command.env_clear().current_dir("/").stdin(input).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command.spawn()?.id())
    }
}

/// Asks a process to end (SIGTERM).
///
/// # Errors
///
/// When there is no such process, or it belongs to somebody else.
pub fn terminate(id: u32) -> io::Result<()> {
    let id = i32::try_from(id).ok().and_then(Pid::from_raw).ok_or(io::ErrorKind::InvalidInput)?;
    Ok(kill_process(id, Signal::TERM)?)
}
