//! Text from templates, and the files that are made of it. Knows how to quote, not what is written.
//!
//! [`Templates`] fills the templates of `templates/`, or what a user put in their place;
//! [`bicep`], [`markdown`] and [`yaml`] quote, so that no value can break out of where it stands.

pub mod bicep;
mod compile;
mod engine;
mod error;
pub mod markdown;
pub mod output;
mod overrides;
mod templates;
pub mod text;
pub mod yaml;

pub use error::{Place, TemplateError};
pub use output::Artifact;
pub use templates::{Listed, Templates};
