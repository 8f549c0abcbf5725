//! Deploying: to Docker Compose with `prepare-<environment>`, `compose-up-<environment>` and
//! `compose-down-<environment>`; to Kubernetes as [`kubernetes`] says.
//!
//! What is deployed lies in the state folder, in `deploy/<profile>/<environment>`: the Compose file
//! with the images by their digests, its files, and `.env` with every value; the chart and its values.
//! Nobody else can look into it, and nothing of it gets into the folder of `shipit publish`.

pub(super) mod kubernetes;
mod login;
mod prepare;
mod remote;
mod settle;
mod tool;
mod up;

pub use kubernetes::ClusterRequest;
pub(super) use prepare::{Deploying, Deployment, Wishes, prepare_environment};
pub(super) use remote::refuse as refuse_remote;
pub use up::Address;
pub(super) use up::{down, up};
