//! shipit.

pub mod image;
pub mod manifest;
pub mod model;
pub mod oci;
pub mod ops;
pub mod pipeline;
pub mod render;
pub mod resolve;
pub mod state;
pub mod util;
