//! Deploying to Docker Compose: `prepare-<environment>`, `compose-up-<environment>` and
//! `compose-down-<environment>`.
//!
//! What is deployed lies in the state folder, in `deploy/<profile>/<environment>`: the Compose file
//! with the images by their digests, its files, and `.env` with every value. Nobody else can look
//! into it, and nothing of it gets into the folder of `shipit publish`.

mod login;
mod prepare;
mod remote;
mod settle;
mod tool;
mod up;

pub(super) use prepare::{Deploying, Deployment, prepare_environment};
pub(super) use remote::refuse as refuse_remote;
pub use up::Address;
pub(super) use up::{down, up};
