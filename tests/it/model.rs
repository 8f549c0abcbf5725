//! Manifests, good and bad, through the reader and through the schema.

#![expect(clippy::unwrap_used, reason = "in tests")]

#[path = "model/golden.rs"]
mod golden;
#[path = "model/meaning.rs"]
mod meaning;
