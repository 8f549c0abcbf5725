//! What the last run produced: versioned, locked, written whole.
//!
//! [`State`] is the folder `.shipit` beside the manifest: `images.json` (digests of the last push),
//! `state/<profile>.json` (values that were generated or typed), `lock`, and room for what others
//! keep there. Losing it loses nothing but time, generated secrets apart. Knows no application.

mod error;
mod folder;
mod images;
mod parameters;

pub use error::StateError;
pub use folder::{NO_PROFILE, State, Warning};
pub use images::PushedImage;
