//! The way of an image from an engine's archive to a registry on loopback.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod archives;
mod bench;
mod cancelled;
mod forms;
mod hostile;
mod lying;
mod mirrored;
mod requests;
mod sharing;
mod stored;
