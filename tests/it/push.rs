//! The way of an image from an engine's archive to a registry on loopback.

mod archives;
mod bench;
mod forms;
mod hostile;
mod mirrored;
mod sharing;
