//! shipit.

pub mod cli;
pub mod image;
pub mod manifest;
pub mod model;
pub mod oci;
pub mod pipeline;
pub mod resolve;
pub mod state;
pub mod util;
