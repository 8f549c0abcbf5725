//! From text to values: both syntaxes, every mistake with its place.

mod deserialize;
