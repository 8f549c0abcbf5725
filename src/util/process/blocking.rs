//! Runs a short program where there is no runtime.

use super::command::{Command, Output, ProcessError};
use super::group::{GRACE, group_id, signal};
use rustix::process::Signal;
use std::io::{Read, Write};
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The longest pause between two looks at the program.
const POLL: Duration = Duration::from_millis(20);

/// See `DRAIN` of the other way to run a program.
const DRAIN: Duration = Duration::from_secs(2);

impl Command {
    /// Runs the program and returns what it wrote; blocks the thread.
    pub fn output_blocking(&self) -> Result<Output, ProcessError> {
        let mut child = self.prepare().spawn().map_err(|error| self.start_error(error))?;
        let stdout = capture(child.stdout.take().expect("standard output is a pipe"), self.capture_limit);
        let stderr = capture(child.stderr.take().expect("standard error is a pipe"), self.capture_limit);
        if let (Some(mut stdin), Some(text)) = (child.stdin.take(), self.stdin.clone()) {
            // A program that does not want all of its input is no failure.
            std::thread::spawn(move || stdin.write_all(text.expose().as_bytes()));
        }
        let deadline = self.timeout.map(|limit| Instant::now() + limit);
        let Some(status) = wait(&mut child, deadline).map_err(|error| self.lost(error))? else {
            end(&mut child);
            return Err(ProcessError::TimedOut { program: self.name(), limit: self.timeout.unwrap_or_default() });
        };
        let (stdout, first) = stdout.recv_timeout(DRAIN).unwrap_or_default();
        let (stderr, second) = stderr.recv_timeout(DRAIN).unwrap_or_default();
        Ok(Output { status, stdout, stderr, truncated: first || second })
    }
}

/// `None` when the time is up.
fn wait(child: &mut Child, deadline: Option<Instant>) -> std::io::Result<Option<ExitStatus>> {
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(POLL);
    }
}

fn end(child: &mut Child) {
    let Some(id) = group_id(child.id()) else { return };
    signal(id, Signal::TERM);
    let ended = wait(child, Some(Instant::now() + GRACE));
    signal(id, Signal::KILL);
    if !matches!(ended, Ok(Some(_))) {
        let _ = child.wait();
    }
}

/// Reads to the end, so that the program is never held up, and keeps the beginning.
fn capture(mut from: impl Read + Send + 'static, limit: usize) -> Receiver<(Vec<u8>, bool)> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        let read = (&mut from).take(limit as u64).read_to_end(&mut kept);
        let rest = read.and_then(|_| std::io::copy(&mut from, &mut std::io::sink())).unwrap_or(0);
        // Nobody waits for it any more when the time is up.
        let _ = sender.send((kept, rest > 0));
    });
    receiver
}
