//! Text from templates. Knows how to quote, not what is written.

mod templates;

pub use templates::{RenderError, Template, render};
