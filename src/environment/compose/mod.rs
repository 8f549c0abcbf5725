//! `docker-compose`: what is written for Docker Compose.
//!
//! [`compose`] lowers the application to one Compose file. What is known is put in with `$` doubled;
//! parameters and images that are still to be pushed are variables, whose values `.env` has
//! ([`env_file`]). The file is for `docker compose` and for docker-compose 1.29 alike: it says
//! nothing that only one of them knows.

mod composer;
mod document;
pub mod env_file;
mod health;
mod kind;
mod project;
mod service;
mod shell;
mod storage;
mod text;
mod variable;

pub use document::{COMPOSE_FILE, Composition, PullLogin, compose};
pub use kind::Compose;
pub use project::project_name;
pub use storage::MadeFile;
pub use text::{Text, filled};
pub use variable::{Variable, VariableSource};
