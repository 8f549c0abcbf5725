//! Parameters, expressions, what a push needs; and the state between runs.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail as loudly as the test")]

mod fixture;
mod git;
mod parameters;
mod push;
mod sources;
mod state;
