//! The way of an image from an engine's archive to a registry on loopback.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

mod archives;
mod bench;
mod forms;
mod hostile;
mod mirrored;
mod sharing;
