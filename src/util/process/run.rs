//! Runs a program on the runtime: captured, or line by line to whoever watches.

use super::command::{Command, Output, ProcessError};
use super::group::Group;
use crate::util::{Progress, Redactor, Secret};
use std::collections::VecDeque;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};

/// A line is cut into pieces of this length, in bytes.
const LINE_LIMIT: usize = 64 * 1024;

/// How many of the last lines are kept for the message of a failure.
pub(super) const TAIL: usize = 20;

/// How long output is waited for once the program has ended: what it left in the background may
/// keep the pipes open for ever.
pub(super) const DRAIN: Duration = Duration::from_secs(2);

/// How a program ended whose output went elsewhere.
#[derive(Clone, Debug)]
pub struct Streamed {
    pub status: ExitStatus,
    /// The last lines of both streams, secrets masked.
    pub tail: Vec<String>,
}

impl Streamed {
    /// With what the program ended, e.g. `exit status 3` or `signal 9`.
    pub fn ending(&self) -> String {
        match (self.status.code(), self.status.signal()) {
            (Some(code), _) => format!("exit status {code}"),
            (None, Some(signal)) => format!("signal {signal}"),
            (None, None) => self.status.to_string(),
        }
    }
}

impl Command {
    /// Runs the program and returns what it wrote. Dropping the future ends the program.
    pub async fn output(&self) -> Result<Output, ProcessError> {
        let (mut stdout, mut stderr) = (Captured::default(), Captured::default());
        let limit = self.capture_limit;
        let status = self
            .run(async |out, err| {
                let (first, second) = tokio::join!(capture(out, limit, &mut stdout), capture(err, limit, &mut stderr));
                first.and(second)
            })
            .await?;
        let truncated = stdout.truncated || stderr.truncated;
        Ok(Output { status, stdout: stdout.bytes, stderr: stderr.bytes, truncated })
    }

    /// Runs the program and reports each line that it writes, secrets masked, as
    /// [`Update::Log`](crate::util::Update::Log). Dropping the future ends the program.
    pub async fn stream(&self, progress: &Progress, redactor: &Redactor) -> Result<Streamed, ProcessError> {
        let tail = std::sync::Mutex::new(VecDeque::with_capacity(TAIL));
        let report = |line: &str| {
            let line = redactor.redact(line);
            let mut tail = tail.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if tail.len() == TAIL {
                tail.pop_front();
            }
            tail.push_back(line.to_string());
            progress.log(line);
        };
        let status = self
            .run(async |out, err| {
                let (first, second) = tokio::join!(lines(out, &report), lines(err, &report));
                first.and(second)
            })
            .await?;
        let tail = tail.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into();
        Ok(Streamed { status, tail })
    }

    async fn run<F>(&self, read: F) -> Result<ExitStatus, ProcessError>
    where
        F: AsyncFnOnce(&mut ChildStdout, &mut ChildStderr) -> std::io::Result<()>,
    {
        let mut child =
            tokio::process::Command::from(self.prepare()).spawn().map_err(|error| self.start_error(error))?;
        let stdin = child.stdin.take();
        let mut group = Group::new(child);
        let (child, stdout, stderr) = group.parts();
        let work = self.attend(child, stdin, read(stdout, stderr));
        let ended = tokio::select! {
            ended = work => ended.map_err(|error| self.lost(error)),
            error = self.is_over() => Err(error),
        };
        match &ended {
            Ok(_) => group.release(),
            Err(_) => group.end().await,
        }
        ended
    }

