//! Parameters, expressions, what a push needs; and the state between runs.

mod fixture;
mod git;
mod parameters;
mod push;
mod sources;
mod state;
