//! From text to values: both syntaxes, every mistake with its place.

mod deserialize;
mod golden;
mod hostile;
mod render;
mod round_trip;
