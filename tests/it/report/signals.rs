//! Signals and the terminal, in a process of their own.

use shipit::cli::signals::Signals;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Set in a child of the test: what the child does.
const ROLE: &str = "SHIPIT_TEST_SIGNALS";

/// Not a fact of its own: what runs in the child.
#[test]
fn child_of_the_signal_tests() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let cancel = CancellationToken::new();
    let signals = Signals::listen(cancel.clone()).unwrap();
    assert_eq!(signals.exit_status(), None);
    std::fs::write(&role, "listening").unwrap();
    let start = Instant::now();
    while !cancel.is_cancelled() {
        assert!(start.elapsed() < Duration::from_secs(20), "no signal arrived");
        std::thread::sleep(Duration::from_millis(5));
    }
    if role.ends_with("-twice") {
        std::fs::write(&role, "cancelled").unwrap();
        // Blocks its thread: the second signal must not need it.
        std::thread::sleep(Duration::from_secs(20));
    }
    std::process::exit(i32::from(signals.exit_status().unwrap()) + 50);
}

fn wait_for(path: &std::path::Path, content: &str) {
    let start = Instant::now();
    while std::fs::read_to_string(path).unwrap_or_default() != content {
        assert!(start.elapsed() < Duration::from_secs(20), "no {content:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn kill(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

fn status(name: &str, signals: &[rustix::process::Signal]) -> i32 {
    let folder = tempfile::tempdir().unwrap();
    let role = folder.path().join(name);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "report::signals::child_of_the_signal_tests", "--nocapture"])
        .env(ROLE, &role)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for(&role, "listening");
    kill(child.id(), signals[0]);
    if let Some(second) = signals.get(1) {
        wait_for(&role, "cancelled");
        kill(child.id(), *second);
    }
    let status = child.wait().unwrap();
    assert_eq!(status.signal(), None);
    status.code().unwrap()
}

#[test]
fn the_first_signal_cancels_and_is_remembered() {
    use rustix::process::Signal;
    assert_eq!(status("once", &[Signal::INT]), 130 + 50);
    assert_eq!(status("once", &[Signal::TERM]), 143 + 50);
    assert_eq!(status("once", &[Signal::HUP]), 129 + 50);
}

#[test]
fn the_second_signal_ends_the_process_at_once() {
    use rustix::process::Signal;
    assert_eq!(status("-twice", &[Signal::INT, Signal::INT]), 130);
    assert_eq!(status("-twice", &[Signal::INT, Signal::TERM]), 143);
}

#[test]
fn a_process_that_ignores_hanging_up_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let role = folder.path().join("ignoring");
    let mut child = Command::new("sh")
        .args(["-c", "trap '' HUP; exec \"$@\"", "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "report::signals::child_of_the_signal_tests", "--nocapture"])
        .env(ROLE, &role)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for(&role, "listening");
    kill(child.id(), rustix::process::Signal::HUP);
    std::thread::sleep(Duration::from_millis(50));
    kill(child.id(), rustix::process::Signal::TERM);
    assert_eq!(child.wait().unwrap().code(), Some(143 + 50));
}
