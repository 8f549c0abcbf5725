//! Runs other programs: bounded output, a time limit, and nothing of them left behind.
//!
//! Each child leads a process group of its own, which is ended with it (SIGTERM, and SIGKILL after
//! a grace) when the time is up or the future is dropped. A shell is never involved.

mod blocking;
mod command;
mod detached;
mod group;
mod piped;
mod run;

pub use command::{Command, Output, ProcessError};
pub use detached::terminate;
pub use group::kill_all;
pub use piped::Piped;
pub use run::Streamed;