    /// Waits until the program may not run any longer.
    async fn is_over(&self) -> ProcessError {
        let program = self.name();
        let late = async {
            match self.timeout {
                Some(limit) => tokio::time::sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        let stopped = async {
            match &self.stop {
                Some(stop) => stop.cancelled().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = late => ProcessError::TimedOut { program, limit: self.timeout.unwrap_or_default() },
            () = stopped => ProcessError::Stopped { program },
        }
    }

    async fn attend(
        &self,
        child: &mut Child,
        stdin: Option<ChildStdin>,
        reading: impl Future<Output = std::io::Result<()>>,
    ) -> std::io::Result<ExitStatus> {
        tokio::pin!(reading);
        let mut reading_done = false;
        let feeding = feed(stdin, self.stdin.as_ref());
        tokio::pin!(feeding);
        let mut feeding_done = false;
        let status = loop {
            tokio::select! {
                () = &mut feeding, if !feeding_done => feeding_done = true,
                result = &mut reading, if !reading_done => { result?; reading_done = true; }
                status = child.wait() => break status?,
            }
        };
        if !reading_done {
            // Whatever is in the pipes by now arrives at once; nobody else's output is waited for.
            if let Ok(result) = tokio::time::timeout(DRAIN, reading).await {
                result?;
            }
        }
        Ok(status)
    }
}

/// A program that does not want all of its input is no failure.
async fn feed(stdin: Option<ChildStdin>, text: Option<&Secret>) {
    if let (Some(mut stdin), Some(text)) = (stdin, text) {
        let _ = stdin.write_all(text.expose().as_bytes()).await;
        let _ = stdin.shutdown().await;
    }
}

#[derive(Default)]
struct Captured {
    bytes: Vec<u8>,
    truncated: bool,
}

/// Reads to the end, so that the program is never held up, and keeps the beginning.
async fn capture(mut from: impl AsyncRead + Unpin, limit: usize, into: &mut Captured) -> std::io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        let kept = count.min(limit - into.bytes.len());
        into.bytes.extend_from_slice(&buffer[..kept]);
        into.truncated |= kept < count;
    }
}

pub(super) async fn lines(from: impl AsyncRead + Unpin, report: &impl Fn(&str)) -> std::io::Result<()> {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    loop {
        line.clear();
        let count = (&mut from).take(LINE_LIMIT as u64).read_until(b'\n', &mut line).await?;
        if count == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        report(text.strip_suffix('\r').unwrap_or(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::util::Update;
    use std::sync::{Arc, Mutex};
    use std::time::Instant;
    use tokio_util::sync::CancellationToken;

    fn sh(script: &str) -> Command {
        Command::new("sh").args(["-c", script])
    }

    fn alive(pid: &str) -> bool {
        // A zombie that nobody has waited for is as good as gone.
        std::fs::read_to_string(format!("/proc/{}/stat", pid.trim())).is_ok_and(|stat| !stat.contains(") Z "))
    }

    async fn gone(pid: &str) -> bool {
        for _ in 0..1000 {
            if !alive(pid) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }

    async fn content(path: &std::path::Path) -> String {
        for _ in 0..1000 {
            match std::fs::read_to_string(path) {
                Ok(text) if text.ends_with('\n') => return text,
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
        panic!("{} was never written", path.display());
    }

    #[tokio::test]
    async fn output_input_variables_and_status_arrive() {
        let command = sh("cat; echo \"$A-$HOME\" >&2; exit 3")
            .stdin(Secret::new("typed"))
            .env("A", "b c")
            .without_env("HOME")
            .timeout(Duration::from_secs(60));
        for output in [command.output().await.unwrap(), command.output_blocking().unwrap()] {
            assert_eq!(output.status.code(), Some(3));
            assert_eq!((output.stdout.as_slice(), output.stderr.as_slice()), (&b"typed"[..], &b"b c-\n"[..]));
            assert!(!output.truncated);
        }
    }

    #[tokio::test]
    async fn a_flood_of_output_is_read_and_cut() {
        let command = sh("head -c 3000000 /dev/zero").capture_limit(1000);
        for output in [command.output().await.unwrap(), command.output_blocking().unwrap()] {
            assert!(output.status.success());
            assert_eq!((output.stdout.len(), output.truncated), (1000, true));
        }
    }

    #[tokio::test]
    async fn a_missing_program_and_a_missing_folder_are_told_apart() {
        let command = Command::new("no-such-program-anywhere");
        assert!(matches!(command.output().await, Err(ProcessError::NotFound { .. })));
        assert!(matches!(command.output_blocking(), Err(ProcessError::NotFound { .. })));
        let command = Command::new("true").current_folder("/no/such/folder");
        assert!(matches!(command.output().await, Err(ProcessError::NoFolder { .. })));
    }

    #[tokio::test]
    async fn lines_are_reported_as_they_come_with_secrets_masked() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let progress = Progress::new({
            let seen = seen.clone();
            move |update| seen.lock().unwrap().push(update)
        });
        let redactor = Redactor::default();
        let _ = redactor.add(&Secret::new("hunter2"));
        let ended = sh("printf 'one\\r\\nkey hunter2\\nlast'; exit 1").stream(&progress, &redactor).await.unwrap();
        let lines = ["one", "key ***", "last"].map(str::to_owned);
        assert_eq!(*seen.lock().unwrap(), lines.clone().map(Update::Log));
        assert_eq!(ended.tail, lines);
        assert_eq!(ended.ending(), "exit status 1");
    }

    #[tokio::test]
    async fn the_whole_group_ends_when_the_time_is_up() {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("sleep 600 & echo $! > '{}'; wait", folder.path().join("pid").display());
        let started = Instant::now();
        let error = sh(&script).timeout(Duration::from_millis(300)).output().await.unwrap_err();
        assert!(matches!(error, ProcessError::TimedOut { .. }));
        assert!(gone(&content(&folder.path().join("pid")).await).await);
        let error = sh(&script).timeout(Duration::from_millis(300)).output_blocking().unwrap_err();
        assert!(matches!(error, ProcessError::TimedOut { .. }));
        assert!(gone(&content(&folder.path().join("pid")).await).await);
        assert!(started.elapsed() < Duration::from_secs(60));
    }

    #[tokio::test]
    async fn a_dropped_future_ends_the_program_politely() {
        let folder = tempfile::tempdir().unwrap();
        let (pid, told) = (folder.path().join("pid"), folder.path().join("told"));
        let script = format!(
            "trap 'echo term > \"{}\"; exit 0' TERM; echo $$ > '{}'; while :; do sleep 0.05; done",
            told.display(),
            pid.display()
        );
        let running = tokio::spawn(async move { sh(&script).output().await.map(|_| ()) });
        let pid = content(&pid).await;
        running.abort();
        assert!(gone(&pid).await);
        assert_eq!(content(&told).await, "term\n");
    }

    #[tokio::test]
    async fn a_program_that_is_to_stop_may_tidy_up_first() {
        let folder = tempfile::tempdir().unwrap();
        let (pid, told) = (folder.path().join("pid"), folder.path().join("told"));
        let script = format!(
            "trap 'sleep 0.2; echo tidy > \"{}\"; exit 0' TERM; echo $$ > '{}'; while :; do sleep 0.05; done",
            told.display(),
            pid.display()
        );
        let stop = CancellationToken::new();
        let command = sh(&script).until(stop.clone());
        let running = tokio::spawn(async move { command.output().await.map(|_| ()) });
        let pid = content(&pid).await;
        stop.cancel();
        assert!(matches!(running.await.unwrap(), Err(ProcessError::Stopped { .. })));
        assert!(!alive(&pid));
        assert_eq!(content(&told).await, "tidy\n");
    }

    #[test]
    fn a_program_does_not_outlive_the_runtime() {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("trap '' TERM; echo $$ > '{}'; sleep 600", folder.path().join("pid").display());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let running = runtime.spawn(async move { sh(&script).output().await.map(|_| ()) });
        let pid = runtime.block_on(content(&folder.path().join("pid")));
        running.abort();
        drop(runtime);
        let waiting = tokio::runtime::Runtime::new().unwrap();
        assert!(waiting.block_on(gone(&pid)));
    }

    #[tokio::test]
    async fn what_a_program_leaves_in_the_background_does_not_hold_anybody_up() {
        let started = Instant::now();
        let output = sh("sleep 30 & echo $!").output().await.unwrap();
        assert!(output.status.success());
        assert!(started.elapsed() < Duration::from_secs(20));
        let pid = String::from_utf8(output.stdout).unwrap();
        assert!(alive(&pid));
        let _ = sh(&format!("kill {pid}")).output().await;
    }
}
