//! A program that is spoken to through its standard input and output.

use super::command::{Command, ProcessError};
use super::group::Group;
use super::run::{DRAIN, TAIL, lines};
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::Sleep;
use tokio_util::task::AbortOnDropHandle;

/// A running program: what is written goes to its standard input, what is read comes from its
/// standard output. Dropping this ends it and everything that it started.
///
/// Reading tells a program that has failed from one that has come to its end: the error has the last
/// lines of its standard error.
#[derive(Debug)]
pub struct Piped {
    program: String,
    input: Option<ChildStdin>,
    output: ChildStdout,
    errors: AbortOnDropHandle<()>,
    tail: Tail,
    group: Group,
    /// How long the program's last words are waited for, from the end of its output.
    patience: Option<Pin<Box<Sleep>>>,
}

type Tail = Arc<Mutex<VecDeque<String>>>;

impl Command {
    /// Starts the program and speaks to it; its `stdin` and `timeout` are not used.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn pipe(&self) -> Result<Piped, ProcessError> {
        let mut command = self.prepare();
        command.stdin(Stdio::piped());
        let mut child = tokio::process::Command::from(command).spawn().map_err(|error| self.start_error(error))?;
        let input = child.stdin.take();
        let output = child.stdout.take().expect("standard output is a pipe");
        let errors = child.stderr.take().expect("standard error is a pipe");
        let tail = Tail::default();
        let keep = tail.clone();
        let errors = AbortOnDropHandle::new(tokio::spawn(async move {
            let report = |line: &str| {
                let mut tail = keep.lock().unwrap_or_else(PoisonError::into_inner);
                if tail.len() == TAIL {
                    tail.pop_front();
                }
                tail.push_back(line.to_owned());
            };
            // What cannot be read any more is not missed: it is for messages only.
            let _ = lines(errors, &report).await;
        }));
        let group = Group::new(child);
        Ok(Piped { program: self.name(), input, output, errors, tail, group, patience: None })
    }
}

impl Piped {
    /// Whether the program ended well, once its output has come to an end.
    fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let patience = self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(DRAIN)));
        let late = patience.as_mut().poll(cx).is_ready();
        if !self.errors.is_finished() && !late {
            // Its waker is that of the task; the answer is not needed.
            ready!(Pin::new(&mut self.errors).poll(cx)).ok();
        }
        let status = {
            let waiting = self.group.child().wait();
            tokio::pin!(waiting);
            match waiting.poll(cx) {
                Poll::Ready(status) => status?,
                Poll::Pending if late => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        };
        if status.success() {
            return Poll::Ready(Ok(()));
        }
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let words = tail.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ");
        let words = if words.is_empty() { status.to_string() } else { words };
        Poll::Ready(Err(io::Error::other(format!("`{}` failed: {words}", self.program))))
    }
}

impl AsyncRead for Piped {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        if this.patience.is_none() {
            ready!(Pin::new(&mut this.output).poll_read(cx, buffer))?;
            if buffer.filled().len() > before || buffer.remaining() == 0 {
                return Poll::Ready(Ok(()));
            }
        }
        this.poll_end(cx)
    }
}

impl AsyncWrite for Piped {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.input {
            Some(input) => Pin::new(input).poll_write(cx, data),
            None => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.input {
            Some(input) => Pin::new(input).poll_flush(cx),
            None => Poll::Ready(Ok(())),
        }
    }

    /// The program sees the end of its input.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(input) = &mut self.input {
            ready!(Pin::new(input).poll_shutdown(cx))?;
            self.input = None;
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    fn sh(script: &str) -> Piped {
        Command::new("sh").args(["-c", script]).pipe().unwrap()
    }

    #[tokio::test]
    async fn what_is_written_comes_back() {
        let mut piped = sh("cat; echo bye; echo noise >&2");
        piped.write_all(b"hello ").await.unwrap();
        piped.shutdown().await.unwrap();
        let mut text = String::new();
        piped.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "hello bye\n");
        assert!(piped.write_all(b"x").await.is_err(), "its input has ended");
    }

    #[tokio::test]
    async fn a_failure_has_the_last_words_of_the_program() {
        let read = async |script: &str| {
            let mut text = String::new();
            (sh(script).read_to_string(&mut text).await.unwrap_err().to_string(), text)
        };
        let (error, _) = read("for i in $(seq 30); do echo $i; done >&2; echo 'no route' >&2; exit 255").await;
        assert!(error.starts_with("`sh` failed: 12; 13;") && error.ends_with("30; no route"), "{error}");
        assert_eq!(read("exit 3").await.0, "`sh` failed: exit status: 3");
        let (error, _) = read("echo half; kill -9 $$").await;
        assert!(error.contains("signal: 9"), "{error}");
    }

    #[tokio::test]
    async fn what_stays_in_the_background_with_its_errors_does_not_hold_anybody_up() {
        let started = Instant::now();
        let mut text = String::new();
        sh("echo out; sleep 60 >/dev/null & exit 0").read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "out\n");
        assert!(started.elapsed() < Duration::from_secs(20));
    }

    #[tokio::test]
    async fn the_program_ends_with_its_owner() {
        let mut piped = sh("echo $$; sleep 600");
        let mut pid = [0; 16];
        let count = piped.read(&mut pid).await.unwrap();
        let pid = String::from_utf8_lossy(&pid[..count]).trim().to_owned();
        drop(piped);
        for _ in 0..1000 {
            let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
            if stat.is_err() || stat.is_ok_and(|stat| stat.contains(") Z ")) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{pid} still runs");
    }

    #[tokio::test]
    async fn a_missing_program_is_named() {
        let error = Command::new("no-such-program-anywhere").pipe().unwrap_err();
        assert_eq!(error.to_string(), "the program `no-such-program-anywhere` was not found");
    }
}
