//! One function for each operation. Nothing here prints, reads the environment or exits.

mod doctor;
mod init;

pub use doctor::{Check, CheckStatus, Probe, check_git, check_state_folder, doctor};
pub use init::{Artifact, Init, InitError, Syntax, init};
