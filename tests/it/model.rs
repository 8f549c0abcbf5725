//! Manifests, good and bad, through the reader and through the schema.

#[path = "model/golden.rs"]
mod golden;
#[path = "model/meaning.rs"]
mod meaning;
